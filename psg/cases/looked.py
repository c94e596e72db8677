"""Who has looked at a case, for those who work in it: read from the record, newest first."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from psg.accounts.models import Agency, User
from psg.audit import queries as record
from psg.audit.models import Operation
from psg.audit.queries import RecordedEntry
from psg.audit.words import in_words
from psg.cases.models import Case, Note, Right
from psg.cases.visibility import is_admitted
from psg.extensions import db

SHOWN: Final = 25
READ_AT_ONCE: Final = 200
CONFLICTS: Final = "conflict."
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """One line: who, for which agency, when, what, and by what right."""

    at: datetime
    person: str
    agency: str
    what: str
    how: str
    was_refused: bool


@dataclass(frozen=True, slots=True)
class Looks:
    lines: Sequence[Look]
    older: Place | None
    """Where to read on, where there is more."""


def looks_at(case: Case, *, tells_conflicts: bool, reader: User, before: Place | None = None) -> Looks:
    """What was done with this case itself; that it stood in a list or a search is left out.

    Conflicts of interest are told to those who may set them, and never to the person concerned; what
    was done with a note, to those whom the note is for.
    """
    entries = record.entries_about(case.record_id, limit=READ_AT_ONCE, before=before)
    kept = _notes_kept_from(reader, entries)
    wanted = [
        entry
        for entry in entries
        if entry.case == case.record_id
        and entry.obj not in kept
        and (_is_open(entry, reader) if tells_conflicts else not _tells(entry))
    ]
    shown = wanted[:SHOWN]
    last = shown[-1] if len(wanted) > SHOWN else entries[-1] if len(entries) == READ_AT_ONCE else None
    people, agencies = _names(shown)
    return Looks(
        lines=[_look(entry, people, agencies) for entry in shown],
        older=(last.generation, last.seq) if last else None,
    )


def _notes_kept_from(reader: User, entries: Iterable[RecordedEntry]) -> Set[str]:
    named = {entry.obj for entry in entries if entry.obj and entry.obj.startswith(f"{Note.record_kind}_")}
    if not named:
        return named
    ids = [record_id.partition("_")[2] for record_id in sorted(named)]
    theirs = db.session.scalars(select(Note.audit_id).where(Note.audit_id.in_(ids), is_admitted(reader)))
    return named - {f"{Note.record_kind}_{audit_id}" for audit_id in theirs}


def place_from(typed: str) -> Place | None:
    """Where to read on, as the URL says it: “1-4711”."""
    generation, _, seq = typed.partition("-")
    digits = all(part.isascii() and part.isdigit() and len(part) <= 15 for part in (generation, seq))
    return (int(generation[:9]), int(seq)) if digits else None


def action_of(entry: RecordedEntry) -> str:
    return str((entry.detail or {}).get("action", ""))


def _tells(entry: RecordedEntry) -> bool:
    return action_of(entry).startswith(CONFLICTS)


def _is_open(entry: RecordedEntry, reader: User) -> bool:
    return not (_tells(entry) and (entry.detail or {}).get("person") == reader.record_id)


def _look(entry: RecordedEntry, people: Mapping[str, str], agencies: Mapping[str, str]) -> Look:
    detail = entry.detail or {}
    was_refused = detail.get("outcome") == "refused"
    right = detail.get("right")
    changed = entry.op is not Operation.CONSULTATION and entry.op is not Operation.SECURITY
    return Look(
        at=entry.at,
        person=people.get(entry.actor, "The service itself"),
        agency=agencies.get(entry.agency or "", ""),
        what=in_words(action_of(entry), entry.op) if entry.detail is not None else "Erased from the record",
        how=Right(right).label
        if right in set(Right)
        else "refused"
        if was_refused
        else Right.MEMBER.label
        if changed
        else "",
        was_refused=was_refused,
    )


def _names(entries: Iterable[RecordedEntry]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The people and agencies of these entries, in two statements."""
    entries = list(entries)
    return (
        _named(User, {entry.actor for entry in entries}),
        _named(Agency, {entry.agency for entry in entries if entry.agency}),
    )


def _named(kind: type[User] | type[Agency], record_ids: Iterable[str]) -> Mapping[str, str]:
    ids = sorted(record_id.partition("_")[2] for record_id in record_ids)
    rows = db.session.execute(select(kind.audit_id, kind.name).where(kind.audit_id.in_(ids)))
    return {f"{kind.record_kind}_{row.audit_id}": row.name for row in rows}
