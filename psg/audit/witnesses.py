"""Copies of checkpoints outside the record: who holds what can prove everything before it.

A copy that is handed over (a receipt, minutes, a daily file) is named in the entry that records the
handing over, by an id made of its root. The index of mentions then counts the copies.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, func, select

from psg.audit import canonical
from psg.audit.evidence import Receipt, checkpoint_id, root_text
from psg.audit.models import Checkpoint, Head, Leaf, Mention
from psg.audit.notes import Note, NoteError

_KIND: Final = ("checkpoint_", "checkpoint`")
"""The ids of checkpoints lie between these two, in every order of letters that a database may use."""
_LOOKED_THROUGH: Final = 50


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint as people are told of it: everything before `before` is covered by it."""

    generation: int
    origin: str
    size: int
    root: bytes
    before: datetime
    note: bytes
    copies: int

    @property
    def root_text(self) -> str:
        """The root as minutes print it and `--root SIZE=BASE64` takes it."""
        return root_text(self.root)

    @property
    def record_id(self) -> str:
        return checkpoint_id(self.root)

    @property
    def handed_out(self) -> dict[str, object]:
        """Members for the detail of the entry that records who was given a copy of it."""
        return {"checkpoint": self.record_id, "checkpoint_size": self.size}


def handed_out_with(receipt: bytes) -> dict[str, object]:
    """The same members for a receipt: whoever has it has a copy of the checkpoint in it."""
    parsed = Receipt.parse(receipt)
    assert parsed is not None  # noqa: S101 - we wrote it
    head = Note.parse(parsed.note).checkpoint
    return {"checkpoint": checkpoint_id(head.root), "checkpoint_size": head.size}


def newest_checkpoint(connection: Connection) -> Witnessed | None:
    """The newest one that is held, for minutes, receipts and the audit page."""
    row = connection.execute(_checkpoints().order_by(Checkpoint.size.desc()).limit(1)).one_or_none()
    return _witnessed(connection, row)


def newest_handed_out(connection: Connection) -> Witnessed | None:
    """The newest one of which somebody outside is known to have a copy: what can be proved without us."""
    recent = connection.execute(
        select(Leaf.leaf, Mention.ref, Mention.generation, Mention.seq)
        .join(Leaf, and_(Leaf.generation == Mention.generation, Leaf.seq == Mention.seq))
        .where(Mention.ref > _KIND[0], Mention.ref < _KIND[1])
        .order_by(Mention.generation.desc(), Mention.seq.desc())
        .limit(_LOOKED_THROUGH)
    )
    named = {row.ref for row in recent}
    found: Witnessed | None = None
    for row in connection.execute(_checkpoints().order_by(Checkpoint.size.desc())) if named else ():
        root = _root_of(row.note)
        if root is not None and checkpoint_id(root) in named:
            found = _witnessed(connection, row)
            break
    return found


def _checkpoints() -> Any:
    return select(Checkpoint.generation, Checkpoint.size, Checkpoint.note).join(
        Head, Head.generation == Checkpoint.generation
    )


def _witnessed(connection: Connection, row: Row[*tuple[Any, ...]] | None) -> Witnessed | None:
    if row is None:
        return None
    head = Note.parse(row.note).checkpoint
    last = select(Leaf.leaf).where(Leaf.generation == row.generation, Leaf.seq == row.size - 1)
    leaf = connection.scalar(last)
    members: dict[str, Any] = canonical.decode_object(leaf) if leaf else {"t": "1970-01-01T00:00:00.000Z"}
    copies = select(func.count()).select_from(Mention).where(Mention.ref == checkpoint_id(head.root))
    return Witnessed(
        generation=row.generation,
        origin=head.origin,
        size=row.size,
        root=head.root,
        before=datetime.fromisoformat(members["t"]),
        note=row.note,
        copies=connection.scalar(copies) or 0,
    )


def _root_of(note: bytes) -> bytes | None:
    try:
        return Note.parse(note).checkpoint.root
    except NoteError:
        return None
