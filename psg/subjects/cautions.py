"""Cautions: what staff must know to stay safe, or to reach somebody safely. Recorded, looked at again, ended."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects.models import Caution, CautionKind, Subject
from psg.web.dates import london
from psg.web.errors import NotFound

LONGEST_WAIT = timedelta(days=366)
"""A caution that nobody looks at within a year marks somebody for what is no longer so."""


def with_authors(subject: Subject) -> Sequence[Caution]:
    """Every caution there was, those that stand first, each with who recorded and who ended it."""
    return db.session.scalars(
        select(Caution)
        .where(Caution.subject_id == subject.id)
        .options(joinedload(Caution.recorded_by), joinedload(Caution.ended_by))
        .order_by(Caution.ended_at.is_not(None), Caution.ended_at.desc(), Caution.review_on, Caution.id)
    ).all()


def caution_of(subject: Subject, number: int) -> Caution:
    caution = next((one for one in subject.cautions if one.id == number), None)
    if caution is None:
        raise NotFound
    return caution


def add_caution(
    subject: Subject, *, kind: CautionKind, words: str, review_on: date, by: User | None, now: datetime
) -> Caution:
    """Kept with the day it is looked at again: in the future, and within a year."""
    _check_review(review_on, now)
    caution = Caution(kind=kind, words=words, review_on=review_on, recorded_by=by, recorded_at=now)
    subject.cautions.append(caution)
    db.session.flush()
    _record(Operation.COLLECTION, "add", caution, by=by, now=now)
    return caution


def review_caution(caution: Caution, *, review_on: date, by: User, now: datetime) -> None:
    """It was looked at and still holds: its words stay, with a new day to look at it again."""
    _check_standing(caution)
    _check_review(review_on, now)
    changed = audit.changes({"review_on": caution.review_on}, {"review_on": review_on})
    caution.review_on = review_on
    db.session.flush()
    _record(Operation.ALTERATION, "review", caution, by=by, now=now, **changed)


def end_caution(caution: Caution, *, reason: str, by: User, now: datetime) -> None:
    """It no longer holds. It leaves the head of the page, and stays in the list with the reason."""
    _check_standing(caution)
    caution.ended_at, caution.ended_by, caution.ended_reason = now, by, reason
    db.session.flush()
    _record(Operation.ALTERATION, "end", caution, by=by, now=now)


def _check_standing(caution: Caution) -> None:
    if caution.ended_at is not None:
        raise Refused("This caution has ended already: add a new one if it holds again")


def _check_review(day: date, now: datetime) -> None:
    current = london(now).date()
    if not current < day <= current + LONGEST_WAIT:
        raise Refused("The day to look at it again must be in the future, within a year", field="review_on")


def _record(
    op: Operation, act: str, caution: Caution, *, by: User | None, now: datetime, **detail: Any
) -> None:
    audit.record(
        op, f"caution.{act}", by=by, obj=caution.subject, at=now, caution=caution.record_id, **detail
    )
