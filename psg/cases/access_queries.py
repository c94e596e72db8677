"""Reads of who belongs to a case, who is kept from it, and who was let in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from psg.accounts.models import Agency, Role, User
from psg.accounts.sign_in_models import Decision
from psg.cases.access_models import (
    AccessRequest,
    Conflict,
    EmergencyAccess,
    Member,
    MemberStatus,
    VisibilityProposal,
)
from psg.cases.models import Case
from psg.cases.queries import Lead, is_restricted
from psg.extensions import db


def restricted_rows(user: User) -> Select[*tuple[Any, ...]]:
    """Pointers to members-only cases: reference, lead agency and whom to ask, and nothing of the case."""
    return (
        select(Case.id, Case.audit_id, Agency.name.label("agency"), Lead.name.label("lead"))
        .join(Lead, Lead.id == Case.lead_id)
        .join(Agency, Agency.id == Case.lead_agency_id)
        .where(is_restricted(user), Case.closed_at.is_(None))
        .order_by(Case.id.desc())
    )


def restricted_count(user: User, *more: ColumnElement[bool]) -> int:
    """How many open cases this person is shown the pointer of."""
    statement = select(func.count(Case.id)).where(is_restricted(user), Case.closed_at.is_(None), *more)
    return db.session.scalar(statement) or 0


def member(case: Case, person: User) -> Member | None:
    return db.session.scalars(
        select(Member).where(Member.case_id == case.id, Member.user_id == person.id)
    ).one_or_none()


def members_of(case: Case) -> Sequence[Member]:
    """Everyone who has or had a part in the case, active ones first."""
    return db.session.scalars(
        select(Member)
        .join(Member.user)
        .options(contains_eager(Member.user), joinedload(Member.added_by))
        .where(Member.case_id == case.id)
        .order_by(Member.status, User.name, Member.id)
    ).all()


def coordinators_in(case: Case) -> Sequence[User]:
    return db.session.scalars(
        select(User)
        .join(Member, Member.user_id == User.id)
        .where(
            Member.case_id == case.id,
            Member.status == MemberStatus.ACTIVE,
            User.role == Role.COORDINATOR,
            User.is_active,
        )
        .order_by(User.id)
    ).all()


def conflict(case: Case, person: User) -> Conflict | None:
    """The conflict of interest that stands between this person and the case."""
    return db.session.scalars(
        select(Conflict).where(
            Conflict.case_id == case.id, Conflict.user_id == person.id, Conflict.lifted_at.is_(None)
        )
    ).one_or_none()


def conflicts_in(case: Case) -> Sequence[Conflict]:
    return db.session.scalars(
        select(Conflict)
        .options(joinedload(Conflict.user), joinedload(Conflict.declared_by))
        .where(Conflict.case_id == case.id, Conflict.lifted_at.is_(None))
        .order_by(Conflict.id)
    ).all()


def waiting_request(case: Case, person: User) -> AccessRequest | None:
    return db.session.scalars(
        select(AccessRequest).where(
            AccessRequest.case_id == case.id,
            AccessRequest.user_id == person.id,
            AccessRequest.decision == Decision.PENDING,
        )
    ).first()


def waiting_requests(case: Case) -> Sequence[AccessRequest]:
    return db.session.scalars(
        select(AccessRequest)
        .options(joinedload(AccessRequest.user))
        .where(AccessRequest.case_id == case.id, AccessRequest.decision == Decision.PENDING)
        .order_by(AccessRequest.id)
    ).all()


def visibility_proposal(case: Case) -> VisibilityProposal | None:
    """The sealing or unsealing that waits for a second person."""
    return db.session.scalars(
        select(VisibilityProposal).where(
            VisibilityProposal.case_id == case.id, VisibilityProposal.decision == Decision.PENDING
        )
    ).one_or_none()


def emergencies_of(case: Case) -> Sequence[EmergencyAccess]:
    return db.session.scalars(
        select(EmergencyAccess)
        .options(joinedload(EmergencyAccess.user), joinedload(EmergencyAccess.reviewed_by))
        .where(EmergencyAccess.case_id == case.id)
        .order_by(EmergencyAccess.id.desc())
    ).all()
