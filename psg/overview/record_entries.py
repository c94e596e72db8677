"""The record as people read it: its entries with names and references in place of ids, where the reader may
have them, in as many statements for fifty entries as for one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from psg.accounts.models import Agency, User
from psg.audit import canonical, queries, searching
from psg.audit.leaf import ANONYMOUS_NAME, SYSTEM, is_record_id
from psg.audit.models import Operation
from psg.audit.queries import RecordedEntry
from psg.audit.words import THINGS, in_words
from psg.cases.access_models import Finding, Urgency
from psg.cases.looked import Place, action_of
from psg.cases.models import Case, Right, Visibility
from psg.cases.visibility import as_member, conflicted, is_visible
from psg.extensions import db
from psg.meetings.models import Meeting
from psg.overview.record_filter import RecordFilter
from psg.overview.record_policy import Purpose, reads_whole_record
from psg.sharing.models import Disclosure
from psg.subjects.models import Person, Subject
from psg.subjects.models import Place as PlaceSubject
from psg.subjects.visibility import is_visible as is_visible_subject

PAGE = 50
PORTION = 10_000
REFERENCED: Mapping[str, Any] = {
    "case": Case, "person": Person, "place": PlaceSubject, "disclosure": Disclosure, "meeting": Meeting,
}  # fmt: skip
NOT_TOLD = frozenset({"action", "event", "hash_salt", "old", "new", "right"})
CODED: Mapping[str, Any] = {"purpose": Purpose, "urgency": Urgency, "finding": Finding}
SAID_FIRST = ("reason", "purpose", "outcome", "finding", "urgency", "basis", "authority", "error")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. `more` is the rest of its detail; `is_erased` where that was lawfully erased."""

    place: Place
    at: datetime
    op: Operation
    who: str
    agency: str
    what: str
    record: str
    why: str
    more: Sequence[tuple[str, str]]
    is_erased: bool


@dataclass(frozen=True, slots=True)
class Lines:
    lines: Sequence[Line]
    older: Place | None


def read(user: User, wanted: RecordFilter, *, limit: int = PAGE) -> Lines:
    """A page of the record, as far as it is this person's to read."""
    found = _found(user, wanted, limit + 1)
    shown = found[:limit]
    names = _names(user, shown)
    closed = () if reads_whole_record(user) else _closed(shown, names)
    return Lines(
        lines=[_line(entry, names, is_open=entry.case not in closed) for entry in shown],
        older=(shown[-1].generation, shown[-1].seq) if len(found) > limit else None,
    )


def choices_for(user: User) -> dict[str, dict[str, str]]:
    """The agencies and people whose entries this reader may ask for, by number."""
    agencies = select(Agency.id, Agency.name).order_by(Agency.name)
    people = select(User.id, User.name, Agency.name.label("agency")).join(Agency, Agency.id == User.agency_id)
    if not reads_whole_record(user):
        agencies = agencies.where(Agency.id == user.agency_id)
        people = people.where(User.agency_id == user.agency_id)
    return {
        "agency": {str(row.id): row.name for row in db.session.execute(agencies)},
        "person": {
            str(row.id): f"{row.name}, {row.agency}"
            for row in db.session.execute(people.order_by(User.name, User.id))
        },
    }


def _found(user: User, wanted: RecordFilter, limit: int) -> list[RecordedEntry]:
    where = [*wanted.terms(), *searching.outside_cases(_unknown_cases(user))]
    who = _ids_of(user, wanted)
    where += [searching.by_actor(one) if one.startswith("user_") else searching.of_agency(one) for one in who]
    about = _record_id(user, wanted.record) if wanted.record else next(iter(who), "")
    if wanted.record and not about:
        return []
    if about:
        return queries.entries_about(about, *where, limit=limit, before=wanted.before)
    return queries.latest(*where, limit=limit, before=wanted.before)


def _ids_of(user: User, wanted: RecordFilter) -> list[str]:
    """Whose entries: the person asked for, their agency; for an agency's lead always their own agency."""
    ids = [] if reads_whole_record(user) else [user.agency.record_id]
    if wanted.agency:
        ids.append(f"agency_{_audit_id(select(Agency.audit_id).where(Agency.id == int(wanted.agency)))}")
    if wanted.person:
        ids.append(f"user_{_audit_id(select(User.audit_id).where(User.id == int(wanted.person)))}")
    return sorted(set(ids), reverse=True)


def _audit_id(statement: Select[str]) -> str:
    return db.session.scalar(statement) or ""


def _record_id(user: User, reference: str) -> str:
    """The id behind a reference that this reader may have; empty where there is none."""
    for kind, model in REFERENCED.items():
        number = model.id_from(reference)
        if number:
            held = select(model.audit_id).where(model.id == number, *_is_known(user, kind))
            found = db.session.scalar(held)
            return f"{kind}_{found}" if found else ""
    return ""


