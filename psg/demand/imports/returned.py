"""The rows that could not be imported, as a file: the agency's own columns, with the number of the row and the reason.

It can be mended and imported as it is: the two columns that are added here are passed over.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from psg.demand.imports.columns import RETURNED
from psg.demand.imports.sheet import RowProblem
from psg.demand.imports.table import Table
from psg.demand.models import DemandImport
from psg.web.sheets import harmless

MARKING = "OFFICIAL-SENSITIVE"


def bad_rows_csv(table: Table, problems: Iterable[RowProblem]) -> Iterator[bytes]:
    """Piece by piece, in the order of the file. Excel reads its UTF-8 by the mark at its beginning."""
    reasons = {problem.number: problem.reason for problem in problems}
    own = [place for place, name in enumerate(table.header) if name not in RETURNED]
    yield b"\xef\xbb\xbf" + _line([*(table.header[place] for place in own), *RETURNED])
    for number, cells in table.rows():
        if number in reasons:
            kept = [cells[place] if place < len(cells) else "" for place in own]
            beyond = [cell for cell in cells[len(table.header) :] if cell]
            yield _line([*kept, str(number), reasons[number], *beyond])


def returned_name(source: DemandImport) -> str:
    """With the marking, to be seen before it is opened or attached to anything."""
    return f"{MARKING}-rows-not-imported-{source.agency.code}-{source.file_hash[:8]}.csv"


def _line(cells: list[str]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerow(harmless(cells))
    return text.getvalue().encode("utf-8", "replace")
