"""`psg subjects`: what looks after the search."""

import click
from flask.cli import AppGroup

from psg.subjects import indexing
from psg.web.transaction import command_transaction

subjects_group = AppGroup("subjects", help="People and places.")


@subjects_group.command("index")
def index() -> None:
    """Make the words and keys of the search anew for every person and place."""
    with command_transaction():
        number = indexing.index_all()
    click.echo(f"{number:,} people and places are indexed.")
