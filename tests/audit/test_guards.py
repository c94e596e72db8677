"""What the database refuses of the record, to the product itself and to a stranger with other means.

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

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from psg.audit import guards
from psg.audit.append import append, open_record
from psg.audit.entries import Span, make_entry
from psg.audit.guarded import GUARDED
from psg.audit.models import Operation
from psg.audit.notes import TreeHead, public_bytes, sign
from psg.audit.verify import verify
from psg.base import Base
from psg.extensions import reading
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


@pytest.fixture(scope="module")
def record(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    if engine_name == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('guards') / 'record.sqlite3'}"
        with _engine(url) as product, _engine(url) as stranger:
            event.listen(stranger, "connect", _as_another_program)
            _fill(product)
            yield Record(product, product, stranger)
        return
    with postgresql_url(f"{worker_id}_guards") as url, _engine(url) as owner:
        _fill(owner)
        with owner.begin() as connection:
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'known'"))
            guards.grant(connection, ROLE)
        role = make_url(url).set(username=ROLE, password="known").render_as_string(hide_password=False)
        with _engine(role) as product:
            yield Record(owner, product, owner)
        with owner.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {ROLE}"))
            connection.execute(text(f"DROP ROLE {ROLE}"))


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def _as_another_program(connection: sqlite3.Connection, _entry: object) -> None:
    connection.set_authorizer(None)
    for setting in ("recursive_triggers", "foreign_keys"):
        connection.execute(f"PRAGMA {setting}=OFF")


def _fill(engine: Engine) -> None:
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


CHANGES = (
    "UPDATE audit_leaf SET leaf = leaf",
    "UPDATE audit_leaf SET root = root WHERE seq = 2",
    f"DELETE FROM audit_leaf WHERE seq = {LAST}",
    "DELETE FROM audit_leaf",
    f"INSERT INTO audit_leaf {COPY.format(seq=ENTRIES + 1, of=1)}",
    f"INSERT INTO audit_leaf {COPY.format(seq=-1, of=1)}",
    f"INSERT INTO audit_leaf {COPY.format(seq=2, of=3)} ON CONFLICT (generation, seq) DO UPDATE SET leaf = excluded.leaf",
    "UPDATE audit_detail SET body = body",
    "UPDATE audit_detail SET salt = body WHERE seq = 2",
    "DELETE FROM audit_detail WHERE seq = 2",
    "DELETE FROM audit_detail",
    f"INSERT INTO audit_detail {COPY_DETAIL.format(seq=2, of=3)} ON CONFLICT (generation, seq) DO UPDATE SET body = excluded.body",
    "UPDATE audit_head SET size = size + 2",
    "UPDATE audit_head SET size = size - 1",
    "UPDATE audit_head SET size = 0",
    "UPDATE audit_head SET size = size + 1",
    "UPDATE audit_head SET stack = stack",
    "UPDATE audit_head SET generation = 2, size = 0, stack = ''",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head (one, generation, size, stack) VALUES (1, 1, 0, '') ON CONFLICT (one) DO UPDATE SET size = 0",
    "UPDATE audit_checkpoint SET note = note",
    "DELETE FROM audit_checkpoint",
    "INSERT INTO audit_checkpoint SELECT * FROM audit_checkpoint WHERE true ON CONFLICT (generation, size) DO UPDATE SET note = excluded.note",
    "UPDATE audit_generation SET origin = 'elsewhere.example/audit/1'",
    "DELETE FROM audit_generation",
)
"""Refused to whoever sends them, as long as the triggers stand."""

REPLACEMENTS = (
    f"INSERT OR REPLACE INTO audit_leaf {COPY.format(seq=2, of=3)}",
    f"REPLACE INTO audit_leaf {COPY.format(seq=2, of=3)}",
    f"REPLACE INTO audit_leaf (rowid, generation, seq, leaf, root) SELECT 2, generation, {ENTRIES}, leaf, root FROM audit_leaf WHERE seq = 3",
    f"INSERT OR IGNORE INTO audit_leaf {COPY.format(seq=ENTRIES + 4, of=3)}",
    "UPDATE OR REPLACE audit_leaf SET seq = 2 WHERE seq = 3",
    f"INSERT OR REPLACE INTO audit_detail {COPY_DETAIL.format(seq=2, of=3)}",
    "UPDATE OR REPLACE audit_detail SET seq = 2 WHERE seq = 3",
    "INSERT OR REPLACE INTO audit_head (one, generation, size, stack) VALUES (1, 1, 0, x'')",
    "UPDATE OR REPLACE audit_head SET size = size + 2",
    "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint",
    "REPLACE INTO audit_checkpoint (rowid, generation, size, note) SELECT rowid, 1, 5, note FROM audit_checkpoint",
    "INSERT OR REPLACE INTO audit_generation SELECT * FROM audit_generation",
    "INSERT INTO audit_leaf SELECT generation, 6, CAST(leaf AS TEXT), root FROM audit_leaf WHERE seq = 3",
)

NOT_BY_THE_PRODUCT = (
    *(f"DROP TABLE {table}" for table in GUARDED),
    *(f"ALTER TABLE {table} RENAME TO something_else" for table in GUARDED),
    "ALTER TABLE audit_leaf ADD COLUMN more INTEGER",
    "INSERT INTO audit_generation (generation, origin, opened_at) VALUES (2, 'x/2', '2026-01-01')",
    "INSERT INTO audit_head (one, generation, size, stack) VALUES (1, 1, 0, '')",
    "CREATE TEMPORARY TABLE audit_leaf (generation INTEGER, seq INTEGER, leaf BLOB, root BLOB)",
)

NOT_BY_SQL_ON_SQLITE = (
    "DROP TRIGGER audit_leaf_update",
    "CREATE TRIGGER more BEFORE INSERT ON audit_leaf BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMP TRIGGER more BEFORE INSERT ON audit_leaf BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMP VIEW audit_leaf AS SELECT 1",
    "ATTACH ':memory:' AS other",
    "PRAGMA writable_schema=ON",
    "PRAGMA writable_schema(1)",
    "PRAGMA main.writable_schema=RESET",
    "PRAGMA recursive_triggers=OFF",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA ignore_check_constraints=ON",
    "PRAGMA synchronous=OFF",
    "PRAGMA secure_delete=OFF",
    "PRAGMA journal_mode=OFF",
    "UPDATE sqlite_master SET sql = ''",
    "DELETE FROM sqlite_master WHERE type = 'trigger'",
    "SELECT load_extension('anything')",
)

NOT_BY_SQL_ON_POSTGRESQL = (
    *(f"TRUNCATE {table} CASCADE" for table in GUARDED),
    "SET session_replication_role = replica",
    "ALTER TABLE audit_leaf DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_leaf_update ON audit_leaf",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION audit_refuse() CASCADE",
    "CREATE RULE more AS ON INSERT TO audit_leaf DO INSTEAD NOTHING",
    "CREATE TABLE more (one INTEGER)",
    "SELECT audit_erase(1, 0, 5)",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_what_was_recorded_is_not_changed_by_the_product(record: Record, statement: str) -> None:
    assert is_refused(record.product, statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_what_was_recorded_is_not_changed_by_a_stranger(record: Record, statement: str) -> None:
    assert is_refused(record.stranger, statement)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("statement", REPLACEMENTS)
def test_nothing_is_put_in_the_place_of_what_was_recorded(record: Record, statement: str) -> None:
    assert is_refused(record.product, statement)
    assert is_refused(record.stranger, statement)


@pytest.mark.parametrize("statement", NOT_BY_THE_PRODUCT)
def test_the_product_does_not_touch_the_tables_themselves(record: Record, statement: str) -> None:
    assert is_refused(record.product, statement)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("statement", NOT_BY_SQL_ON_SQLITE)
def test_no_statement_gets_round_the_guards_of_sqlite(record: Record, statement: str) -> None:
    assert is_refused(record.product, statement)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("statement", NOT_BY_SQL_ON_POSTGRESQL)
def test_no_statement_gets_round_the_guards_of_postgresql(record: Record, statement: str) -> None:
    assert is_refused(record.product, statement)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("statement", [*CHANGES, *(f"TRUNCATE {table} CASCADE" for table in GUARDED)])
def test_the_triggers_fire_for_a_superuser_who_poses_as_a_replica(record: Record, statement: str) -> None:
    assert is_refused(record.owner, "SET LOCAL session_replication_role = replica", statement)


@pytest.mark.parametrize("table", GUARDED)
def test_reading_is_free(record: Record, table: str) -> None:
    assert not is_refused(record.product, f"SELECT * FROM {table}")
    if record.product.dialect.name == "sqlite":
        assert not is_refused(record.product, f"PRAGMA table_info({table})")


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def test_the_product_adds_to_the_record(record: Record) -> None:
    with undone(record.product) as connection:
        write(connection, 20)
        assert verify(connection).entries == ENTRIES + 20
        assert verify(connection).holds


def test_the_product_erases_what_it_records_as_erased(record: Record) -> None:
    spans = ((1, 2, 3), (1, 5, 5))
    with undone(record.product) as connection:
        write(connection, 1, Operation.ERASURE, spans, erased=[list(span) for span in spans])
        assert verify(connection).verdict.endswith(" 4 details, 3 withheld or erased")
        assert verify(connection).holds


@pytest.mark.parametrize(
    ("op", "named", "erased"),
    [
        (Operation.ERASURE, [[1, 2, 3]], (1, 2, 4)),
        (Operation.ERASURE, [[1, 2, 3]], (1, 1, 1)),
        (Operation.ERASURE, [[2, 2, 3]], (1, 2, 3)),
        (Operation.ERASURE, [[1, 0, 0]], (1, 0, 0)),
        (Operation.ERASURE, [[1, 6, 6]], (1, 6, 6)),
        (Operation.ERASURE, [], (1, 2, 3)),
        (Operation.ALTERATION, [[1, 2, 3]], (1, 2, 3)),
    ],
    ids=[
        "one more than named", "another", "another generation", "the opening", "the erasure itself",
        "none named", "no erasure",
    ],
)  # fmt: skip
def test_nothing_is_erased_that_no_erasure_names(
    record: Record, op: Operation, named: list[list[int]], erased: Span
) -> None:
    with undone(record.product) as connection, pytest.raises(SQLAlchemyError):
        write(connection, 1, op, (erased,), erased=named)


def test_an_erasure_is_the_newest_entry_when_it_takes_effect(record: Record) -> None:
    with undone(record.product) as connection:
        write(connection, 1, Operation.ERASURE, erased=[[1, 2, 3]])
        write(connection, 1)
        with pytest.raises(SQLAlchemyError):
            guards.erase(connection, 1, 2, 3)


def test_an_erasure_of_an_earlier_transaction_erases_no_more(
    engine_name: str, worker_id: str, tmp_path: Path
) -> None:
    """On SQLite the authorizer sees to it: the window for an erasure is opened by the entry alone."""
    if engine_name == "sqlite":
        with _engine(f"sqlite:///{tmp_path / 'record.sqlite3'}") as engine:
            _erase_late(engine, "DELETE FROM audit_detail WHERE seq = 2")
        return
    with postgresql_url(f"{worker_id}_late") as url, _engine(url) as engine:
        _erase_late(engine, "SELECT audit_erase(1, 2, 2)")


def _erase_late(engine: Engine, statement: str) -> None:
    _fill(engine)
    with engine.begin() as connection:
        write(connection, 1, Operation.ERASURE, erased=[[1, 2, 2]])
    assert is_refused(engine, statement)
    with engine.begin() as connection:
        write(connection, 1, Operation.ERASURE, ((1, 2, 2),), erased=[[1, 2, 2]])
    assert is_refused(engine, f"INSERT INTO audit_detail {COPY_DETAIL.format(seq=2, of=3)}")


def test_a_generation_is_given_its_key_once(record: Record) -> None:
    with undone(record.owner) as connection, guards.lifted(connection):
        connection.exec_driver_sql(
            "INSERT INTO audit_generation (generation, origin, opened_at) VALUES (2, 'x/2', '2026-05-01')"
        )
        give = text("UPDATE audit_generation SET public_key = :key WHERE generation = 2")
        connection.execute(give, {"key": bytes(32)})
        with pytest.raises(SQLAlchemyError):
            connection.execute(give, {"key": bytes(range(32))})


def test_the_head_passes_to_the_next_generation_once_that_is_listed(record: Record) -> None:
    with undone(record.owner) as connection:
        with guards.lifted(connection):
            listed = (
                "INSERT INTO audit_generation (generation, origin, opened_at) VALUES (2, 'x/2', '2026-05-01')"
            )
            connection.exec_driver_sql(listed)
        connection.execute(text("UPDATE audit_head SET generation = 2, size = 0, stack = :no"), {"no": b""})
        write(connection, 2)
        assert connection.scalar(text("SELECT count(*) FROM audit_leaf WHERE generation = 2")) == 2


@pytest.mark.only_on("sqlite")
def test_a_window_closes_again_and_leaves_no_compiled_statement_behind(record: Record) -> None:
    held = reading.set(True)
    with undone(record.product) as connection:
        statement = "DELETE FROM audit_detail WHERE seq = 99"
        with guards.lifted(connection):
            with guards.lifted(connection):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(statement)
        with pytest.raises(SQLAlchemyError, match="not authorized"):
            connection.exec_driver_sql(statement)
    reading.reset(held)
