"""What people add to a score afterwards: a second person's confirmation, an override and a hand-over.

The score itself is kept as it was.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.accounts.sign_in_models import Decision
from psg.base import Base, Recorded, enum_column
from psg.cases.models import Band

PANEL_MAXIMUM = 200


class Confirmation(Recorded, Base):
    """A second person has read a High or Critical score and agrees with it, or says why it is to be made again."""

    __tablename__ = "score_confirmation"
    record_kind: ClassVar[str] = "confirmation"

    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), unique=True)
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]

    by: Mapped[User] = relationship()


class Override(Recorded, Base):
    """Judgement that the band should be one higher or lower than the points say, until the score is made again.

    It waits for a second person where it enters or leaves High or Critical. `review_on` is the review of
    a band that was raised; a band that was lowered is reviewed when its points say.
    """

    __tablename__ = "score_override"
    __table_args__ = (
        UniqueConstraint("score_id", "number"),
        CheckConstraint("(decision = 'pending') = (decided_at IS NULL)", name="decided_with_time"),
        CheckConstraint("decided_by_id <> by_id", name="two_people"),
    )
    record_kind: ClassVar[str] = "override"

    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"))
    number: Mapped[int]
    band: Mapped[Band] = mapped_column(enum_column(Band))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]

    by: Mapped[User] = relationship(foreign_keys=[by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def is_pending(self) -> bool:
        return self.decision is Decision.PENDING

    @property
    def stands(self) -> bool:
        return self.decision is Decision.GRANTED


class Handover(Recorded, Base):
    """Floors given to the panel whose they are: to whom, when, and who there said that they have it.

    Without `received_at` nobody there has said so yet. A later score of the same floor keeps its hand-over.
    """

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("(received_by = '') = (received_at IS NULL)", name="receipt_is_whole"),)
    record_kind: ClassVar[str] = "handover"

    panel: Mapped[str] = mapped_column(String(PANEL_MAXIMUM))
    handed_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(PANEL_MAXIMUM), default="")
    received_at: Mapped[datetime | None]

    by: Mapped[User] = relationship()
