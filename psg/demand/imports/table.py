"""A file that an agency sends, as a table: CSV in whatever form spreadsheets save it, or an Excel workbook.

What the columns mean is not known here. A file is read as it stands and from its beginning each time, row
by row, so that a long one takes no more memory than a short one. Rows are numbered as a spreadsheet
numbers them. What is wrong with a file as a whole is `Refused`, in one sentence.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from psg.base import Refused

MOST_ROWS = 500_000
FEWEST_COLUMNS, MOST_COLUMNS = 2, 100
LONGEST_NAME = 200
"""Of a column: longer is no name but a row."""

Opener: TypeAlias = Callable[[], BinaryIO]
"""Opens the file anew, at its beginning."""
Record: TypeAlias = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A file that was recognised. `said` is what it was taken for, in words; `sheets` those that it has to choose from."""

    header: tuple[str, ...]
    header_row: int
    said: str
    open_records: Callable[[], Iterator[Record]]
    """Every row that holds anything, the names of the columns included."""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    is_ragged: bool = False
    """Empty cells at the end of a row are not in the file."""

    def rows(self) -> Iterator[Record]:
        """The rows below the names of the columns."""
        width = len(self.header) if self.is_ragged else 0
        count = 0
        for number, cells in self.open_records():
            if number <= self.header_row:
                continue
            count += 1
            if count > MOST_ROWS:
                raise Refused(
                    f"The file has more than {MOST_ROWS:,} rows: send it in parts, such as a year each."
                )
            yield number, cells if len(cells) >= width else cells + [""] * (width - len(cells))
        if not count:
            raise Refused("The file has column names and no rows: nothing was imported.")


def table_of(
    records: Callable[[], Iterator[Record]],
    first: Record | None,
    *,
    said: str,
    sheets: tuple[str, ...] = (),
    sheet: str = "",
    is_ragged: bool = False,
) -> Table:
    """`first` is the first row that holds anything: it names the columns."""
    if first is None:
        raise Refused("The file is empty: nothing was imported.")
    number, cells = first
    header = _names(number, cells)
    return Table(
        header=header,
        header_row=number,
        said=said,
        open_records=records,
        sheets=sheets,
        sheet=sheet,
        is_ragged=is_ragged,
    )


def _names(number: int, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, without the empty ones that some programs leave at the end, each told from the others."""
    names: list[str] = []
    while cells and not cells[-1]:
        cells = cells[:-1]
    for place, cell in enumerate(cells[: MOST_COLUMNS + 1], start=1):
        name = " ".join(cell.split()) or f"Column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    if len(names) < FEWEST_COLUMNS:
        raise Refused(
            f"Row {number} must name the columns, with commas, semicolons or tabs between: it names one."
        )
    if len(names) > MOST_COLUMNS:
        raise Refused(
            f"Row {number} has more than {MOST_COLUMNS} columns: leave out those that are not needed."
        )
    if any(len(name) > LONGEST_NAME or not name.isprintable() for name in names):
        raise Refused(f"Row {number} does not name the columns: put their names there, then import again.")
    return tuple(names)
