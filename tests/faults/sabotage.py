"""A database that fails at a chosen moment, and a look at all that it holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from psg.base import Base
from psg.extensions import db

Wanted = Callable[[int, str], bool]
NOT_OF_THE_REQUEST = ("SAVEPOINT", "ROLLBACK", "RELEASE", "UPDATE signed_in SET seen_at")
"""A test's own way of undoing; and that somebody is there, which is noted once the answer is made."""


@dataclass
class Sabotage:
    """What was sent while it was under way, and whether it struck."""

    statements: list[str] = field(default_factory=list)
    has_struck: bool = False


def connection() -> Connection:
    held = db.engines[None]
    assert isinstance(held, Connection)
    return held


@contextmanager
def sabotage(strikes: Wanted = lambda _number, _statement: False) -> Iterator[Sabotage]:
    """Fail before each statement for which `strikes(its number, its text)`; with none, only watch."""
    under_way = Sabotage()

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(NOT_OF_THE_REQUEST):
            return
        under_way.statements.append(statement)
        if strikes(len(under_way.statements), statement):
            under_way.has_struck = True
            raise OperationalError(statement, {}, Exception("disk I/O error"))

    held = connection()
    event.listen(held, "before_cursor_execute", before)
    try:
        yield under_way
    finally:
        event.remove(held, "before_cursor_execute", before)


def everything() -> dict[str, list[Any]]:
    """Every row of every table, the record's own among them, past the session; who is there apart."""
    return {
        name: connection().exec_driver_sql(f'SELECT * FROM "{name}"').all()
        for name in Base.metadata.tables
        if name != "signed_in"
    }


@contextmanager
def undone() -> Iterator[None]:
    """What a request does is taken back; the test's own session ends first, whose savepoint is around it."""
    db.session.remove()
    point = connection().begin_nested()
    try:
        yield
    finally:
        point.rollback()
