"""Reads of what was combined."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from psg.extensions import db
from psg.subjects.merging.models import Merge
from psg.subjects.models import Subject
from psg.web.errors import NotFound

MOST_SHOWN = 20
LARGEST_NUMBER = 2**31 - 1


def merges_into(subject: Subject) -> Sequence[Merge]:
    """What was combined with this record, the latest first, those that were undone among them."""
    return db.session.scalars(
        select(Merge)
        .options(joinedload(Merge.gone), joinedload(Merge.merged_by), joinedload(Merge.undone_by))
        .where(Merge.kept_id == subject.id)
        .order_by(Merge.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def merge_into(subject: Subject, number: int) -> Merge:
    """One of them; `NotFound` where it is of another record."""
    statement = (
        select(Merge)
        .options(joinedload(Merge.gone), joinedload(Merge.merged_by))
        .where(Merge.kept_id == subject.id, Merge.id == number)
    )
    merge = db.session.scalars(statement).one_or_none() if number <= LARGEST_NUMBER else None
    if merge is None:
        raise NotFound
    return merge


def earlier_references(subject: Subject) -> list[str]:
    """The references that lead to this record since it was combined with theirs."""
    numbers = db.session.scalars(
        select(Subject.id).where(Subject.merged_into_id == subject.id).order_by(Subject.id)
    )
    return [type(subject).reference_for(number) for number in numbers]
