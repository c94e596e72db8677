"""How a case passes from stage to stage, kept for good: moves, waivers, and proposals to close."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded, Versioned, enum_column
from psg.cases.models import Stage


class Move(StrEnum):
    """How a case came to where it stands."""

    MOVED = "moved"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class StageChange(Recorded, Base):
    """One line of the stage history. It is added to and never changed."""

    __tablename__ = "stage_change"
    record_kind: ClassVar[str] = "stagechange"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    kind: Mapped[Move] = mapped_column(enum_column(Move))
    from_stage: Mapped[Stage] = mapped_column(enum_column(Stage, "from_stage"))
    to_stage: Mapped[Stage] = mapped_column(enum_column(Stage, "to_stage"))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]

    by: Mapped[User] = relationship()


class Waiver(Recorded, Base):
    """The chair's reasoned leave to pass one gate without one of its requirements, for this visit to the stage."""

    __tablename__ = "waiver"
    record_kind: ClassVar[str] = "waiver"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("stage_change.id"), index=True)
    requirement: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]

    by: Mapped[User] = relationship()


class Answer(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class ClosureProposal(Recorded, Versioned, Base):
    """An officer's proposal to close, which a chair or coordinator confirms or sends back."""

    __tablename__ = "closure_proposal"
    record_kind: ClassVar[str] = "closure"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    code: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
    answer: Mapped[Answer] = mapped_column(enum_column(Answer), default=Answer.PENDING)
    answer_reason: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    answered_at: Mapped[datetime | None]

    by: Mapped[User] = relationship(foreign_keys=[by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
