"""Writing at the end of the record, inside the transaction of the change that it tells of.

The caller's transaction holds the head row from the first statement here to its commit, so
positions are dense and in commit order; taken last, that lock cannot meet another in a deadlock.
Leaf, detail and head follow one another for each entry, because the guards of the database let
nothing be added but at the head, and the head move by one only.
"""

from collections.abc import Iterable
from datetime import datetime
from secrets import token_bytes
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError

from psg.audit import guards
from psg.audit.entries import Entry, make_entry
from psg.audit.forgetting import forget
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


def append(connection: Connection, entries: Iterable[Entry]) -> int:
    """Write these entries, in this order, as the newest of the record, and say how many there are now.

    A failure here must fail the whole transaction: without the log there is no data. A record that
    is not there is such a failure, since an application that could begin one anew could hide the old.
    """
    head = connection.execute(_READ_HEAD).one_or_none()
    if head is None:
        raise RecordError("there is no record to write to: run psg db upgrade")
    generation, size, stack = head
    try:
        tree = Tree.from_bytes(size, stack)
    except ValueError as error:
        raise RecordError("the head of the record is damaged: run psg audit verify") from error
    for entry in entries:
        _add(connection, generation, tree, entry)
        for span in entry.erases:
            forget(connection, *span)
    return tree.size


def open_record(connection: Connection, *, origin: str, at: datetime) -> bool:
    """Open generation 1 with the entry that says so; a record that is open stays as it is (False).

    For `psg db upgrade`: it takes the rights of whoever owns the tables. Of two that open at once,
    the second waits at the first insert and then finds it done.
    """
    if connection.scalar(select(Head.size)):
        return False
    name = f"{origin}/{FIRST_GENERATION}"
    with guards.lifted(connection):
        _insert_once(connection, Generation, generation=FIRST_GENERATION, origin=name, opened_at=at)
        _insert_once(connection, Head, one=1, generation=FIRST_GENERATION, size=0, stack=b"")
    if connection.execute(_READ_HEAD).one().size:
        return False
    detail = {"event": "open", "origin": name}
    append(connection, [make_entry(Operation.CUSTODY, by=None, case=None, obj=None, at=at, detail=detail)])
    return True


def _insert_once(connection: Connection, table: type[Base], **row: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), row)
    elif connection.execute(select(table)).first() is None:  # with SQLite's one write lock held
        connection.execute(insert(table), row)


def _add(connection: Connection, generation: int, tree: Tree, entry: Entry) -> None:
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
    connection.execute(_INSERT_LEAF, place | {"leaf": leaf, "root": tree.root()})
    connection.execute(_INSERT_DETAIL, place | {"salt": salt, "body": entry.body})
    moved = connection.execute(
        _MOVE_HEAD,
        {"at": generation, "from_size": place["seq"], "to_size": tree.size, "to_stack": tree.stack},
    )
    if moved.rowcount != 1:
        raise RecordError("the head of the record moved while it was being written")
    if entry.refs:
        connection.execute(_INSERT_MENTION, [place | {"ref": ref} for ref in sorted(entry.refs)])
