"""The case: who and what it is about, who leads it, and what was said and done in time order."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Referenced, Timestamped, Versioned, enum_column
from psg.subjects.models import Subject, Ward


class Stage(StrEnum):
    """The five stages of OSARA, in order."""

    OBJECTIVE = "objective"
    SCANNING = "scanning"
    ANALYSIS = "analysis"
    RESPONSE = "response"
    ASSESSMENT = "assessment"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def number(self) -> int:
        return list(Stage).index(self) + 1


class Aim(StrEnum):
    """The PSG's three aims: separate questions, never blended."""

    DEMAND = "demand"
    NEED = "need"
    ENFORCEMENT = "enforcement"

    @property
    def label(self) -> str:
        return {
            Aim.DEMAND: "Demand reduction",
            Aim.NEED: "Reduction of need",
            Aim.ENFORCEMENT: "Enforcement",
        }[self]


class Priority(StrEnum):
    """The Community Safety Partnership's priorities. A case serves at least one."""

    RISK_AND_VULNERABILITY = "priority_1"
    HIGH_HARM = "priority_2"

    @property
    def label(self) -> str:
        return {
            Priority.RISK_AND_VULNERABILITY: "Priority 1: understand risk and vulnerability, help communities respond",
            Priority.HIGH_HARM: "Priority 2: tackle local issues of high harm",
        }[self]


class PartyRole(StrEnum):
    """What a subject is in this case. It belongs to the link: a person may be victim here and perpetrator elsewhere."""

    VICTIM = "victim"
    PERPETRATOR = "perpetrator"
    PERSON_OF_CONCERN = "person_of_concern"
    WITNESS = "witness"
    HOUSEHOLD_MEMBER = "household_member"
    PLACE = "place"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Band(StrEnum):
    """The bands of Track and Score, lowest first (see `scoring`). An aid to judgement, never a decision."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def level(self) -> int:
        return list(Band).index(self) + 1


class Visibility(StrEnum):
    """To whom a case is open beyond its members."""

    PARTNERSHIP = "partnership"
    MEMBERS = "members"
    SEALED = "sealed"

    @property
    def label(self) -> str:
        return {
            Visibility.PARTNERSHIP: "Open to the partnership",
            Visibility.MEMBERS: "Restricted to its members",
            Visibility.SEALED: "Sealed: nobody else learns that it exists",
        }[self]


class AudienceKind(StrEnum):
    """Who, of those admitted to a case, may read one item of it."""

    CASE = "case"
    AGENCIES = "agencies"
    OWN = "own"

    @property
    def label(self) -> str:
        return {
            AudienceKind.CASE: "Everyone who can open this case",
            AudienceKind.AGENCIES: "Named agencies",
            AudienceKind.OWN: "The recording agency only",
        }[self]


class Right(StrEnum):
    """By what right somebody reads a case."""

    MEMBER = "member"
    PARTNERSHIP = "partnership"
    GLASS = "glass"

    @property
    def label(self) -> str:
        return {
            Right.MEMBER: "as a member",
            Right.PARTNERSHIP: "as a partner agency",
            Right.GLASS: "by emergency access",
        }[self]


@dataclass(frozen=True, slots=True)
class Admission:
    """How the person of this request came in, and until when. Found with the case, and kept nowhere."""

    right: Right | None = None
    until: datetime | None = None


class Case(Recorded, Referenced, Timestamped, Versioned, Base):
    """A problem that several agencies work on together. `closed_at` is empty while it is open."""

    __tablename__ = "psg_case"
    __table_args__ = (
        Index("ix_psg_case_board", "closed_at", "stage", "next_review_on", "id", "visibility"),
        Index("ix_psg_case_visibility_closed_at", "visibility", "closed_at"),
        CheckConstraint("(closed_at IS NULL) = (closure_code = '')", name="closed_with_code"),
    )
    record_kind: ClassVar[str] = "case"
    reference_prefix: ClassVar[str] = "PSG"
    admission: Admission = Admission()

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"), index=True)
    summary: Mapped[str] = mapped_column(String(200))
    priority: Mapped[Priority] = mapped_column(enum_column(Priority))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), default=Stage.OBJECTIVE)
    stage_since: Mapped[datetime]
    visibility: Mapped[Visibility] = mapped_column(enum_column(Visibility), default=Visibility.PARTNERSHIP)
    lead_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    lead_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    headline_band: Mapped[Band | None] = mapped_column(enum_column(Band), index=True)
    next_review_on: Mapped[date | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    closure_code: Mapped[str] = mapped_column(String(32), default="")
    closure_reason: Mapped[str] = mapped_column(Text, default="")

    subject: Mapped[Subject] = relationship()
    ward: Mapped[Ward | None] = relationship()
    lead: Mapped[User] = relationship(foreign_keys=[lead_id])
    lead_agency: Mapped[Agency] = relationship(foreign_keys=[lead_agency_id])
    aims: Mapped[list["CaseAim"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CaseAim.aim"
    )
    parties: Mapped[list["Party"]] = relationship(back_populates="case", order_by="Party.id")

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def record_right(self) -> str | None:
        """What the record says of a consultation: by what right the case was open."""
        return self.admission.right


class CaseAim(Base):
    """One of the PSG's aims that a case serves."""

    __tablename__ = "case_aim"
    __table_args__ = (UniqueConstraint("case_id", "aim"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    aim: Mapped[Aim] = mapped_column(enum_column(Aim), index=True)

    case: Mapped[Case] = relationship(back_populates="aims")


class Party(Recorded, Timestamped, Base):
    """A subject's part in a case."""

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("case_id", "subject_id", "role"),)
    record_kind: ClassVar[str] = "party"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(enum_column(PartyRole))

    case: Mapped[Case] = relationship(back_populates="parties")
    subject: Mapped[Subject] = relationship()


class Note(Recorded, Timestamped, Versioned, Base):
    """What an officer wrote. Its author may mend it for 15 minutes; afterwards a correction is added."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_case_happened", "case_id", "happened_at", "id"),)
    record_kind: ClassVar[str] = "note"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    happened_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True)
    audience: Mapped[AudienceKind] = mapped_column(enum_column(AudienceKind), default=AudienceKind.CASE)

    readers: Mapped[list["NoteReader"]] = relationship(cascade="all, delete-orphan", order_by="NoteReader.id")
    author: Mapped[User] = relationship()
    agency: Mapped[Agency] = relationship()


class NoteReader(Base):
    """An agency named as reader of a note."""

    __tablename__ = "note_reader"
    __table_args__ = (UniqueConstraint("note_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)


class EventKind(StrEnum):
    """What kind of thing a line of the chronology is."""

    CASE = "case"
    STAGE = "stage"
    NOTE = "note"
    SCORE = "score"
    PLAN = "plan"
    SHARING = "sharing"
    ACTION = "action"
    RESPONSE = "response"
    MEETING = "meeting"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Event(Base):
    """One line of a case's chronology: when it happened, when it was recorded, by whom.

    Every feature that does something to a case adds its line in the same transaction.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_case_happened", "case_id", "happened_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(300))
    is_milestone: Mapped[bool] = mapped_column(default=False)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    note: Mapped[Note | None] = relationship()
    actor: Mapped[User] = relationship()
