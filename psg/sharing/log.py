"""What the log was asked to show, as the URL says it: agencies, dates, gateways, references, never a name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from psg.cases.models import Case
from psg.sharing.models import Channel

SORTS = ("when", "reference")
CHANNELS = {channel.value: channel.label for channel in Channel}
LABELS = {
    "to": "To",
    "source": "From",
    "since": "Shared on or after",
    "until": "Shared on or before",
    "gateway": "Gateway",
    "channel": "How",
    "case": "Case",
}
NO_CASE = "not a reference"
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class LogFilter:
    """The part of the log that is wanted, and its order."""

    to: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    gateway: str = ""
    channel: str = ""
    case: str = ""
    sort: str = "-when"

    @classmethod
    def from_query(cls, query: Mapping[str, str], names: Names) -> "LogFilter":
        """What the URL says that is no choice counts as not said; a case that is none matches nothing.

        `names` gives the choices there are: agencies and gateways by their codes, in words.
        """
        sort = query.get("sort", "")
        chosen = {name: query.get(name, "") for name in ("to", "source", "gateway", "channel")}
        return cls(
            **{name: value for name, value in chosen.items() if value in names[name]},
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            case=_reference(query.get("case", "")),
            sort=sort if sort.removeprefix("-") in SORTS else "-when",
        )

    @property
    def since_day(self) -> date | None:
        return date.fromisoformat(self.since) if self.since else None

    @property
    def until_day(self) -> date | None:
        return date.fromisoformat(self.until) if self.until else None

    @property
    def order(self) -> dict[str, object]:
        """For the headings of the table."""
        return {
            "key": self.sort.removeprefix("-"),
            "descending": self.sort.startswith("-"),
            "path": "/sharing",
            "query": self.chosen(),
        }

    def chosen(self) -> dict[str, str]:
        """The filters in force, without the order."""
        names = [field.name for field in fields(self) if field.name != "sort"]
        return {name: value for name in names if (value := getattr(self, name))}

    def query(self) -> dict[str, str]:
        """The same as the parts of a URL; what is usual is left out."""
        return self.chosen() | ({"sort": self.sort} if self.sort != "-when" else {})

    def in_words(self, names: Names) -> list[tuple[str, str]]:
        """Each filter in force, as people say it."""
        return [
            (LABELS[name], names.get(name, {}).get(value, value)) for name, value in self.chosen().items()
        ]

    def tags(self, names: Names) -> list[tuple[str, str, str]]:
        """The same, each with the address that is left without it."""
        without = [{key: part for key, part in self.query().items() if key != name} for name in self.chosen()]
        return [
            (label, words, f"/sharing?{urlencode(rest)}")
            for (label, words), rest in zip(self.in_words(names), without, strict=True)
        ]


def _day(typed: str) -> str:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return ""
    return day.isoformat() if 1990 <= day.year <= 2200 else ""


def _reference(typed: str) -> str:
    """A case reference as it is written, however it was typed; other words go no further than here.

    The filters stand in an exported file and in the record, where no name may come with them.
    """
    number = Case.id_from(typed[:20])
    return Case.reference_for(number) if number else NO_CASE if typed.strip() else ""
