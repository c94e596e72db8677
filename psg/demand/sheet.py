"""Reading the file of contacts an agency sends: CSV in UTF-8, one contact a row.

The first row names the columns, in any order:

    source_reference  the agency's own reference, up to 60 characters, different in every row
    subject           P-0007, L-0012, or the UPRN of a place
    happened_at       2026-08-12 14:05, or 12/08/2026 14:05, in London; the time may be left out
    kind              asb, noise, hate, crime, domestic, fire, health, welfare, tenancy or other
    role              subject, caller, suspected, victim or witness; of a place always subject
    summary           optional: a few words without names, up to 200 characters
    crisis            optional: yes for a health crisis, self-harm or suicidality
    status            optional: withdrawn for a contact the agency takes back

Rows are numbered as a spreadsheet numbers them, the column names being row 1. No reason given for a
row quotes what stands in it: that may be personal data.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from psg.base import Refused
from psg.demand.models import ContactKind, ContactRole
from psg.subjects.models import Person, Place
from psg.web.dates import LONDON

NEEDED = ("source_reference", "subject", "happened_at", "kind", "role")
OPTIONAL = ("summary", "crisis", "status")
HEADER_SENTENCE = (
    f"Row 1 must name the columns {', '.join(NEEDED)}, and may also name {', '.join(OPTIONAL)}, "
    "each once and no others, with commas between."
)
LONGEST_REFERENCE = 60
LONGEST_SUMMARY = 200
EARLIEST_YEAR = 1990
DATE_FORMS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y")
YES = {"": False, "no": False, "yes": True}
STATUS = {"": False, "withdrawn": True}
SomeKind = TypeVar("SomeKind", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    """One contact as an agency tells it. `subject` is a reference or a UPRN."""

    number: int
    source_reference: str
    subject: str
    happened_at: datetime
    kind: ContactKind
    role: ContactRole = ContactRole.SUBJECT
    summary: str = ""
    is_crisis: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, order=True)
class RowProblem:
    number: int
    reason: str

    def __str__(self) -> str:
        return f"Row {self.number}: {self.reason}"


@dataclass(frozen=True)
class Sheet:
    rows: list[ContactRow]
    problems: list[RowProblem]


def read_sheet(content: bytes, *, now: datetime) -> Sheet:
    """The rows, and what is wrong with the others. What is wrong with the file as a whole is `Refused`."""
    sheet = Sheet(rows=[], problems=[])
    seen: dict[str, int] = {}
    for number, cells in _records(_text_of(content)):
        reference = cells.get("source_reference", "")
        if reference and reference in seen:
            raise Refused(
                f"Row {number} has the same source_reference as row {seen[reference]}: "
                "give every contact a reference of its own, then import the file again."
            )
        seen[reference] = number
        try:
            sheet.rows.append(_read_row(number, cells, now))
        except ValueError as problem:
            sheet.problems.append(RowProblem(number, str(problem)))
    if not seen:
        raise Refused("The file has column names and no rows: nothing was imported.")
    return sheet


def _text_of(content: bytes) -> str:
    if not content.strip():
        raise Refused("The file is empty: nothing was imported.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = content.count(b"\n", 0, problem.start) + 1
        raise Refused(
            f"Row {row} is not UTF-8 text: save the file as “CSV UTF-8”, then import it again."
        ) from None
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise Refused(f"Row {row} has a character that cannot be stored: save the file as “CSV UTF-8” again.")
    return text


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that holds something, with its number and its cells by name; no cells where they are too many or few."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    header: list[str] = []
    try:
        for number, line in enumerate(lines, start=1):
            cells = [cell.strip() for cell in line]
            if number == 1:
                header = _check_header(cells)
            elif any(cells):
                yield number, dict(zip(header, cells, strict=True)) if len(cells) == len(header) else {}
    except csv.Error:
        raise Refused(
            f"Row {number + 1} is not CSV: check its quotation marks, then import the file again."
        ) from None


def _check_header(cells: list[str]) -> list[str]:
    missing = [name for name in NEEDED if name not in cells]
    unknown = [name for name in cells if name not in NEEDED + OPTIONAL]
    if missing or unknown or len(set(cells)) != len(cells):
        raise Refused(HEADER_SENTENCE)
    return cells


def _read_row(number: int, cells: Mapping[str, str], now: datetime) -> ContactRow:
    if not cells:
        raise ValueError("it has more or fewer cells than there are column names")
    for name, longest in (("source_reference", LONGEST_REFERENCE), ("summary", LONGEST_SUMMARY)):
        if len(cells.get(name, "")) > longest:
            raise ValueError(f"{name} is longer than {longest} characters")
    if not cells["source_reference"]:
        raise ValueError("source_reference is missing")
    subject = cells["subject"]
    role = _one_of(ContactRole, "role", cells["role"])
    if not (Person.id_from(subject) or Place.id_from(subject) or _is_uprn(subject)):
        raise ValueError("subject is neither a reference such as P-0007 or L-0012 nor a UPRN")
    if role is not ContactRole.SUBJECT and not Person.id_from(subject):
        raise ValueError("the role of a place is always subject")
    return ContactRow(
        number=number,
        source_reference=cells["source_reference"],
        subject=subject,
        happened_at=_moment(cells["happened_at"], now),
        kind=_one_of(ContactKind, "kind", cells["kind"]),
        role=role,
        summary=cells.get("summary", ""),
        is_crisis=_answer(YES, "crisis", cells),
        is_withdrawn=_answer(STATUS, "status", cells),
    )


def _is_uprn(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _one_of(kind: type[SomeKind], name: str, text: str) -> SomeKind:
    try:
        return kind(text.casefold())
    except ValueError:
        raise ValueError(f"{name} must be one of {', '.join(member.value for member in kind)}") from None


def _answer(answers: Mapping[str, bool], name: str, cells: Mapping[str, str]) -> bool:
    text = cells.get(name, "").casefold()
    if text not in answers:
        raise ValueError(f"{name} must be {' or '.join(word for word in answers if word)}, or empty")
    return answers[text]


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        raise ValueError("happened_at is missing")
    moment = _read_moment(text)
    if moment is None:
        raise ValueError("happened_at must be a date such as 2026-08-12 14:05 or 12/08/2026 14:05")
    if moment.year < EARLIEST_YEAR:
        raise ValueError(f"happened_at is before {EARLIEST_YEAR}")
    if moment > now:
        raise ValueError("happened_at is in the future")
    return moment.astimezone(UTC)


def _read_moment(text: str) -> datetime | None:
    """A time without a zone is London's."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    for form in DATE_FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=LONDON)
    return None
