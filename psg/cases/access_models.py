"""Who belongs to a case, who may not see it, and who was let in for an urgent reason."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.accounts.sign_in_models import Decision
from psg.base import Base, Recorded, enum_column
from psg.cases.models import Case, Visibility


class MemberStatus(StrEnum):
    """Only an active member works in a case. Invited, former and suspended people are not active."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    FORMER = "former"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Member(Recorded, Base):
    """One person's part in a case. `until` is the last day of it, where one was named."""

    __tablename__ = "case_member"
    __table_args__ = (
        UniqueConstraint("case_id", "user_id"),
        Index("ix_case_member_user_status", "user_id", "status", "case_id"),
    )
    record_kind: ClassVar[str] = "member"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[MemberStatus] = mapped_column(enum_column(MemberStatus))
    until: Mapped[date | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    changed_at: Mapped[datetime]

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    added_by: Mapped[User] = relationship(foreign_keys=[added_by_id])

    def stands_on(self, day: date) -> bool:
        """Whether they are a member that day, or asked to become one: not once the last day is over."""
        if self.status is MemberStatus.ACTIVE:
            return self.until is None or day <= self.until
        return self.status is MemberStatus.INVITED


class Conflict(Recorded, Base):
    """A conflict of interest: to this person the case does not exist, whatever else would let them in."""

    __tablename__ = "conflict"
    __table_args__ = (
        Index("ix_conflict_user_lifted", "user_id", "lifted_at", "case_id"),
        Index(
            "uq_conflict_standing",
            "case_id",
            "user_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )
    record_kind: ClassVar[str] = "conflict"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(500))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    declared_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    lifted_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    declared_by: Mapped[User] = relationship(foreign_keys=[declared_by_id])


class Urgency(StrEnum):
    """Why a case had to be read at once."""

    RISK_TO_LIFE = "risk_to_life"
    SAFEGUARDING = "safeguarding"
    OFFICER_SAFETY = "officer_safety"
    COURT = "court"
    OVERSIGHT = "oversight"

    @property
    def label(self) -> str:
        return {
            Urgency.RISK_TO_LIFE: "Risk to life or of serious harm",
            Urgency.SAFEGUARDING: "A child or an adult at risk needs protecting now",
            Urgency.OFFICER_SAFETY: "Safety of staff about to attend",
            Urgency.COURT: "A court or custody deadline today",
            Urgency.OVERSIGHT: "An audit, complaint or inquiry",
        }[self]


class Finding(StrEnum):
    """What another person found on looking at an emergency access afterwards."""

    PENDING = "pending"
    PROPER = "proper"
    QUERIED = "queried"
    IMPROPER = "improper"

    @property
    def label(self) -> str:
        return {Finding.PENDING: "Waiting for review"}.get(self, self.value.capitalize())


class EmergencyAccess(Recorded, Base):
    """Breaking the glass: reading a case for four hours, for a stated reason, looked at afterwards by another."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        Index("ix_emergency_access_user_expires", "user_id", "expires_at", "case_id"),
        CheckConstraint("expires_at > opened_at", name="expires_after_opening"),
        CheckConstraint("reviewed_by_id <> user_id", name="reviewed_by_another"),
        CheckConstraint("(finding = 'pending') = (reviewed_at IS NULL)", name="reviewed_with_time"),
    )
    record_kind: ClassVar[str] = "glass"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    review_due_on: Mapped[date]
    finding: Mapped[Finding] = mapped_column(enum_column(Finding), default=Finding.PENDING, index=True)
    review_note: Mapped[str] = mapped_column(Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    reviewed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])


class AccessRequest(Recorded, Base):
    """Asking to join a case, for its lead to grant or refuse."""

    __tablename__ = "access_request"
    __table_args__ = (
        Index("ix_access_request_case_decision", "case_id", "decision"),
        CheckConstraint("(decision = 'pending') = (decided_at IS NULL)", name="decided_with_time"),
        CheckConstraint("decided_by_id <> user_id", name="decided_by_another"),
    )
    record_kind: ClassVar[str] = "accessrequest"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision), default=Decision.PENDING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class VisibilityProposal(Recorded, Base):
    """Sealing or unsealing a case: one member proposes it, another answers."""

    __tablename__ = "visibility_proposal"
    __table_args__ = (
        Index("ix_visibility_proposal_case_decision", "case_id", "decision"),
        CheckConstraint("(decision = 'pending') = (decided_at IS NULL)", name="decided_with_time"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
    )
    record_kind: ClassVar[str] = "visibilityproposal"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    wanted: Mapped[Visibility] = mapped_column(enum_column(Visibility))
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    proposed_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision), default=Decision.PENDING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]

    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
