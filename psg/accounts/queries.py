"""Reads of agencies and people."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.accounts.permissions import PERMITS, Permission
from psg.extensions import db


def user_by_email(email: str) -> User | None:
    return db.session.scalars(select(User).where(User.email == email.strip().casefold())).one_or_none()


def agency_by_code(code: str) -> Agency | None:
    return db.session.scalars(select(Agency).where(Agency.code == code.strip().upper())).one_or_none()


def partner_agencies() -> Sequence[Agency]:
    """Every agency to which a case may be open."""
    return db.session.scalars(
        select(Agency).where(Agency.kind != AgencyKind.OVERSIGHT).order_by(Agency.name, Agency.id)
    ).all()


def case_workers() -> Sequence[User]:
    """Everyone who may lead a case or own an action, by agency and name."""
    roles = [role for role in Role if Permission.WORK_CASES in PERMITS[role]]
    return db.session.scalars(
        select(User)
        .join(User.agency)
        .options(joinedload(User.agency))
        .where(User.is_active, User.role.in_(roles))
        .order_by(Agency.name, User.name, User.id)
    ).all()


def coordinators() -> Sequence[User]:
    """Chairs and coordinators with an active account: they are members of every new case."""
    return db.session.scalars(
        select(User).where(User.is_active, User.role == Role.COORDINATOR).order_by(User.id)
    ).all()


def demo_users() -> Sequence[User]:
    return db.session.scalars(select(User).where(User.is_demo, User.is_active).order_by(User.id)).all()
