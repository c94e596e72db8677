"""How fast the record is written and verified: python bench/audit.py DATABASE_URL [ENTRIES].

Makes the tables of the record in that database, which must not hold any, and drops them at the end.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, Table, create_engine

from psg import extensions
from psg.audit import guards
from psg.audit.append import append, open_record
from psg.audit.entries import Entry, make_entry
from psg.audit.models import Detail, Generation, Head, Leaf, Mention, Operation
from psg.audit.verify import verify
from psg.base import Base, new_audit_id

TABLES: list[Table] = [
    Base.metadata.tables[model.__tablename__] for model in (Generation, Leaf, Detail, Head, Mention)
]
AT_ONCE = 1_000


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


def main(url: str, entries: int) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine, tables=TABLES, checkfirst=False)
    with engine.begin() as connection:
        open_record(connection, origin="psg.localhost/audit", at=datetime.now(UTC))
    try:
        print(f"{engine.dialect.name}: {write(engine, AT_ONCE, 1):,.0f} entries a second, one a transaction")
        print(
            f"{engine.dialect.name}: {write(engine, entries // AT_ONCE, AT_ONCE):,.0f} a second, {AT_ONCE} a transaction"
        )
        for _ in range(3):
            start = time.perf_counter()
            with engine.connect() as connection:
                result = verify(connection)
            taken = time.perf_counter() - start
            print(
                f"{engine.dialect.name}: {result.verdict}; {taken:.2f} s, {result.entries / taken:,.0f} a second"
            )
    finally:
        with engine.begin() as connection, guards.lifted(connection):
            Base.metadata.drop_all(connection, tables=TABLES)
        engine.dispose()


if __name__ == "__main__":
    assert extensions.db is not None  # importing it prepares SQLite connections as the product does
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
