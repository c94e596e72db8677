"""The rules that propose who and where to look at, as dated versions; and what a person dismissed.

A version is never changed: a rule that differs is a new version, so that a proposal of last year can be
read against the rules of last year.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded, enum_column
from psg.subjects.models import Subject


class RuleSubject(StrEnum):
    """Whom or what a rule is about. It labels the rule and never the person."""

    PERSON = "person"
    CHILD = "child"
    PLACE = "place"
    VICTIM = "victim"
    SUSPECTED_OF_DOMESTIC_ABUSE = "suspected_of_domestic_abuse"

    @property
    def label(self) -> str:
        return {
            RuleSubject.PERSON: "Person",
            RuleSubject.CHILD: "Person under 18",
            RuleSubject.PLACE: "Place",
            RuleSubject.VICTIM: "Victim",
            RuleSubject.SUSPECTED_OF_DOMESTIC_ABUSE: "Suspected of domestic abuse",
        }[self]


class RuleTest(StrEnum):
    """What a rule counts. `NONE` proposes nobody: it says where such a matter belongs."""

    ONE_AGENCY = "one_agency"
    EACH_AGENCY = "each_agency"
    ALL = "all"
    WEEK = "week"
    RELATED = "related"
    HATE = "hate"
    NONE = "none"


class ThresholdSet(Recorded, Base):
    """One version of the rules. The one in force on a day is the last that had begun by then."""

    __tablename__ = "threshold_set"
    __table_args__ = (CheckConstraint("source <> ''", name="source_filled"),)
    record_kind: ClassVar[str] = "thresholds"

    number: Mapped[int] = mapped_column(unique=True)
    in_force_from: Mapped[date] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(500))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    entered_by: Mapped[User | None] = relationship()
    rules: Mapped[list["ThresholdRule"]] = relationship(
        cascade="all, delete-orphan", order_by="ThresholdRule.position"
    )


class ThresholdRule(Base):
    """One rule of a version. `at_least` is a number of contacts, or how many times the median for a week."""

    __tablename__ = "threshold_rule"
    __table_args__ = (
        UniqueConstraint("set_id", "code"),
        CheckConstraint("(test = 'none') = (at_least IS NULL)", name="counts_unless_none"),
        CheckConstraint("at_least >= 1", name="at_least_one"),
        CheckConstraint("days >= 1", name="at_least_a_day"),
        CheckConstraint("months >= 1", name="at_least_a_month"),
        CheckConstraint(
            "test = 'none' OR (days IS NULL) <> (months IS NULL)", name="window_in_days_or_months"
        ),
        CheckConstraint("(test = 'each_agency') = (agencies IS NOT NULL)", name="agencies_where_several"),
        CheckConstraint("(test = 'week') = (weeks IS NOT NULL)", name="weeks_where_median"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("threshold_set.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    subject: Mapped[RuleSubject] = mapped_column(enum_column(RuleSubject))
    test: Mapped[RuleTest] = mapped_column(enum_column(RuleTest))
    at_least: Mapped[int | None]
    days: Mapped[int | None]
    months: Mapped[int | None]
    agencies: Mapped[int | None]
    weeks: Mapped[int | None]
    place_kinds: Mapped[str] = mapped_column(String(200), default="")
    comparator: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(300), default="")


class Dismissal(Recorded, Base):
    """A coordinator's word that somebody or somewhere is not to be proposed up to and including a day."""

    __tablename__ = "dismissal"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_filled"),)
    record_kind: ClassVar[str] = "dismissal"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    until: Mapped[date] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]

    subject: Mapped[Subject] = relationship()
    by: Mapped[User] = relationship()
