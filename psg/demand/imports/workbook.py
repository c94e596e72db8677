"""Excel workbooks (.xlsx), read with openpyxl in its read-only mode: the one library that reads them row by row.

A formula is read as the value that Excel last worked out; nothing of the file is run, fetched or followed.
A workbook is a zip archive of XML, so that a small file can unfold to more than a machine holds: how much
it unfolds to, how much more that is than was sent and how long one cell is are looked at first, and
XML that declares entities is refused.
"""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from psg.base import Refused
from psg.demand.imports.table import MOST_COLUMNS, Opener, Record, Table, table_of

MOST_PARTS = 1_000
MOST_UNFOLDED = 300_000_000
MOST_STRINGS = 80_000_000
"""Bytes of the table of texts, which alone is held in memory."""
MOST_TIMES = 150
"""How often more a part may unfold to than was sent; sheets of contacts come to 15 to 40."""
SMALL = 1_000_000
"""Bytes to which a part may unfold at any ratio."""
LONGEST_CELL = 1 << 18
"""Bytes without a tag; Excel's longest cell has 32,767 characters."""
STRINGS = "xl/sharedStrings.xml"
TOO_MUCH = (
    "The workbook unfolds to more than can be read safely: save the sheet as “CSV UTF-8” and import that."
)
UNREADABLE = "The file cannot be read as an Excel workbook: save it again, or save the sheet as “CSV UTF-8”."


def read_workbook(open_file: Opener, *, sheet: str = "") -> Table:
    """The sheet of that name, or the first that is seen and holds anything."""
    _check_archive(open_file)
    with _Opened(open_file) as book:
        sheets = [one.title for one in book.worksheets if one.sheet_state == "visible"]
        chosen, first = _first_record(book, sheets, sheet)

    def records() -> Iterator[Record]:
        with _Opened(open_file) as book:
            yield from _records(book, chosen)

    said = "Excel workbook" if len(sheets) == 1 else f"Excel workbook, sheet “{chosen}”"
    return table_of(records, first, said=said, sheets=tuple(sheets), sheet=chosen, is_ragged=True)


def _first_record(book: "_Opened", sheets: list[str], wanted: str) -> tuple[str, Record]:
    """The sheet to read, of those that a person sees, and the first row in it that holds anything."""
    if not sheets:
        raise Refused("The workbook has no sheet that is seen: show the sheet, save it and import it again.")
    if wanted and wanted not in sheets:
        raise Refused(f"The workbook has no sheet of that name: choose one of {', '.join(sheets)}.")
    for name in [wanted] if wanted else sheets:
        first = next(_records(book, name), None)
        if first is not None:
            return name, first
    raise Refused("The file is empty: nothing was imported.")


def _records(book: "_Opened", name: str) -> Iterator[Record]:
    rows = book.worksheet(name).iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    number = 0
    while True:
        number += 1
        try:
            values = next(rows, None)
        except Exception:
            raise Refused(UNREADABLE) from None
        if values is None:
            return
        if values.count(None) == len(values):  # a file may leave out a million rows
            continue
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


class _Opened:
    """A workbook that is closed again. Whatever openpyxl meets in a broken one is one sentence."""

    def __init__(self, open_file: Opener) -> None:
        self.file = open_file()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what it leaves out, such as drop-down lists
                self.book = load_workbook(self.file, read_only=True, data_only=True, keep_links=False)
        except Exception:
            self.file.close()
            raise Refused(UNREADABLE) from None

    def __enter__(self) -> "_Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.book.close()
        self.file.close()

    @property
    def worksheets(self) -> Sequence[Any]:
        return [sheet for sheet in self.book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]

    def worksheet(self, name: str) -> Any:
        sheet = self.book[name]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        return sheet


def _text(value: Any) -> str:
    """A cell as text, a date as 2026-08-12T14:05:00, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | time):
        return value.replace(microsecond=0).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_archive(open_file: Opener) -> None:
    try:
        with open_file() as file, ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
                raise Refused(TOO_MUCH)
            for part in parts:
                _check_part(archive, part)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as problem:
        if isinstance(problem, Refused):
            raise
        raise Refused(UNREADABLE) from None


def _check_part(archive: ZipFile, part: ZipInfo) -> None:
    if part.file_size > max(SMALL, MOST_TIMES * part.compress_size):
        raise Refused(TOO_MUCH)
    if part.filename == STRINGS and part.file_size > MOST_STRINGS:
        raise Refused(TOO_MUCH)
    if not part.filename.endswith((".xml", ".rels")):
        return
    with archive.open(part) as content:
        piece = content.read(LONGEST_CELL)
        if b"<!DOCTYPE" in piece.replace(b"\x00", b"") or b"<!ENTITY" in piece.replace(b"\x00", b""):
            raise Refused(UNREADABLE)
        while piece:
            if b"<" not in piece and len(piece) == LONGEST_CELL:
                raise Refused(TOO_MUCH)
            piece = content.read(LONGEST_CELL)
