"""Reads of who belongs to a case, who is kept from it, and who was let in."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from psg.accounts.models import Agency, Role, User
from psg.accounts.sign_in_models import Decision
from psg.cases.access_models import (
    AccessRequest,
    Conflict,
    EmergencyAccess,
    Finding,
    Member,
    MemberStatus,
    VisibilityProposal,
)
from psg.cases.models import Case, Party, Visibility
from psg.cases.queries import Lead
from psg.cases.visibility import as_member, conflicted, is_restricted
from psg.extensions import db
from psg.subjects.models import Person, Subject
from psg.subjects.visibility import tells

Found = TypeVar("Found")


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


def latest_request(case: Case, person: User) -> AccessRequest | None:
    """What this person asked for last, with its answer: shown to them at the door."""
    return db.session.scalars(
        select(AccessRequest)
        .options(joinedload(AccessRequest.decided_by))
        .where(AccessRequest.case_id == case.id, AccessRequest.user_id == person.id)
        .order_by(AccessRequest.id.desc())
    ).first()


def requests_to_answer(user: User) -> Select[*tuple[Any, ...]]:
    """Requests to join that wait for this person: as the case's lead or a coordinator in it, or as an
    agency's lead in it for their own people."""
    mine: ColumnElement[bool] = Case.lead_id == user.id
    if user.role is Role.COORDINATOR:
        mine = true()
    elif user.role is Role.AGENCY_LEAD:
        mine = or_(mine, User.agency_id == user.agency_id)
    return (
        select(
            AccessRequest.id,
            AccessRequest.audit_id,
            AccessRequest.case_id,
            AccessRequest.asked_at,
            User.name.label("person"),
        )
        .join(Case, Case.id == AccessRequest.case_id)
        .join(User, User.id == AccessRequest.user_id)
        .where(
            AccessRequest.decision == Decision.PENDING,
            Case.id.in_(as_member(user)),
            Case.id.not_in(conflicted(user)),
            mine,
        )
        .order_by(AccessRequest.id)
    )


def request_of(case: Case, number: int) -> AccessRequest:
    return _one(
        db.session.scalars(
            select(AccessRequest)
            .options(joinedload(AccessRequest.user))
            .where(AccessRequest.case_id == case.id, AccessRequest.id == number)
        ).one_or_none()
    )


def member_of(case: Case, number: int) -> Member:
    return _one(
        db.session.scalars(
            select(Member)
            .options(joinedload(Member.user))
            .where(Member.case_id == case.id, Member.id == number)
        ).one_or_none()
    )


def conflict_of(case: Case, number: int) -> Conflict:
    """A conflict of interest that stands."""
    return _one(
        db.session.scalars(
            select(Conflict)
            .options(joinedload(Conflict.user))
            .where(Conflict.case_id == case.id, Conflict.id == number, Conflict.lifted_at.is_(None))
        ).one_or_none()
    )


def was_asked_about_conflict(case: Case, person: User) -> bool:
    """Whether a conflict of this person in this case was ever declared, denied or lifted."""
    asked = select(Conflict.id).where(Conflict.case_id == case.id, Conflict.user_id == person.id)
    return db.session.scalar(asked.limit(1)) is not None


def family_names_in(case: Case) -> Sequence[str]:
    return db.session.scalars(
        select(Person.family_name)
        .join(Party, Party.subject_id == Person.id)
        .where(Party.case_id == case.id)
        .order_by(Person.id)
    ).all()


@tells
def restricted_among(user: User, subject_ids: Select[int]) -> int:
    """How many restricted cases have one of these people or places as a party; who they are is not said."""
    parties = select(Party.case_id).where(Party.subject_id.in_(subject_ids))
    return restricted_count(user, Case.id.in_(parties))


def restricted_about(user: User, subject: Subject) -> int:
    return restricted_among(user, select(Subject.id).where(Subject.id == subject.id))


def is_overseen(user: User) -> ColumnElement[bool]:
    """Which emergency accesses this person reads about: coordinators and auditors all, an agency's lead
    those of their own people. Of a case that does not exist for them, none."""
    known: ColumnElement[bool] = Case.id.not_in(conflicted(user))
    if user.role is not Role.AUDITOR:
        known = and_(known, or_(Case.visibility != Visibility.SEALED, Case.id.in_(as_member(user))))
    if user.role is Role.AGENCY_LEAD:
        known = and_(
            known, EmergencyAccess.user_id.in_(select(User.id).where(User.agency_id == user.agency_id))
        )
    return known


def emergency_rows(user: User) -> Select[*tuple[Any, ...]]:
    """The emergency accesses this person reads about, those that wait for review first: nothing of the case."""
    waits = EmergencyAccess.finding == Finding.PENDING
    return (
        select(
            EmergencyAccess.id,
            EmergencyAccess.audit_id,
            EmergencyAccess.case_id,
            EmergencyAccess.user_id,
            EmergencyAccess.urgency,
            EmergencyAccess.reason,
            EmergencyAccess.opened_at,
            EmergencyAccess.expires_at,
            EmergencyAccess.review_due_on,
            EmergencyAccess.finding,
            User.name.label("person"),
            Agency.name.label("agency"),
        )
        .join(Case, Case.id == EmergencyAccess.case_id)
        .join(User, User.id == EmergencyAccess.user_id)
        .join(Agency, Agency.id == User.agency_id)
        .where(is_overseen(user))
        .order_by(waits.desc(), EmergencyAccess.review_due_on.desc(), EmergencyAccess.id.desc())
    )


def emergency_to_oversee(user: User, number: int) -> EmergencyAccess:
    return _one(
        db.session.scalars(
            select(EmergencyAccess)
            .join(EmergencyAccess.case)
            .options(contains_eager(EmergencyAccess.case), joinedload(EmergencyAccess.reviewed_by))
            .where(EmergencyAccess.id == number, is_overseen(user))
        ).one_or_none()
    )


def reviews_waiting(user: User) -> int:
    """How many emergency accesses wait for this person's review."""
    statement = (
        select(func.count(EmergencyAccess.id))
        .join(Case, Case.id == EmergencyAccess.case_id)
        .where(
            is_overseen(user),
            EmergencyAccess.finding == Finding.PENDING,
            EmergencyAccess.user_id != user.id,
        )
    )
    return db.session.scalar(statement) or 0


def _one(found: Found | None) -> Found:
    if found is None:
        raise NotFound
    return found
