"""What the record was asked to show, as the URL says it: numbers, references, days, and never a name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement

from psg.audit import searching
from psg.audit.models import Operation
from psg.cases.looked import Place, place_from
from psg.web.dates import start_of

PATH = "/audit"
TABS = {
    "": "Everything",
    "changes": "Changes",
    "views": "Views",
    "shared": "Shared",
    "emergency": "Emergency access",
    "security": "Security",
}
OPERATIONS = [
    (Operation.COLLECTION.value, "Collection"),
    (Operation.ALTERATION.value, "Alteration"),
    (Operation.CONSULTATION.value, "Consultation"),
    (Operation.DISCLOSURE.value, "Disclosure"),
    (Operation.COMBINATION.value, "Combination"),
    (Operation.ERASURE.value, "Erasure"),
    (Operation.SECURITY.value, "Security"),
    (Operation.CUSTODY.value, "Care of the record"),
]
LABELS = {
    "agency": "Agency",
    "person": "Person",
    "record": "Record",
    "op": "Operation",
    "since": "From",
    "until": "To",
}
LONGEST = 20
Choices = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class RecordFilter:
    """The part of the record that is wanted. `before` is where the page before it ended."""

    tab: str = ""
    agency: str = ""
    person: str = ""
    record: str = ""
    op: str = ""
    since: str = ""
    until: str = ""
    before: Place | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], choices: Choices) -> "RecordFilter":
        """What the URL says that is no choice counts as not said."""
        chosen = {name: query.get(name, "") for name in ("tab", "agency", "person", "op")}
        return cls(
            **{name: value for name, value in chosen.items() if value in choices[name]},
            record=query.get("record", "").strip()[:LONGEST].upper(),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            before=place_from(query.get("before", "")),
        )

    def terms(self) -> list[ColumnElement[bool]]:
        """What the leaf itself says of it: operation and time. Who and which record are the reader's question."""
        terms = {
            "changes": [searching.of_operation(*CHANGES)],
            "views": [searching.of_operation(Operation.CONSULTATION)],
            "shared": [searching.of_operation(Operation.DISCLOSURE)],
            "emergency": [searching.about_a("glass")],
            "security": [searching.of_operation(Operation.SECURITY, Operation.CUSTODY)],
        }.get(self.tab, [])
        if self.op:
            terms.append(searching.of_operation(Operation(self.op)))
        if self.since:
            terms.append(searching.since(start_of(date.fromisoformat(self.since))))
        if self.until:
            terms.append(searching.before(start_of(date.fromisoformat(self.until) + timedelta(days=1))))
        return terms

    def chosen(self) -> dict[str, str]:
        """The filters in force, without the tab and the page."""
        return {name: value for name in LABELS if (value := getattr(self, name))}

    def address(self, path: str = PATH, **changed: Any) -> str:
        wanted = replace(self, **({"before": None} | changed))
        query = {
            field.name: getattr(wanted, field.name) for field in fields(wanted) if field.name != "before"
        }
        if wanted.before is not None:
            query["before"] = "-".join(map(str, wanted.before))
        kept = {name: value for name, value in query.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    def in_words(self, choices: Choices) -> list[tuple[str, str]]:
        return [
            (LABELS[name], choices.get(name, {}).get(value, value)) for name, value in self.chosen().items()
        ]

    def tags(self, choices: Choices) -> list[tuple[str, str, str]]:
        """Each filter in force in words, with the address that is left without it."""
        return [
            (LABELS[name], choices.get(name, {}).get(value, value), self.address(**{name: ""}))
            for name, value in self.chosen().items()
        ]

    def tabs(self) -> list[tuple[str, str, bool]]:
        return [(label, self.address(tab=tab), tab == self.tab) for tab, label in TABS.items()]


CHANGES = (Operation.COLLECTION, Operation.ALTERATION, Operation.COMBINATION, Operation.ERASURE)


def _day(typed: str) -> str:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return ""
    return day.isoformat() if 1990 <= day.year <= 2200 else ""
