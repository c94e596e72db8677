"""Reading the record as people look at it: newest first, from plain rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from psg.audit import canonical
from psg.audit.models import Detail, Leaf, Mention, Operation
from psg.audit.soundness import faults_of_head
from psg.audit.witnesses import Witnessed
from psg.audit.witnesses import newest_checkpoint as _newest_checkpoint
from psg.audit.witnesses import newest_handed_out as _newest_handed_out
from psg.extensions import db

_ENTRIES: Final = select(Leaf.generation, Leaf.seq, Leaf.leaf, Detail.body).outerjoin(
    Detail, and_(Detail.generation == Leaf.generation, Detail.seq == Leaf.seq)
)


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """One entry, read for people. `detail` is None where it was withheld or erased."""

    generation: int
    seq: int
    at: datetime
    op: Operation
    actor: str
    agency: str | None
    case: str | None
    obj: str | None
    detail: dict[str, canonical.Json] | None


def latest(
    *where: ColumnElement[bool], limit: int, before: tuple[int, int] | None = None
) -> list[RecordedEntry]:
    """The newest entries, or the newest before a (generation, seq), to page on; `audit.searching` narrows."""
    return _newest_first(_ENTRIES.where(*where), (Leaf.generation, Leaf.seq), limit, before)


def entries_about(
    record_id: str, *where: ColumnElement[bool], limit: int, before: tuple[int, int] | None = None
) -> list[RecordedEntry]:
    """As `latest`, for entries that name this record as actor, agency, case, object or in their detail."""
    naming = _ENTRIES.join(Mention, and_(Mention.generation == Leaf.generation, Mention.seq == Leaf.seq))
    place = (Mention.generation, Mention.seq)
    return _newest_first(naming.where(Mention.ref == record_id, *where), place, limit, before)


def head_is_sound() -> bool:
    """Whether the head agrees with the last entry and the newest checkpoint."""
    return not faults_of_head(db.session.connection())


def newest_checkpoint() -> Witnessed | None:
    """The newest checkpoint that is held: size, root and the number of copies known outside."""
    return _newest_checkpoint(db.session.connection())


def newest_handed_out() -> Witnessed | None:
    """“Everything before … can be proved against … outside copies”: the newest checkpoint that has any."""
    return _newest_handed_out(db.session.connection())


def _newest_first(
    entries: Select[int, int, bytes, bytes],
    place: tuple[InstrumentedAttribute[int], InstrumentedAttribute[int]],
    limit: int,
    before: tuple[int, int] | None,
) -> list[RecordedEntry]:
    """Ordered by the columns of the index that finds the rows, so that a page costs a page."""
    if before is not None:
        entries = entries.where(tuple_(*place) < before)
    rows = db.session.execute(entries.order_by(place[0].desc(), place[1].desc()).limit(limit))
    return [_entry(*row) for row in rows]


def _entry(generation: int, seq: int, leaf: bytes, body: bytes | None) -> RecordedEntry:
    members: dict[str, Any] = canonical.decode_object(leaf)
    return RecordedEntry(
        generation=generation,
        seq=seq,
        at=datetime.fromisoformat(members["t"]),
        op=Operation(members["op"]),
        actor=members["actor"],
        agency=members["agency"],
        case=members["case"],
        obj=members["obj"],
        detail=None if body is None else canonical.decode_object(body),
    )
