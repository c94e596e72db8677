"""The search: candidates from the tables, judged by their words, ranked, explained.

Six statements, whatever is found: the candidates, their words, those that are shown with their other names
and addresses, and what is kept back. What is hidden from the reader is judged like the rest and only counted,
where the feature that hides it tells of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload, with_polymorphic

from psg.accounts.models import User
from psg.extensions import db
from psg.subjects.finding.candidates import Candidate, candidates, plainly
from psg.subjects.finding.judging import Judge, Judged
from psg.subjects.finding.models import SearchTerm
from psg.subjects.finding.places import apart, parts_of
from psg.subjects.finding.typed import Typed
from psg.subjects.models import Subject
from psg.subjects.visibility import restricted_among
from psg.subjects.words import sources

Kept = Mapping[int, Mapping[str, Sequence[str]]]
SHORTEST_SEARCH = 2
MOST_SHOWN = 50
MOST_IN_PART = 10
ADDRESSES = ("name", "address", "earlier address")


@dataclass(frozen=True)
class Ranked:
    """What was found, the likeliest first, and what the features above say they keep back."""

    subjects: Sequence[tuple[Subject, Judged]]
    has_more: bool
    restricted: int


def is_too_short(typed: Typed) -> bool:
    return typed.letters < SHORTEST_SEARCH


def search(user: User, typed: Typed) -> Ranked:
    full = len(typed.full)
    found = candidates(user, typed, need=full - may_miss(full))
    kept = words_of_subjects([one.number for one in found])
    judge = Judge(typed, kept.values())
    judged = {one.number: judge.judge(kept[one.number], one.born, one.ward) for one in found}
    fitting = _fitting(found, judged, full)
    shown = [one for one in fitting if one.is_visible]
    ranked = _in_order(typed, {one.number: judged[one.number] for one in shown[:MOST_SHOWN]})
    ids = [one.number for one in fitting]
    matching = select(Subject.id).where(or_(plainly(typed), Subject.id.in_(ids)))
    return Ranked(ranked, len(shown) > MOST_SHOWN, restricted_among(user, matching))


def may_miss(full: int) -> int:
    """How many words of so many need not be found: a middle name or a town that nobody wrote down."""
    if full <= 2:
        return 0
    return 1 if full <= 4 else 2


def _fitting(found: Sequence[Candidate], judged: Mapping[int, Judged], full: int) -> list[Candidate]:
    """Those that everything typed accounts for; those it accounts for in part only where none is sure."""
    whole = [one for one in found if not judged[one.number].missing]
    is_sure = any(judged[one.number].is_sure for one in whole if one.is_visible)
    fitting = list(whole)
    for is_visible in (True, False) if not is_sure else ():
        part = [
            one
            for one in found
            if one.is_visible is is_visible and 0 < len(judged[one.number].missing) <= may_miss(full)
        ]
        fitting += sorted(part, key=lambda one: judged[one.number].cost)[:MOST_IN_PART]
    return sorted(fitting, key=lambda one: (judged[one.number].cost, one.number))


def _in_order(typed: Typed, judged: Mapping[int, Judged]) -> list[tuple[Subject, Judged]]:
    """By how well they fit; of those that fit alike, the right flat at the right number first, then by name."""
    asked = parts_of(typed.text)
    fits: list[tuple[float, str, int, Subject]] = []
    for subject in load(list(judged)).values():
        cost = judged[subject.id].cost
        if asked.number or asked.flat:
            kept = (text for origin, text in sources(subject) if origin in ADDRESSES and text)
            cost += min((apart(asked, parts_of(text)) for text in kept), default=0.0)
        fits.append((round(cost, 1), subject.name, subject.id, subject))
    return [
        (subject, judged[number]) for _cost, _name, number, subject in sorted(fits, key=lambda one: one[:3])
    ]


def words_of_subjects(numbers: Sequence[int]) -> Kept:
    """The words each is found by, with what they came from."""
    kept: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = db.session.execute(
        select(SearchTerm.subject_id, SearchTerm.word, SearchTerm.origin).where(
            SearchTerm.subject_id.in_(numbers)
        )
    )
    for number, word, origin in rows:
        kept[number][word].append(origin)
    return kept


@cache
def _anyone() -> Any:
    """People and places with all their columns; made once, so that the statement is put together once."""
    return with_polymorphic(Subject, "*")


def load(numbers: Sequence[int]) -> dict[int, Subject]:
    """Subjects with all that is said of them in a list."""
    anyone = _anyone()
    statement = (
        select(anyone)
        .where(anyone.id.in_(numbers))
        .options(
            joinedload(anyone.ward), selectinload(anyone.aliases), selectinload(anyone.Person.residences)
        )
    )
    return {subject.id: subject for subject in db.session.scalars(statement)}
