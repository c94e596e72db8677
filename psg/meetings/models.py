"""The PSG's meeting: when and where, its running order, who was there, and what was captured."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.actions.models import Action
from psg.base import Base, Recorded, Referenced, Timestamped, Versioned, enum_column
from psg.cases.models import Case, Event


class MeetingStatus(StrEnum):
    """The running order is arranged while a meeting is planned; things are captured while it is open."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class AgendaReason(StrEnum):
    """Why a case stands where it does in the running order, most pressing first."""

    IMMEDIATE_RISK = "immediate_risk"
    OVERDUE_ACTIONS = "overdue_actions"
    SCORE_RISEN = "score_risen"
    REVIEW_DUE = "review_due"
    NO_CHANGE = "no_change"

    @property
    def label(self) -> str:
        return {
            AgendaReason.IMMEDIATE_RISK: "Immediate risk",
            AgendaReason.OVERDUE_ACTIONS: "Overdue actions",
            AgendaReason.SCORE_RISEN: "Score risen",
            AgendaReason.REVIEW_DUE: "Review due or order expiring",
            AgendaReason.NO_CHANGE: "Nothing pressing",
        }[self]


class Outcome(StrEnum):
    """What the meeting decided about a case. The decision is minuted; the case's own page carries it out."""

    KEEP = "keep"
    MOVE_STAGE = "move_stage"
    CLOSE = "close"
    DEFER = "defer"
    REFER = "refer"

    @property
    def label(self) -> str:
        return {
            Outcome.KEEP: "Keep",
            Outcome.MOVE_STAGE: "Move stage",
            Outcome.CLOSE: "Close",
            Outcome.DEFER: "Defer",
            Outcome.REFER: "Refer on",
        }[self]


class Presence(StrEnum):
    PRESENT = "present"
    REMOTE = "remote"
    SUBSTITUTE = "substitute"
    APOLOGIES = "apologies"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def is_here(self) -> bool:
        return self in (Presence.PRESENT, Presence.REMOTE, Presence.SUBSTITUTE)


class CapturedKind(StrEnum):
    DECISION = "decision"
    INFORMATION = "information"
    NOTE = "note"
    ACTION = "action"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Meeting(Recorded, Referenced, Timestamped, Versioned, Base):
    """One meeting of the group. `starts_at` is the time on the wall in London."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("(opened_at IS NULL) = (status = 'planned')", name="opened_when_begun"),
        CheckConstraint("(closed_at IS NULL) = (status <> 'closed')", name="closed_when_ended"),
    )
    record_kind: ClassVar[str] = "meeting"
    reference_prefix: ClassVar[str] = "M"

    held_on: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[time]
    place: Mapped[str] = mapped_column(String(120))
    status: Mapped[MeetingStatus] = mapped_column(enum_column(MeetingStatus), default=MeetingStatus.PLANNED)
    chair_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    attendance_at: Mapped[datetime | None]

    chair: Mapped[User] = relationship()

    @property
    def is_planned(self) -> bool:
        return self.status is MeetingStatus.PLANNED

    @property
    def is_open(self) -> bool:
        return self.status is MeetingStatus.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status is MeetingStatus.CLOSED


class AgendaItem(Recorded, Versioned, Base):
    """One case in the running order. Its number stays once the meeting is open, as on a printed agenda."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "case_id"),
        Index("ix_agenda_item_meeting_sequence", "meeting_id", "sequence"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_with_outcome"),
        CheckConstraint("sequence >= 1", name="sequence_counts_from_one"),
    )
    record_kind: ClassVar[str] = "agendaitem"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    sequence: Mapped[int]
    reason: Mapped[AgendaReason] = mapped_column(enum_column(AgendaReason))
    words: Mapped[str] = mapped_column(String(300))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    outcome_note: Mapped[str] = mapped_column(Text, default="")
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)

    meeting: Mapped[Meeting] = relationship()
    case: Mapped[Case] = relationship()
    event: Mapped[Event | None] = relationship()


class Attendance(Base):
    """How one person took part: somebody with an account, or a guest by name, always for an agency."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "user_id"),
        CheckConstraint("(user_id IS NULL) = (name <> '')", name="account_or_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    status: Mapped[Presence] = mapped_column(enum_column(Presence))

    user: Mapped[User | None] = relationship()
    agency: Mapped[Agency] = relationship()

    @property
    def who(self) -> str:
        return self.user.name if self.user else self.name


class Captured(Recorded, Versioned, Base):
    """One line of what happened while a case was heard. The minutes are these lines and nothing else.

    An action's words stand with the action. What its author took back stays here, out of the minutes.
    """

    __tablename__ = "captured"
    __table_args__ = (
        Index("ix_captured_item_captured", "item_id", "captured_at", "id"),
        CheckConstraint("(kind = 'action') = (action_id IS NOT NULL)", name="action_linked"),
    )
    record_kind: ClassVar[str] = "captured"

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    kind: Mapped[CapturedKind] = mapped_column(enum_column(CapturedKind))
    text: Mapped[str] = mapped_column(Text, default="")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    captured_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)

    item: Mapped[AgendaItem] = relationship()
    action: Mapped[Action | None] = relationship()
    author: Mapped[User] = relationship()
    event: Mapped[Event | None] = relationship()
