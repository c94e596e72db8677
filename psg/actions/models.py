"""The action: what one agency, and where known one person, will do on a case by a day."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Timestamped, Versioned, enum_column
from psg.cases.models import Case


class ActionStatus(StrEnum):
    """Whether an action is still to be done."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Action(Recorded, Timestamped, Versioned, Base):
    """What was agreed to be done. An agency always answers for it; the person may still be missing.

    `outcome` says what was done and what came of it or, for a dropped action, why it was dropped.
    """

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (status = 'open')", name="closed_when_ended"),
        CheckConstraint("status = 'open' OR outcome <> ''", name="ended_with_words"),
        Index("ix_action_case_status_due", "case_id", "status", "due_on", "id"),
        Index("ix_action_owner_status_due", "owner_id", "status", "due_on", "id"),
        Index("ix_action_agency_status_due", "agency_id", "status", "due_on", "id"),
    )
    record_kind: ClassVar[str] = "action"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    due_on: Mapped[date]
    status: Mapped[ActionStatus] = mapped_column(enum_column(ActionStatus), default=ActionStatus.OPEN)
    outcome: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    case: Mapped[Case] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])

    @property
    def is_open(self) -> bool:
        return self.status is ActionStatus.OPEN

    @property
    def doer(self) -> str:
        """The choice of a form that stands for who does it: a person, or an agency that will name one."""
        return f"user-{self.owner_id}" if self.owner_id else f"agency-{self.agency_id}"

    @property
    def who(self) -> str:
        return f"{self.owner.name}, {self.agency.name}" if self.owner else f"{self.agency.name}, needs a name"
