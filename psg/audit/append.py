"""Writing at the end of the record, inside the transaction of the change that it tells of.

The caller's transaction holds the head row from the first statement here to its commit, so
positions are dense and in commit order; taken last, that lock cannot meet another in a deadlock.
"""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_bytes
from typing import Any, Final

from sqlalchemy import Connection, Insert, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from psg.audit.entries import Entry, make_entry
from psg.audit.leaf import SALT_SIZE, commitment, write_leaf
from psg.audit.merkle import Tree
from psg.audit.models import Detail, Generation, Head, Leaf, Mention, Operation
from psg.base import Base

FIRST_GENERATION: Final = 1

_READ_HEAD: Final = select(Head.generation, Head.size, Head.stack).with_for_update()
_MOVE_HEAD: Final = (
    update(Head)
    .where(Head.one == 1, Head.generation == bindparam("at"), Head.size == bindparam("from_size"))
    .values(size=bindparam("to_size"), stack=bindparam("to_stack"))
)
_INSERT_LEAF: Final = insert(Leaf)
_INSERT_DETAIL: Final = insert(Detail)
_INSERT_MENTION: Final = insert(Mention)


class RecordError(SQLAlchemyError):
    """The record cannot be written to, so nothing may be answered from the data it guards.

    To the web it is one more way for the database to fail: 503, and nothing in it.
    """


def append(connection: Connection, entries: Sequence[Entry], *, origin: str) -> None:
    """Write these entries, in this order, as the newest of the record, opening it if there is none.

    A failure here must fail the whole transaction: without the log there is no data.
    """
    head = connection.execute(_READ_HEAD).one_or_none()
    if head is None:
        open_record(connection, origin=origin, at=entries[0].at)
        head = connection.execute(_READ_HEAD).one()
    _extend(connection, head, entries)


def open_record(connection: Connection, *, origin: str, at: datetime) -> None:
    """Open generation 1 with the entry that says so; a record that is open stays as it is.

    Of two that open at once, the second waits at the first insert and then finds it done.
    """
    name = f"{origin}/{FIRST_GENERATION}"
    generation = {"generation": FIRST_GENERATION, "origin": name, "opened_at": at}
    head = {"one": 1, "generation": FIRST_GENERATION, "size": 0, "stack": b""}
    connection.execute(_unless_there(connection, Generation).values(generation))
    connection.execute(_unless_there(connection, Head).values(head))
    placed = connection.execute(_READ_HEAD).one()
    if not placed.size:
        detail = {"event": "open", "origin": name}
        opening = make_entry(Operation.CUSTODY, by=None, case=None, obj=None, at=at, detail=detail)
        _extend(connection, placed, [opening])


def _extend(connection: Connection, head: Row[int, int, bytes], entries: Sequence[Entry]) -> None:
    generation, size, stack = head
    try:
        tree = Tree.from_bytes(size, stack)
    except ValueError as error:
        raise RecordError("the head of the record is damaged: run psg audit verify") from error
    _write(connection, generation, tree, entries)
    moved = connection.execute(
        _MOVE_HEAD, {"at": generation, "from_size": size, "to_size": tree.size, "to_stack": tree.stack}
    )
    if moved.rowcount != 1:
        raise RecordError("the head of the record moved while it was being written")


def _write(connection: Connection, generation: int, tree: Tree, entries: Sequence[Entry]) -> None:
    leaves: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    for entry in entries:
        place = {"generation": generation, "seq": tree.size}
        salt = token_bytes(SALT_SIZE)
        leaf = write_leaf(
            actor=entry.actor,
            agency=entry.agency,
            case=entry.case,
            commit=commitment(salt, entry.body),
            obj=entry.obj,
            op=entry.op,
            seq=tree.size,
            at=entry.at,
        )
        tree.append(leaf)
        leaves.append(place | {"leaf": leaf, "root": tree.root()})
        details.append(place | {"salt": salt, "body": entry.body})
        mentions.extend(place | {"ref": ref} for ref in sorted(entry.refs))
    connection.execute(_INSERT_LEAF, leaves)
    connection.execute(_INSERT_DETAIL, details)
    if mentions:
        connection.execute(_INSERT_MENTION, mentions)


def _unless_there(connection: Connection, table: type[Base]) -> Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
