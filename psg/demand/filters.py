"""What a page of demand was asked to show, as the URL says it. Nothing in it names anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from psg.demand.conditions import When
from psg.demand.counting import WINDOWS
from psg.demand.ranking import SORTS, Wanted
from psg.subjects.models import PlaceKind, SubjectKind
from psg.web.dates import day, short_day

Choices = Mapping[str, Mapping[str, str]]
WINDOW_CHOICES = {str(days): f"{days} days" for days in WINDOWS}
CASE_CHOICES = {"open": "On an open case", "none": "On no open case"}
PLACE_CHOICES = {kind.value: kind.label for kind in PlaceKind}
LABELS = {
    "ward": "Ward",
    "place": "Kind of place",
    "agency": "Agency",
    "window": "Window",
    "case": "Cases",
    "as_at": "Up to",
    "known_on": "As known on",
}
EARLIEST_YEAR = 1990
LONGEST_TYPED = 20


@dataclass(frozen=True)
class WhenAsked:
    """The two dates of a figure as they were asked for; a day that cannot be is said, and left aside."""

    when: When
    as_at: str = ""
    known_on: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str], today: date) -> "WhenAsked":
        as_at, known_on = (_day(query.get(name, ""), today) for name in ("as_at", "known_on"))
        problems = tuple(
            f"“{query[name].strip()[:LONGEST_TYPED]}” {sentence}"
            for name, found, sentence in (
                ("as_at", as_at, f"is no day up to which figures can run: they run up to {day(today)}."),
                ("known_on", known_on, "is no day on which figures can be known: they are as known today."),
            )
            if found is None and query.get(name, "").strip()
        )
        return cls(
            When(as_at or today, known_on),
            as_at.isoformat() if as_at else "",
            known_on.isoformat() if known_on else "",
            problems,
        )

    def query(self) -> dict[str, str]:
        return {name: value for name in ("as_at", "known_on") if (value := getattr(self, name))}

    @property
    def suffix(self) -> str:
        """What carries both dates on to another page, with its question mark."""
        return f"?{urlencode(self.query())}" if self.query() else ""


@dataclass(frozen=True)
class RankingFilter:
    """Anything the URL says that is not one of the choices counts as not said."""

    asked: WhenAsked
    ward: str = ""
    place: str = ""
    agency: str = ""
    window: str = ""
    case: str = ""
    sort: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str], choices: Choices, today: date) -> "RankingFilter":
        named = {name: value for name in choices if (value := query.get(name, "")) in choices[name]}
        if named.get("window") == str(WINDOWS[0]):
            del named["window"]
        window = named.get("window", str(WINDOWS[0]))
        sort = query.get("sort", "")
        known = sort.removeprefix("-") in SORTS and sort != f"-{window}"
        return cls(WhenAsked.from_query(query, today), **named, sort=sort if known else "")

    @property
    def days(self) -> int:
        return int(self.window or WINDOWS[0])

    @property
    def order(self) -> str:
        """The usual order is by the contacts in the window, the most first."""
        return self.sort or f"-{self.days}"

    @property
    def key(self) -> str:
        return self.order.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.order.startswith("-")

    def wanted(self, kind: SubjectKind) -> Wanted:
        return Wanted(
            kind=kind,
            when=self.asked.when,
            window=self.days,
            sort=self.key,
            descending=self.descending,
            agency_id=int(self.agency) if self.agency else None,
            ward_id=int(self.ward) if self.ward else None,
            place_kind=PlaceKind(self.place) if self.place and kind is SubjectKind.PLACE else None,
            has_open_case=self.case == "open" if self.case else None,
        )

    def query(self) -> dict[str, str]:
        """The filters as parts of a URL, without the order of the list."""
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name in LABELS}
        return {name: value for name, value in named.items() if value} | self.asked.query()

    def whole_query(self) -> dict[str, str]:
        return self.query() | ({"sort": self.sort} if self.sort else {})

    def tags(self, path: str, choices: Choices) -> list[tuple[str, str, str]]:
        """Each filter in force: its name, its value in words, and the address without it."""
        return [
            (LABELS[name], _in_words(name, value, choices), _address(path, self.whole_query(), name))
            for name, value in self.query().items()
        ]


def _in_words(name: str, value: str, choices: Choices) -> str:
    return choices[name][value] if name in choices else short_day(date.fromisoformat(value))


def _address(path: str, query: Mapping[str, Any], without: str) -> str:
    kept = {name: value for name, value in query.items() if name != without}
    return f"{path}?{urlencode(kept)}" if kept else path


def _day(typed: str, today: date) -> date | None:
    try:
        found = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return found if found.year >= EARLIEST_YEAR and found <= today else None
