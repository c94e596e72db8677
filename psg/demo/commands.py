"""`psg demo`: the invented partnership, for development and tests only."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import text

from psg.audit import guards
from psg.audit import services as audit
from psg.audit.keys import make_key
from psg.base import Base, Refused
from psg.demo import loader
from psg.demo.office import SHOWN_ACCOUNTS
from psg.demo.partnership import MEMBERS
from psg.extensions import db
from psg.web.dates import today
from psg.web.transaction import command_transaction

PASSWORD = "work-together-at-2pm"  # noqa: S105 - of invented accounts, and printed when they are made

demo_group = AppGroup("demo", help="The demonstration: invented people, places and cases.")


@demo_group.command("load")
def load() -> None:
    """Load the demonstration into an empty database. Where it is loaded already, nothing changes."""
    with command_transaction():
        _allow("development", "test")
        loaded = None if loader.is_loaded() else loader.load(today(), password=_password())
    if loaded is None:
        click.echo("The demonstration is loaded already: nothing was changed.")
    else:
        _tell(loaded)


@demo_group.command("reset")
def reset() -> None:
    """Throw away everything in the database and load the demonstration anew."""
    with command_transaction():
        _allow("development")
    db.session.remove()
    with db.engine.begin() as connection, guards.lifted(connection):
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    _forget_key()
    upgrade()
    with command_transaction():
        audit.open_record()
        loaded = loader.load(today(), password=_password())
    _tell(loaded)


def _forget_key() -> None:
    """A record that begins anew has a signer that begins anew, or it would be taken for one that was cut short."""
    key = Path(current_app.config["PSG_AUDIT_KEY_FILE"])
    for file in (key, key.with_name(f"{key.name}.place")):
        file.unlink(missing_ok=True)
    make_key(key)


def _allow(*environments: str) -> None:
    if current_app.config["PSG_ENV"] not in environments:
        raise Refused(
            f"This is for {' and '.join(environments)} only: set PSG_ENV to use it. Nothing was changed."
        )


def _password() -> str:
    return current_app.config["PSG_DEMO_PASSWORD"] or PASSWORD


def _tell(loaded: loader.Loaded) -> None:
    click.echo(
        f"The demonstration is loaded: {loaded.cases} cases with {loaded.entries} lines of chronology."
    )
    for member in MEMBERS:
        if member.key in SHOWN_ACCOUNTS:
            click.echo(f"  {member.email:<24} {member.name}")
    click.echo(f"The password of each is {_password()}")
