"""Migrations up and down on this run's engine, and the schema they leave."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Connection, inspect, text

from psg import create_app
from psg.base import Base
from psg.extensions import db
from tests.factories.cases import make_case
from tests.models import import_models
from tests.postgres import postgresql_url

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def empty_app(engine_name: str, worker_id: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over an empty database of its own."""
    if engine_name == "sqlite":
        yield from _app_over(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        return
    with postgresql_url(f"{worker_id}_migrations") as url:
        yield from _app_over(url)


def _app_over(url: str) -> Iterator[Flask]:
    app = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": url})
    import_models()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


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
