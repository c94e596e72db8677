"""Lawful erasure: what was recorded of a matter goes, that and when and by whom it was recorded stays.

Storage limitation (DPA 2018 s.39, UK GDPR article 5(1)(e)) and the duty to erase (s.47, article 17)
reach the record of access too. A leaf holds no personal data but opaque ids; its detail and salt go, so
that nobody can guess the detail from its hash, and every proof stays valid.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import and_, event, select, tuple_
from sqlalchemy.orm import Session

from psg.audit import canonical
from psg.audit.entries import Actor, Named, Span, make_entry
from psg.audit.models import Detail, Leaf, Mention, Operation
from psg.audit.services import enqueue
from psg.base import Refused
from psg.extensions import db
from psg.web.dates import now

Position = tuple[int, int]
"""Generation and sequence number of an entry."""

KEPT: Final = frozenset({Operation.ERASURE, Operation.CUSTODY})
"""What the record says of itself is never erased: without it an absent detail could not be told from a loss."""

_SPANS_AN_ENTRY: Final = 1_500
_POSITIONS_AT_ONCE: Final = 400
_ERASING: Final = "audit_is_erasing"

log = logging.getLogger(__name__)


def erase_details(
    positions: Iterable[Position],
    *,
    by: Actor | None,
    authority: str,
    case: Named | None = None,
    obj: Named | None = None,
    at: datetime | None = None,
) -> None:
    """Erase these details with the transaction under way, and record who did so on what authority.

    Refuses what is not there to erase, so that no entry claims an erasure that did not happen. Of an
    entry of this very transaction there is nothing yet to erase either.
    """
    if not authority.strip():
        raise Refused("Say on what authority the details are erased.", field="authority")
    wanted = sorted(set(positions))
    _refuse_what_must_stay(wanted)
    runs = _runs(wanted)
    while spans := tuple(islice(runs, _SPANS_AN_ENTRY)):
        detail = {"action": "detail.erase", "authority": authority, "erased": [list(span) for span in spans]}
        entry = make_entry(
            Operation.ERASURE, by=by, case=case, obj=obj, at=at or now(), detail=detail, erases=spans
        )
        enqueue(entry)
        db.session.info[_ERASING] = True


def details_of_case(case: Named) -> list[Position]:
    """The entries of one case that still have a detail which may be erased, oldest first.

    A detail that names a person belongs to one case or none, so this takes nothing of another's.
    """
    name = case if isinstance(case, str) else case.record_id
    entries = (
        select(Leaf.generation, Leaf.seq, Leaf.leaf)
        .join(Mention, and_(Mention.generation == Leaf.generation, Mention.seq == Leaf.seq))
        .join(Detail, and_(Detail.generation == Leaf.generation, Detail.seq == Leaf.seq))
        .where(Mention.ref == name)
        .order_by(Leaf.generation, Leaf.seq)
    )
    found = []
    for generation, seq, leaf in db.session.execute(entries):
        members = canonical.decode_object(leaf)
        if members["case"] == name and members["op"] not in KEPT:
            found.append((generation, seq))
    return found


def _refuse_what_must_stay(wanted: list[Position]) -> None:
    if not wanted:
        raise Refused("Nothing was named to erase.")
    for start in range(0, len(wanted), _POSITIONS_AT_ONCE):
        some = wanted[start : start + _POSITIONS_AT_ONCE]
        held = db.session.scalars(
            select(Leaf.leaf)
            .join(Detail, and_(Detail.generation == Leaf.generation, Detail.seq == Leaf.seq))
            .where(tuple_(Leaf.generation, Leaf.seq).in_(some))
        ).all()
        if len(held) != len(some):
            raise Refused("One of the details is not there: it was erased before, or never recorded.")
        if any(canonical.decode_object(leaf)["op"] in KEPT for leaf in held):
            raise Refused("What the record says of itself is never erased.")


def _runs(wanted: list[Position]) -> Iterator[Span]:
    generation, first = wanted[0]
    last = first
    for position in wanted[1:]:
        if position != (generation, last + 1):
            yield generation, first, last
            generation, first = position
        last = position[1]
    yield generation, first, last


@event.listens_for(db.session, "after_commit")
def _empty_the_log_of_writes(session: Session) -> None:
    """SQLite's write-ahead log still holds pages as they were before; `secure_delete` blanks the file's own."""
    if session.info.pop(_ERASING, False):
        truncate_write_ahead_log()


@event.listens_for(db.session, "after_rollback")
def _nothing_was_erased(session: Session) -> None:
    session.info.pop(_ERASING, None)


def truncate_write_ahead_log() -> bool:
    """Whether it is empty now. Where a reader holds it for longer than the busy timeout, it is not."""
    engine = db.engines[None]
    if engine.dialect.name != "sqlite" or not hasattr(engine, "raw_connection"):
        return True  # the second: a test's one connection, which is all in one transaction
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy = bool((cursor.fetchone() or (1,))[0])
        cursor.close()
    finally:
        raw.close()
    if is_busy:
        log.warning(
            "Erased details are still in the write-ahead log: a reader held it. A restart empties it."
        )
    return not is_busy
