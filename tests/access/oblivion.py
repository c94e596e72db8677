"""A partnership in which something does not exist: the very rows are taken away, whatever hangs on them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, delete, select

from psg.base import Base
from psg.cases.models import Case, Party
from psg.extensions import db


def forget_case(case_id: int) -> None:
    """The case, everything that names it, and who is known from it alone."""
    connection = db.session.connection()
    party = Party.__table__
    known = set(connection.scalars(select(party.c.subject_id).where(party.c.case_id == case_id)))
    elsewhere = set(connection.scalars(select(party.c.subject_id).where(party.c.case_id != case_id)))
    forget(connection, Case.__table__, {case_id})
    forget(connection, Base.metadata.tables["subject"], known - elsewhere)
    db.session.commit()
    db.session.expire_all()


def forget(connection: Connection, table: Table, ids: Iterable[int]) -> None:
    """These rows and, before them, the rows that name them."""
    gone = _with_all_that_names_them(connection, table, set(ids))
    for one in reversed(Base.metadata.sorted_tables):
        if gone.get(one):
            key = next(iter(one.primary_key.columns))
            connection.execute(delete(one).where(key.in_(gone[one])))


def _with_all_that_names_them(connection: Connection, table: Table, ids: set[int]) -> dict[Table, set[int]]:
    gone: dict[Table, set[int]] = {}
    waiting = [(table, ids)]
    while waiting:
        one, found = waiting.pop()
        new = found - gone.setdefault(one, set())
        gone[one] |= new
        if not new:
            continue
        for other in Base.metadata.sorted_tables:
            key = next(iter(other.primary_key.columns))
            for foreign in other.foreign_keys:
                if foreign.column.table is one:
                    naming = select(key).where(foreign.parent.in_(new))
                    waiting.append((other, set(connection.scalars(naming))))
    return gone


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done here is not done afterwards."""
    db.session.commit()
    db.session.remove()
    savepoint = db.engines[None].begin_nested()  # type: ignore[union-attr]
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()
