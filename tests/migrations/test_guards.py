"""The guards of the record are those that the product expects, however its tables were made."""

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, text

from psg.audit import guards
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
