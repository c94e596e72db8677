"""The guards of the record are those that the product expects, however its tables were made."""

import os

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, text

from psg.audit import guards
from psg.audit.soundness import faults
from psg.base import Base
from psg.cli import db_group
from psg.extensions import db
from tests.models import make_tables


def catalogued(connection: Connection) -> set[tuple[str, str]]:
    """Name and text of each trigger and function of the record, as the database itself gives them."""
    if connection.dialect.name == "sqlite":
        rows = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        rows = (
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            " UNION SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace"
        )
    return {tuple(row) for row in connection.execute(text(rows))}


def test_migrations_install_the_guards_that_the_models_bring(app: Flask, empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as migrated:
        assert guards.changed(migrated) == []
        held = catalogued(migrated)
    with app.app_context(), db.engine.connect() as created:
        assert catalogued(created) == held
    assert len(held) >= 15


def test_a_guard_taken_away_altered_or_added_is_named(empty_app: Flask) -> None:
    make_tables(db.engine)
    with db.engine.connect() as connection, guards.lifted(connection):
        for name, statements in damages(connection.dialect.name).items():
            with connection.begin_nested() as savepoint:
                for statement in statements:
                    connection.exec_driver_sql(statement)
                assert guards.changed(connection) == [name]
                savepoint.rollback()
        assert guards.changed(connection) == []


def test_an_upgrade_opens_the_record_and_puts_back_what_guards_are_missing_and_says_so(
    empty_app: Flask,
) -> None:
    runner = empty_app.test_cli_runner()
    first = runner.invoke(db_group, ["upgrade"])
    assert first.exit_code == 0, first.output
    assert "uards" not in first.output
    with db.engine.begin() as connection, guards.lifted(connection):
        assert faults(connection) == []
        for statement in damages(connection.dialect.name)["audit_leaf_update"]:
            connection.exec_driver_sql(statement)
    second = runner.invoke(db_group, ["upgrade"])
    assert second.exit_code == 0, second.output
    assert "missing or changed (audit_leaf_update) and are in place again" in second.output
    with db.engine.connect() as connection:
        assert faults(connection) == []


@pytest.mark.only_on("sqlite")
def test_a_role_is_granted_rights_where_there_are_roles(empty_app: Flask) -> None:
    answer = empty_app.test_cli_runner().invoke(db_group, ["grant", "psg_application"])
    assert answer.exit_code == 1
    assert "Only PostgreSQL has roles" in answer.stderr


@pytest.mark.only_on("postgresql")
def test_a_role_that_is_granted_rights_may_add_and_not_change(empty_app: Flask) -> None:
    runner, role = empty_app.test_cli_runner(), f"psg_granted_{os.getpid()}"
    assert runner.invoke(db_group, ["upgrade"]).exit_code == 0
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role}")
    assert runner.invoke(db_group, ["grant", role]).exit_code == 0
    with db.engine.begin() as connection:
        held = connection.execute(
            text(
                "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
                " FROM information_schema.role_table_grants WHERE grantee = :role GROUP BY table_name"
            ),
            {"role": role},
        )
        rights = dict(tuple(row) for row in held)
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")
    assert rights["audit_leaf"] == rights["audit_detail"] == rights["audit_checkpoint"] == "INSERT SELECT"
    assert (rights["audit_head"], rights["audit_generation"]) == ("SELECT UPDATE", "SELECT")
    assert rights["note"] == "DELETE INSERT SELECT UPDATE"
    assert set(Base.metadata.tables) | {"alembic_version"} == set(rights)


def damages(engine: str) -> dict[str, tuple[str, ...]]:
    drop = "DROP TRIGGER audit_leaf_update"
    if engine == "sqlite":
        weak = "CREATE TRIGGER audit_leaf_delete BEFORE DELETE ON audit_leaf BEGIN SELECT 1; END"
        return {
            "audit_leaf_update": (drop,),
            "audit_leaf_delete": ("DROP TRIGGER audit_leaf_delete", weak),
            "more": ("CREATE TRIGGER more BEFORE INSERT ON audit_leaf BEGIN SELECT RAISE(IGNORE); END",),
        }
    weak = "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
    return {
        "audit_leaf_update": (f"{drop} ON audit_leaf",),
        "audit_leaf_delete": ("ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_delete",),
        "audit_detail_update": ("ALTER TABLE audit_detail ENABLE TRIGGER audit_detail_update",),
        "audit_refuse": (weak,),
        "more": (
            "CREATE TRIGGER more BEFORE INSERT ON audit_leaf FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        ),
    }
