"""What would become of each row of a file: added, held already, taking a contact back, or impossible.

Reads only. Rows come in parts, in the order of the file; of two with one reference the first stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from psg.accounts.models import User
from psg.demand.counting import month_of
from psg.demand.imports.bulk import is_among
from psg.demand.imports.sheet import ContactRow, RowProblem, is_uprn
from psg.demand.models import Contact
from psg.extensions import db
from psg.subjects.models import Person, Place, SubjectKind
from psg.subjects.queries import numbers_meant
from psg.subjects.visibility import is_known_to

UNKNOWN_PERSON = "no person known here has this reference"
UNKNOWN_PLACE = "no place known here has this reference"
UNKNOWN_UPRN = "no place known here has this UPRN"
FIRST_SHOWN = 10
Held = Row[*tuple[Any, ...]]


class Waiting(NamedTuple):
    """A row that would change something, with the key of its subject."""

    row: ContactRow
    subject_id: int


@dataclass
class Tally:
    """What was found so far. `good` counts the rows that can be imported, those held already among them."""

    good: int = 0
    added: int = 0
    withdrawn: int = 0
    differing: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    months: set[date] = field(default_factory=set)
    first: list[tuple[str, ContactRow]] = field(default_factory=list)
    """The first rows that can be imported, and what would become of each."""

    @property
    def held(self) -> int:
        return self.good - self.added - self.withdrawn

    @property
    def total(self) -> int:
        return self.good + len(self.problems)


class ContactCheck:
    """The check of one file. `user` is who brings it: subjects hidden from them are as unknown to the file."""

    def __init__(self, agency_id: int, user: User | None) -> None:
        self.tally = Tally()
        self._agency_id, self._user = agency_id, user
        self._seen: dict[str, int] = {}
        self._subjects: dict[str, int | None] = {}

    def take(self, rows: Sequence[ContactRow]) -> list[Waiting]:
        """Those of these rows that would change something."""
        self._look_up({row.subject for row in rows}.difference(self._subjects))
        known = [row for row in rows if self._is_known(row) and self._is_first(row)]
        held = held_contacts(self._agency_id, [row.source_reference for row in known])
        waiting = []
        for row in known:
            subject_id = self._subjects[row.subject]
            assert subject_id is not None  # noqa: S101  _is_known
            if self._changes_something(row, subject_id, held.get(row.source_reference)):
                waiting.append(Waiting(row, subject_id))
        return waiting

    def _is_known(self, row: ContactRow) -> bool:
        if self._subjects[row.subject] is not None:
            return True
        self.tally.problems.append(RowProblem(row.number, _why_unknown(row.subject)))
        return False

    def _is_first(self, row: ContactRow) -> bool:
        earlier = self._seen.setdefault(row.source_reference, row.number)
        if earlier == row.number:
            return True
        self.tally.problems.append(
            RowProblem(row.number, f"it has the same source_reference as row {earlier}")
        )
        return False

    def _changes_something(self, row: ContactRow, subject_id: int, kept: Held | None) -> bool:
        tally = self.tally
        tally.good += 1
        tally.months.add(month_of(row.happened_on))
        told = (subject_id, row.kind, row.role, row.happened_at)
        fate = "held"
        if kept is None:
            tally.added += 1
            fate = "added"
        elif row.is_withdrawn and kept[5] is None:
            tally.withdrawn += 1
            fate = "withdrawn"
        if kept is not None and told != tuple(kept[1:5]):
            tally.differing.append(row.number)
            fate = "differs" if fate == "held" else fate
        if len(tally.first) < FIRST_SHOWN:
            tally.first.append((fate, row))
        return fate in ("added", "withdrawn")

    def _look_up(self, texts: Iterable[str]) -> None:
        wanted = sorted(texts)
        self._subjects |= dict.fromkeys(wanted)
        for kind, model in ((SubjectKind.PERSON, Person), (SubjectKind.PLACE, Place)):
            numbers = {text: number for text in wanted if (number := model.id_from(text))}
            if numbers:
                meant = numbers_meant(self._user, kind, set(numbers.values()))
                self._subjects |= {text: meant[number] for text, number in numbers.items() if number in meant}
        uprns = [text for text in wanted if is_uprn(text)]
        if uprns:
            found = select(Place.uprn, Place.id).where(Place.uprn.in_(uprns), is_known_to(self._user))
            for uprn, number in db.session.execute(found.order_by(Place.id.desc())):
                self._subjects[str(uprn)] = number


def held_contacts(agency_id: int, references: Sequence[str]) -> dict[str, Held]:
    """The agency's contacts that have these references already: reference, subject, kind, role, time, time withdrawn."""
    if not references:
        return {}
    rows = db.session.connection().execute(
        select(
            Contact.source_reference,
            Contact.subject_id,
            Contact.kind,
            Contact.role,
            Contact.happened_at,
            Contact.withdrawn_at,
        ).where(Contact.agency_id == agency_id, is_among(Contact.source_reference, references))
    )
    return {str(row[0]): row for row in rows}


def _why_unknown(subject: str) -> str:
    if is_uprn(subject):
        return UNKNOWN_UPRN
    return UNKNOWN_PERSON if Person.id_from(subject) else UNKNOWN_PLACE
