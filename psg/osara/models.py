"""The records of the five stages, one of each a case, and what they list.

Every text starts empty and is filled in when it is known; what a stage still lacks is the gate's
question (`gates`), never a constraint.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Timestamped, Versioned, enum_column


class _Labelled(StrEnum):
    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class AimType(StrEnum):
    """What the work is to do to the problem. Not every problem can be ended."""

    ELIMINATE = "eliminate"
    REDUCE = "reduce"
    REDUCE_SERIOUSNESS = "reduce_seriousness"
    DEAL_EFFICIENTLY = "deal_efficiently"
    PERSUADE = "persuade"

    @property
    def label(self) -> str:
        return {
            AimType.ELIMINATE: "End the problem",
            AimType.REDUCE: "Reduce it by a stated amount",
            AimType.REDUCE_SERIOUSNESS: "Make it less serious",
            AimType.DEAL_EFFICIENTLY: "Deal with it more efficiently",
            AimType.PERSUADE: "Persuade another body to lead",
        }[self]


class _StageRecord(Recorded, Timestamped, Versioned):
    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), unique=True)


class ObjectiveRecord(_StageRecord, Base):
    """Why this case, harm to whom, and on what basis the agencies share."""

    __tablename__ = "objective_record"
    record_kind: ClassVar[str] = "objectiverecord"

    why: Mapped[str] = mapped_column(Text, default="")
    harmed: Mapped[str] = mapped_column(Text, default="")
    aim_type: Mapped[AimType | None] = mapped_column(enum_column(AimType))
    reduce_by: Mapped[int | None]
    out_of_scope: Mapped[str] = mapped_column(Text, default="")
    sharing_basis: Mapped[str] = mapped_column(Text, default="")
    sharing_agreement: Mapped[str] = mapped_column(String(200), default="")


class Outcome(_Labelled):
    MET = "met"
    PART_MET = "part_met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class SmartObjective(Recorded, Timestamped, Versioned, Base):
    """A count, rate or score of the problem: where it stands, where it should stand, by when, and who counts."""

    __tablename__ = "smart_objective"
    __table_args__ = (
        CheckConstraint("baseline IS NOT NULL OR baseline_reason <> ''", name="baseline_or_reason"),
    )
    record_kind: ClassVar[str] = "objective"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    measure: Mapped[str] = mapped_column(String(200))
    baseline: Mapped[int | None]
    baseline_reason: Mapped[str] = mapped_column(Text, default="")
    window_days: Mapped[int]
    target: Mapped[int]
    due_on: Mapped[date]
    data_owner_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    outcome_data: Mapped[str] = mapped_column(Text, default="")

    data_owner: Mapped[Agency] = relationship()


class Scope(StrEnum):
    ONE = "one"
    SEVERAL = "several"

    @property
    def label(self) -> str:
        return {Scope.ONE: "One problem", Scope.SEVERAL: "Several problems, to be split"}[self]


class Safeguarding(StrEnum):
    """The answer that no gate can do without and nobody can waive."""

    NO_CONCERN = "no_concern"
    REFERRED = "referred"
    KNOWN = "known"

    @property
    def label(self) -> str:
        return {
            Safeguarding.NO_CONCERN: "Asked, and no concern was found",
            Safeguarding.REFERRED: "A concern was found and referred the same day",
            Safeguarding.KNOWN: "A safeguarding body already holds it",
        }[self]


class ScanningRecord(_StageRecord, Base):
    """The problem in CHEERS form: community, harm, expectation, events, recurring, similarity."""

    __tablename__ = "scanning_record"
    record_kind: ClassVar[str] = "scanningrecord"

    community: Mapped[str] = mapped_column(Text, default="")
    harm: Mapped[str] = mapped_column(Text, default="")
    expectation: Mapped[str] = mapped_column(Text, default="")
    events: Mapped[str] = mapped_column(Text, default="")
    recurring: Mapped[str] = mapped_column(Text, default="")
    similarity: Mapped[str] = mapped_column(Text, default="")
    safeguarding: Mapped[Safeguarding | None] = mapped_column(enum_column(Safeguarding))
    safeguarding_on: Mapped[date | None]
    safeguarding_note: Mapped[str] = mapped_column(Text, default="")
    duplicates: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[Scope | None] = mapped_column(enum_column(Scope))
    shared_with: Mapped[str] = mapped_column(Text, default="")


class ReturnKind(StrEnum):
    DATA = "data"
    NIL = "nil"

    @property
    def label(self) -> str:
        return {ReturnKind.DATA: "Data held", ReturnKind.NIL: "Nil return: nothing held"}[self]


class AgencyReturn(Recorded, Timestamped, Versioned, Base):
    """What an agency holds about the problem over a window. Nothing held is an answer, not silence."""

    __tablename__ = "agency_return"
    record_kind: ClassVar[str] = "return"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[ReturnKind] = mapped_column(enum_column(ReturnKind))
    window_days: Mapped[int]
    window_until: Mapped[date]
    figure: Mapped[int | None]
    summary: Mapped[str] = mapped_column(Text, default="")

    agency: Mapped[Agency] = relationship()


class AnalysisRecord(_StageRecord, Base):
    """Why the problem goes on, by the sides of the triangle, and who checked the reasoning."""

    __tablename__ = "analysis_record"
    __table_args__ = (
        CheckConstraint("(reviewed_by_id IS NULL) = (reviewed_at IS NULL)", name="review_dated"),
    )
    record_kind: ClassVar[str] = "analysisrecord"

    victim_side: Mapped[str] = mapped_column(Text, default="")
    offender_side: Mapped[str] = mapped_column(Text, default="")
    place_side: Mapped[str] = mapped_column(Text, default="")
    questions: Mapped[str] = mapped_column(Text, default="")
    drivers_demand: Mapped[str] = mapped_column(Text, default="")
    drivers_need: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text, default="")
    data_gaps: Mapped[str] = mapped_column(Text, default="")
    equality: Mapped[str] = mapped_column(Text, default="")
    vulnerability: Mapped[str] = mapped_column(Text, default="")
    voice: Mapped[str] = mapped_column(Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(Text, default="")

    reviewed_by: Mapped[User | None] = relationship()


class AnalysisAuthor(Base):
    """Everyone who wrote in an analysis, none of whom may review it."""

    __tablename__ = "analysis_author"
    __table_args__ = (UniqueConstraint("case_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)


class Verdict(_Labelled):
    OPEN = "open"
    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"


class Hypothesis(Recorded, Timestamped, Versioned, Base):
    """Because of this, we would expect that: with evidence for and against, and a verdict."""

    __tablename__ = "hypothesis"
    record_kind: ClassVar[str] = "hypothesis"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    because: Mapped[str] = mapped_column(Text)
    expect: Mapped[str] = mapped_column(Text)
    evidence_for: Mapped[str] = mapped_column(Text, default="")
    evidence_against: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict), default=Verdict.OPEN)

    @property
    def is_supported(self) -> bool:
        return self.verdict is Verdict.SUPPORTED


class ResponseRecord(_StageRecord, Base):
    """What was considered beside the responses that were chosen."""

    __tablename__ = "response_record"
    record_kind: ClassVar[str] = "responserecord"

    options: Mapped[str] = mapped_column(Text, default="")
    side_effects: Mapped[str] = mapped_column(Text, default="")
    contingency: Mapped[str] = mapped_column(Text, default="")


class BeforeAfter(Recorded, Timestamped, Versioned, Base):
    """A count over equal windows on either side of the first response. The after window has the before window's length."""

    __tablename__ = "before_after"
    __table_args__ = (
        CheckConstraint("window_days >= 1", name="window_counts"),
        CheckConstraint("(after_from IS NULL) = (after_count IS NULL)", name="after_complete"),
        CheckConstraint("after_from > before_until", name="after_follows"),
    )
    record_kind: ClassVar[str] = "beforeafter"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("smart_objective.id"), unique=True)
    window_days: Mapped[int]
    before_until: Mapped[date]
    before_count: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    after_from: Mapped[date | None]
    after_count: Mapped[int | None]

    objective: Mapped[SmartObjective] = relationship()


class Lesson(StrEnum):
    OFFERED = "offered"
    WITHHELD = "withheld"

    @property
    def label(self) -> str:
        return {Lesson.OFFERED: "Offer the lesson to the library", Lesson.WITHHELD: "Withhold it"}[self]


class AssessmentRecord(_StageRecord, Base):
    """What was done and what it changed: process and outcome apart, so that twelve patrols never pass for a result."""

    __tablename__ = "assessment_record"
    record_kind: ClassVar[str] = "assessmentrecord"

    work_done: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    displacement: Mapped[str] = mapped_column(Text, default="")
    unintended: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[str] = mapped_column(Text, default="")
    follow_up_on: Mapped[date | None]
    follow_up_how: Mapped[str] = mapped_column(Text, default="")
    lesson: Mapped[Lesson | None] = mapped_column(enum_column(Lesson))
    lesson_text: Mapped[str] = mapped_column(Text, default="")
