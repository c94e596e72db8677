"""What is done about a problem: the ladder of steps, offers of support, responses, and the test of enforcement."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Timestamped, Versioned, enum_column
from psg.cases.models import Party


class PatSide(StrEnum):
    """The sides of the problem analysis triangle, each with whoever could look after it."""

    VICTIM = "victim"
    OFFENDER = "offender"
    PLACE = "place"

    @property
    def label(self) -> str:
        return {
            PatSide.VICTIM: "Victim and guardian",
            PatSide.OFFENDER: "Offender and handler",
            PatSide.PLACE: "Place and manager",
        }[self]


class LadderStep(Base):
    """One step of the ladder as it stood in one edition of the reference data.

    An edition is never changed: a response keeps the step it was chosen from, words, dates and all.
    """

    __tablename__ = "ladder_step"
    __table_args__ = (UniqueConstraint("edition", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    legal: Mapped[str] = mapped_column(String(20))
    is_enforcement: Mapped[bool]
    is_place_power: Mapped[bool]
    is_support: Mapped[bool]
    is_in_force: Mapped[bool]
    issuer: Mapped[str] = mapped_column(Text)
    applies_to: Mapped[str] = mapped_column(Text)
    duration: Mapped[str] = mapped_column(Text)
    review: Mapped[str] = mapped_column(Text)
    consequence: Mapped[str] = mapped_column(Text)
    in_force: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    source_date: Mapped[date]
    verify: Mapped[str] = mapped_column(Text, default="")


class OfferOutcome(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ENGAGEMENT = "no_engagement"

    @property
    def label(self) -> str:
        return {
            OfferOutcome.WAITING: "Waiting for an answer",
            OfferOutcome.ACCEPTED: "Accepted",
            OfferOutcome.DECLINED: "Declined",
            OfferOutcome.NO_ENGAGEMENT: "Did not engage",
        }[self]


class SupportOffer(Recorded, Timestamped, Versioned, Base):
    """Support that was offered to someone on the case: when, what, and what came of it.

    Never a sanction. Declining clinical treatment is a patient's right and no failure to engage.
    """

    __tablename__ = "support_offer"
    __table_args__ = (
        CheckConstraint("(outcome = 'waiting') = (outcome_on IS NULL)", name="outcome_dated"),
        CheckConstraint("outcome_on >= offered_on", name="outcome_after_offer"),
    )
    record_kind: ClassVar[str] = "offer"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    why_suitable: Mapped[str] = mapped_column(Text)
    is_clinical: Mapped[bool] = mapped_column(default=False)
    offered_on: Mapped[date]
    outcome: Mapped[OfferOutcome] = mapped_column(enum_column(OfferOutcome), default=OfferOutcome.WAITING)
    outcome_on: Mapped[date | None]

    party: Mapped[Party] = relationship()
    agency: Mapped[Agency] = relationship()


class ResponseStatus(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Response(Recorded, Timestamped, Versioned, Base):
    """One thing to be done: a step of the ladder, tied to a hypothesis and to a side of the triangle."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(
            "status = 'planned' OR status = 'dropped' OR started_on IS NOT NULL", name="start_dated"
        ),
    )
    record_kind: ClassVar[str] = "response"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("ladder_step.id"), index=True)
    hypothesis_id: Mapped[int] = mapped_column(ForeignKey("hypothesis.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    pat_side: Mapped[PatSide] = mapped_column(enum_column(PatSide))
    summary: Mapped[str] = mapped_column(String(200))
    intended_measure: Mapped[str] = mapped_column(Text, default="")
    ladder_reason: Mapped[str] = mapped_column(Text, default="")
    owner_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_on: Mapped[date | None]
    status: Mapped[ResponseStatus] = mapped_column(
        enum_column(ResponseStatus), default=ResponseStatus.PLANNED
    )
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(Text, default="")

    step: Mapped[LadderStep] = relationship()
    party: Mapped[Party | None] = relationship()
    owner: Mapped[User | None] = relationship()
    owner_agency: Mapped[Agency | None] = relationship()

    @property
    def is_live(self) -> bool:
        """Still meant to happen, or done: everything but what was dropped."""
        return self.status is not ResponseStatus.DROPPED


class SupportRoute(StrEnum):
    """The two grounds on which enforcement may be considered; one of them must be shown."""

    DECLINED = "declined"
    COMMUNITY_HARM = "community_harm"

    @property
    def label(self) -> str:
        return {
            SupportRoute.DECLINED: "Suitable support was offered, and was declined or not taken up",
            SupportRoute.COMMUNITY_HARM: "The community is being harmed, and support first is not appropriate",
        }[self]


class EnforcementTest(Recorded, Timestamped, Versioned, Base):
    """What an officer answers before enforcement: Human Rights Act 1998 art. 8, Equality Act 2010 s.149,
    Mental Capacity Act 2005, and the partnership's own rule of support first."""

    __tablename__ = "enforcement_test"
    record_kind: ClassVar[str] = "test"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), unique=True)
    route: Mapped[SupportRoute | None] = mapped_column(enum_column(SupportRoute))
    harm_evidence: Mapped[str] = mapped_column(Text, default="")
    harm_reason: Mapped[str] = mapped_column(Text, default="")
    proportionality: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[str] = mapped_column(Text, default="")
    equality: Mapped[str] = mapped_column(Text, default="")
    youth_justice: Mapped[str] = mapped_column(Text, default="")
    victims_views: Mapped[str] = mapped_column(Text, default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    approved_at: Mapped[datetime | None]
    approval_reason: Mapped[str] = mapped_column(Text, default="")

    approved_by: Mapped[User | None] = relationship()