def _is_known(user: User, kind: str) -> list[ColumnElement[bool]]:
    """Whether the reader may have the reference of such a record. An auditor has each, but of cases that do
    not exist for them; an agency's lead those of what they may open."""
    known = Case.id.not_in(conflicted(user)) if reads_whole_record(user) else is_visible(user)
    if kind == "case":
        return [known]
    if kind == "disclosure":
        return [Disclosure.case_id.in_(select(Case.id).where(known))]
    if kind in ("person", "place") and not reads_whole_record(user):
        return [is_visible_subject(user)]
    return []


def _unknown_cases(user: User) -> list[str]:
    """Cases of which this reader is told nothing: those with a conflict, and to all but the auditor sealed ones."""
    unknown: ColumnElement[bool] = Case.id.in_(conflicted(user))
    if not reads_whole_record(user):
        sealed = and_(Case.visibility == Visibility.SEALED, Case.id.not_in(as_member(user)))
        unknown = or_(unknown, sealed)
    return [f"case_{audit_id}" for audit_id in db.session.scalars(select(Case.audit_id).where(unknown))]


def _names(user: User, entries: Iterable[RecordedEntry]) -> Mapping[str, str]:
    """A name or reference for every id in these entries that this reader may have one for."""
    kinds: dict[str, set[str]] = {}
    for entry in entries:
        for record_id in _ids_in([entry.actor, entry.agency, entry.case, entry.obj, entry.detail]):
            kind, _, audit_id = record_id.partition("_")
            kinds.setdefault(kind, set()).add(audit_id)
    names = {SYSTEM: "The service itself", ANONYMOUS_NAME: "Somebody not signed in"}
    for model in (User, Agency):
        held = select(model.audit_id, model.name)
        rows = _rows_of(held, model.audit_id, kinds.get(model.record_kind, ()))
        names |= {f"{model.record_kind}_{row.audit_id}": row.name for row in rows}
    for kind, record in REFERENCED.items():
        table = Subject if kind in ("person", "place") else record
        held = select(table.audit_id, table.id).where(*_is_known(user, kind))
        rows = _rows_of(held, table.audit_id, kinds.get(kind, ()))
        names |= {f"{kind}_{row.audit_id}": record.reference_for(row.id) for row in rows}
    return names


def _rows_of(statement: Any, column: Any, ids: Iterable[str]) -> Iterator[Any]:
    """In portions, since a file may name more records than one statement takes."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), PORTION):
        yield from db.session.execute(statement.where(column.in_(wanted[start : start + PORTION])))


def _closed(entries: Iterable[RecordedEntry], names: Mapping[str, str]) -> set[str]:
    return {entry.case for entry in entries if entry.case and entry.case not in names}


def _line(entry: RecordedEntry, names: Mapping[str, str], *, is_open: bool) -> Line:
    detail = (entry.detail or {}) if is_open else {}
    why = [_in_words(name, detail[name], names) for name in SAID_FIRST if detail.get(name)]
    if detail.get("right") in set(Right):
        why.append(Right(str(detail["right"])).label)
    return Line(
        place=(entry.generation, entry.seq),
        at=entry.at,
        op=entry.op,
        who=names.get(entry.actor, "Somebody unknown here"),
        agency=names.get(entry.agency or "", ""),
        what=in_words(action_of(entry) or str((entry.detail or {}).get("event", "")), entry.op),
        record=_record(entry, names),
        why="; ".join(why),
        more=[
            (_label(name), _in_words(name, value, names))
            for name, value in detail.items()
            if name not in NOT_TOLD
        ],
        is_erased=entry.detail is None,
    )


def _in_words(name: str, value: canonical.Json, names: Mapping[str, str]) -> str:
    kind = CODED.get(name)
    return kind(value).label if kind and value in set(kind) else _told(value, names)


def _record(entry: RecordedEntry, names: Mapping[str, str]) -> str:
    """The case and, where it is another thing, what was meant: “PSG-0142, a note”."""
    told = [_told(one, names) for one in dict.fromkeys((entry.case, entry.obj)) if one]
    return ", ".join(dict.fromkeys(told))


def _told(value: canonical.Json, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_told(member, names) for member in value)
    if isinstance(value, dict):
        return ", ".join(f"{_label(name).lower()} {_told(member, names)}" for name, member in value.items())
    if isinstance(value, str) and is_record_id(value):
        kind = value.partition("_")[0]
        return names.get(value) or THINGS.get(kind, f"a {kind}")
    return "nothing" if value is None else str(value)


def _label(name: str) -> str:
    return "Shown" if name == "ids" else name.replace("_", " ").capitalize()


def _ids_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and is_record_id(value):
        yield value
    elif isinstance(value, list | dict):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _ids_in(member)
