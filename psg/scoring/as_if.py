"""A score as if it had been made under another version of its matrix: worked out for one page and kept nowhere.

Old scores are never computed again. What the other version asks in other words was not answered, and
counts as unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from psg.cases.models import Band
from psg.extensions import db
from psg.scoring import arithmetic
from psg.scoring.arithmetic import Total
from psg.scoring.matrices.models import Factor, Matrix, MatrixStatus
from psg.scoring.matrices.queries import WHOLE_MATRIX
from psg.scoring.models import Score


@dataclass(frozen=True)
class Asked:
    """One factor of the other version, with the answer that the score has to it."""

    factor: Factor
    value: int | None
    is_new: bool

    @property
    def words(self) -> str:
        if self.is_new:
            return "Not asked in these words, so unknown"
        return "Unknown" if self.value is None else f"{self.value}: {self.factor.anchors[self.value].words}"


@dataclass(frozen=True)
class AsIf:
    """What the score would say. `left_out` is what it answered and the other version does not ask."""

    matrix: Matrix
    asked: Sequence[Asked]
    left_out: Sequence[Factor]
    total: Total
    has_floor: bool

    @property
    def band_low(self) -> Band:
        return arithmetic.band_at(self.total.low, self.matrix.band_table).band

    @property
    def band_high(self) -> Band:
        return arithmetic.band_at(self.total.high, self.matrix.band_table).band

    @property
    def is_provisional(self) -> bool:
        return self.total.completeness < self.matrix.provisional_under


def other_versions(score: Score) -> Sequence[Matrix]:
    """The approved versions under which the score was not made, the newest first."""
    return db.session.scalars(
        select(Matrix)
        .where(
            Matrix.kind == score.kind,
            Matrix.status == MatrixStatus.APPROVED,
            Matrix.id != score.matrix_id,
        )
        .order_by(Matrix.number.desc())
        .options(*WHOLE_MATRIX)
    ).all()


def as_if_under(score: Score, matrix: Matrix) -> AsIf:
    """The same answers under another version, where it asks the same in the same words."""
    given = {answer.factor.code: answer for answer in score.answers}
    asked = []
    for factor in matrix.factors:
        answer = given.get(factor.code)
        is_new = answer is None or not factor.asks_as(answer.factor)
        asked.append(Asked(factor, None if is_new or answer is None else answer.value, is_new))
    codes = {factor.code for factor in matrix.factors}
    floors = {floor.code for floor in matrix.floors}
    return AsIf(
        matrix=matrix,
        asked=asked,
        left_out=[answer.factor for answer in score.answers_in_order if answer.factor.code not in codes],
        total=arithmetic.total(matrix.weighted, {one.factor.code: one.value for one in asked}),
        has_floor=any(floor.code in floors for floor in score.floors),
    )
