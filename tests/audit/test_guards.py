"""What the database refuses of the record: each statement, to the product itself and to a stranger."""

from collections.abc import Iterator

import pytest

from psg.audit.guarded import GUARDED
from tests.audit.guarding import COPY, COPY_DETAIL, ENTRIES, LAST, Record, a_record, is_refused


@pytest.fixture(scope="module")
def record(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with a_record(engine_name, worker_id, tmp_path_factory.mktemp("guards")) as made:
        yield made


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
