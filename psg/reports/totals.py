"""Breakdowns of the partnership's cases, ready to print: numbers or the words that stand instead of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from psg.cases.models import Band, Stage
from psg.demand import suppression
from psg.demand.suppression import Shown


class Counted(Protocol):
    """A row of `queries.case_counts`."""

    stage: Stage
    headline_band: Band | None
    ward_id: int | None
    open: int
    closed: int


@dataclass(frozen=True)
class Figure:
    """One number or the words instead of it, and its share of the total where one may be given."""

    shown: Shown
    share: int | None = None

    @property
    def is_number(self) -> bool:
        return not isinstance(self.shown, suppression.Hidden)

    def __str__(self) -> str:
        return str(self.shown.value if isinstance(self.shown, suppression.Hidden) else self.shown)


@dataclass(frozen=True)
class Line:
    label: str
    open: Figure
    closed: Figure


@dataclass(frozen=True)
class Breakdown:
    """Cases by one property. Open and closed are two wholes; no line sums them, which would be a third."""

    name: str
    heading: str
    definition: str
    lines: Sequence[Line]
    total: Line


def breakdowns(rows: Sequence[Counted], wards: Iterable[tuple[int, str]]) -> list[Breakdown]:
    """By stage, by band and by ward, from rows that count each combination once."""
    stages: list[tuple[Any, str]] = [(stage, stage.label) for stage in Stage]
    bands: list[tuple[Any, str]] = [(band, band.label) for band in reversed(Band)]
    places: list[tuple[Any, str]] = list(wards)
    return [
        _breakdown(
            "stage",
            "By stage",
            "The stage a case is at. A closed case counts under the stage at which it was closed.",
            stages,
            [(row.stage, row) for row in rows],
        ),
        _breakdown(
            "band",
            "By band",
            "The highest band of the case’s newest scores. A closed case counts under the last it had.",
            [*bands, (None, "Not scored")],
            [(row.headline_band, row) for row in rows],
        ),
        _breakdown(
            "ward",
            "By ward",
            "The ward the case was opened for.",
            [*places, (None, "Ward not recorded")],
            [(row.ward_id, row) for row in rows],
        ),
    ]


def figure(count: int) -> Figure:
    """A count by itself. Numbers of cases that serve a commitment overlap, so that they have no total."""
    return Figure(suppression.alone(count))


def _breakdown(
    name: str,
    heading: str,
    definition: str,
    groups: Sequence[tuple[Any, str]],
    counted: Iterable[tuple[Any, Counted]],
) -> Breakdown:
    opened: Counter[Any] = Counter()
    closed: Counter[Any] = Counter()
    for group, row in counted:
        opened[group] += row.open
        closed[group] += row.closed
    open_figures, open_total = figures_of([opened[group] for group, _ in groups])
    closed_figures, closed_total = figures_of([closed[group] for group, _ in groups])
    lines = [
        Line(label, *figures)
        for (_, label), *figures in zip(groups, open_figures, closed_figures, strict=True)
    ]
    return Breakdown(name, heading, definition, lines, Line("All cases", open_total, closed_total))


def figures_of(counts: list[int]) -> tuple[list[Figure], Figure]:
    """The parts of a whole with their shares, and the whole."""
    total = suppression.alone(sum(counts))
    figures = [Figure(shown, suppression.share(shown, total)) for shown in suppression.parts(counts)]
    return figures, Figure(total)
