"""Going through a file part by part: its rows read, looked up, and handed on where they would change something."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from psg.accounts.models import Agency, User
from psg.demand.imports.bulk import PART
from psg.demand.imports.checking import ContactCheck, Waiting
from psg.demand.imports.columns import RETURNED, Columns
from psg.demand.imports.models import AgencyColumns
from psg.demand.imports.sheet import BadRow, ContactRow, RowProblem, RowReader
from psg.demand.imports.table import Opener, Table
from psg.extensions import db
from psg.web.sheets import as_it_was

ROW = re.compile(r"row \d+")


def remembered(agency_id: int) -> Columns | None:
    """How this agency's files were last read, where somebody settled it."""
    stored = db.session.scalar(select(AgencyColumns.columns).where(AgencyColumns.agency_id == agency_id))
    return Columns.of(stored) if stored else None


def remember(agency: Agency, columns: Columns, *, by: User | None, now: datetime) -> None:
    """From now on the agency's files are read like this."""
    held = db.session.get(AgencyColumns, agency.id) or AgencyColumns(agency_id=agency.id)
    held.columns, held.settled_at, held.settled_by_id = columns.stored(), now, by.id if by else None
    db.session.add(held)
    db.session.flush()


def check_rows(table: Table, reader: RowReader, check: ContactCheck) -> Iterator[list[Waiting]]:
    """What would change something, a part of the file at a time. The tally of the check grows as this goes on."""
    part: list[ContactRow] = []
    is_ours = set(RETURNED) <= set(table.header)
    for number, cells in table.rows():
        try:
            part.append(reader.read(number, as_it_was(cells) if is_ours else cells))
        except BadRow as problem:
            check.tally.problems.append(RowProblem(number, str(problem)))
        if len(part) >= PART:
            yield check.take(part)
            part = []
    yield check.take(part)


def reasons(problems: Iterable[RowProblem]) -> list[tuple[str, int]]:
    """How many rows cannot be imported for each reason, most first. Which other row is meant is left out."""
    counts = Counter(ROW.sub("another row", problem.reason) for problem in problems)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def hash_of(open_file: Opener) -> str:
    digest = sha256()
    with open_file() as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
