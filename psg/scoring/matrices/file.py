"""A matrix as a file, so that a partnership brings its own toolkit and hands it on. The format: docs/matrix-file.md.

What is read is checked value by value, and nothing is taken from a file in which anything is wrong.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from psg.base import Refused
from psg.scoring.matrices.checks import faults
from psg.scoring.matrices.described import (
    Described,
    DescribedBand,
    DescribedFactor,
    DescribedFloor,
    describe,
)
from psg.scoring.matrices.models import Matrix, MatrixKind

FORMAT: Final = "psg-matrix/1"
LARGEST = 100_000
MOST_FAULTS = 12
_INFORMATION: Final = {"format", "number", "effective_from", "approval"}
"""What a file says of the version it was written from. A draft gets its own."""
_FIELDS: Final = {"kind", "source", "provisional_under", "high_from", "factors", "bands", "floors"}
_OF_FACTOR: Final = {"code", "name", "short_name", "weight", "guidance", "anchors"}
_OF_BAND: Final = {"band", "from", "review_days", "confirmed_by"}
_OF_FLOOR: Final = {"code", "name", "guidance"}


class Unusable(Refused):
    """A file that is no matrix, with all that is wrong with it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences[0])
        self.sentences = sentences[:MOST_FAULTS]


def write(matrix: Matrix) -> str:
    """The whole version as text. What a browser could take for markup is written as JSON writes any letter."""
    text = json.dumps(as_file(matrix), ensure_ascii=False, indent=2)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return f"{text}\n"


def as_file(matrix: Matrix) -> dict[str, Any]:
    """The version in the words of its file."""
    said = describe(matrix)
    return {
        "format": FORMAT,
        "kind": said["kind"],
        "number": matrix.number,
        "effective_from": matrix.effective_from.isoformat(),
        "source": said["source"],
        "approval": matrix.approval,
        "provisional_under": said["provisional_under"],
        "high_from": said["high_from"],
        "factors": [
            {name: value for name, value in factor.items() if name in _OF_FACTOR or value}
            for factor in said["factors"]
        ],
        "bands": [
            {
                "band": band["band"],
                "from": band["lowest"],
                "review_days": band["review_days"],
                "confirmed_by": band["confirmed_by"],
            }
            for band in said["bands"]
        ],
        "floors": [dict(floor) for floor in said["floors"]],
    }


def read(text: str) -> Described:
    """What a file says. Raises `Unusable` with a sentence for each thing that is wrong with it."""
    if len(text) > LARGEST:
        raise Unusable([f"The file is too large: a matrix has {LARGEST:,} characters or fewer"])
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unusable(["This is not a matrix file: it must be JSON, as the product exports it"]) from None
    return from_file(data)


def from_file(data: object) -> Described:
    reading = _Reading()
    said = reading.described(data)
    sentences = reading.sentences or faults(said)
    if sentences:
        raise Unusable(sentences)
    return said


class _Reading:
    """Takes a file apart, and notes what is not as it should be instead of stopping at the first."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def described(self, data: object) -> Described:
        top = self._record(data, "The file", _FIELDS - {"high_from"}, _INFORMATION | {"high_from"})
        if top.get("format", FORMAT) != FORMAT:
            self.sentences.append(f"The file is in another format than {FORMAT}")
        kind = self._text(top, "kind", "The file")
        if kind not in set(MatrixKind):
            self.sentences.append("The kind must be victim, risk, need or place")
        return Described(
            kind=kind,
            source=self._text(top, "source", "The file", lines=True),
            provisional_under=self._number(top, "provisional_under", "The file") or 0,
            high_from=self._number(top, "high_from", "The file", needed=False),
            factors=[self._factor(one, place) for place, one in self._rows(top, "factors")],
            bands=[self._band(one, place) for place, one in self._rows(top, "bands")],
            floors=[self._floor(one, place) for place, one in self._rows(top, "floors")],
        )

    def _factor(self, data: object, place: int) -> DescribedFactor:
        where = f"Factor {place}"
        row = self._record(data, where, _OF_FACTOR, {"high_from", "suggested_by"})
        anchors = row.get("anchors", [])
        if not isinstance(anchors, list) or not all(isinstance(one, str) for one in anchors):
            self.sentences.append(f"{where}: the anchors must be four texts, for the answers 0 to 3")
            anchors = []
        return DescribedFactor(
            code=self._text(row, "code", where),
            name=self._text(row, "name", where),
            short_name=self._text(row, "short_name", where),
            weight=self._number(row, "weight", where) or 0,
            guidance=self._text(row, "guidance", where, lines=True),
            anchors=[self._plain(one, where) for one in anchors],
            high_from=self._number(row, "high_from", where, needed=False),
            suggested_by=self._text(row, "suggested_by", where) or None,
        )

    def _band(self, data: object, place: int) -> DescribedBand:
        where = f"Band {place}"
        row = self._record(data, where, _OF_BAND)
        return DescribedBand(
            band=self._text(row, "band", where),
            lowest=self._number(row, "from", where) or 0,
            review_days=self._number(row, "review_days", where) or 0,
            confirmed_by=self._text(row, "confirmed_by", where),
        )

    def _floor(self, data: object, place: int) -> DescribedFloor:
        where = f"Floor {place}"
        row = self._record(data, where, _OF_FLOOR)
        return DescribedFloor(
            code=self._text(row, "code", where),
            name=self._text(row, "name", where),
            guidance=self._text(row, "guidance", where, lines=True),
        )

    def _record(
        self, data: object, where: str, needed: set[str], allowed: frozenset[str] | set[str] = frozenset()
    ) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            self.sentences.append(f"{where} must be a record with names and values")
            return {}
        self.sentences += [f"{where}: “{name}” is missing" for name in sorted(needed - set(data))]
        unknown = sorted(set(data) - needed - allowed)
        self.sentences += [f"{where}: “{self._plain(name[:40], where)}” is not known" for name in unknown]
        return data

    def _rows(self, top: Mapping[str, Any], name: str) -> list[tuple[int, object]]:
        rows = top.get(name, [])
        if not isinstance(rows, list):
            self.sentences.append(f"The {name} must be a list")
            return []
        return list(enumerate(rows, 1))

    def _text(self, row: Mapping[str, Any], name: str, where: str, *, lines: bool = False) -> str:
        value = row.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.sentences.append(f"{where}: “{name}” must be text")
            return ""
        return self._plain(value, where, lines=lines)

    def _plain(self, text: str, where: str, *, lines: bool = False) -> str:
        """As a box of our own forms would hold it: one line, or several with one kind of line end."""
        if any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text):
            self.sentences.append(f"{where} has a character that cannot be stored")
            return ""
        if lines:
            return text.replace("\r\n", "\n").replace("\r", "\n").strip()
        return " ".join(text.split())

    def _number(self, row: Mapping[str, Any], name: str, where: str, *, needed: bool = True) -> int | None:
        value = row.get(name)
        if value is None and (not needed or name not in row):
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1_000_000:
            self.sentences.append(f"{where}: “{name}” must be a whole number")
            return None
        return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
