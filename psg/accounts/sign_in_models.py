"""What proves that somebody is who they say: sessions, second factors, links by mail, failed attempts."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, Role, User
from psg.base import Base, Recorded, enum_column


class Factor(StrEnum):
    """How the second factor of a session was met. `PENDING`: it was not, and no page is open yet."""

    PENDING = "pending"
    CODE = "code"
    RECOVERY = "recovery"
    WAIVED_DEMO = "waived_demo"


class SignedIn(Base):
    """One person at one browser. The browser holds the token; only its SHA-256 stands here.

    A row that has ended stays for 14 days, so that what its owner was typing can be given back to them.
    """

    __tablename__ = "signed_in"
    __table_args__ = (
        Index("ix_signed_in_user_ended", "user_id", "ended_at"),
        CheckConstraint("ends_at > began_at", name="ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    device: Mapped[str] = mapped_column(String(80), default="")
    factor: Mapped[Factor] = mapped_column(enum_column(Factor))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    stepped_up_at: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(String(40), default="")
    purpose_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SecondFactor(Base):
    """A person's authenticator app: its secret, sealed, and the last 30-second step that was used."""

    __tablename__ = "second_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """One of ten codes for the day the telephone is lost; each is good once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class LinkPurpose(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class AccountLink(Base):
    """A link by mail with which a person chooses their password: good once, stored as its SHA-256."""

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class FailedAttempt(Base):
    """A failed sign-in, for throttling. Account, network address and device stand as keyed hashes only."""

    __tablename__ = "failed_attempt"
    __table_args__ = (
        Index("ix_failed_attempt_account_at", "account", "at"),
        Index("ix_failed_attempt_network_at", "network", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(index=True)


class KnownDevice(Base):
    """A browser at which this person signed in before: it has its own allowance of failures."""

    __tablename__ = "known_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]


class RequestKind(StrEnum):
    """What about an account takes more than one person."""

    ACCOUNT = "account"
    ROLE = "role"
    FACTORS = "factors"


class Decision(StrEnum):
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


class AccountRequest(Recorded, Base):
    """A new account, a role or new factors that one person asks for and another decides."""

    __tablename__ = "account_request"
    __table_args__ = (
        Index("ix_account_request_decision_asked", "decision", "asked_at"),
        CheckConstraint("(decision = 'pending') = (decided_at IS NULL)", name="decided_with_time"),
        CheckConstraint("decided_by_id <> asked_by_id", name="two_people"),
    )
    record_kind: ClassVar[str] = "accountrequest"

    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[Role | None] = mapped_column(enum_column(Role))
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    asked_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision), default=Decision.PENDING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    agency: Mapped[Agency] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
