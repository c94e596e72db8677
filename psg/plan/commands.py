"""`psg plan`: bring in the action plan, and say which of its commitments repeat another."""

from pathlib import Path

import click
from flask.cli import AppGroup

from psg.base import Refused
from psg.plan import queries, services
from psg.plan.models import YEAR
from psg.plan.services import Imported
from psg.web.dates import now
from psg.web.transaction import command_transaction

plan_group = AppGroup("plan", help="The partnership's action plan.")


def check_year(_context: click.Context, _option: click.Parameter, year: str) -> str:
    """A plan year as the partnership writes it: 2021-22 is April 2021 to March 2022."""
    match = YEAR.fullmatch(year)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise click.BadParameter("give two years that follow each other, such as 2021-22.")
    return year


OF_YEAR = click.option("--year", required=True, callback=check_year, help="The plan's year, such as 2021-22.")


@plan_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@OF_YEAR
@click.option("--dry-run", is_flag=True, help="Say what the file would change, and change nothing.")
def import_file(file: Path, year: str, dry_run: bool) -> None:
    """Bring in a plan from a CSV file: area_of_focus,reference,commitment,detail,leads."""
    with command_transaction(dry_run=dry_run):
        imported = services.import_plan(file.read_bytes(), year=year, by=None, now=now())
    click.echo(in_words(imported))
    if imported.absent:
        click.echo(f"Not in the file, and kept because cases may serve them: {', '.join(imported.absent)}.")
    if dry_run and imported.has_changes:
        click.echo("This was a dry run: nothing is changed.")


@plan_group.command("same")
@click.argument("reference")
@click.argument("other")
@OF_YEAR
def same(reference: str, other: str, year: str) -> None:
    """Say that commitment REFERENCE repeats the commitment OTHER, so that they count as one."""
    with command_transaction():
        held = {line.reference: line for line in queries.commitments_of_year(year)}
        for given in (reference, other):
            if given not in held:
                raise Refused(
                    f"The plan of {year} has no commitment {given}: check the reference and the year."
                )
        services.mark_same(held[reference], same_as=held[other], by=None, now=now())
    click.echo(f"{reference} is the same as {other}: a case that serves one serves both, and counts once.")


def in_words(imported: Imported) -> str:
    """The one sentence that says what came of it."""
    plan = f"the plan of {imported.year}"
    if not imported.has_changes:
        return f"Nothing changed: {plan} already says what these {_count(imported.commitments, 'commitment')} say."
    parts = []
    if imported.added:
        parts.append(f"{_count(imported.added, 'commitment')} added")
    if imported.changed:
        parts.append(f"{_count(imported.changed, 'commitment')} changed")
    if imported.moved:
        parts.append(f"{_count(imported.moved, 'commitment')} moved")
    size = f"{_count(imported.commitments, 'commitment')} in {_count(imported.areas, 'area')} of focus"
    return f"{', '.join(parts).capitalize()}: {plan} has {size}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
