"""An entry before it is written: everything it will say, captured at the moment it was queued.

Plain texts and bytes only, so that a record deleted or changed later in the same transaction still
reads as it was, and nothing is loaded from the database while the log is being written.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from psg.audit import canonical
from psg.audit.leaf import ANONYMOUS_NAME, LARGEST_BODY, SYSTEM, is_actor, is_record_id
from psg.audit.models import Operation


class HasRecordId(Protocol):
    """Anything an entry can name: `note_` and 32 hex digits that stand on no page."""

    @property
    def record_id(self) -> str: ...


class Actor(HasRecordId, Protocol):
    """Who did it, and for which agency."""

    @property
    def agency(self) -> HasRecordId | None: ...


class _Anonymous:
    record_id: Final = ANONYMOUS_NAME
    agency: Final = None


ANONYMOUS: Final[Actor] = _Anonymous()
"""Whoever it was that failed to sign in."""

Named: TypeAlias = HasRecordId | str
"""A record, or its record id where only a row was read."""

Span: TypeAlias = tuple[int, int, int]
"""Generation, first and last position: a run of entries."""


SIGNED_AT_ONCE: Final = frozenset({"meeting.close"})
"""Acts whose proof somebody takes away with them, beside every disclosure."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record, waiting for its place in it."""

    op: Operation
    actor: str
    agency: str | None
    case: str | None
    obj: str | None
    at: datetime
    body: bytes
    refs: frozenset[str]
    outlives_refusal: bool = False
    """True for what must be known although the request was refused and its changes were undone: the
    refusal itself, a failed sign-in. An entry that reports a change goes where the change goes."""
    erases: tuple[Span, ...] = ()
    """The runs of details that go when this entry has been written, which names them."""

    is_signed_at_once: bool = False

    @property
    def is_view(self) -> bool:
        """Whether it says that something was seen: true of a refused form's page as of any other."""
        return self.op is Operation.CONSULTATION


def make_entry(
    op: Operation,
    *,
    by: Actor | None,
    case: Named | None,
    obj: Named | None,
    at: datetime,
    detail: Mapping[str, object],
    outlives_refusal: bool = False,
    erases: tuple[Span, ...] = (),
) -> Entry:
    """Build an entry, or refuse with `ValueError` what the record cannot hold."""
    actor = SYSTEM if by is None else by.record_id
    if not is_actor(actor):
        raise ValueError(f"{actor!r} cannot act in the record")
    plain = _plain_members(detail)
    body = canonical.encode(plain)
    if len(body) > LARGEST_BODY:
        raise ValueError(f"a detail of {len(body)} bytes is over {LARGEST_BODY}: give a count or a file hash")
    agency, case_id, obj_id = _id_of(by.agency if by else None, "agency"), _id_of(case, "case"), _id_of(obj)
    named = {name for name in (actor, agency, case_id, obj_id) if name and is_record_id(name)}
    return Entry(
        op=op,
        actor=actor,
        agency=agency,
        case=case_id,
        obj=obj_id,
        at=at,
        body=body,
        refs=frozenset(named.union(_ids_within(plain))),
        outlives_refusal=outlives_refusal,
        erases=erases,
        is_signed_at_once=op is Operation.DISCLOSURE or detail.get("action") in SIGNED_AT_ONCE,
    )


def _id_of(thing: Named | None, kind: str | None = None) -> str | None:
    if thing is None:
        return None
    name = thing if isinstance(thing, str) else thing.record_id
    if not is_record_id(name) or (kind is not None and not name.startswith(f"{kind}_")):
        raise ValueError(f"{name!r:.60} is not the record id expected as {kind or 'object'}")
    return name


def plain_value(value: object) -> canonical.Json:
    """The value as JSON can hold it: enumerations by value, days and times in ISO form, sets sorted."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _plain_members(value)
    if isinstance(value, Set):
        return [plain_value(member) for member in sorted(value)]
    if isinstance(value, list | tuple):
        return [plain_value(member) for member in value]
    raise canonical.NotCanonicalError(f"a detail cannot hold a {type(value).__name__}")


def _plain_members(members: Mapping[str, object]) -> dict[str, canonical.Json]:
    return {name: plain_value(member) for name, member in members.items()}


def _ids_within(value: canonical.Json) -> Iterator[str]:
    if isinstance(value, str):
        if is_record_id(value):
            yield value
    elif isinstance(value, list | dict):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _ids_within(member)
