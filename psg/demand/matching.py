"""Contacts that may tell of one incident: the same subject and kind, two agencies, within 24 hours.

A suggestion, never a fact: a person says that they are one, or that they are not, and is not asked again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.counting import window_start
from psg.demand.models import Contact, Mismatch
from psg.demand.queries import contact_of
from psg.demand.services import group_contacts
from psg.extensions import db
from psg.subjects.models import Subject
from psg.web.errors import NotFound

AT_MOST_APART = timedelta(hours=24)
DAYS_LOOKED_AT = 184
"""Six months: as far back as complaints of one kind are counted together."""
Told = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Suggestion:
    """Two contacts, the earlier first."""

    one: Told
    other: Told

    @property
    def ids(self) -> tuple[int, int]:
        return self.one.id, self.other.id


def suggestions(subject: Subject, today: date) -> list[Suggestion]:
    """The pairs nobody has answered, newest first: two statements, whatever the number of contacts."""
    rows = db.session.execute(
        select(
            Contact.id,
            Contact.agency_id,
            Contact.kind,
            Contact.happened_at,
            Contact.incident_id,
            Contact.summary,
            Contact.source_reference,
            Agency.name.label("agency"),
        )
        .join(Agency, Agency.id == Contact.agency_id)
        .where(
            Contact.subject_id == subject.id,
            Contact.happened_on >= window_start(today, DAYS_LOOKED_AT),
            Contact.withdrawn_at.is_(None),
        )
        .order_by(Contact.happened_at, Contact.id)
    ).all()
    found = [Suggestion(one, other) for one, other in _close(rows)]
    apart = _answered(subject)
    return [pair for pair in reversed(found) if tuple(sorted(pair.ids)) not in apart]


def suggestion_of(subject: Subject, one: int, other: int, today: date) -> Suggestion:
    """The pair, where it is still to be answered."""
    found = next((pair for pair in suggestions(subject, today) if pair.ids == (one, other)), None)
    if found is None:
        raise NotFound
    return found


def confirm(subject: Subject, pair: Suggestion, *, by: User, now: datetime) -> None:
    """They are one incident, as a person says."""
    group_contacts(subject, pair.ids, by=by, now=now)


def keep_apart(subject: Subject, pair: Suggestion, *, by: User, now: datetime) -> None:
    """They are two incidents: not suggested again, to anybody."""
    one, other = sorted(pair.ids)
    held = select(Mismatch.id).where(Mismatch.one_id == one, Mismatch.other_id == other)
    if db.session.scalar(held):
        raise Refused("Somebody has said already that these are two incidents: nothing is left to do")
    mismatch = Mismatch(one_id=one, other_id=other, by_id=by.id, at=now)
    db.session.add(mismatch)
    db.session.flush()
    ids = [contact_of(subject, number).record_id for number in (one, other)]
    audit.record(Operation.ALTERATION, "incident.keep_apart", by=by, obj=subject, at=now, ids=ids)


def _close(rows: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """Of contacts in the order of time; a pair is close in the time that passes, not by the clock on the wall."""
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            if other.happened_at - one.happened_at > AT_MOST_APART:
                break
            if one.kind is other.kind and one.agency_id != other.agency_id and _may_join(one, other):
                yield one, other


def _may_join(one: Told, other: Told) -> bool:
    return one.incident_id is None or other.incident_id is None


def _answered(subject: Subject) -> frozenset[tuple[int, ...]]:
    rows = db.session.execute(
        select(Mismatch.one_id, Mismatch.other_id)
        .join(Contact, Contact.id == Mismatch.one_id)
        .where(Contact.subject_id == subject.id)
    )
    return frozenset((one, other) for one, other in rows)
