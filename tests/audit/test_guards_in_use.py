"""What the guards let pass: adding to the record, and erasing what it records as erased."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from psg.audit import guards
from psg.audit.entries import Span
from psg.audit.models import Operation
from psg.audit.verify import verify
from psg.extensions import reading
from tests.audit.guarding import (
    COPY_DETAIL,
    ENTRIES,
    Record,
    a_record,
    fill,
    is_refused,
    opened,
    undone,
    write,
)
from tests.postgres import postgresql_url


@pytest.fixture(scope="module")
def record(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with a_record(engine_name, worker_id, tmp_path_factory.mktemp("guards")) as made:
        yield made


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
        with opened(f"sqlite:///{tmp_path / 'record.sqlite3'}") as engine:
            _erase_late(engine, "DELETE FROM audit_detail WHERE seq = 2")
        return
    with postgresql_url(f"{worker_id}_late") as url, opened(url) as engine:
        _erase_late(engine, "SELECT audit_erase(1, 2, 2)")


def _erase_late(engine: Engine, statement: str) -> None:
    fill(engine)
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
