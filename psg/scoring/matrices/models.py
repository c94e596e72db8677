"""The versions of each matrix: drafted, approved by a second person, and from then on kept as they were.

A score keeps the version it was made under, so that a version which has been proposed is never changed:
neither here (`_keep_as_it_was`) nor in the database (`matrix_guards`). What should be different is a
new version.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded, Versioned, enum_column, new_audit_id
from psg.cases.models import Band
from psg.scoring.arithmetic import BandFrom, Weighted

CODE_MAXIMUM = 8
NAME_MAXIMUM = 120
SHORT_NAME_MAXIMUM = 40


class MatrixKind(StrEnum):
    """The four questions that are scored, each by its own matrix and never blended."""

    VICTIM = "victim"
    RISK = "risk"
    NEED = "need"
    PLACE = "place"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class MatrixStatus(StrEnum):
    """How far a version has come. Only an approved one is ever in force."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return "Waiting for approval" if self is MatrixStatus.PROPOSED else self.value.capitalize()


class Measure(StrEnum):
    """What of the contacts suggests an answer to a factor (see `suggestions`)."""

    RECENCY = "recency"
    FREQUENCY = "frequency"
    AGAINST_USUAL = "against_usual"
    TREND = "trend"
    AGENCIES = "agencies"

    @property
    def label(self) -> str:
        return {
            Measure.RECENCY: "Days since the last incident: over 90, 31 to 90, 8 to 30, 0 to 7",
            Measure.FREQUENCY: "Incidents in 28 days: none, 1 or 2, 3 to 5, 6 or more",
            Measure.AGAINST_USUAL: "Last 28 days against the usual 28 days: up to 1, 2 or 4 times, more",
            Measure.TREND: "Last 45 days against the 45 before: falling, flat, rising, rising fast",
            Measure.AGENCIES: "Agencies that reported in 90 days: 1, 2, 3, 4 or more",
        }[self]


class Matrix(Recorded, Versioned, Base):
    """One version of a matrix, where it comes from, and who approved it under which minute.

    `version` counts the changes of a draft. `note` is why it was sent back or withdrawn. What ships
    with the product was drafted by nobody here and is not approved until the partnership enters its own.
    """

    __tablename__ = "matrix"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index("uq_matrix_audit_id", "audit_id", unique=True),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("provisional_under BETWEEN 0 AND 100", name="provisional_is_percent"),
        CheckConstraint("high_from BETWEEN 1 AND 100", name="split_is_index"),
        CheckConstraint("approved_by_id <> proposed_by_id", name="two_people"),
    )
    record_kind: ClassVar[str] = "matrix"

    audit_id: Mapped[str] = mapped_column(String(32), default=new_audit_id)
    kind: Mapped[MatrixKind] = mapped_column(enum_column(MatrixKind))
    number: Mapped[int]
    status: Mapped[MatrixStatus] = mapped_column(enum_column(MatrixStatus))
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    approval: Mapped[str] = mapped_column(String(200))
    provisional_under: Mapped[int]
    high_from: Mapped[int | None]
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    begun_at: Mapped[datetime | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    proposed_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    approved_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")

    factors: Mapped[list["Factor"]] = relationship(
        back_populates="matrix", order_by="(Factor.position, Factor.id)", cascade="all, delete-orphan"
    )
    bands: Mapped[list["MatrixBand"]] = relationship(
        back_populates="matrix", order_by="MatrixBand.lowest", cascade="all, delete-orphan"
    )
    floors: Mapped[list["Floor"]] = relationship(
        back_populates="matrix", order_by="(Floor.position, Floor.id)", cascade="all, delete-orphan"
    )
    authors: Mapped[list["MatrixAuthor"]] = relationship(order_by="MatrixAuthor.id")
    begun_by: Mapped[User | None] = relationship(foreign_keys=[begun_by_id])
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])

    @property
    def key(self) -> str:
        """“victim-2”, as its address and its file are called."""
        return f"{self.kind.value}-{self.number}"

    @property
    def path(self) -> str:
        return f"/scoring/matrices/{self.key}"

    @property
    def title(self) -> str:
        return f"{self.kind.label} matrix, version {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status is MatrixStatus.DRAFT

    @property
    def weighted(self) -> list[Weighted]:
        return [Weighted(factor.code, factor.short_name, factor.weight) for factor in self.factors]

    @property
    def maximum(self) -> int:
        """The points where every answer is 3."""
        return 3 * sum(factor.weight for factor in self.factors)

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
    code: Mapped[str] = mapped_column(String(CODE_MAXIMUM))
    name: Mapped[str] = mapped_column(String(NAME_MAXIMUM))
    short_name: Mapped[str] = mapped_column(String(SHORT_NAME_MAXIMUM))
    weight: Mapped[int]
    guidance: Mapped[str] = mapped_column(Text)
    high_from: Mapped[int | None]
    suggested_by: Mapped[Measure | None] = mapped_column(enum_column(Measure))

    matrix: Mapped[Matrix] = relationship(back_populates="factors")
    anchors: Mapped[list["Anchor"]] = relationship(
        back_populates="factor", order_by="Anchor.value", cascade="all, delete-orphan"
    )

    @property
    def anchor_words(self) -> list[str]:
        return [anchor.words for anchor in self.anchors]

    def asks_as(self, other: "Factor") -> bool:
        """Whether an answer to the one is an answer to the other: the same words under the same code."""
        return (self.code, self.name, self.anchor_words) == (other.code, other.name, other.anchor_words)


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
    words: Mapped[str] = mapped_column(String(NAME_MAXIMUM))

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
    confirmed_by: Mapped[str] = mapped_column(String(NAME_MAXIMUM))

    matrix: Mapped[Matrix] = relationship(back_populates="bands")


class Floor(Base):
    """A fact that sets Critical whatever the points, such as a threat to life."""

    __tablename__ = "floor"
    __table_args__ = (UniqueConstraint("matrix_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matrix_id: Mapped[int] = mapped_column(ForeignKey("matrix.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(NAME_MAXIMUM))
    guidance: Mapped[str] = mapped_column(Text)

    matrix: Mapped[Matrix] = relationship(back_populates="floors")


class MatrixAuthor(Base):
    """Somebody who wrote in a draft, and so does not approve it."""

    __tablename__ = "matrix_author"
    __table_args__ = (UniqueConstraint("matrix_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matrix_id: Mapped[int] = mapped_column(ForeignKey("matrix.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    user: Mapped[User] = relationship()


def _keep_as_it_was(_mapper: Any, _connection: Any, kept: Base) -> None:
    """What belongs to a version changes while that is a draft; a version itself, until it is decided."""
    whole: Any = kept.factor if isinstance(kept, Anchor) else kept
    matrix: Matrix | None = getattr(whole, "matrix", whole)
    may_change = {MatrixStatus.DRAFT, MatrixStatus.PROPOSED} if kept is matrix else {MatrixStatus.DRAFT}
    if matrix is None or status_before(matrix) not in may_change:
        raise RuntimeError(f"a {type(kept).__name__} is kept as it was: begin a new version")


def status_before(matrix: Matrix) -> MatrixStatus:
    """The status as the database holds it, whatever this flush is about to make of it."""
    held = inspect(matrix).attrs.status.history
    return MatrixStatus([*(held.deleted or ()), *(held.unchanged or ()), *(held.added or ())][0])


for _kept in (Matrix, Factor, Anchor, MatrixBand, Floor):
    for _change in ("before_update", "before_delete"):
        event.listen(_kept, _change, _keep_as_it_was)
