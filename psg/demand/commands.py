"""`psg demand`."""

from hashlib import sha256
from pathlib import Path

import click
from flask.cli import AppGroup

from psg.accounts import queries as accounts
from psg.base import Refused
from psg.demand import services, sheet
from psg.web.dates import now
from psg.web.transaction import command_transaction

demand_group = AppGroup("demand", help="Contacts that agencies send.")


@demand_group.command(
    "import", epilog=f"Columns: {', '.join(sheet.NEEDED)}; and, where wanted, {', '.join(sheet.OPTIONAL)}."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--agency", "agency_code", required=True, help="The code of the agency that sent the file.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; save nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Import the good rows where others are bad.")
def import_demand(file: Path, agency_code: str, dry_run: bool, skip_bad_rows: bool) -> None:
    """Add the contacts in FILE, a CSV in UTF-8 with one contact a row. Importing it again adds nothing."""
    content = file.read_bytes()
    moment = now()
    with command_transaction(dry_run=dry_run):
        agency = accounts.agency_by_code(agency_code)
        if agency is None:
            raise Refused(f"There is no agency with the code {agency_code}: add it with psg agency create.")
        read = sheet.read_sheet(content, now=moment)
        try:
            done = services.import_contacts(
                read.rows,
                agency=agency,
                file_hash=sha256(content).hexdigest(),
                problems=read.problems,
                skip_bad_rows=skip_bad_rows,
                by=None,
                now=moment,
            )
        except services.BadRows as refusal:
            _list(refusal.problems)
            raise
    _list(done.problems)
    click.echo(_summary(done, dry_run=dry_run))


def _list(problems: "tuple[sheet.RowProblem, ...] | list[sheet.RowProblem]") -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def _summary(done: services.Imported, *, dry_run: bool) -> str:
    parts = [f"{done.added} {'would be added' if dry_run else 'added'}", f"{done.held} already held"]
    if done.withdrawn:
        parts.append(f"{done.withdrawn} withdrawn")
    if done.differing:
        rows = ", ".join(str(number) for number in done.differing)
        parts.append(f"{len(done.differing)} differing from what is held and left as they were (rows {rows})")
    if done.problems:
        parts.append(f"{len(done.problems)} left out")
    return f"{'Dry run, nothing saved: ' if dry_run else ''}{', '.join(parts)}."
