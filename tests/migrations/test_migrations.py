"""Migrations up and down on this run's engine, and the schema they leave."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Connection, inspect, text

from psg.audit.services import open_record
from psg.base import Base
from psg.extensions import db
from tests.factories.cases import make_case

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_revisions_are_numbered_without_a_gap() -> None:
    assert revisions() == [f"{number:04d}" for number in range(len(revisions()))]


def test_newest_schema_is_what_the_models_say(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert tables(connection) == set(Base.metadata.tables)


def test_constraints_have_the_names_that_the_models_give(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        seen = inspect(connection)
        for table in Base.metadata.tables.values():
            checks = {str(check["name"]) for check in seen.get_check_constraints(table.name)}
            named = {
                str(constraint.name)
                for constraint in table.constraints
                if isinstance(constraint, CheckConstraint)
            }
            assert checks == named, table.name


def test_every_step_goes_down_and_up_again_with_data(empty_app: Flask) -> None:
    upgrade()
    open_record()
    case = make_case()
    reference = case.reference
    db.session.commit()
    db.session.remove()
    for revision in reversed(revisions()[:-1]):
        downgrade(revision=revision)
        upgrade(revision="+1")
        downgrade(revision=revision)
    downgrade(revision="base")
    with db.engine.connect() as connection:
        assert tables(connection) == set()
    upgrade()
    open_record()
    assert make_case().reference == reference


def test_every_foreign_key_is_indexed(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        seen = inspect(connection)
        bare = []
        for table in tables(connection):
            leading = {index["column_names"][0] for index in seen.get_indexes(table) if index["column_names"]}
            leading |= {unique["column_names"][0] for unique in seen.get_unique_constraints(table)}
            leading |= set(seen.get_pk_constraint(table)["constrained_columns"][:1])
            bare += [
                f"{table}.{key['constrained_columns'][0]}"
                for key in seen.get_foreign_keys(table)
                if key["constrained_columns"][0] not in leading
            ]
        assert bare == []


def test_foreign_keys_are_enforced(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(text("INSERT INTO alias (subject_id, name) VALUES (999999, 'nobody')"))
