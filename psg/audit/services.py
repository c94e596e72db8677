"""Queueing what the record must say, and writing it as the last act of the transaction it belongs to.

A feature's service calls `record` (or `seen`, for a page view) once and never commits. When the
transaction commits, what is queued is appended in it; when it rolls back, it is forgotten with it.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from psg.audit import append as writing
from psg.audit import canonical
from psg.audit.entries import ANONYMOUS, Actor, Entry, HasRecordId, Named, make_entry, plain_value
from psg.audit.models import Generation, Head, Operation
from psg.extensions import db
from psg.web.dates import now

__all__ = [
    "ANONYMOUS",
    "Actor",
    "Entry",
    "HasRecordId",
    "Named",
    "Operation",
    "append_queued",
    "changes",
    "configure",
    "current_origin",
    "enqueue",
    "init_app",
    "open_record",
    "record",
    "refused",
    "seen",
]

QUEUE: Final = "audit_queue"
"""Key of the waiting entries in `Session.info`, where the transaction module finds them."""

_APPENDED: Final = "audit_appended"

on_committed: list[Callable[[int, bool], None]] = []
"""Told, after each commit that added to the record, how many entries there are and whether to sign at once."""

_settings: dict[str, str] = {"origin": "psg.localhost/audit"}
_queued_before: WeakKeyDictionary[SessionTransaction, int] = WeakKeyDictionary()


class _Configured(Protocol):
    @property
    def config(self) -> Mapping[str, Any]: ...


def init_app(app: _Configured) -> None:
    """Take the record's name from the settings of the application."""
    configure(origin=app.config["PSG_AUDIT_ORIGIN"])


def configure(*, origin: str) -> None:
    """Give the name under which a new record is opened. One that is open keeps the name it has."""
    if not origin or any(character.isspace() or character == "+" for character in origin):
        raise ValueError("PSG_AUDIT_ORIGIN is a name such as psg.example/audit, without spaces or plus signs")
    _settings["origin"] = origin


def record(
    op: Operation,
    action: str,
    *,
    by: Actor | None,
    case: Named | None = None,
    obj: Named | None = None,
    at: datetime | None = None,
    **detail: object,
) -> None:
    """Queue one entry for the transaction under way.

    `action` names the act (`note.add`). The detail says ids, field names and reasons: never a
    password, the text of a note, a search word, or a person of another case. `by=None` is the
    product itself. A change that is undone takes its entry with it.
    """
    enqueue(make_entry(op, by=by, case=case, obj=obj, at=at or now(), detail={"action": action, **detail}))


def refused(
    action: str,
    *,
    by: Actor | None,
    case: Named | None = None,
    obj: Named | None = None,
    at: datetime | None = None,
    **detail: object,
) -> None:
    """Queue a refusal: a security entry that is written although nothing else of the request is.

    `by=ANONYMOUS` is whoever failed to sign in.
    """
    members = {"action": action, "outcome": "refused", **detail}
    enqueue(
        make_entry(
            Operation.SECURITY,
            by=by,
            case=case,
            obj=obj,
            at=at or now(),
            detail=members,
            outlives_refusal=True,
        )
    )


def enqueue(entry: Entry) -> None:
    """Put it in line, in a transaction: one that has not begun could not be undone either."""
    session = db.session()
    if not session.in_transaction():
        session.begin()
    session.info.setdefault(QUEUE, []).append(entry)


def seen(
    action: str, *, by: Actor, case: Named | None = None, obj: Named | None = None, ids: Iterable[Named] = ()
) -> None:
    """Queue the consultation that answering this page is; `ids` are the records a list showed.

    A case that says by what right it was opened (`record_right`) has that in the entry too.
    """
    shown = [thing if isinstance(thing, str) else thing.record_id for thing in ids]
    detail: dict[str, Any] = {"ids": shown} if shown else {}
    right = getattr(case, "record_right", None)
    if right:
        detail["right"] = right
    record(Operation.CONSULTATION, action, by=by, case=case, obj=obj, **detail)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, Any]:
    """What an alteration may say of the values: which fields, and salted hashes of old and new.

    A value can later be confirmed by someone who holds it, and not be read by someone who does
    not. Use as `record(Operation.ALTERATION, …, **changes(before, after))`.
    """
    fields = sorted(name for name in after if before.get(name) != after[name])
    salt = secrets.token_bytes(16)
    return {
        "fields": fields,
        "hash_salt": salt.hex(),
        "old": [_hash_of(salt, before.get(name)) for name in fields],
        "new": [_hash_of(salt, after[name]) for name in fields],
    }


def _hash_of(salt: bytes, value: object) -> str:
    return sha256(salt + canonical.encode(plain_value(value))).hexdigest()


def open_record() -> bool:
    """Begin the record, where the database has none, under the name that the settings give."""
    return writing.open_record(db.session.connection(), origin=_settings["origin"], at=now())


def current_origin() -> str | None:
    """The name under which the record goes on now."""
    named = select(Generation.origin).join(Head, Head.generation == Generation.generation)
    return db.session.scalar(named)


def append_queued(session: Session) -> None:
    """Write what is queued. Flushes first, so that nothing of the change comes after its entry."""
    queue: list[Entry] | None = session.info.get(QUEUE)
    if not queue:
        return
    session.flush()
    size = writing.append(session.connection(), queue)
    session.info[_APPENDED] = (size, any(entry.is_signed_at_once for entry in queue))
    queue.clear()


@event.listens_for(db.session, "before_commit")
def _write_last(session: Session) -> None:
    if not session.in_nested_transaction():
        append_queued(session)


@event.listens_for(db.session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _queued_before[transaction] = len(session.info.get(QUEUE, ()))


@event.listens_for(db.session, "after_soft_rollback")
def _forget_undone(session: Session, transaction: SessionTransaction) -> None:
    """A change that was undone leaves no entry, whether all of it went or one savepoint's part.

    A flush that failed undoes the savepoint or transaction around it.
    """
    undone = transaction
    while not undone.nested and undone.parent is not None:
        undone = undone.parent
    queue: list[Entry] = session.info.get(QUEUE, [])
    start = _queued_before.pop(undone, 0) if undone.nested else 0
    queue[start:] = [entry for entry in queue[start:] if entry.outlives_refusal]


@event.listens_for(db.session, "after_commit")
def _tell_of_commit(session: Session) -> None:
    appended = session.info.pop(_APPENDED, None)
    for told in on_committed if appended else ():
        told(*appended)


@event.listens_for(db.session, "after_rollback")
def _nothing_to_tell(session: Session) -> None:
    session.info.pop(_APPENDED, None)
