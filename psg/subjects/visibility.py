"""Which people and places somebody may find, as far as the features above say so."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, and_

from psg.accounts.models import User
from psg.subjects.models import Subject

Term = Callable[[User], ColumnElement[bool]]
Tell = Callable[[User, Select[int]], int]
_narrowed_by: list[Term] = []
_told_by: list[Tell] = []


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


def restricted_among(user: User, subject_ids: Select[int]) -> int:
    """How much the features above say they keep back among these, where they say so."""
    return sum(tell(user, subject_ids) for tell in _told_by)
