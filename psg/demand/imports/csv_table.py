"""CSV: in UTF-8 with or without its mark, or in Windows-1252, which Excel saves by default in this country.

The separator is whichever of comma, semicolon and tab parts the names of the columns. A quotation mark that
is never closed makes everything after it doubtful, so that such a file is refused as a whole.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from psg.base import Refused
from psg.demand.imports.table import Opener, Record, Table, table_of

PIECE = 1 << 20
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
UTF_8, WINDOWS = "utf-8-sig", "cp1252"
ENCODINGS = {UTF_8: "UTF-8", WINDOWS: "Windows-1252"}
NOT_UTF_8 = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that Windows-1252 has no character for."""
FIRST = 4096
LONGEST_LINE = 1_000_000
SAVE_AGAIN = "save the file as “CSV UTF-8”, then import it again."


def read_csv(open_file: Opener) -> Table:
    encoding = _encoding(open_file)
    separator = _separator(open_file, encoding)

    def records() -> Iterator[Record]:
        with io.TextIOWrapper(open_file(), encoding=encoding, newline="") as text:
            yield from _records(text, separator)

    said = f"CSV, {ENCODINGS[encoding]}, {SEPARATORS[separator]} between"
    return table_of(records, next(records(), None), said=said)


def _records(text: io.TextIOWrapper, separator: str) -> Iterator[Record]:
    number = 0
    try:
        for number, line in enumerate(csv.reader(_lines(text), delimiter=separator, strict=True), start=1):
            cells = [cell.strip() for cell in line]
            if any(cells):
                yield number, cells
    except csv.Error:
        raise Refused(
            f"Row {number + 1} is not CSV: check its quotation marks, then import the file again."
        ) from None


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for line in text:
        if len(line) > LONGEST_LINE:
            raise csv.Error("no row is as long as that")
        yield line


def _separator(open_file: Opener, encoding: str) -> str:
    """That which makes most columns of the first row."""
    counts: dict[str, int] = {}
    refusal: Refused | None = None
    for separator in SEPARATORS:
        with io.TextIOWrapper(open_file(), encoding=encoding, newline="") as text:
            try:
                _, cells = next(_records(text, separator), (0, []))
            except Refused as problem:
                refusal = problem
            else:
                counts[separator] = len(cells)
    if not counts:
        raise refusal or Refused("The file is empty: nothing was imported.")
    return max(counts, key=lambda separator: counts[separator])


def _encoding(open_file: Opener) -> str:
    """One for the whole file. One that begins in one encoding and goes on in another is refused: which
    of its names are right cannot be known.
    """
    with open_file() as file:
        first = file.read(FIRST)
    if not first.strip():
        raise Refused("The file is empty: nothing was imported.")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in first.partition(b"\n")[0]:
        raise Refused(f"Row 1 is not UTF-8 text: {SAVE_AGAIN}")
    with open_file() as file:
        odd, wide = _first_odd(file)
    if not odd:
        return UTF_8
    if first.startswith(codecs.BOM_UTF8):
        raise Refused(f"Row {odd} is not UTF-8 text: {SAVE_AGAIN}")
    if wide:
        raise Refused(f"Row {max(odd, wide)} is in another encoding than the rows before it: {SAVE_AGAIN}")
    with open_file() as file:
        if _has_undefined(file):
            raise Refused(f"Row {odd} is not UTF-8 text: {SAVE_AGAIN}")
    return WINDOWS


def _first_odd(file: BinaryIO) -> tuple[int, int]:
    """The first lines with what is not UTF-8, and with what is UTF-8 and more than ASCII; 0 for none."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    odd = wide = 0
    line = 1
    while piece := file.read(PIECE):
        text = decoder.decode(piece)
        if not text.isascii():
            text = text.removeprefix("\ufeff") if line == 1 else text
            odd = odd or _line_of(NOT_UTF_8, text, line)
            wide = wide or _line_of(BEYOND_ASCII, text, line)
        line += piece.count(b"\n")
    if decoder.decode(b"", final=True):
        odd = odd or line
    return odd, wide


def _line_of(wanted: re.Pattern[str], text: str, line: int) -> int:
    match = wanted.search(text)
    return line + text.count("\n", 0, match.start()) if match else 0


def _has_undefined(file: BinaryIO) -> bool:
    return any(UNDEFINED.search(piece) for piece in iter(lambda: file.read(PIECE), b""))
