"""Entries of the record as a CSV file, marked, and safe to open in a spreadsheet."""

import csv
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from io import StringIO

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.overview.record_entries import Line
from psg.overview.record_filter import Choices, RecordFilter
from psg.overview.record_policy import Purpose
from psg.web.dates import day_time, london
from psg.web.sheets import harmless

MOST_ENTRIES = 10_000
MARKING = "OFFICIAL-SENSITIVE"
HANDLING = (
    "For the purpose named here only. Keep it where it was saved, pass it on to nobody, destroy it after use."
)
COLUMNS = ("marking", "entry", "at", "who", "agency", "operation", "what", "record", "why", "detail")


def file_name(by: User, now: datetime) -> str:
    return f"{MARKING}-record-for-{by.agency.code}-audit-only-{london(now):%Y-%m-%d-%H%M}.csv"


def as_csv(
    lines: Sequence[Line],
    *,
    by: User,
    purpose: Purpose,
    wanted: RecordFilter,
    choices: Choices,
    now: datetime,
) -> bytes:
    """The file: a line that marks it and says who took it and why, the columns, the entries."""
    filters = "; ".join(f"{label}: {words}" for label, words in wanted.in_words(choices)) or "none"
    taken = f"Record of access and change, {len(lines)} entries, exported {day_time(now)}"
    text = StringIO(newline="")
    writer = csv.writer(text)
    recipient = f"For {by.name}, {by.agency.name}"
    writer.writerow(harmless([MARKING, taken, recipient, purpose.label, f"Filters: {filters}", HANDLING]))
    writer.writerow(COLUMNS)
    writer.writerows(harmless(_row(line)) for line in lines)
    return text.getvalue().encode("utf-8-sig")


def note(
    content: bytes, *, count: int, wanted: RecordFilter, purpose: Purpose, by: User, now: datetime
) -> None:
    """Say in the record that this part of it was taken out as a file."""
    audit.record(
        Operation.CUSTODY,
        "record.export",
        by=by,
        at=now,
        event="exported",
        purpose=purpose,
        recipients=[by.agency.record_id],
        marking=MARKING,
        count=count,
        filters=wanted.chosen() | ({"tab": wanted.tab} if wanted.tab else {}),
        file_hash=sha256(content).hexdigest(),
    )


def _row(line: Line) -> list[str]:
    return [
        MARKING,
        "-".join(map(str, line.place)),
        london(line.at).isoformat(timespec="milliseconds"),
        line.who,
        line.agency,
        line.op.value,
        line.what,
        line.record,
        line.why,
        "erased" if line.is_erased else "; ".join(f"{name}: {value}" for name, value in line.more),
    ]
