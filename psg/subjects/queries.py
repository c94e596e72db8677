"""Finding people and places, each of them through `is_visible`.

Every partner agency finds all of them but those that a feature above keeps back: who is known only
from cases that are hidden from this person is hidden too.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from psg.accounts.models import User
from psg.extensions import db
from psg.subjects.finding import searching
from psg.subjects.finding.telling import why
from psg.subjects.finding.typed import take_apart
from psg.subjects.models import Person, Place, Residence, Subject, SubjectKind, Ward, subject_path
from psg.subjects.visibility import is_known_to, is_visible
from psg.web.dates import short_day
from psg.web.errors import NotFound

SomeSubject = TypeVar("SomeSubject", Person, Place)
MOST_RESULTS = 50
_CASE_REFERENCE = re.compile(r"PSG-?0*([1-9][0-9]{0,8})", re.IGNORECASE | re.ASCII)


class Combined(NotFound):
    """What a reference named was combined with an older record: the same page of that one is meant."""

    def __init__(self, kept: Subject, named: str) -> None:
        super().__init__()
        self.reference, self.named = kept.reference, named


@dataclass(frozen=True)
class Hit:
    """One subject found: what tells it from another of the same name, and why it matched."""

    reference: str
    path: str
    record_id: str
    name: str
    is_person: bool
    facts: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """`hits` are ranked, the likeliest first."""

    hits: tuple[Hit, ...] = ()
    restricted: int = 0
    """How many records a feature above keeps back that the words would have found, where it says so."""
    has_more: bool = False
    is_too_short: bool = False

    @property
    def people(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.is_person)

    @property
    def places(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if not hit.is_person)

    @property
    def groups(self) -> list[tuple[str, tuple[Hit, ...]]]:
        """People and places apart, those first among whom the likeliest is."""
        groups = [("People", self.people), ("Places", self.places)]
        return groups if not self.hits or self.hits[0].is_person else groups[::-1]

    @property
    def record_ids(self) -> list[str]:
        return [hit.record_id for hit in self.hits]

    @property
    def count(self) -> int:
        return len(self.hits)


def numbers_meant(user: User | None, kind: SubjectKind, numbers: Collection[int]) -> dict[int, int]:
    """The record that each of these numbers stands for, of those this person may find; one statement."""
    named = aliased(Subject, flat=True)
    found = db.session.execute(
        select(named.id, Subject.id)
        .join(Subject, Subject.id == func.coalesce(named.merged_into_id, named.id))
        .where(named.id.in_(numbers), Subject.kind == kind, is_known_to(user))
    )
    return dict(iter(found))


def wards() -> Sequence[Ward]:
    return db.session.scalars(select(Ward).order_by(Ward.name, Ward.id)).all()


def person_for(user: User, reference: str) -> Person:
    """The person behind a reference; `NotFound` alike where there is none and where it is hidden.

    Raises `Combined` where the reference is that of a record combined with this one.
    """
    return _at_home(_found(_held(user, Person, Person.id_from(reference))), reference)


def place_for(user: User, reference: str) -> Place:
    """The same for a place."""
    return _at_home(_found(_held(user, Place, Place.id_from(reference))), reference)


def subject_by_reference(user: User, reference: str) -> Subject | None:
    """The person or place behind a reference, whichever it names, its own or one that leads to it."""
    person = Person.id_from(reference)
    return _held(user, Person, person) if person else _held(user, Place, Place.id_from(reference))


def place_by_uprn(user: User | None, uprn: str) -> Place | None:
    """The place with this number, of those this person may find: a hidden one is not betrayed by its number."""
    return db.session.scalars(
        select(Place).where(Place.uprn == uprn, is_known_to(user)).order_by(Place.id).limit(1)
    ).one_or_none()


def place_by_reference(user: User | None, reference: str) -> Place | None:
    """The place a reference names, of those this person may find; of all to the product itself."""
    number = Place.id_from(reference)
    return _held(user, Place, number) if number else None


def flats_in(block: Place, user: User | None) -> Sequence[Place]:
    """The flats of a block, of those this person may find; all of them to the product itself."""
    return db.session.scalars(
        select(Place).where(Place.block_id == block.id, is_known_to(user)).order_by(Place.name, Place.id)
    ).all()


def block_of(user: User, place: Place) -> Place | None:
    """The block a flat is in, where this person may find it."""
    return _held(user, Place, place.block_id)


@dataclass(frozen=True)
class Around:
    """What belongs to a person or a place, as far as this person may find it."""

    block: Place | None = None
    flats: Sequence[Place] = ()
    residents: Sequence[Residence] = ()
    places: Mapping[int, Place] = field(default_factory=dict)
    """The places that a person's residences name."""


