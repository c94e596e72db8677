"""Whether the record may be written to and believed for now: the quick questions, not the proof.

Asked once by each process before its first answer and by `/ready` whenever it is. What one statement
reads is one moment on both databases, however many others are writing.
"""

from typing import Any, Final

from sqlalchemy import Connection, Row, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from psg.audit import guards
from psg.audit.merkle import EMPTY_ROOT, Tree
from psg.audit.models import Checkpoint, Head, Leaf
from psg.audit.notes import Note, NoteError

NO_RECORD: Final = "there is no record: run psg db upgrade"

_last = aliased(Leaf)
_signed = aliased(Leaf)
_any_signed = aliased(Checkpoint)
_newest_size = (
    select(func.max(_any_signed.size))
    .where(_any_signed.generation == Head.generation)
    .correlate(Head)
    .scalar_subquery()
)
_beyond = or_(
    exists().where(Leaf.generation == Head.generation, Leaf.seq >= Head.size),
    exists().where(Leaf.generation > Head.generation),
    exists().where(_any_signed.generation > Head.generation),
)
_STATE: Final = (
    select(
        Head.size,
        Head.stack,
        _last.root.label("last_root"),
        _beyond.label("has_more"),
        Checkpoint.size.label("signed_size"),
        Checkpoint.note,
        _signed.root.label("signed_root"),
    )
    .select_from(Head)
    .outerjoin(_last, and_(_last.generation == Head.generation, _last.seq == Head.size - 1))
    .outerjoin(Checkpoint, and_(Checkpoint.generation == Head.generation, Checkpoint.size == _newest_size))
    .outerjoin(_signed, and_(_signed.generation == Head.generation, _signed.seq == Checkpoint.size - 1))
)


def faults(connection: Connection) -> list[str]:
    """What is wrong with the record or its guards, a sentence each; nothing where it is sound."""
    found = faults_of_head(connection)
    changed = guards.changed(connection)
    if changed:
        found.append(f"guards of the database are missing or changed: {', '.join(changed)}")
    return found


def faults_of_head(connection: Connection) -> list[str]:
    """As `faults`, of the head, the last entry and the newest checkpoint alone."""
    state = connection.execute(_STATE).one_or_none()
    if state is None:
        return [NO_RECORD]
    return [*_faults_at_end(state), *_faults_of_checkpoint(state)]


def _faults_at_end(state: Row[*tuple[Any, ...]]) -> list[str]:
    if state.last_root is None or state.has_more:
        return [f"the head counts {state.size} entries, and those are not what there is"]
    try:
        root = Tree.from_bytes(state.size, state.stack).root()
    except ValueError:
        return ["the head of the record is damaged"]
    if root != state.last_root:
        return ["the root at the head is not the root stored with the last entry"]
    return []


def _faults_of_checkpoint(state: Row[*tuple[Any, ...]]) -> list[str]:
    if state.signed_size is None:
        return []
    try:
        signed = Note.parse(state.note).checkpoint
    except NoteError as error:
        return [f"the newest checkpoint cannot be read: {error}"]
    stored = state.signed_root if state.signed_size else EMPTY_ROOT
    if (signed.size, signed.root) != (state.signed_size, stored):
        return [f"the newest checkpoint, of {signed.size} entries, is not of what is stored"]
    return []
