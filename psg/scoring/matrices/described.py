"""A matrix as its file describes it: plain values, which a draft is made from and a version is compared by."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

from psg.cases.models import Band
from psg.scoring.matrices.models import (
    Anchor,
    Factor,
    Floor,
    Matrix,
    MatrixBand,
    MatrixKind,
    MatrixStatus,
    Measure,
)


class DescribedFactor(TypedDict):
    """`high_from` is the answer from which Need is high whatever the total; `suggested_by` a `Measure`."""

    code: str
    name: str
    short_name: str
    weight: int
    guidance: str
    anchors: list[str]
    high_from: int | None
    suggested_by: str | None


class DescribedBand(TypedDict):
    """`lowest` is written `from` in the file."""

    band: str
    lowest: int
    review_days: int
    confirmed_by: str


class DescribedFloor(TypedDict):
    code: str
    name: str
    guidance: str


class Described(TypedDict):
    """What a version asks and how it counts: all that a draft, a file and a comparison are about."""

    kind: str
    source: str
    provisional_under: int
    high_from: int | None
    factors: list[DescribedFactor]
    bands: list[DescribedBand]
    floors: list[DescribedFloor]


def describe(matrix: Matrix) -> Described:
    return Described(
        kind=matrix.kind.value,
        source=matrix.source,
        provisional_under=matrix.provisional_under,
        high_from=matrix.high_from,
        factors=[_described_factor(factor) for factor in matrix.factors],
        bands=[
            DescribedBand(
                band=band.band.value,
                lowest=band.lowest,
                review_days=band.review_days,
                confirmed_by=band.confirmed_by,
            )
            for band in matrix.bands
        ],
        floors=[
            DescribedFloor(code=floor.code, name=floor.name, guidance=floor.guidance)
            for floor in matrix.floors
        ],
    )


def matrix_of(described: Described, *, number: int, effective_from: date, **values: Any) -> Matrix:
    """A draft that says what is described. It is approved, or entered as shipped, afterwards."""
    return Matrix(
        kind=MatrixKind(described["kind"]),
        number=number,
        status=MatrixStatus.DRAFT,
        effective_from=effective_from,
        source=described["source"],
        approval="",
        provisional_under=described["provisional_under"],
        high_from=described["high_from"],
        factors=[factor_of(position, factor) for position, factor in enumerate(described["factors"])],
        bands=bands_of(described["bands"]),
        floors=[floor_of(position, floor) for position, floor in enumerate(described["floors"])],
        **values,
    )


def factor_of(position: int, described: DescribedFactor) -> Factor:
    return Factor(
        position=position,
        anchors=[Anchor(value=value, words=words) for value, words in enumerate(described["anchors"])],
        **factor_values(described),
    )


def factor_values(described: DescribedFactor) -> dict[str, Any]:
    """What a factor says, its anchors left out, as its columns hold it."""
    measure = described["suggested_by"]
    return {
        "code": described["code"],
        "name": described["name"],
        "short_name": described["short_name"],
        "weight": described["weight"],
        "guidance": described["guidance"],
        "high_from": described["high_from"],
        "suggested_by": Measure(measure) if measure else None,
    }


def bands_of(described: Sequence[DescribedBand]) -> list[MatrixBand]:
    return [
        MatrixBand(
            band=Band(band["band"]),
            lowest=band["lowest"],
            review_days=band["review_days"],
            confirmed_by=band["confirmed_by"],
        )
        for band in described
    ]


def floor_of(position: int, described: DescribedFloor) -> Floor:
    return Floor(
        position=position,
        code=described["code"],
        name=described["name"],
        guidance=described["guidance"],
    )


def by_code(factors: Sequence[DescribedFactor]) -> Mapping[str, DescribedFactor]:
    return {factor["code"]: factor for factor in factors}


def _described_factor(factor: Factor) -> DescribedFactor:
    return DescribedFactor(
        code=factor.code,
        name=factor.name,
        short_name=factor.short_name,
        weight=factor.weight,
        guidance=factor.guidance,
        anchors=factor.anchor_words,
        high_from=factor.high_from,
        suggested_by=factor.suggested_by.value if factor.suggested_by else None,
    )
