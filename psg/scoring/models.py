"""Track and Score: the scores, kept as they were.

A score keeps the version of the matrix and the answers it was made with (see `matrices.models`).
Rescoring adds a score; nothing is ever computed again.
"""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Timestamped, enum_column
from psg.cases.models import Band, Case, Party, PartyRole
from psg.scoring.arithmetic import Answers, band_at, band_words, interval_words, needs_second_person
from psg.scoring.judging.models import Confirmation, Handover, Override
from psg.scoring.matrices.models import Factor, Floor, Matrix, MatrixKind
from psg.subjects.merging.columns import COUNTS
from psg.web.dates import london

SCORED_BY_ROLE: dict[PartyRole, tuple[MatrixKind, ...]] = {
    PartyRole.VICTIM: (MatrixKind.VICTIM,),
    PartyRole.PERPETRATOR: (MatrixKind.RISK, MatrixKind.NEED),
    PartyRole.PERSON_OF_CONCERN: (MatrixKind.NEED,),
    PartyRole.PLACE: (MatrixKind.PLACE,),
}
"""Which matrices a party is scored against. Witnesses and household members are not scored."""


class Score(Recorded, Timestamped, Base):
    """One scoring of one party. `number` counts a party's scores of a kind, so that none is made twice at once."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("party_id", "kind", "number"),
        Index("ix_score_case_kind", "case_id", "kind", "scored_on"),
        CheckConstraint(
            "0 <= index_low AND index_low <= index_high AND index_high <= 100", name="index_in_range"
        ),
        CheckConstraint("completeness BETWEEN 0 AND 100", name="completeness_is_percent"),
    )
    record_kind: ClassVar[str] = "score"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    kind: Mapped[MatrixKind] = mapped_column(enum_column(MatrixKind))
    number: Mapped[int] = mapped_column(info={COUNTS: True})
    matrix_id: Mapped[int] = mapped_column(ForeignKey("matrix.id"), index=True)
    scored_on: Mapped[date]
    scored_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    points_low: Mapped[int]
    points_high: Mapped[int]
    points_maximum: Mapped[int]
    index_low: Mapped[int]
    index_high: Mapped[int]
    completeness: Mapped[int]
    band: Mapped[Band] = mapped_column(enum_column(Band), index=True)
    review_on: Mapped[date] = mapped_column(index=True)

    case: Mapped[Case] = relationship()
    party: Mapped[Party] = relationship()
    matrix: Mapped[Matrix] = relationship()
    scored_by: Mapped[User] = relationship()
    answers: Mapped[list["ScoreAnswer"]] = relationship(
        back_populates="score", order_by="ScoreAnswer.factor_id"
    )
    floor_rows: Mapped[list["ScoreFloor"]] = relationship(order_by="ScoreFloor.floor_id")
    confirmation: Mapped[Confirmation | None] = relationship()
    overrides: Mapped[list[Override]] = relationship(order_by=Override.number)

    @property
    def floors(self) -> list[Floor]:
        return [row.floor for row in self.floor_rows]

    @property
    def band_low(self) -> Band:
        """The band of the low end by points alone. `band` is what the case is watched at."""
        return band_at(self.index_low, self.matrix.band_table).band

    @property
    def band_high(self) -> Band:
        return band_at(self.index_high, self.matrix.band_table).band

    @property
    def is_provisional(self) -> bool:
        """Too little is known for the score to support enforcement or closure."""
        return self.completeness < self.matrix.provisional_under

    @property
    def values(self) -> Answers:
        return {answer.factor.code: answer.value for answer in self.answers}

    @property
    def interval(self) -> str:
        return interval_words(self.index_low, self.index_high)

    @property
    def words(self) -> str:
        """“51–78, High to Critical, 73% complete”."""
        return f"{self.interval}, {band_words(self.band_low, self.band_high)}, {self.completeness}% complete"

    @property
    def confirmed_by(self) -> str:
        return next(band.confirmed_by for band in self.matrix.bands if band.band is self.band)

    @property
    def override(self) -> Override | None:
        """The override that stands, until the party is scored again."""
        return next((one for one in self.overrides if one.stands), None)

    @property
    def pending_override(self) -> Override | None:
        return next((one for one in self.overrides if one.is_pending), None)

    @property
    def standing_band(self) -> Band:
        """What the case is watched at: `band`, or what judgement made of it. Enforcement reads the points alone."""
        return self.override.band if self.override else self.band

    @property
    def standing_review_on(self) -> date:
        return (self.override.review_on if self.override else None) or self.review_on

    @property
    def needs_confirmation(self) -> bool:
        """High and Critical are for a second person; one who let an override stand has read the score."""
        is_read = self.override is not None and self.override.decided_by_id is not None
        return needs_second_person(self.band) and not is_read

    @property
    def is_unconfirmed(self) -> bool:
        return self.needs_confirmation and not (self.confirmation and self.confirmation.agrees)

    @property
    def waits_for_confirmation(self) -> bool:
        """Nobody but who scored has read it. One that was read and not confirmed waits to be scored again."""
        return self.needs_confirmation and self.confirmation is None

    @property
    def answers_in_order(self) -> list["ScoreAnswer"]:
        return sorted(self.answers, key=lambda answer: answer.factor.position)

    def stale_answers(self, as_at: date) -> list["ScoreAnswer"]:
        """Answers to be confirmed again at the next review."""
        return [
            answer for answer in self.answers if answer.stale_after is not None and answer.stale_after < as_at
        ]


class ScoreAnswer(Base):
    """The answer to one factor; an empty value is unknown, which is not 0. With what shows it, from whom, of when.

    `suggested` is what the contacts suggested when it was given, and `suggestion` why, in words: a person
    chose, with that before them.
    """

    __tablename__ = "score_answer"
    __table_args__ = (
        UniqueConstraint("score_id", "factor_id"),
        CheckConstraint("value BETWEEN 0 AND 3", name="value_on_scale"),
        CheckConstraint("suggested BETWEEN 0 AND 3", name="suggested_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), index=True)
    factor_id: Mapped[int] = mapped_column(ForeignKey("factor.id"), index=True)
    value: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    source_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    evidence_on: Mapped[date | None]
    stale_after: Mapped[date | None]
    suggested: Mapped[int | None]
    suggestion: Mapped[str] = mapped_column(Text, default="")

    score: Mapped[Score] = relationship(back_populates="answers")
    factor: Mapped[Factor] = relationship()
    source_agency: Mapped[Agency | None] = relationship()

    @property
    def suggested_words(self) -> str:
        """“2, which was confirmed: 4 incidents as victim in the 28 days to 3 Aug 2026”."""
        if self.suggested is None:
            return ""
        taken = "which was confirmed" if self.suggested == self.value else "and another answer was given"
        return f"{self.suggested}, {taken}: {self.suggestion}"

    def is_stale_on(self, day: date) -> bool:
        return self.stale_after is not None and self.stale_after < day


class ScoreFloor(Base):
    """A floor that a score set. `set_on` is the day of the first score in a row that set it, and the day by
    whose end it is to be handed over.
    """

    __tablename__ = "score_floor"

    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), primary_key=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id"), primary_key=True, index=True)
    set_on: Mapped[date]
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("handover.id"), index=True)

    floor: Mapped[Floor] = relationship()
    handover: Mapped[Handover | None] = relationship()

    def is_overdue_on(self, day: date) -> bool:
        """A floor is handed over the same day, and the panel says the same day that it has it."""
        if self.handover is None:
            return self.set_on < day
        return self.handover.received_at is None and london(self.handover.handed_at).date() < day


def _keep_as_it_was(_mapper: Any, _connection: Any, kept: Base) -> None:
    raise RuntimeError(f"a {type(kept).__name__} is kept as it was: add a new one")


for _kept in (Score, ScoreAnswer):
    event.listen(_kept, "before_update", _keep_as_it_was)
