"""Sharing from a sealed case takes two people: one member asks, another clears it, and then it may be recorded.

The product's safeguard (no rule of law asks for it): a sealed case protects somebody whose life may
depend on who knows, so that no single person's judgement, or password, lets its content out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from werkzeug.exceptions import NotFound

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission
from psg.accounts.sign_in_models import Decision
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Base, Recorded, Refused, enum_column
from psg.cases import queries as cases
from psg.cases.models import Case, Visibility
from psg.extensions import db, hold
from psg.sharing.models import Disclosure

GOOD_FOR = timedelta(days=7)
"""How long a clearance may be used after it was given. The product's default."""


class Clearance(Recorded, Base):
    """The second person's yes or no to telling one agency something from a sealed case. It is good for once."""

    __tablename__ = "clearance"
    __table_args__ = (
        Index("ix_clearance_case_decision", "case_id", "decision"),
        CheckConstraint("(decision = 'pending') = (decided_at IS NULL)", name="decided_with_time"),
        CheckConstraint("decided_by_id <> asked_by_id", name="two_people"),
    )
    record_kind: ClassVar[str] = "clearance"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    asked_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision), default=Decision.PENDING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure.id"), index=True)

    agency: Mapped[Agency] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


def clearances_of(case: Case, day_from: datetime) -> Sequence[Clearance]:
    """What waits for an answer and what was answered since, newest first."""
    return db.session.scalars(
        select(Clearance)
        .options(
            joinedload(Clearance.agency), joinedload(Clearance.asked_by), joinedload(Clearance.decided_by)
        )
        .where(
            Clearance.case_id == case.id,
            (Clearance.decision == Decision.PENDING) | (Clearance.decided_at >= day_from),
        )
        .order_by(Clearance.id.desc())
    ).all()


def clearance_of(case: Case, number: int) -> Clearance:
    clearance = db.session.scalars(
        select(Clearance).where(Clearance.case_id == case.id, Clearance.id == number)
    ).one_or_none()
    if clearance is None:
        raise NotFound
    return clearance


def ask_clearance(case: Case, agency: Agency, *, reason: str, by: User, now: datetime) -> Clearance:
    """Ask another member to clear telling this agency."""
    if case.visibility is not Visibility.SEALED:
        raise Refused("This case is not sealed: record the disclosure itself")
    if agency.is_oversight or agency.id == by.agency_id:
        raise Refused("Choose another partner agency", field="agency")
    clearance = Clearance(
        case_id=case.id, agency=agency, reason=reason, asked_by=by, asked_at=now, decision=Decision.PENDING
    )
    db.session.add(clearance)
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "clearance.ask",
        by=by,
        case=case,
        obj=clearance,
        at=now,
        recipient=agency.record_id,
    )
    return clearance


def answer_clearance(clearance: Clearance, case: Case, *, grant: bool, by: User, now: datetime) -> None:
    """Another member's answer."""
    if not cases.may(by, Permission.RECORD_DISCLOSURES, case, now) or clearance.asked_by_id == by.id:
        raise Refused("Another member of the case answers this")
    hold(clearance)
    if clearance.decision is not Decision.PENDING:
        raise Refused("This is answered already")
    clearance.decision = Decision.GRANTED if grant else Decision.REFUSED
    clearance.decided_by, clearance.decided_at = by, now
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "clearance.grant" if grant else "clearance.refuse",
        by=by,
        case=case,
        obj=clearance,
        at=now,
        recipient=clearance.agency.record_id,
    )


def check_cleared(case: Case, agencies: Iterable[Agency], now: datetime) -> list[Clearance]:
    """The clearances that a disclosure from a sealed case uses up; none where the case is not sealed."""
    if case.visibility is not Visibility.SEALED:
        return []
    return [_unused(case, agency, now) for agency in agencies]


def _unused(case: Case, agency: Agency, now: datetime) -> Clearance:
    clearance = db.session.scalars(
        select(Clearance)
        .where(
            Clearance.case_id == case.id,
            Clearance.agency_id == agency.id,
            Clearance.decision == Decision.GRANTED,
            Clearance.decided_at > now - GOOD_FOR,
            Clearance.disclosure_id.is_(None),
        )
        .order_by(Clearance.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if clearance is None:
        raise Refused(
            f"This case is sealed: another member must first clear telling {agency.name}. Ask for it on the case’s Sharing page",
            field="recipients",
        )
    return clearance


def use(clearances: Iterable[Clearance], entry: Disclosure) -> None:
    """Each is good for one disclosure."""
    for clearance in clearances:
        clearance.disclosure_id = entry.id
    db.session.flush()
