"""Changing the parts of a draft: factors, bands and floors. Each change is one step that others can follow."""

from collections.abc import Sequence
from datetime import datetime

from psg.accounts.models import User
from psg.base import Refused
from psg.cases.models import Band
from psg.extensions import db
from psg.scoring.matrices.checks import MOST_FACTORS, MOST_FLOORS
from psg.scoring.matrices.described import (
    DescribedBand,
    DescribedFactor,
    DescribedFloor,
    factor_of,
    factor_values,
    floor_of,
)
from psg.scoring.matrices.models import Anchor, Factor, Floor, Matrix
from psg.scoring.matrices.services import begin_change, end_change


def add_factor(matrix: Matrix, described: DescribedFactor, *, by: User, now: datetime) -> Factor:
    """Ask one thing more, after all others."""
    begin_change(matrix, by)
    _check_code(matrix.factors, None, described["code"])
    if len(matrix.factors) >= MOST_FACTORS:
        raise Refused(f"A matrix has {MOST_FACTORS} factors at most: remove one first")
    position = max((factor.position for factor in matrix.factors), default=-1) + 1
    factor = factor_of(position, described)
    matrix.factors.append(factor)
    end_change(matrix, f"factor {factor.code}", by=by, now=now)
    return factor


def change_factor(factor: Factor, described: DescribedFactor, *, by: User, now: datetime) -> None:
    """Say it otherwise, or let it weigh more or less."""
    matrix = factor.matrix
    begin_change(matrix, by)
    _check_code(matrix.factors, factor, described["code"])
    for name, value in factor_values(described).items():
        setattr(factor, name, value)
    for value, words in enumerate(described["anchors"]):
        _anchor(factor, value).words = words
    end_change(matrix, f"factor {factor.code}", by=by, now=now)


def remove_factor(factor: Factor, *, by: User, now: datetime) -> None:
    """Ask it no more."""
    matrix, code = factor.matrix, factor.code
    begin_change(matrix, by)
    db.session.delete(factor)
    end_change(matrix, f"factor {code}", by=by, now=now)
    db.session.refresh(matrix, ["factors"])


def move_factor(factor: Factor, *, up: bool, by: User, now: datetime) -> None:
    """Ask it before the one above it, or after the one below. At either end it stays."""
    matrix = factor.matrix
    begin_change(matrix, by)
    order = list(matrix.factors)
    place = order.index(factor)
    other = min(max(place + (-1 if up else 1), 0), len(order) - 1)
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order):
        one.position = position
    end_change(matrix, f"order of {factor.code}", by=by, now=now)
    db.session.refresh(matrix, ["factors"])


def set_bands(matrix: Matrix, described: Sequence[DescribedBand], *, by: User, now: datetime) -> None:
    """Where each band starts, how soon it is reviewed, and the words for who confirms it."""
    begin_change(matrix, by)
    held = {band.band: band for band in matrix.bands}
    for wanted in described:
        band = held[Band(wanted["band"])]
        band.lowest, band.review_days = wanted["lowest"], wanted["review_days"]
        band.confirmed_by = wanted["confirmed_by"]
    end_change(matrix, "bands", by=by, now=now)


def add_floor(matrix: Matrix, described: DescribedFloor, *, by: User, now: datetime) -> Floor:
    """A further fact that sets Critical whatever the points."""
    begin_change(matrix, by)
    _check_code(matrix.floors, None, described["code"])
    if len(matrix.floors) >= MOST_FLOORS:
        raise Refused(f"A matrix has {MOST_FLOORS} floors at most: remove one first")
    position = max((floor.position for floor in matrix.floors), default=-1) + 1
    floor = floor_of(position, described)
    matrix.floors.append(floor)
    end_change(matrix, f"floor {floor.code}", by=by, now=now)
    return floor


def change_floor(floor: Floor, described: DescribedFloor, *, by: User, now: datetime) -> None:
    matrix = floor.matrix
    begin_change(matrix, by)
    _check_code(matrix.floors, floor, described["code"])
    floor.code, floor.name, floor.guidance = described["code"], described["name"], described["guidance"]
    end_change(matrix, f"floor {floor.code}", by=by, now=now)


def remove_floor(floor: Floor, *, by: User, now: datetime) -> None:
    matrix, code = floor.matrix, floor.code
    begin_change(matrix, by)
    db.session.delete(floor)
    end_change(matrix, f"floor {code}", by=by, now=now)
    db.session.refresh(matrix, ["floors"])


def _anchor(factor: Factor, value: int) -> Anchor:
    for anchor in factor.anchors:
        if anchor.value == value:
            return anchor
    anchor = Anchor(value=value)
    factor.anchors.append(anchor)
    return anchor


def _check_code(others: Sequence[Factor | Floor], own: Factor | Floor | None, code: str) -> None:
    for other in others:
        if other is not own and other.code == code:
            kind = type(other).__name__.lower()
            raise Refused(
                f"{code} is the code of another {kind}: give this one a code of its own", field="code"
            )
