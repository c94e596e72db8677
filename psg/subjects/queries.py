"""Finding people and places, each of them through `is_visible`.

Every partner agency finds all of them but those that a feature above keeps back: who is known only
from cases that are hidden from this person is hidden too.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, with_polymorphic

from psg.accounts.models import User
from psg.extensions import db
from psg.subjects.models import Person, Place, Residence, SearchTerm, Subject, SubjectKind, Ward, subject_path
from psg.subjects.words import index_words, sources, words_of
from psg.web.dates import short_day
from psg.web.errors import NotFound

Term = Callable[[User], ColumnElement[bool]]
Tell = Callable[[User, Select[int]], int]
SomeSubject = TypeVar("SomeSubject", Person, Place)
MOST_RESULTS = 50
MOST_WORDS = 8
SHORTEST_SEARCH = 2
_LAST_CHARACTER = "\U0010ffff"
_narrowed_by: list[Term] = []
_told_by: list[Tell] = []
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
    facts: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    people: tuple[Hit, ...] = ()
    places: tuple[Hit, ...] = ()
    restricted: int = 0
    """How many records a feature above keeps back that the words would have found, where it says so."""
    has_more: bool = False
    is_too_short: bool = False

    @property
    def record_ids(self) -> list[str]:
        return [hit.record_id for hit in (*self.people, *self.places)]

    @property
    def count(self) -> int:
        return len(self.people) + len(self.places)


def narrows(term: Term) -> Term:
    """Marks a condition on `subject` by which a feature above keeps some people and places from a person."""
    _narrowed_by.append(term)
    return term


def tells(count: Tell) -> Tell:
    """Marks the count that a feature above gives of what it keeps from a person among some subjects."""
    _told_by.append(count)
    return count


def is_visible(user: User) -> ColumnElement[bool]:
    """Which people and places this person may find: a condition on `subject`.

    A record that was combined with an older one is found as that one.
    """
    return and_(is_one_of_its_own(), *(term(user) for term in _narrowed_by))


def is_one_of_its_own() -> ColumnElement[bool]:
    return Subject.merged_into_id.is_(None)


def is_known_to(user: User | None) -> ColumnElement[bool]:
    """What this person may find; what there is, to the product itself."""
    return is_visible(user) if user else is_one_of_its_own()


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


def residents_of(user: User, place: Place) -> Sequence[Residence]:
    """Who lives or lived at a place, of those this person may find; who is there now comes first."""
    return db.session.scalars(
        select(Residence)
        .join(Residence.person)
        .options(contains_eager(Residence.person))
        .where(Residence.place_id == place.id, is_visible(user))
        .order_by(Residence.until.is_not(None), Residence.until.desc(), Person.name, Residence.id)
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
    """People and places that have, for every word typed, a word that begins with it."""
    words = words_of(text)[:MOST_WORDS]
    if sum(map(len, words)) < SHORTEST_SEARCH:
        return Found(is_too_short=True)
    anyone = with_polymorphic(Subject, "*")
    statement = (
        select(anyone)
        .where(is_visible(user))
        .options(
            joinedload(anyone.ward), selectinload(anyone.aliases), selectinload(anyone.Person.residences)
        )
        .order_by(anyone.name, anyone.id)
        .limit(MOST_RESULTS + 1)
    )
    matching = select(Subject.id)
    for word in words:
        statement = statement.where(anyone.id.in_(_having(word)))
        matching = matching.where(Subject.id.in_(_having(word)))
    found = db.session.scalars(statement).all()
    shown = found[:MOST_RESULTS]
    return Found(
        people=tuple(_hit(subject, words) for subject in shown if subject.is_person),
        places=tuple(_hit(subject, words) for subject in shown if not subject.is_person),
        has_more=len(found) > MOST_RESULTS,
        restricted=sum(tell(user, matching) for tell in _told_by),
    )


def find(user: User, text: str) -> list[Hit]:
    """The same as a plain list: the record a whole reference names, or everything found by the words."""
    named = subject_by_reference(user, text)
    if named:
        return [_hit(named, [])]
    found = search(user, text)
    return [*found.people, *found.places]


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


def _having(word: str) -> Select[int]:
    statement = select(SearchTerm.subject_id).where(_begins(word))
    if not any(character.isdigit() for character in word):
        # Otherwise “p” would be the start of every person's reference.
        statement = statement.where(SearchTerm.origin != "reference")
    return statement


def _begins(word: str) -> ColumnElement[bool]:
    """A range that the index answers on both engines, where LIKE would need a collation on each."""
    return SearchTerm.word.between(word, word + _LAST_CHARACTER)


def _hit(subject: Subject, words: list[str]) -> Hit:
    return Hit(
        reference=subject.reference,
        path=subject.path,
        record_id=subject.record_id,
        name=subject.name,
        facts=tuple(_facts(subject)),
        why=tuple(_why(subject, words)),
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


def _why(subject: Subject, words: list[str]) -> list[str]:
    """For each word typed, the first thing it was found in: “alias: Reedy”."""
    reasons: dict[str, None] = {}
    told = [(origin, text, index_words(text)) for origin, text in sources(subject)]
    for word in words:
        for origin, text, terms in told:
            if any(term.startswith(word) for term in terms):
                reasons[origin if origin == "name" else f"{origin}: {text}"] = None
                break
    return list(reasons)
