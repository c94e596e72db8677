"""`psg demand import` of street-level crime: the same options as for contacts, and nobody's agency."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select

from psg.base import Refused
from psg.demand.areas.services import import_areas
from psg.demand.areas.street_level import NONE_IN_IT, Counted, count_streets, street_tables
from psg.demand.imports.files import LARGEST_FILE
from psg.demand.imports.reading import hash_of
from psg.demand.imports.returned import bad_rows_csv
from psg.demand.imports.table import Table
from psg.extensions import db
from psg.subjects.models import Ward
from psg.web.dates import now, today
from psg.web.transaction import command_transaction

MOST_LISTED = 10_000


@dataclass(frozen=True)
class Streets:
    file: Path
    tables: list[tuple[str, Table]]


def streets_in(file: Path, *, is_expected: bool) -> Streets | None:
    """The file, where it is one of street-level crime. One that is said to be and is not is refused."""
    with command_transaction(dry_run=True):
        if file.stat().st_size > LARGEST_FILE:
            raise Refused(f"The file is larger than {LARGEST_FILE // 1_000_000} MB: send it in parts.")
        tables = street_tables(lambda: file.open("rb"))
        if is_expected and not tables:
            raise Refused(NONE_IN_IT.replace("archive", "file"))
    return Streets(file, tables) if tables else None


def import_streets(
    streets: Streets, *, ward_name: str, dry_run: bool, skip_bad_rows: bool, bad_rows: Path | None
) -> str:
    """What was done, in one sentence."""
    with command_transaction(dry_run=dry_run):
        ward = _ward(ward_name)
        counted = count_streets(streets.tables, today())
        _tell(streets, counted, bad_rows)
        done = import_areas(
            counted,
            file_hash=hash_of(lambda: streets.file.open("rb")),
            ward=ward,
            skip_bad_rows=skip_bad_rows,
            by=None,
            now=now(),
        )
    return f"{'Dry run, nothing saved: ' if dry_run else ''}{done}"


def _ward(name: str) -> Ward | None:
    if not name:
        return None
    ward = db.session.scalars(select(Ward).where(Ward.name == name)).one_or_none()
    if ward is None:
        raise Refused(f"There is no ward called {name}.")
    return ward


def _tell(streets: Streets, counted: Counted, bad_rows: Path | None) -> None:
    for name, problem in counted.problems[:MOST_LISTED]:
        click.echo(f"{f'{name}: ' if name else ''}{problem}", err=True)
    if counted.problems and bad_rows is not None:
        bad_rows.write_bytes(b"".join(_returned(streets, counted)))


def _returned(streets: Streets, counted: Counted) -> Iterator[bytes]:
    """Those of all files of an archive, below one line with the names of the columns."""
    named = False
    for name, table in streets.tables:
        problems = [problem for of, problem in counted.problems if of == name]
        if problems:
            lines = bad_rows_csv(table, problems)
            header = next(lines)
            yield b"" if named else header
            yield from lines
            named = True
