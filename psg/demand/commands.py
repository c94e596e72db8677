"""`psg demand`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from psg import extensions
from psg.accounts import queries as accounts
from psg.base import Refused
from psg.demand.areas.commands import import_streets, streets_in
from psg.demand.imports import importing, reading, sheet
from psg.demand.imports.checking import ContactCheck
from psg.demand.imports.columns import layout_of
from psg.demand.imports.files import LARGEST_FILE, open_table
from psg.demand.imports.importing import Imported
from psg.demand.imports.returned import bad_rows_csv
from psg.demand.imports.sheet import RowProblem, RowReader
from psg.demand.imports.table import Opener, Table
from psg.web.dates import now
from psg.web.transaction import command_transaction

PLAIN = "CSV, UTF-8, commas between"
MOST_LISTED = 10_000
FEW = 20
demand_group = AppGroup("demand", help="Contacts that agencies send.")


@dataclass(frozen=True)
class Brought:
    """A file that was recognised, the agency it is of, and how its rows are read and checked."""

    agency_id: int
    table: Table
    reader: RowReader
    check: ContactCheck
    file_hash: str
    now: datetime


@demand_group.command(
    "import", epilog=f"Columns: {', '.join(sheet.NEEDED)}; and, where wanted, {', '.join(sheet.OPTIONAL)}."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--agency", default="", help="The code of the agency that sent the file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("contacts", "police-uk")),
    help="police-uk: street-level crime of areas, from data.police.uk, also a ZIP of such files; recognised by itself.",
)
@click.option(
    "--ward", "ward_name", default="", help="With police-uk: the ward that all areas of the file are in."
)
@click.option("--sheet", "sheet_name", default="", help="The sheet of a workbook, where it has several.")
@click.option("--mapping", is_flag=True, help="Say how the columns would be read; import nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; save nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Import the good rows where others are bad.")
@click.option(
    "--bad-rows",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the rows that cannot be imported to this CSV file, each with its reason.",
)
def import_demand(
    file: Path,
    agency: str,
    form: str | None,
    ward_name: str,
    sheet_name: str,
    mapping: bool,
    dry_run: bool,
    skip_bad_rows: bool,
    bad_rows: Path | None,
) -> None:
    """Add the contacts in FILE, a CSV or an Excel workbook with one contact a row. Importing it again adds nothing.

    A file of street-level crime from data.police.uk is counted by area and month instead, and needs no agency.

    Columns with names of the agency's own are read as they were matched to ours on the page of imports.
    """
    if form != "contacts" and (streets := streets_in(file, is_expected=form is not None)):
        options = {"dry_run": dry_run, "skip_bad_rows": skip_bad_rows}
        click.echo(import_streets(streets, ward_name=ward_name, bad_rows=bad_rows, **options))
        return
    if not agency:
        raise click.UsageError("Missing option '--agency': whose contacts are these?")
    with command_transaction(dry_run=True):
        brought = _recognise(lambda: file.open("rb"), file.stat().st_size, agency, sheet_name)
    if mapping:
        click.echo(_columns(brought))
        return
    if brought.table.said != PLAIN:
        click.echo(f"Read as {brought.table.said}.", err=True)
    try:
        done = _try(brought, skip_bad_rows) if dry_run else _import(brought, skip_bad_rows)
    finally:
        problems = sorted(brought.check.tally.problems)
        _list(problems)
        if problems and bad_rows is not None:
            bad_rows.write_bytes(b"".join(bad_rows_csv(brought.table, problems)))
    click.echo(_summary(done, dry_run=dry_run))


@demand_group.command("tidy")
def tidy() -> None:
    """Delete the files of imports that were kept for a day. Run it from a timer, every hour."""
    with command_transaction():
        importing.forget_old(now())


def _recognise(open_file: Opener, size: int, code: str, sheet_name: str) -> Brought:
    if size > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // 1_000_000} MB: send it in parts.")
    agency = accounts.agency_by_code(code)
    if agency is None:
        raise Refused(f"There is no agency with the code {code}: add it with psg agency create.")
    table = open_table(open_file, sheet=sheet_name)
    moment = now()
    return Brought(
        agency_id=agency.id,
        table=table,
        reader=RowReader(layout_of(table.header, reading.remembered(agency.id)), now=moment),
        check=ContactCheck(agency.id, None),
        file_hash=reading.hash_of(open_file),
        now=moment,
    )


def _try(brought: Brought, skip_bad_rows: bool) -> Imported:
    """Reads only, and so keeps nobody from writing."""
    before = extensions.reading.set(True)
    try:
        with command_transaction(dry_run=True):
            for _ in reading.check_rows(brought.table, brought.reader, brought.check):
                pass
            importing.refuse_bad_rows(brought.check.tally, skip_bad_rows=skip_bad_rows)
    finally:
        extensions.reading.reset(before)
    return Imported.of(brought.check.tally)


def _import(brought: Brought, skip_bad_rows: bool) -> Imported:
    """Each part is a transaction of its own, so that others can write meanwhile; the last adds all contacts, or none."""
    with command_transaction():
        importing.forget_old(brought.now)
        import_id = importing.new_import(brought.agency_id, brought.file_hash, by=None, now=brought.now).id
    with _forgotten_where_it_fails(import_id):
        parts = reading.check_rows(brought.table, brought.reader, brought.check)
        while True:
            with command_transaction():
                waiting = next(parts, None)
                if waiting is None:
                    break
                importing.stage(import_id, waiting)
        tally = brought.check.tally
        with command_transaction():
            importing.refuse_bad_rows(tally, skip_bad_rows=skip_bad_rows)
            return importing.complete(importing.import_by_id(import_id), tally, by=None, now=brought.now)


@contextmanager
def _forgotten_where_it_fails(import_id: int) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with command_transaction():
            importing.forget(import_id)
        raise


def _columns(brought: Brought) -> str:
    layout, header = brought.reader.layout, brought.table.header
    lines = [f"{name}: column “{header[place]}”" for name, place in layout.places.items()]
    lines += [f"{name}: {value} in every row" for name, value in layout.fixed.items()]
    for name, codes in (("kind", layout.kinds), ("role", layout.roles)):
        lines += [f"{name} “{code}”: {value}" for code, value in sorted(codes.items())]
    return "\n".join(lines)


def _list(problems: Sequence[RowProblem]) -> None:
    for problem in problems[:MOST_LISTED]:
        click.echo(str(problem), err=True)
    if len(problems) > MOST_LISTED:
        more = len(problems) - MOST_LISTED
        click.echo(f"And {more} more: --bad-rows writes all of them to a file.", err=True)


def _summary(done: Imported, *, dry_run: bool) -> str:
    parts = [f"{done.added} {'would be added' if dry_run else 'added'}", f"{done.held} already held"]
    if done.withdrawn:
        parts.append(f"{done.withdrawn} withdrawn")
    if done.differing:
        rows = ", ".join(str(number) for number in done.differing[:FEW])
        rows += " and others" if len(done.differing) > FEW else ""
        parts.append(f"{len(done.differing)} differing from what is held and left as they were (rows {rows})")
    if done.problems:
        parts.append(f"{len(done.problems)} left out")
    return f"{'Dry run, nothing saved: ' if dry_run else ''}{', '.join(parts)}."
