"""`psg audit`: what can be asked of the record from a terminal."""

import click
from flask.cli import AppGroup

from psg.audit.verify import verify
from psg.extensions import db, reading

audit_group = AppGroup("audit", help="The record of who saw, changed and disclosed what.")


@audit_group.command("verify")
@click.pass_context
def verify_command(context: click.Context) -> None:
    """Recompute the whole record; exit 1 where any of it is not as it was written."""
    held = reading.set(True)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            result = verify(connection)
    finally:
        reading.reset(held)
    for line in result.findings if result.holds else ():
        click.echo(line)
    click.echo(result.verdict, err=not result.holds)
    context.exit(0 if result.holds else 1)
