"""A record that was restored, or gets a new key, never continues: the next generation begins and says
what it follows, and what is known to be lost is declared.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from psg.audit import guards
from psg.audit.append import append
from psg.audit.declared import DECLARE_LOSS, SUCCEED
from psg.audit.entries import make_entry
from psg.audit.merkle import EMPTY_ROOT
from psg.audit.models import Checkpoint, Generation, Head, Leaf, Operation
from psg.audit.notes import LogKey, Note, NoteError, TreeHead
from psg.base import Refused


class Reason(StrEnum):
    """Why a generation ended."""

    RESTORE = "restore"
    KEY_CHANGE = "key_change"
    CLOSE = "close"


def succeed(
    connection: Connection,
    *,
    reason: Reason,
    authorised_by: str,
    base_origin: str,
    public: bytes,
    notes: Iterable[bytes] = (),
    at: datetime,
) -> int:
    """Close the current generation and open the next, with this key; gives the entries lost, if any.

    `notes` are the checkpoints of the closing generation that are known from elsewhere: the signer's
    own, an agency's, a receipt's. For the owner of the record's tables.
    """
    generation, kept = _lock_head(connection)
    newest = _newest_note(connection, _key_of(connection, generation), generation, kept, notes)
    following = {
        "generation": generation + 1,
        "origin": f"{base_origin}/{generation + 1}",
        "public_key": public,
        "opened_at": at,
    }
    with guards.lifted(connection):
        connection.execute(insert(Generation).values(**following))
        connection.execute(update(Head).values(generation=generation + 1, size=0, stack=b""))
    _append(connection, SUCCEED, generation, kept, newest, reason, authorised_by, at)
    return max(0, Note.parse(newest).checkpoint.size - kept)


def declare_loss(
    connection: Connection, *, note: bytes, reason: Reason, authorised_by: str, at: datetime
) -> int:
    """Record that a note of an earlier generation was found for more than was kept; gives how much more."""
    current, _ = _lock_head(connection)
    try:
        origin = Note.parse(note).checkpoint.origin
    except NoteError as error:
        raise Refused(f"That is no checkpoint: {error}.") from error
    generation = connection.scalar(select(Generation.generation).where(Generation.origin == origin))
    if generation is None or generation >= current:
        raise Refused(f"{origin} is not an earlier generation of this record.")
    kept = _entries_of(connection, generation)
    newest = _verified(_key_of(connection, generation), note)
    if newest.size <= kept:
        raise Refused(f"All {newest.size} entries of that checkpoint are held: nothing is lost.")
    _append(connection, DECLARE_LOSS, generation, kept, note, reason, authorised_by, at)
    return newest.size - kept


def _lock_head(connection: Connection) -> tuple[int, int]:
    head = connection.execute(select(Head.generation, Head.size).with_for_update()).one_or_none()
    if head is None:
        raise Refused("There is no record yet: run psg db upgrade.")
    return head.generation, head.size


def _key_of(connection: Connection, generation: int) -> LogKey:
    row = connection.execute(
        select(Generation.origin, Generation.public_key).where(Generation.generation == generation)
    ).one()
    if row.public_key is None:
        raise Refused(f"Generation {generation} was never signed: run psg audit checkpoint first.")
    return LogKey(row.origin, row.public_key)


def _newest_note(
    connection: Connection, key: LogKey, generation: int, kept: int, notes: Iterable[bytes]
) -> bytes:
    held = connection.scalar(
        select(Checkpoint.note)
        .where(Checkpoint.generation == generation)
        .order_by(Checkpoint.size.desc())
        .limit(1)
    )
    known = {note: _verified(key, note) for note in (held, *notes) if note is not None}
    if not known:
        raise Refused(f"No checkpoint of generation {generation} is known: run psg audit checkpoint first.")
    for head in known.values():
        if head.size <= kept and head.root != _root_at(connection, generation, head.size):
            raise Refused(
                f"A checkpoint of size {head.size} is of another record than this: verify it first."
            )
    return max(known, key=lambda note: known[note].size)


def _verified(key: LogKey, note: bytes) -> TreeHead:
    try:
        return key.verify(note)
    except NoteError as error:
        raise Refused(f"That is no checkpoint of the record: {error}.") from error


def _root_at(connection: Connection, generation: int, size: int) -> bytes:
    if not size:
        return EMPTY_ROOT
    root: bytes | None = connection.scalar(
        select(Leaf.root).where(Leaf.generation == generation, Leaf.seq == size - 1)
    )
    return root or b""


def _entries_of(connection: Connection, generation: int) -> int:
    last = connection.scalar(
        select(Leaf.seq).where(Leaf.generation == generation).order_by(Leaf.seq.desc()).limit(1)
    )
    return 0 if last is None else last + 1


def _append(
    connection: Connection,
    event: str,
    generation: int,
    kept: int,
    note: bytes,
    reason: Reason,
    authorised_by: str,
    at: datetime,
) -> None:
    detail = {
        "authorised_by": authorised_by,
        "event": event,
        "kept": kept,
        "previous_checkpoint": note.decode("utf-8"),
        "previous_generation": generation,
        "reason": reason.value,
    }
    append(
        connection,
        [make_entry(Operation.CUSTODY, by=None, case=None, obj=None, at=at, detail=detail)],
    )
