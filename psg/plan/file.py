"""A plan as a CSV file: every row read and found right, or one sentence with the row to mend."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from psg.base import Refused
from psg.plan.models import LONGEST_DETAIL, LONGEST_NAME, LONGEST_REFERENCE, LONGEST_TEXT, REFERENCE

HEADER = ("area_of_focus", "reference", "commitment", "detail", "leads")
LARGEST_FILE = 5_000_000
BETWEEN_LEADS = ";"


@dataclass(frozen=True)
class PlanRow:
    """One commitment of the file."""

    area: str
    reference: str
    text: str
    detail: str
    leads: tuple[str, ...]


def read_plan(content: bytes) -> list[PlanRow]:
    """The commitments in the order of the file. Rows are numbered as a spreadsheet shows them: the header is 1."""
    if not content.strip():
        raise Refused("The file is empty: export the plan again and import that.")
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // 1_000_000} MB, which no action plan is.")
    records = _records(_decoded(content))
    _, header = next(records, (1, []))
    if tuple(header) != HEADER:
        raise Refused(f"Row 1 must be the header {','.join(HEADER)}: put it there and import again.")
    rows: list[PlanRow] = []
    seen: dict[str, int] = {}
    for number, record in records:
        row = _row(number, record)
        earlier = seen.setdefault(row.reference.casefold(), number)
        if earlier != number:
            raise Refused(
                f"Row {number} repeats the reference {row.reference} of row {earlier}: give each its own."
            )
        rows.append(row)
    if not rows:
        raise Refused(
            "The file has a header and no commitment below it: export the plan again and import that."
        )
    return rows


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode("utf-8-sig", errors="ignore")
        row = sum(1 for _ in csv.reader(StringIO(before, newline="")))
        raise Refused(
            f"Row {max(row, 1)} is not UTF-8: save the file as “CSV UTF-8” and import it again."
        ) from None
    if "\x00" in text:
        raise Refused("The file holds NUL characters, so it is not a CSV file: save it as “CSV UTF-8”.")
    return text


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that has anything in it, with its number."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused(
                f"Row {number} cannot be read: look for a quotation mark that is never closed."
            ) from None
        cells = [cell.replace("\r\n", "\n").strip() for cell in record]
        if any(cells):
            yield number, cells


def _row(number: int, record: Sequence[str]) -> PlanRow:
    if len(record) != len(HEADER):
        raise Refused(
            f"Row {number} has {len(record)} cells where {len(HEADER)} are needed: {', '.join(HEADER)}."
        )
    area, reference, text, detail, leads = record
    for name, value in zip(HEADER[:3], (area, reference, text), strict=True):
        if not value:
            raise Refused(f"Row {number} has no {name}: fill it in and import again.")
    if not REFERENCE.fullmatch(reference):
        raise Refused(
            f"Row {number} has the reference “{reference[:40]}”: use at most {LONGEST_REFERENCE}"
            " letters, figures, full stops and hyphens, such as ASB-1."
        )
    names = tuple(
        dict.fromkeys(" ".join(lead.split()) for lead in leads.split(BETWEEN_LEADS) if lead.strip())
    )
    lengths = [
        ("area_of_focus", area, LONGEST_NAME),
        ("commitment", text, LONGEST_TEXT),
        ("detail", detail, LONGEST_DETAIL),
    ]
    for name, value, most in [*lengths, *(("lead", lead, LONGEST_NAME) for lead in names)]:
        if len(value) > most:
            raise Refused(
                f"Row {number} has a {name} of {len(value):,} characters; at most {most:,} can be kept."
            )
    return PlanRow(area=area, reference=reference, text=text, detail=detail, leads=names)
