"""Track and Score: the versions of each matrix, and the scores made under them. Both are kept as they were.

A matrix is reference data: a new version is entered beside the old one, and a score keeps the version
and the answers it was made with. Rescoring adds a score; nothing is ever computed again.
"""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Timestamped, enum_column
from psg.cases.models import Band, Case, Party, PartyRole
from psg.scoring.arithmetic import Answers, BandFrom, Weighted, band_at, band_words, interval_words
from psg.subjects.merging.columns import COUNTS


class MatrixKind(StrEnum):
    """The four questions that are scored, each by its own matrix and never blended."""

    VICTIM = "victim"
    RISK = "risk"
    NEED = "need"
    PLACE = "place"

    @property
    def label(self) -> str:
        return self.value.capitalize()


SCORED_BY_ROLE: dict[PartyRole, tuple[MatrixKind, ...]] = {
    PartyRole.VICTIM: (MatrixKind.VICTIM,),
    PartyRole.PERPETRATOR: (MatrixKind.RISK, MatrixKind.NEED),
    PartyRole.PERSON_OF_CONCERN: (MatrixKind.NEED,),
    PartyRole.PLACE: (MatrixKind.PLACE,),
}
"""Which matrices a party is scored against. Witnesses and household members are not scored."""


class Matrix(Base):
    """One version of a matrix: immutable once entered, with who approved it and where it comes from."""

    __tablename__ = "matrix"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("provisional_under BETWEEN 0 AND 100", name="provisional_is_percent"),
        CheckConstraint("high_from BETWEEN 1 AND 100", name="split_is_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MatrixKind] = mapped_column(enum_column(MatrixKind))
    number: Mapped[int]
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    approval: Mapped[str] = mapped_column(String(200))
    provisional_under: Mapped[int]
    high_from: Mapped[int | None]

    factors: Mapped[list["Factor"]] = relationship(back_populates="matrix", order_by="Factor.position")
    bands: Mapped[list["MatrixBand"]] = relationship(back_populates="matrix", order_by="MatrixBand.lowest")
    floors: Mapped[list["Floor"]] = relationship(back_populates="matrix", order_by="Floor.position")

    @property
    def weighted(self) -> list[Weighted]:
        return [Weighted(factor.code, factor.short_name, factor.weight) for factor in self.factors]

    @property
    def band_starts(self) -> list[tuple[str, int]]:
        """Name and lowest index of each band, as charts take them."""
        return [(band.band.label, band.lowest) for band in self.bands]

    @property
    def band_table(self) -> list[BandFrom]:
        return [BandFrom(band.band, band.lowest, band.review_days) for band in self.bands]


class Factor(Base):
    """One thing that is asked, with its weight. From `high_from` on, its answer alone makes Need high."""

    __tablename__ = "factor"
    __table_args__ = (
        UniqueConstraint("matrix_id", "code"),
        CheckConstraint("weight >= 1", name="weight_counts"),
        CheckConstraint("high_from BETWEEN 1 AND 3", name="decisive_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matrix_id: Mapped[int] = mapped_column(ForeignKey("matrix.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(40))
    weight: Mapped[int]
    guidance: Mapped[str] = mapped_column(Text)
    high_from: Mapped[int | None]

    matrix: Mapped[Matrix] = relationship(back_populates="factors")
    anchors: Mapped[list["Anchor"]] = relationship(back_populates="factor", order_by="Anchor.value")


class Anchor(Base):
    """What an answer from 0 to 3 means, in words."""

    __tablename__ = "anchor"
    __table_args__ = (
        UniqueConstraint("factor_id", "value"),
        CheckConstraint("value BETWEEN 0 AND 3", name="value_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    factor_id: Mapped[int] = mapped_column(ForeignKey("factor.id"), index=True)
    value: Mapped[int]
    words: Mapped[str] = mapped_column(String(120))

    factor: Mapped[Factor] = relationship(back_populates="anchors")


class MatrixBand(Base):
    """A band of one matrix by its lowest index, how soon it is reviewed and who confirms it."""

    __tablename__ = "matrix_band"
    __table_args__ = (
        UniqueConstraint("matrix_id", "band"),
        CheckConstraint("lowest BETWEEN 0 AND 100", name="lowest_is_index"),
        CheckConstraint("review_days >= 1", name="review_comes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matrix_id: Mapped[int] = mapped_column(ForeignKey("matrix.id"), index=True)
    band: Mapped[Band] = mapped_column(enum_column(Band))
    lowest: Mapped[int]
    review_days: Mapped[int]
    confirmed_by: Mapped[str] = mapped_column(String(120))

    matrix: Mapped[Matrix] = relationship(back_populates="bands")


class Floor(Base):
    """A fact that sets Critical whatever the points, such as a threat to life."""

    __tablename__ = "floor"
    __table_args__ = (UniqueConstraint("matrix_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matrix_id: Mapped[int] = mapped_column(ForeignKey("matrix.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    guidance: Mapped[str] = mapped_column(Text)

    matrix: Mapped[Matrix] = relationship(back_populates="floors")


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
    handover: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case] = relationship()
    party: Mapped[Party] = relationship()
    matrix: Mapped[Matrix] = relationship()
    scored_by: Mapped[User] = relationship()
    answers: Mapped[list["ScoreAnswer"]] = relationship(
        back_populates="score", order_by="ScoreAnswer.factor_id"
    )
    floors: Mapped[list[Floor]] = relationship(secondary="score_floor", order_by=Floor.position)

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
    def answers_in_order(self) -> list["ScoreAnswer"]:
        return sorted(self.answers, key=lambda answer: answer.factor.position)

    def stale_answers(self, as_at: date) -> list["ScoreAnswer"]:
        """Answers to be confirmed again at the next review."""
        return [
            answer for answer in self.answers if answer.stale_after is not None and answer.stale_after < as_at
        ]


class ScoreAnswer(Base):
    """The answer to one factor; an empty value is unknown, which is not 0. With what shows it, from whom, of when."""

    __tablename__ = "score_answer"
    __table_args__ = (
        UniqueConstraint("score_id", "factor_id"),
        CheckConstraint("value BETWEEN 0 AND 3", name="value_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), index=True)
    factor_id: Mapped[int] = mapped_column(ForeignKey("factor.id"), index=True)
    value: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    source_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    evidence_on: Mapped[date | None]
    stale_after: Mapped[date | None]

    score: Mapped[Score] = relationship(back_populates="answers")
    factor: Mapped[Factor] = relationship()
    source_agency: Mapped[Agency | None] = relationship()

    def is_stale_on(self, day: date) -> bool:
        return self.stale_after is not None and self.stale_after < day


class ScoreFloor(Base):
    """A floor that a score set."""

    __tablename__ = "score_floor"

    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), primary_key=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id"), primary_key=True, index=True)


def _keep_as_it_was(_mapper: Any, _connection: Any, kept: Base) -> None:
    raise RuntimeError(f"a {type(kept).__name__} is kept as it was: add a new one")


for _kept in (Matrix, Factor, Anchor, MatrixBand, Floor, Score, ScoreAnswer):
    event.listen(_kept, "before_update", _keep_as_it_was)
