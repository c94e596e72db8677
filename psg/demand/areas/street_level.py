"""Files of street-level crime as data.police.uk gives them: one CSV a force and month, or an archive of them.

Column names and their meaning: https://data.police.uk/about/#columns. A row says of one crime or incident when
(the month), what kind, and near which spot of a street; never who. Anti-social behaviour has no Crime ID, and
such rows, alike to the letter, are as many incidents as there are rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from operator import itemgetter
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from psg.base import Refused
from psg.demand.imports.csv_table import read_csv
from psg.demand.imports.files import ZIP
from psg.demand.imports.sheet import EARLIEST_YEAR, LOST, UNKEEPABLE, BadRow, RowProblem
from psg.demand.imports.table import Opener, Table

NEEDED = (
    "Month", "Reported by", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name", "Crime type",
)  # fmt: skip
CRIME_ID = "Crime ID"
LONGEST = {"Reported by": 80, "LSOA name": 80, "Location": 120, "Crime type": 60, CRIME_ID: 100}
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
CODE = re.compile(r"[EWSN]\d{8}", re.ASCII)
FIRST = 4096
FINE = 3
"""Decimal places that are kept of a degree."""
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.0, 2.5
WORKBOOK = "[Content_Types].xml"
MOST_FILES, MOST_UNFOLDED, MOST_TIMES = 500, 400_000_000, 100
NONE_IN_IT = (
    "The archive holds no file of street-level crime: choose one such as 2026-01-cambridgeshire-street.csv."
)
TOO_MUCH = "The archive holds more than is read at once: send its files in parts, such as a year each."
UNREADABLE = "The file cannot be read as an Excel workbook or an archive: save or fetch it again, or send its files one by one."


class Spot(NamedTuple):
    """Where in an area, and what."""

    kind: str
    location: str
    latitude: float | None
    longitude: float | None


class Street(NamedTuple):
    force: str
    month: date
    crime_id: str
    area_code: str
    area_name: str
    spot: Spot


@dataclass
class Counted:
    """`areas`: of each force and month, of each area, how many at each spot. `names` are those of the areas."""

    areas: dict[tuple[str, date], dict[str, Counter[Spot]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, RowProblem]] = field(default_factory=list)
    """With the name of the file in an archive, else with nothing."""
    total: int = 0
    alike: int = 0
    """Rows that repeat the Crime ID of an earlier one: counted once."""


def is_street_level(header: Sequence[str]) -> bool:
    return set(NEEDED) <= set(header)


def street_tables(open_file: Opener) -> list[tuple[str, Table]]:
    """The tables of street-level crime in this file, with their names in an archive; none where it is another file."""
    with open_file() as file:
        first = file.read(FIRST)
    if not first.startswith(ZIP):
        return _only_street_level([("", open_file)]) if NEEDED[-1].encode() in first else []
    try:
        with open_file() as file, ZipFile(file) as archive:
            members = archive.infolist()
            if any(one.filename == WORKBOOK for one in members):
                return []
            _refuse_too_much(members)
            found = _only_street_level(_unfolded(archive, members))
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as problem:
        raise Refused(UNREADABLE) from problem
    if not found:
        raise Refused(NONE_IN_IT)
    return found


def count_streets(tables: Iterable[tuple[str, Table]], today: date) -> Counted:
    """Of all the files together, since a crime may stand in two of them."""
    counted, seen = Counted(), set[tuple[str, str]]()
    for name, table in tables:
        reader = StreetReader(table.header, today)
        for number, cells in table.rows():
            counted.total += 1
            try:
                street = reader.read(cells)
            except BadRow as problem:
                counted.problems.append((name, RowProblem(number, str(problem))))
                continue
            known = (street.force, street.crime_id)
            if street.crime_id and known in seen:
                counted.alike += 1
                continue
            seen.add(known)
            areas = counted.areas.setdefault((street.force, street.month), {})
            areas.setdefault(street.area_code, Counter())[street.spot] += 1
            counted.names[street.area_code] = street.area_name
    return counted


class StreetReader:
    """Reads the rows of one file. No reason it gives quotes what stands in a row."""

    def __init__(self, header: Sequence[str], today: date) -> None:
        self._width, self._today = len(header), today
        self._ours = itemgetter(*(header.index(name) for name in NEEDED))
        self._crime_id = header.index(CRIME_ID) if CRIME_ID in header else None

    def read(self, cells: Sequence[str]) -> Street:
        if len(cells) < self._width:
            raise BadRow("it has fewer cells than there are column names")
        if any(cells[self._width :]):
            raise BadRow("it has more cells than there are column names")
        month, force, longitude, latitude, location, code, name, kind = self._ours(cells)
        crime_id = cells[self._crime_id] if self._crime_id is not None else ""
        _check_texts(
            {
                "Reported by": force,
                "LSOA name": name,
                "Location": location,
                "Crime type": kind,
                CRIME_ID: crime_id,
            }
        )
        if not force:
            raise BadRow("Reported by is missing")
        if not kind:
            raise BadRow("Crime type is missing")
        if code and not (CODE.fullmatch(code) and name):
            raise BadRow("LSOA code must be such as E01017950, with the name of the area beside it")
        spot = Spot(kind, location, *_coarse(latitude, longitude))
        return Street(force, self._month(month), crime_id, code, name if code else "", spot)

    def _month(self, text: str) -> date:
        match = MONTH.fullmatch(text)
        if match is None:
            raise BadRow("Month must be a month such as 2026-01")
        month = date(int(match[1]), int(match[2]), 1) if int(match[1]) >= EARLIEST_YEAR else None
        if month is None or month > self._today:
            raise BadRow(f"Month is before {EARLIEST_YEAR} or in the future")
        return month


def _check_texts(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            raise BadRow(f"{name} is longer than {LONGEST[name]} characters")
        if not text.isascii() or not text.isprintable():
            if UNKEEPABLE.search(text):
                raise BadRow("it has a character that cannot be stored")
            if LOST in text:
                raise BadRow("it has characters that were lost when the file was saved")


def _coarse(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    if not latitude and not longitude:
        return None, None
    try:
        north, east = round(float(latitude), FINE), round(float(longitude), FINE)
    except (ValueError, OverflowError):
        raise BadRow("Longitude and Latitude must be numbers, or both empty") from None
    if not (SOUTH <= north <= NORTH and WEST <= east <= EAST):
        raise BadRow("Longitude and Latitude are not in this country")
    return north, east


def _only_street_level(files: Iterable[tuple[str, Opener]]) -> list[tuple[str, Table]]:
    tables = []
    for name, open_file in files:
        try:
            table = read_csv(open_file)
        except Refused:
            continue  # whoever reads contacts says what is wrong with it
        if is_street_level(table.header):
            tables.append((name, table))
    return tables


def _refuse_too_much(members: Sequence[ZipInfo]) -> None:
    """Before anything is unfolded: what an archive says of its own size is what is read of it at most."""
    size = sum(one.file_size for one in members)
    if len(members) > MOST_FILES or size > MOST_UNFOLDED:
        raise Refused(TOO_MUCH)
    if any(one.file_size > 1_000_000 + MOST_TIMES * one.compress_size for one in members):
        raise Refused(TOO_MUCH)


def _unfolded(archive: ZipFile, members: Iterable[ZipInfo]) -> Iterator[tuple[str, Opener]]:
    """Files of outcomes and of stop and search stand beside those of streets: by their columns they are passed over."""
    for one in members:
        if one.filename.lower().endswith(".csv"):
            yield one.filename.rpartition("/")[2], _opener(archive.read(one))


def _opener(content: bytes) -> Callable[[], BytesIO]:
    return lambda: BytesIO(content)
