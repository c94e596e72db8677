"""How fast the record is written, signed, proved and verified: python bench/audit.py DATABASE_URL [ENTRIES].

Makes the tables of the record in that database, which must not hold any, and drops them at the end.
A checkpoint is held for every 64 entries, as the product signs when it is busy.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from sqlalchemy import Connection, Engine, Table, create_engine, insert, select, update

from psg import extensions
from psg.audit import guards
from psg.audit.append import append, open_record
from psg.audit.entries import Entry, make_entry
from psg.audit.evidence import Given
from psg.audit.export import write_export
from psg.audit.keys import load_key, make_key
from psg.audit.models import Checkpoint, Detail, Generation, Head, Leaf, Mention, Operation
from psg.audit.notes import TreeHead, public_bytes, sign
from psg.audit.receipts import receipt
from psg.audit.signing import EVERY_ENTRIES
from psg.audit.verify import verify
from psg.base import Base, new_audit_id

TABLES: list[Table] = [
    Base.metadata.tables[model.__tablename__]
    for model in (Generation, Leaf, Detail, Head, Mention, Checkpoint)
]
AT_ONCE = 1_000
ORIGIN = "psg.localhost/audit"


@dataclass(frozen=True)
class Named:
    record_id: str


@dataclass(frozen=True)
class Officer(Named):
    agency: Named


OFFICER = Officer("user_" + new_audit_id(), Named("agency_" + new_audit_id()))


def page_view() -> Entry:
    return make_entry(
        Operation.CONSULTATION,
        by=OFFICER,
        case="case_" + new_audit_id(),
        obj=None,
        at=datetime.now(UTC),
        detail={"action": "case.show", "fields": ["parties", "summary"], "access": "member"},
    )


def write(engine: Engine, transactions: int, entries_each: int) -> float:
    """Entries a second, each transaction committed."""
    start = time.perf_counter()
    for _ in range(transactions):
        with engine.begin() as connection:
            append(connection, [page_view() for _ in range(entries_each)])
    return transactions * entries_each / (time.perf_counter() - start)


def sign_all(connection: Connection, directory: Path) -> None:
    """What the signer would have left behind, had it been awake all the while."""
    make_key(directory / "key")
    key = load_key(directory / "key")
    rows = connection.execute(select(Leaf.seq, Leaf.root).order_by(Leaf.seq)).all()
    signed = [row for row in rows if not (row.seq + 1) % EVERY_ENTRIES or row is rows[-1]]
    notes = [
        {"generation": 1, "size": seq + 1, "note": sign(TreeHead(f"{ORIGIN}/1", seq + 1, root), key)}
        for seq, root in signed
    ]
    connection.execute(insert(Checkpoint), notes)
    with guards.lifted(connection):
        connection.execute(update(Generation).values(public_key=public_bytes(key)))


@contextmanager
def timed(what: str) -> Iterator[None]:
    start, used = time.perf_counter(), _processor()
    yield
    taken = time.perf_counter() - start
    print(f"{what}: {taken:.2f} s, {_processor() - used:.2f} of them on a processor", flush=True)


def _processor() -> float:
    """Seconds of this process and of those it waited for: what a busy machine does not distort."""
    return sum(one.ru_utime + one.ru_stime for one in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def main(url: str, entries: int) -> None:
    engine = create_engine(url)
    name = engine.dialect.name
    Base.metadata.create_all(engine, tables=TABLES, checkfirst=False)
    with engine.begin() as connection:
        open_record(connection, origin=ORIGIN, at=datetime.now(UTC))
    try:
        print(f"{name}: {write(engine, AT_ONCE, 1):,.0f} entries a second, one a transaction")
        print(f"{name}: {write(engine, entries // AT_ONCE, AT_ONCE):,.0f} a second, {AT_ONCE} a transaction")
        with tempfile.TemporaryDirectory() as place:
            prove(engine, Path(place))
    finally:
        with engine.begin() as connection, guards.lifted(connection):
            Base.metadata.drop_all(connection, tables=TABLES)
        engine.dispose()


def prove(engine: Engine, directory: Path) -> None:
    name, export = engine.dialect.name, directory / "export"
    with engine.begin() as connection:
        sign_all(connection, directory)
    with engine.connect() as connection:
        for _ in range(3):
            with timed(f"{name}: psg audit verify"):
                result = verify(connection, Given())
        print(f"{name}: {result.verdict}")
        with timed(f"{name}: receipt of an entry in the middle"):
            receipt(connection, 1, result.entries // 2)
        with timed(f"{name}: psg audit export"):
            write_export(export, connection, 1, result.entries)
    for _ in range(3):
        with timed("verify.py on the export"):
            subprocess.run(
                [sys.executable, "-I", export / "verify.py", export], check=True, stdout=sys.stderr
            )


if __name__ == "__main__":
    assert extensions.db is not None  # importing it prepares SQLite connections as the product does
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
