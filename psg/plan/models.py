"""The partnership's action plan, and which cases serve it.

A plan is for a year. It falls into areas of focus, each of commitments: what the partnership said it
would do, and which agencies, groups or roles lead it. Leads are never named people. A commitment may
have no lead; the gap is shown, not filled.
"""

import re
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded, Timestamped
from psg.cases.models import Case

LONGEST_REFERENCE = 20
LONGEST_NAME = 120
LONGEST_TEXT = 2_000
LONGEST_DETAIL = 20_000
REFERENCE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9.-]{{0,{LONGEST_REFERENCE - 1}}}", re.ASCII)
YEAR = re.compile(r"(20[0-9]{2})-([0-9]{2})", re.ASCII)


class Plan(Recorded, Timestamped, Base):
    """The action plan of one year, written as people say it: 2021-22."""

    __tablename__ = "plan"
    record_kind: ClassVar[str] = "plan"

    year: Mapped[str] = mapped_column(String(7), unique=True)

    areas: Mapped[list["AreaOfFocus"]] = relationship(
        back_populates="plan", order_by="AreaOfFocus.sequence, AreaOfFocus.id"
    )


class AreaOfFocus(Base):
    """A heading of the plan, such as Fire Safety."""

    __tablename__ = "area_of_focus"
    __table_args__ = (UniqueConstraint("plan_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    sequence: Mapped[int]

    plan: Mapped[Plan] = relationship(back_populates="areas")
    commitments: Mapped[list["Commitment"]] = relationship(
        back_populates="area", order_by="Commitment.sequence, Commitment.id"
    )


class Commitment(Recorded, Timestamped, Base):
    """One line of the plan. Where two say the same, the later one is `same_as` the other: a case serves both."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("plan_id", "reference"),
        CheckConstraint("same_as_id <> id", name="same_as_another"),
    )
    record_kind: ClassVar[str] = "commitment"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area_of_focus.id"), index=True)
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE))
    text: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int]
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"), index=True)

    plan: Mapped[Plan] = relationship()
    area: Mapped[AreaOfFocus] = relationship(back_populates="commitments")
    same_as: Mapped["Commitment | None"] = relationship(remote_side="Commitment.id")
    leads: Mapped[list["CommitmentLead"]] = relationship(
        back_populates="commitment", cascade="all, delete-orphan", order_by="CommitmentLead.sequence"
    )

    @property
    def lead_names(self) -> list[str]:
        return [lead.name for lead in self.leads]

    @property
    def root_id(self) -> int:
        """The commitment that this one and its repeats are counted as."""
        return self.same_as_id or self.id


class CommitmentLead(Base):
    """An agency, group or role that leads a commitment, in the order the plan names them."""

    __tablename__ = "commitment_lead"
    __table_args__ = (UniqueConstraint("commitment_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    sequence: Mapped[int]

    commitment: Mapped[Commitment] = relationship(back_populates="leads")


class CaseCommitment(Recorded, Base):
    """That a case serves a commitment, and how it contributes."""

    __tablename__ = "case_commitment"
    __table_args__ = (
        UniqueConstraint("case_id", "commitment_id"),
        CheckConstraint("how <> ''", name="says_how"),
    )
    record_kind: ClassVar[str] = "casecommitment"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"), index=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    how: Mapped[str] = mapped_column(Text)
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    linked_at: Mapped[datetime]

    case: Mapped[Case] = relationship()
    commitment: Mapped[Commitment] = relationship()
    linked_by: Mapped[User] = relationship()
