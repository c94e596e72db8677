"""The board of one person: how many cases stand at each stage, and the page or the columns of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psg.accounts.models import User
from psg.cases.models import Stage
from psg.overview import queries
from psg.overview.filters import AIMS, BANDS, REVIEWS, BoardFilter, Sort
from psg.overview.queries import Rows, Slice

PAGE_SIZE = 40
COLUMN_SIZE = 8
LABELS = {
    "ward": "Ward",
    "band": "Risk",
    "agency": "Lead agency",
    "mine": "Lead officer",
    "aim": "Aim",
    "commitment": "Commitment",
    "review": "Next review",
    "late": "Actions",
}
FIXED_CHOICES = {
    "band": BANDS,
    "aim": AIMS,
    "review": REVIEWS,
    "mine": [("1", "Me")],
    "late": [("1", "With an overdue action")],
}


@dataclass(frozen=True)
class Board:
    """`has_previous`, `number` and `has_next` are a page's, as `components/pagination.html` takes them."""

    wanted: BoardFilter
    counts: Mapping[Stage, int]
    rows: Rows
    number: int = 1

    @property
    def total(self) -> int:
        """Every open case that the filters admit, whatever the stage."""
        return sum(self.counts.values())

    @property
    def listed(self) -> int:
        """How many cases the list has, over all its pages."""
        return self.counts[Stage(self.wanted.stage)] if self.wanted.stage else self.total

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return not self.wanted.is_columns and self.listed > self.number * PAGE_SIZE

    @property
    def columns(self) -> list[tuple[Stage, list[Any]]]:
        stages = [Stage(self.wanted.stage)] if self.wanted.stage else list(Stage)
        return [(stage, [row for row in self.rows if row.stage is stage]) for stage in stages]


def board_of(user: User, wanted: BoardFilter, day: date, number: int) -> Board:
    """Two statements: the counts, and the rows that are shown. A page past the end is the last page."""
    counts = queries.stage_counts(user, wanted, day)
    stages = [Stage(wanted.stage)] if wanted.stage else list(Stage)
    if wanted.is_columns:
        tops = [Slice(stage, 0, COLUMN_SIZE) for stage in stages if counts[stage]]
        return Board(wanted, counts, queries.sliced_rows(user, wanted, day, tops))
    listed = sum(counts[stage] for stage in stages)
    number = min(number, max(1, -(-listed // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    if wanted.sort == Sort.STAGE:
        runs = slices_of({stage: counts[stage] for stage in stages}, start, PAGE_SIZE)
        rows = queries.sliced_rows(user, wanted, day, runs)
    else:
        rows = queries.sorted_rows(user, wanted, day, start=start, length=PAGE_SIZE)
    return Board(wanted, counts, rows, number)


def slices_of(counts: Mapping[Stage, int], start: int, length: int) -> Sequence[Slice]:
    """Which run of each stage makes up the rows from `start` on, where one stage's cases follow another's."""
    slices = []
    for stage, count in counts.items():
        taken = min(max(count - start, 0), length)
        if taken:
            slices.append(Slice(stage, start, taken))
        start, length = max(start - count, 0), length - taken
    return slices


def heading_of(board: Board) -> str:
    stage = f" in {Stage(board.wanted.stage).label}" if board.wanted.stage else ""
    return f"{board.listed} open case{'' if board.listed == 1 else 's'}{stage}"


def tags_of(
    wanted: BoardFilter, offered: Mapping[str, Sequence[tuple[str, str]]]
) -> list[tuple[str, str, str]]:
    """Each filter in force: its name, its value in words, and the address without it."""
    words = {name: dict(choices) for name, choices in offered.items()}
    return [
        (label, words[name].get(value, value), wanted.address(**{name: ""}))
        for name, label in LABELS.items()
        if (value := wanted.narrowing()[name])
    ]
