"""Who may be meant: asked of the tables of words and keys in one statement, the likeliest first.

A subject is a candidate where enough of what was typed leads to it, by a word or by a key. Keys only
say that words may be alike, so that whoever asks judges the candidates by their words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from psg.accounts.models import User
from psg.extensions import db
from psg.subjects.finding.keys import COST, Likeness, keys_of_number, keys_to_ask
from psg.subjects.finding.models import SearchKey, SearchTerm
from psg.subjects.finding.typed import Typed, Unit
from psg.subjects.models import Person as PersonModel
from psg.subjects.models import Subject, Ward
from psg.subjects.visibility import is_visible
from psg.subjects.words import words_of

MOST = 100
LIGHT = 1_000
"""Light words are numbered from here on in the statement, so that they are told from those that must be found."""
JOINED = 100
"""Neighbours taken as one word are numbered from here on."""
SHORTEST_OF_WARD = 3
SHORTEST_NUMBER = 5
_LAST_CHARACTER = "\U0010ffff"
PERSON = PersonModel.__table__
"""The table by itself: joined to its subject it would be asked for twice."""
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Candidate:
    number: int
    is_visible: bool
    born: date | None
    ward: str


def wards_named(typed: Typed) -> Mapping[int, Sequence[int]]:
    """For each word that may name wards those that it names; beside other words only, or all of a ward is found."""
    if len(typed.full) < 2:
        return {}
    rows = db.session.execute(select(Ward.id, Ward.name).order_by(Ward.id)).all()
    named = {
        unit.number: [number for number, name in rows if is_in_ward(unit, name)]
        for unit in typed.full
        if unit.word.isalpha() and len(unit.word) >= SHORTEST_OF_WARD
    }
    return {number: wards for number, wards in named.items() if wards}


def is_in_ward(unit: Unit, name: str) -> bool:
    return any(word.startswith(unit.word) for word in words_of(name))


def candidates(user: User, typed: Typed, *, need: int) -> list[Candidate]:
    """The likeliest of those to which so many of the full words lead: of what the reader may find, and of what
    is kept from them, each by itself, so that nothing hidden takes the place of anything shown."""
    best = _best(_ways(typed))
    is_full = best.c.unit < LIGHT
    found = (
        select(
            best.c.subject_id,
            func.sum(case((is_full, best.c.weight), else_=0)).label("full"),
            func.sum(case((is_full, best.c.cost), else_=-1)).label("cost"),
            func.sum(best.c.ways).label("ways"),
        )
        .group_by(best.c.subject_id)
        .having(func.sum(case((is_full, best.c.weight), else_=0)) >= need)
        .subquery()
    )
    seen = is_visible(user).label("is_visible")
    ranked = (
        select(
            Subject.id,
            seen,
            PERSON.c.date_of_birth,
            Ward.name.label("ward"),
            func.row_number()
            .over(
                partition_by=seen,
                order_by=(found.c.full.desc(), found.c.cost, found.c.ways.desc(), Subject.id),
            )
            .label("place"),
        )
        .join(found, found.c.subject_id == Subject.id)
        .join(PERSON, PERSON.c.id == Subject.id, isouter=True)
        .join(Ward, Ward.id == Subject.ward_id, isouter=True)
        .subquery()
    )
    statement = select(ranked).where(ranked.c.place <= MOST).order_by(ranked.c.place, ranked.c.id)
    return [
        Candidate(row.id, bool(row.is_visible), row.date_of_birth, row.ward or "")
        for row in db.session.execute(statement)
    ]


def plainly(typed: Typed) -> ColumnElement[bool]:
    """A condition on `subject`: every full word is there exactly, or begins one that is."""
    return and_(*(or_(*(Subject.id.in_(way) for way in _plain_ways(unit))) for unit in typed.full))


def _plain_ways(unit: Unit) -> Iterator[Select[int]]:
    if unit.word and not (unit.day and unit.day.days and not unit.ways):
        yield select(SearchTerm.subject_id).where(_is_word(unit))
    if unit.day:
        yield select(PERSON.c.id).where(_is_day(unit))


def _best(ways: list[Rows]) -> Subquery:
    """For each subject and each thing typed the surest way it was found by, and how many ways led there."""
    every = union_all(*ways).subquery()
    return (
        select(
            every.c.subject_id,
            every.c.unit,
            func.max(every.c.weight).label("weight"),
            func.min(every.c.cost).label("cost"),
            func.count().label("ways"),
        )
        .group_by(every.c.subject_id, every.c.unit)
        .subquery()
    )


def _ways(typed: Typed) -> list[Rows]:
    """By each unit; and by neighbours that are one word, which account for two."""
    ways: list[Rows] = []
    wards = wards_named(typed)
    for unit in typed.units:
        number = unit.number + (LIGHT if unit.is_light else 0)
        if unit.ways:
            ways.append(_by_word(unit, number))
        if unit.day:
            ways.append(_by_day(unit, number))
        if not unit.is_light and unit.word:
            ways += _by_keys(unit.word, number, is_last=unit.is_last)
        if unit.number in wards:
            ways.append(_by_ward(wards[unit.number], number))
    for place, joined in enumerate(typed.joined):
        one = Unit(0, joined.word, frozenset({joined.word}))
        ways.append(_by_word(one, JOINED + place, weight=2))
        ways += _by_keys(joined.word, JOINED + place, is_last=False, weight=2)
    return ways


def _row(subject_id: Any, number: int, cost: Any, weight: int) -> Rows:
    return select(
        subject_id.label("subject_id"),
        literal(number, Integer).label("unit"),
        literal(weight, Integer).label("weight"),
        cost.label("cost"),
    )


def _by_word(unit: Unit, number: int, weight: int = 1) -> Rows:
    is_it = SearchTerm.word.in_(sorted(unit.ways))
    cost = case((is_it, COST[Likeness.EXACT]), else_=COST[Likeness.BEGINS])
    return _row(SearchTerm.subject_id, number, cost, weight).where(_is_word(unit))


def _by_keys(word: str, number: int, *, is_last: bool, weight: int = 1) -> list[Rows]:
    asked = keys_to_ask(word, is_last=is_last) if word.isalpha() else keys_of_number(word)
    if not asked or (not word.isalpha() and len(word) < SHORTEST_NUMBER):
        return []
    keys: dict[Likeness, list[int]] = {}
    for key, likeness in asked:
        keys.setdefault(likeness, []).append(key)
    cost = case(
        *(
            (SearchKey.key.in_(keys.get(likeness, [])), COST[likeness])
            for likeness in (Likeness.SHORT_FORM, Likeness.SOUND)
        ),
        else_=COST[Likeness.SPELLING],
    )
    among = SearchKey.key.in_([key for key, _likeness in asked])
    return [_row(SearchKey.subject_id, number, cost, weight).where(among)]


def _is_word(unit: Unit) -> ColumnElement[bool]:
    """A range that the index answers on both engines, where LIKE would need a collation on each."""
    if not unit.may_begin:
        return SearchTerm.word.in_(sorted(unit.ways))
    begins = SearchTerm.word.between(unit.word, unit.word + _LAST_CHARACTER)
    others = sorted(unit.ways - {unit.word})
    return or_(begins, SearchTerm.word.in_(others)) if others else begins


def _by_ward(wards: Sequence[int], number: int) -> Rows:
    return _row(Subject.id, number, literal(COST[Likeness.BEGINS], Integer), 1).where(
        Subject.ward_id.in_(wards)
    )


def _by_day(unit: Unit, number: int) -> Rows:
    near = sorted(set(unit.day.near_days())) if unit.day else []
    cost = case((_is_day(unit), COST[Likeness.EXACT]), else_=COST[Likeness.SPELLING])
    among = or_(_is_day(unit), PERSON.c.date_of_birth.in_(near)) if near else _is_day(unit)
    return _row(PERSON.c.id, number, cost, 1).where(among)


def _is_day(unit: Unit) -> ColumnElement[bool]:
    asked = unit.day
    if asked is None:
        return false()
    if asked.year is not None:
        return PERSON.c.date_of_birth.between(date(asked.year, 1, 1), date(asked.year, 12, 31))
    return PERSON.c.date_of_birth.in_(asked.days)
