"""The `psg` command: one group a feature."""

import sys
from collections.abc import Callable
from datetime import datetime

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask.cli import AppGroup, ScriptInfo
from flask_migrate import upgrade as run_migrations

from psg import create_app
from psg.accounts.commands import agency_group, user_group
from psg.audit import guards, signing
from psg.audit import services as audit
from psg.audit.commands import audit_group
from psg.base import Base
from psg.config import UnsafeSetting
from psg.demand.commands import demand_group
from psg.demand.screening import services as screening
from psg.demo.commands import demo_group
from psg.extensions import db
from psg.plan.commands import plan_group
from psg.responses import services as responses
from psg.scoring import services as scoring
from psg.sharing import services as sharing
from psg.subjects import indexing
from psg.subjects.commands import subjects_group
from psg.subjects.outlines.commands import areas_group
from psg.web.commands import mail_group
from psg.web.dates import now
from psg.web.transaction import command_transaction

REFERENCE_DATA: tuple[Callable[[datetime], None], ...] = (
    scoring.load_reference_data,
    sharing.load_reference_data,
    responses.load_reference_data,
    screening.load_reference_data,
)
"""Each feature's loader of the reference data that ships with it; loading twice adds nothing."""

db_group = AppGroup("db", help="The database: migrate, and check that models and schema agree.")


@db_group.command("upgrade")
def upgrade() -> None:
    """Bring the schema to the newest migration, open the record and load the reference data."""
    run_migrations()
    with command_transaction():
        missing = guards.changed(db.session.connection())
        if missing:
            guards.install(db.session.connection())
        begun = audit.current_origin() if audit.open_record() else None
        for load in REFERENCE_DATA:
            load(now())
        indexing.index_missing()
    if missing:
        click.echo(
            f"Guards of the record were missing or changed ({', '.join(missing)}) and are in place again."
            " Run psg audit verify, and find out who took them away."
        )
    signing.sign_after_upgrade(begun)
    click.echo("The database is up to date.")


@db_group.command("check")
def check() -> None:
    """Exit 1 where models and schema differ."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        differences = compare_metadata(context, Base.metadata)
    for difference in differences:
        click.echo(str(difference), err=True)
    if differences:
        raise click.ClickException(
            "The schema differs from the models: write a migration, then run psg db upgrade."
        )
    click.echo("Models and schema agree.")


@db_group.command("grant")
@click.argument("role")
def grant(role: str) -> None:
    """Let this PostgreSQL role run the product without owning it. Run again after each upgrade.

    The role gets no more of the record of access than to read it and to add to it.
    """
    if db.engine.dialect.name != "postgresql":
        raise click.ClickException("Only PostgreSQL has roles: protect a SQLite file by its permissions.")
    with command_transaction():
        guards.grant(db.session.connection(), role)
    click.echo(f"{role} may run the product, and owns nothing of it.")


GROUPS = (
    db_group,
    audit_group,
    user_group,
    agency_group,
    mail_group,
    plan_group,
    subjects_group,
    demand_group,
    areas_group,
    demo_group,
)

psg = click.Group(
    "psg", commands={group.name or "": group for group in GROUPS}, help="The Problem Solving Group's tool."
)


def main() -> None:
    try:
        psg(prog_name="psg", obj=ScriptInfo(create_app=create_app, set_debug_flag=False))
    except UnsafeSetting as problem:
        sys.exit(str(problem))
