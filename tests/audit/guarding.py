"""A record of its own with all its guards, the product that may add to it, and a stranger who may not.

The product connects as it always does: on SQLite under its authorizer, on PostgreSQL as a role that
owns nothing. The stranger opens the SQLite file with another program, or is PostgreSQL's superuser.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from psg.audit import guards
from psg.audit.append import append, open_record
from psg.audit.entries import Span, make_entry
from psg.audit.models import Operation
from psg.audit.notes import TreeHead, public_bytes, sign
from psg.base import Base
from tests.audit.worked_example import CASE, KEY, NOTE, OFFICER, OPENED, seconds
from tests.models import ORIGIN
from tests.postgres import postgresql_url

ENTRIES = 6
LAST = ENTRIES - 1
ROLE = f"psg_application_{os.getpid()}"
COPY = "SELECT generation, {seq}, leaf, root FROM audit_leaf WHERE seq = {of}"
COPY_DETAIL = "SELECT generation, {seq}, salt, body FROM audit_detail WHERE seq = {of}"


@dataclass(frozen=True)
class Record:
    """A record of six entries and a checkpoint, and the two who would change it."""

    owner: Engine
    product: Engine
    stranger: Engine


@contextmanager
def a_record(engine_name: str, worker_id: str, folder: Path) -> Iterator[Record]:
    if engine_name == "sqlite":
        url = f"sqlite:///{folder / 'record.sqlite3'}"
        with opened(url) as product, opened(url) as stranger:
            event.listen(stranger, "connect", _as_another_program)
            fill(product)
            yield Record(product, product, stranger)
        return
    with postgresql_url(f"{worker_id}_guards") as url, opened(url) as owner:
        fill(owner)
        with owner.begin() as connection:
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'known'"))
            guards.grant(connection, ROLE)
        role = make_url(url).set(username=ROLE, password="known").render_as_string(hide_password=False)
        with opened(role) as product:
            yield Record(owner, product, owner)
        with owner.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {ROLE}"))
            connection.execute(text(f"DROP ROLE {ROLE}"))


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def _as_another_program(connection: sqlite3.Connection, _entry: object) -> None:
    connection.set_authorizer(None)
    for setting in ("recursive_triggers", "foreign_keys"):
        connection.execute(f"PRAGMA {setting}=OFF")


def fill(engine: Engine) -> None:
    tables = [table for name, table in Base.metadata.tables.items() if name.startswith("audit_")]
    Base.metadata.create_all(engine, tables=tables)
    with engine.begin() as connection:
        open_record(connection, origin=ORIGIN, at=OPENED)
        write(connection, ENTRIES - 1)
        root = connection.scalar(text("SELECT root FROM audit_leaf WHERE seq = 2"))
        note = sign(TreeHead(f"{ORIGIN}/1", 3, bytes(root or b"")), KEY)
        connection.execute(
            text("INSERT INTO audit_checkpoint (generation, size, note) VALUES (1, 3, :note)"), {"note": note}
        )
        with guards.lifted(connection):
            connection.execute(
                text("UPDATE audit_generation SET public_key = :key"), {"key": public_bytes(KEY)}
            )


def write(
    connection: Connection,
    count: int = 1,
    op: Operation = Operation.CONSULTATION,
    erases: tuple[Span, ...] = (),
    **detail: object,
) -> None:
    members = {"action": "note.show", **detail}
    append(
        connection,
        [
            make_entry(op, by=OFFICER, case=CASE, obj=NOTE, at=seconds(n), detail=members, erases=erases)
            for n in range(count)
        ],
    )


BY_A_GUARD = re.compile(
    r"audit_\w+: |not authorized|permission denied|must be owner|may not be modified"
    r"|record is only added to"
)


def is_refused(engine: Engine, *statements: str) -> bool:
    """Whether a guard refuses the last of these; whatever they did is undone."""
    with engine.connect() as connection, connection.begin() as transaction:
        try:
            for statement in statements[:-1]:
                connection.exec_driver_sql(statement)
            try:
                connection.exec_driver_sql(statements[-1])
            except SQLAlchemyError as error:
                return BY_A_GUARD.search(str(error)) is not None
            return False
        finally:
            transaction.rollback()


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
