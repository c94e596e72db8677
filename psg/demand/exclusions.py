"""Leaving a contact out of the counts, and bringing it back: who decided, when and why stays for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.models import Contact, Exclusion, ExclusionReason
from psg.demand.policy import may_exclude
from psg.extensions import db, hold
from psg.web.dates import london


def exclude_contact(
    contact: Contact, *, reason: ExclusionReason, why: str, by: User, now: datetime
) -> Exclusion:
    """Keep the contact and count it towards no rule and no ranking."""
    if not may_exclude(by, reason, london(now).date()):
        raise Refused(
            "That an emergency was genuine is for the chair or coordinator to decide: ask them",
            field="reason",
        )
    hold(contact)
    if contact.withdrawn_at is not None:
        raise Refused("This contact is withdrawn and counts nowhere: nothing is left to do")
    if contact.excluded_reason is not None:
        raise Refused("This contact is left out already: bring it back first to give another reason")
    exclusion = Exclusion(contact=contact, reason=reason, why=why, decided_by=by, decided_at=now)
    contact.excluded_reason = reason
    db.session.add(exclusion)
    db.session.flush()
    audit.record(
        Operation.ALTERATION,
        "contact.exclude",
        by=by,
        obj=contact,
        at=now,
        reason=reason,
        fields=["excluded_reason"],
    )
    return exclusion


def lift_exclusion(contact: Contact, *, why: str, by: User, now: datetime) -> None:
    """Let the contact count again. What was decided before stays readable."""
    hold(contact)
    exclusion = exclusion_in_force(contact)
    if exclusion is None:
        raise Refused("This contact counts already: nothing is left to do")
    if not may_exclude(by, exclusion.reason, london(now).date()):
        raise Refused("The chair or coordinator decided this: ask them to bring the contact back")
    exclusion.lifted_by, exclusion.lifted_at, exclusion.lifted_why = by, now, why
    contact.excluded_reason = None
    db.session.flush()
    audit.record(
        Operation.ALTERATION, "contact.include", by=by, obj=contact, at=now, fields=["excluded_reason"]
    )


def exclusion_in_force(contact: Contact) -> Exclusion | None:
    return db.session.scalars(
        select(Exclusion)
        .where(Exclusion.contact_id == contact.id, Exclusion.lifted_at.is_(None))
        .options(joinedload(Exclusion.decided_by, innerjoin=True))
    ).one_or_none()


def history_of(contact: Contact) -> Sequence[Exclusion]:
    """Every decision about this contact, the newest first."""
    return db.session.scalars(
        select(Exclusion)
        .where(Exclusion.contact_id == contact.id)
        .options(joinedload(Exclusion.decided_by, innerjoin=True), joinedload(Exclusion.lifted_by))
        .order_by(Exclusion.id.desc())
    ).all()
