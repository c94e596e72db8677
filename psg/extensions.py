"""Bare instances, bound to the application by `create_app`."""

import sqlite3
from contextvars import ContextVar
from typing import Any, TypeGuard

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from psg.base import Base

db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})
migrate = Migrate()
login_manager = LoginManager()

reading: ContextVar[bool] = ContextVar("reading", default=False)
"""True while a request only reads. SQLite then begins without the write lock; everything else takes
it at once, because a transaction that starts as a read and turns to writing can fail as busy."""


def hold(record: Base) -> None:
    """Wait for whoever is changing this record, then read it anew, until the transaction ends.

    For what is done once and asks first whether it was: two who ask at the same time would both be
    told that it was not. SQLite has one writer at a time as it is.
    """
    db.session.refresh(record, with_for_update={"of": type(record)})


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if not is_sqlite(connection):
        return
    connection.isolation_level = None  # our own BEGIN, below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",  # longer than the last statement of a long import
        "secure_delete=ON",
        "cache_size=-16000",  # KiB: the indexes that a long import writes to fit in
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if reading.get() else "BEGIN IMMEDIATE")


def is_sqlite(connection: Any) -> TypeGuard[sqlite3.Connection]:
    return type(connection).__module__.startswith("sqlite3")
