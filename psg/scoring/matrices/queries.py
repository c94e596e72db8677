"""Reads of the versions of each matrix. No person and no case stands in any of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload, selectinload

from psg.extensions import db
from psg.scoring.matrices.models import Factor, Floor, Matrix, MatrixKind, MatrixStatus
from psg.web.errors import NotFound

WHOLE_MATRIX = (
    selectinload(Matrix.factors).selectinload(Factor.anchors),
    selectinload(Matrix.bands),
    selectinload(Matrix.floors),
)
_PEOPLE = (
    selectinload(Matrix.authors),
    joinedload(Matrix.begun_by),
    joinedload(Matrix.proposed_by),
    joinedload(Matrix.approved_by),
)
_LARGEST = 2**31 - 1


def matrix_on(kind: MatrixKind, day: date) -> Matrix | None:
    """The version in force on a day: the newest that was approved for that day or an earlier one."""
    return _first(Matrix.kind == kind, _is_approved(), Matrix.effective_from <= day)


def newest_approved(kind: MatrixKind) -> Matrix | None:
    """The one in force, or the one that is going to be."""
    return _first(Matrix.kind == kind, _is_approved())


def matrix_named(kind: str, number: int) -> Matrix:
    """One version in whatever state; `NotFound` where there is none."""
    known = {str(one): one for one in MatrixKind}
    matrix = None
    if kind in known and number <= _LARGEST:
        matrix = db.session.scalars(
            select(Matrix)
            .where(Matrix.kind == known[kind], Matrix.number == number)
            .options(*WHOLE_MATRIX, *_PEOPLE)
        ).one_or_none()
    if matrix is None:
        raise NotFound
    return matrix


def factor_of(matrix: Matrix, number: int) -> Factor:
    for factor in matrix.factors:
        if factor.id == number:
            return factor
    raise NotFound


def floor_of(matrix: Matrix, number: int) -> Floor:
    for floor in matrix.floors:
        if floor.id == number:
            return floor
    raise NotFound


def versions() -> Sequence[Matrix]:
    """Every version of every kind, the newest first."""
    order = [MatrixKind.VICTIM, MatrixKind.RISK, MatrixKind.NEED, MatrixKind.PLACE]
    found = db.session.scalars(
        select(Matrix).options(joinedload(Matrix.approved_by), joinedload(Matrix.begun_by))
    ).all()
    return sorted(found, key=lambda matrix: (order.index(matrix.kind), -matrix.number))


def versions_of(kind: MatrixKind) -> Sequence[Matrix]:
    """The approved versions of one kind, to compare with, the newest first."""
    return db.session.scalars(
        select(Matrix).where(Matrix.kind == kind, _is_approved()).order_by(Matrix.number.desc())
    ).all()


def in_force(found: Sequence[Matrix], day: date) -> dict[MatrixKind, Matrix]:
    """Of these versions the one of each kind that is in force on a day."""
    standing: dict[MatrixKind, Matrix] = {}
    for matrix in sorted(found, key=lambda one: (one.effective_from, one.number)):
        if matrix.status is MatrixStatus.APPROVED and matrix.effective_from <= day:
            standing[matrix.kind] = matrix
    return standing


def _first(*terms: ColumnElement[bool]) -> Matrix | None:
    return db.session.scalars(
        select(Matrix)
        .where(and_(*terms))
        .order_by(Matrix.effective_from.desc(), Matrix.number.desc())
        .limit(1)
        .options(*WHOLE_MATRIX)
    ).one_or_none()


def _is_approved() -> ColumnElement[bool]:
    return Matrix.status == MatrixStatus.APPROVED