def around(user: User, subject: Subject) -> Around:
    if isinstance(subject, Place):
        return Around(
            block=_held(user, Place, subject.block_id),
            flats=flats_in(subject, user) if subject.is_block else (),
            residents=_residents_of(user, subject),
        )
    if not isinstance(subject, Person):
        return Around()
    numbers = [one.place_id for one in subject.residences if one.place_id]
    found = (
        db.session.scalars(select(Place).where(Place.id.in_(numbers), is_visible(user))) if numbers else ()
    )
    return Around(places={place.id: place for place in found})


def _residents_of(user: User, place: Place) -> Sequence[Residence]:
    """Who lives or lived there; who is there now comes first."""
    return db.session.scalars(
        select(Residence)
        .join(Residence.person)
        .options(contains_eager(Residence.person))
        .where(Residence.place_id == place.id, is_visible(user))
        .order_by(Residence.until.is_not(None), Residence.until.desc(), Person.name, Residence.id)
        .limit(MOST_RESULTS)
    ).all()


def exact_path(user: User, text: str) -> str | None:
    """Where a reference typed in full leads.

    A case's own page decides whether it may be seen, so that this answer is the same for a case that
    exists and one that does not.
    """
    case = _CASE_REFERENCE.fullmatch(text.strip())
    if case:
        return f"/cases/PSG-{int(case.group(1)):04d}"
    for kind, model in ((SubjectKind.PERSON, Person), (SubjectKind.PLACE, Place)):
        number = model.id_from(text)
        found = number and db.session.scalar(
            select(Subject.id).where(Subject.id == _leads_to(number), Subject.kind == kind, is_visible(user))
        )
        if found:
            return subject_path(kind, found)
    return None


def search(user: User, text: str) -> Found:
    """People and places that everything typed accounts for, in any order, however it is written or misheard.

    The surest come first: what is there exactly, what begins so, short forms of names, what sounds alike,
    what is spelled nearly so.
    """
    typed = take_apart(text)
    if searching.is_too_short(typed):
        return Found(is_too_short=True)
    ranked = searching.search(user, typed)
    return Found(
        hits=tuple(hit_of(subject, why(subject, judged)) for subject, judged in ranked.subjects),
        has_more=ranked.has_more,
        restricted=ranked.restricted,
    )


def find(user: User, text: str) -> list[Hit]:
    """The same as a plain list: the record a whole reference names, or everything found by the words."""
    named = subject_by_reference(user, text)
    return [hit_of(named, ())] if named else list(search(user, text).hits)


def _held(user: User | None, model: type[SomeSubject], number: int | None) -> SomeSubject | None:
    if number is None:
        return None
    return db.session.scalars(
        select(model).where(model.id == _leads_to(number), is_known_to(user)).options(joinedload(model.ward))
    ).one_or_none()


def _leads_to(number: int) -> ColumnElement[int]:
    """The record that a number stands for: of one that was combined with an older one, that."""
    own = aliased(Subject, flat=True)
    kept = select(own.merged_into_id).where(own.id == number).scalar_subquery()
    return func.coalesce(kept, number)


def _found(subject: SomeSubject | None) -> SomeSubject:
    if subject is None:
        raise NotFound
    return subject


def _at_home(subject: SomeSubject, reference: str) -> SomeSubject:
    if subject.id != subject.id_from(reference):
        raise Combined(subject, reference)
    return subject


def hit_of(subject: Subject, reasons: tuple[str, ...]) -> Hit:
    return Hit(
        reference=subject.reference,
        path=subject.path,
        record_id=subject.record_id,
        name=subject.name,
        is_person=subject.is_person,
        facts=tuple(_facts(subject)),
        why=reasons,
    )


def _facts(subject: Subject) -> list[str]:
    facts: list[str] = []
    if isinstance(subject, Person):
        born = f"born {short_day(subject.date_of_birth)}" if subject.date_of_birth else subject.age_band
        facts = [born, "no fixed abode" if subject.has_no_fixed_abode else subject.address]
    elif isinstance(subject, Place):
        facts = [
            subject.place_kind.label,
            subject.address if subject.address != subject.name else "",
            subject.postcode,
        ]
    return [fact for fact in (*facts, subject.ward.name if subject.ward else "") if fact]
