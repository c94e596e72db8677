"""The second line of defence: the database itself refuses what nobody may do to the record.

The tree of hashes is the proof; these guards make what it would prove hard to do. They come with the
tables, whether a migration or `create_all` makes those, and are compared with what is written here
whenever the product asks whether its record is sound.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, MetaData, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from psg.audit import guards_postgresql, guards_sqlite
from psg.audit.guarded import DETAIL, GUARDED
from psg.base import Base
from psg.extensions import is_sqlite

_LIFTED: Final = "audit_guard_lifted"

_TRIGGERS_HELD: Final = text("""
    SELECT t.tgname, c.relname, p.proname, t.tgtype, t.tgenabled = 'A' AND t.tgqual IS NULL
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:tables)""")
_FUNCTIONS_HELD: Final = text("""
    SELECT proname, prosrc FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND proname = ANY(:names)""")


@event.listens_for(Engine, "connect")
def _arm(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Later than the settings of the connection, which it would refuse."""
    if is_sqlite(connection):
        connection.execute("PRAGMA recursive_triggers=ON")  # or REPLACE deletes without one
        connection.set_authorizer(guards_sqlite.authorise)


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Let this SQLite connection do what a migration must; what was compiled before is compiled anew.

    On PostgreSQL the rights of the role decide, and there is nothing to lift.
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    depth = connection.info.get(_LIFTED, 0)
    connection.info[_LIFTED] = depth + 1
    raw.set_authorizer(None)
    try:
        yield
    finally:
        connection.info[_LIFTED] = depth
        if not depth:
            raw.set_authorizer(guards_sqlite.authorise)


def install(connection: Connection, tables: Iterable[str] = GUARDED) -> None:
    """Put the guards of these tables in place, in place of any that were."""
    wanted = set(tables)
    if connection.dialect.name == "postgresql":
        _run(connection, guards_postgresql.function_statements(_schema(connection)))
        for trigger in guards_postgresql.TRIGGERS:
            if trigger.table in wanted:
                _run(connection, trigger.statements())
        return
    with lifted(connection):
        for name, statement in _sqlite_triggers(wanted).items():
            _run(connection, (f"DROP TRIGGER IF EXISTS {name}", statement))


def uninstall(connection: Connection) -> None:
    """Take every guard away, as the owner of the database may and its application may not."""
    if connection.dialect.name == "postgresql":
        _run(connection, guards_postgresql.drop_statements())
        return
    with lifted(connection):
        _run(connection, (f"DROP TRIGGER IF EXISTS {name}" for name in guards_sqlite.TRIGGERS))


def changed(connection: Connection) -> list[str]:
    """The names of the guards that are missing, altered or added to those written here."""
    if connection.dialect.name == "postgresql":
        return _changed_postgresql(connection)
    return _changed_sqlite(connection)


def erase(connection: Connection, generation: int, first: int, last: int) -> None:
    """Delete details that the newest entry, written in this very transaction, names as erased."""
    place = {"generation": generation, "first": first, "last": last}
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT audit_erase(:generation, :first, :last)"), place)
        return
    with lifted(connection):
        connection.execute(
            text(f"DELETE FROM {DETAIL} WHERE generation = :generation AND seq BETWEEN :first AND :last"),  # noqa: S608
            place,
        )


def grant(connection: Connection, role: str) -> None:
    """Give a role that owns nothing here what the application needs, and no more of the record."""
    quote = connection.dialect.identifier_preparer.quote
    database = connection.scalar(text("SELECT current_database()"))
    statements = guards_postgresql.grant_statements(
        quote(role),
        schema=_schema(connection),
        database=quote(str(database)),
        tables=sorted(inspect(connection).get_table_names()),
    )
    _run(connection, statements)


def _changed_sqlite(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
    held = {name: sql for name, table, sql in rows if table.lower() in GUARDED}
    wanted = _sqlite_triggers(set(GUARDED))
    return sorted({name for name, _ in held.items() ^ wanted.items()})


def _changed_postgresql(connection: Connection) -> list[str]:
    rows = connection.execute(_TRIGGERS_HELD, {"tables": list(GUARDED)})
    held = {tuple(row) for row in rows}
    wanted = {
        (trigger.name, trigger.table, trigger.function, trigger.catalogued_type, True)
        for trigger in guards_postgresql.TRIGGERS
    }
    bodies = guards_postgresql.functions(_schema(connection))
    written = {tuple(row) for row in connection.execute(_FUNCTIONS_HELD, {"names": list(bodies)})}
    differing: set[tuple[Any, ...]] = (held ^ wanted) | (written ^ set(bodies.items()))
    return sorted({str(one[0]) for one in differing})


def _sqlite_triggers(tables: set[str]) -> dict[str, str]:
    return {
        name: statement
        for name, statement in guards_sqlite.TRIGGERS.items()
        if name.rpartition("_")[0] in tables
    }


def _schema(connection: Connection) -> str:
    schema = str(connection.scalar(text("SELECT current_schema()")))
    return connection.dialect.identifier_preparer.quote(schema)


def _run(connection: Connection, statements: Iterable[str]) -> None:
    """A `%` is doubled for the driver that would read it as the place of a value."""
    is_postgresql = connection.dialect.name == "postgresql"
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if is_postgresql else statement)


@event.listens_for(Base.metadata, "after_create")
def _install_with_tables(
    _metadata: MetaData, connection: Connection, *, tables: Iterable[Any] = (), **_: Any
) -> None:
    made = {table.name for table in tables} & set(GUARDED)
    if made:
        install(connection, made)


@event.listens_for(Base.metadata, "after_drop")
def _drop_functions(
    _metadata: MetaData, connection: Connection, *, tables: Iterable[Any] = (), **_: Any
) -> None:
    """Triggers go with their tables; the functions they called would stay."""
    if connection.dialect.name == "postgresql" and {table.name for table in tables} & set(GUARDED):
        _run(connection, guards_postgresql.drop_statements())
