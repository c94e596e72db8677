"""Recording contacts, one by hand or a file at a time; grouping them as one incident; taking one back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, insert, select, update

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.counting import month_of
from psg.demand.models import Contact, ContactKind, ContactRole, DemandImport, Incident, SuppliedMonth
from psg.demand.sheet import ContactRow, RowProblem
from psg.extensions import db, hold
from psg.subjects.models import Person, Place, Subject, SubjectKind
from psg.web.dates import london

PART = 500
TAKEN_BACK = "Withdrawn by the agency"
Item = TypeVar("Item")


@dataclass(frozen=True)
class Imported:
    """What an import did. `differing` are rows already held with other details, which were left as they are."""

    added: int
    held: int
    withdrawn: int
    differing: tuple[int, ...]
    problems: tuple[RowProblem, ...]


class BadRows(Refused):
    """Rows that cannot be imported. Nothing was."""

    def __init__(self, problems: Iterable[RowProblem], total: int) -> None:
        self.problems = sorted(problems)
        super().__init__(
            f"Nothing was imported: {len(self.problems)} of {total} rows cannot be. "
            "Mend them, or import the others with --skip-bad-rows."
        )


def record_contact(
    subject: Subject,
    *,
    kind: ContactKind,
    role: ContactRole,
    happened_at: datetime,
    source_reference: str = "",
    summary: str = "",
    is_crisis: bool = False,
    by: User,
    now: datetime,
) -> Contact:
    """Record one contact with the agency of the person who records it."""
    if happened_at > now:
        raise Refused("The contact cannot be in the future: check the day and the time", field="happened_on")
    if not subject.is_person and role is not ContactRole.SUBJECT:
        raise Refused("A contact is about a place: leave the part in it as it is", field="role")
    if source_reference and _held(by.agency, [source_reference]):
        raise Refused(
            "Your agency already has a contact with this reference: look for it before you add another",
            field="source_reference",
        )
    contact = Contact(
        subject=subject,
        agency=by.agency,
        kind=kind,
        role=role,
        happened_at=happened_at,
        happened_on=london(happened_at).date(),
        source_reference=source_reference or None,
        summary=summary,
        is_crisis=is_crisis,
        recorded_at=now,
        recorded_by=by,
    )
    db.session.add(contact)
    db.session.flush()
    audit.record(
        Operation.COLLECTION,
        "contact.record",
        by=by,
        obj=contact,
        at=now,
        subject=subject.record_id,
        kind=kind,
        role=role,
    )
    return contact


def withdraw_contact(contact: Contact, *, reason: str, by: User, now: datetime) -> None:
    """Take back a contact that was recorded in error: kept, marked, no longer counted."""
    if contact.agency_id != by.agency_id:
        raise Refused(f"Only {contact.agency.name} can withdraw this contact: ask them to")
    hold(contact)
    if contact.withdrawn_at is not None:
        raise Refused("This contact is withdrawn already: nothing is left to do")
    contact.withdrawn_at, contact.withdrawn_reason = now, reason
    db.session.flush()
    audit.record(Operation.ALTERATION, "contact.withdraw", by=by, obj=contact, at=now, fields=["withdrawn"])


def group_contacts(subject: Subject, numbers: Iterable[int], *, by: User, now: datetime) -> Incident:
    """Say that these contacts tell of one incident, so that it counts once where incidents are counted."""
    contacts = db.session.scalars(
        select(Contact)
        .where(Contact.subject_id == subject.id, Contact.id.in_(set(numbers)))
        .order_by(Contact.happened_at, Contact.id)
        .with_for_update(of=Contact)
    ).all()
    if len(contacts) < 2:
        raise Refused("Tick two or more contacts that tell of the same incident", field="contacts")
    known = {contact.incident_id for contact in contacts if contact.incident_id is not None}
    if len(known) > 1:
        raise Refused("These contacts belong to two incidents already: tick those of one", field="contacts")
    if known:
        incident = db.session.get_one(Incident, known.pop())
    else:
        first = contacts[0]
        incident = Incident(
            subject_id=subject.id, kind=first.kind, happened_on=first.happened_on, created_at=now
        )
        db.session.add(incident)
    for contact in contacts:
        contact.grouped_at = contact.grouped_at or now
        contact.incident = incident
    db.session.flush()
    ids = [contact.record_id for contact in contacts]
    audit.record(Operation.COMBINATION, "incident.group", by=by, obj=incident, at=now, ids=ids)
    return incident


def import_contacts(
    rows: Sequence[ContactRow],
    *,
    agency: Agency,
    file_hash: str,
    problems: Sequence[RowProblem] = (),
    skip_bad_rows: bool = False,
    by: User | None,
    now: datetime,
) -> Imported:
    """Add the contacts an agency sends. Those it sent before are not added again.

    Raises `BadRows` where a row cannot be imported, unless bad rows are to be left out and others remain.
    """
    known = _subject_numbers({row.subject for row in rows})
    good = [row for row in rows if row.subject in known]
    unknown = [
        RowProblem(row.number, "no person or place known here has this reference or UPRN")
        for row in rows
        if row.subject not in known
    ]
    bad = sorted([*problems, *unknown])
    if bad and not (skip_bad_rows and good):
        raise BadRows(bad, len(rows) + len(problems))
    held = _held(agency, [row.source_reference for row in good])
    fresh = [row for row in good if row.source_reference not in held]
    source = _add_contacts(fresh, known, agency=agency, file_hash=file_hash, now=now) if fresh else None
    again = [(row, held[row.source_reference]) for row in good if row.source_reference in held]
    withdrawn = [kept.id for row, kept in again if row.is_withdrawn and kept.withdrawn_at is None]
    _withdraw(withdrawn, now)
    _note_months(agency, good)
    outcome = Imported(
        added=len(fresh),
        held=len(again) - len(withdrawn),
        withdrawn=len(withdrawn),
        differing=tuple(row.number for row, kept in again if not _same(row, kept, known)),
        problems=tuple(bad),
    )
    audit.record(
        Operation.COLLECTION,
        "demand.import",
        by=by,
        obj=source,
        at=now,
        agency=agency.record_id,
        file=file_hash,
        added=outcome.added,
        held=outcome.held,
        withdrawn=outcome.withdrawn,
        left_out=len(bad),
    )
    return outcome


def _add_contacts(
    rows: Sequence[ContactRow], known: dict[str, int], *, agency: Agency, file_hash: str, now: datetime
) -> DemandImport:
    source = DemandImport(agency=agency, file_hash=file_hash, added=len(rows), created_at=now)
    db.session.add(source)
    db.session.flush()
    for part in _parts(rows):
        values = [
            {
                "subject_id": known[row.subject],
                "agency_id": agency.id,
                "kind": row.kind,
                "role": row.role,
                "happened_at": row.happened_at,
                "happened_on": london(row.happened_at).date(),
                "source_reference": row.source_reference,
                "summary": row.summary,
                "is_crisis": row.is_crisis,
                "recorded_at": now,
                "import_id": source.id,
                "withdrawn_at": now if row.is_withdrawn else None,
                "withdrawn_reason": TAKEN_BACK if row.is_withdrawn else "",
            }
            for row in part
        ]
        db.session.execute(insert(Contact), values)
    return source


def _withdraw(numbers: Sequence[int], now: datetime) -> None:
    for part in _parts(numbers):
        taken_back = update(Contact).where(Contact.id.in_(part))
        db.session.execute(taken_back.values(withdrawn_at=now, withdrawn_reason=TAKEN_BACK))


def _note_months(agency: Agency, rows: Iterable[ContactRow]) -> None:
    """Remember for which months the agency has sent data, so that a gap is never shown as a nought."""
    months = {month_of(london(row.happened_at).date()) for row in rows}
    known = db.session.scalars(select(SuppliedMonth.month).where(SuppliedMonth.agency_id == agency.id))
    new = sorted(months.difference(known))
    if new:
        db.session.execute(insert(SuppliedMonth), [{"agency_id": agency.id, "month": month} for month in new])


def _subject_numbers(texts: Iterable[str]) -> dict[str, int]:
    """The key behind each reference or UPRN that names a person or place known here."""
    found: dict[str, int] = {}
    kinds = ((SubjectKind.PERSON, Person), (SubjectKind.PLACE, Place))
    for part in _parts(sorted(texts)):
        for kind, model in kinds:
            wanted = {text: number for text in part if (number := model.id_from(text))}
            ids = select(Subject.id).where(Subject.kind == kind, Subject.id.in_(wanted.values()))
            known = set(db.session.scalars(ids)) if wanted else set()
            found |= {text: number for text, number in wanted.items() if number in known}
        uprns = select(Place.uprn, Place.id).where(Place.uprn.in_(part))
        found |= {uprn: number for uprn, number in db.session.execute(uprns) if uprn}
    return found


def _held(agency: Agency, references: Sequence[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """The agency's contacts that have these references already."""
    held: dict[str, Row[*tuple[Any, ...]]] = {}
    for part in _parts(references):
        rows = db.session.execute(
            select(
                Contact.source_reference,
                Contact.id,
                Contact.subject_id,
                Contact.kind,
                Contact.role,
                Contact.happened_at,
                Contact.withdrawn_at,
            ).where(Contact.agency_id == agency.id, Contact.source_reference.in_(part))
        )
        held |= {row.source_reference: row for row in rows}
    return held


def _same(row: ContactRow, kept: Row[*tuple[Any, ...]], known: dict[str, int]) -> bool:
    told = (known[row.subject], row.kind, row.role, row.happened_at)
    return told == (kept.subject_id, kept.kind, kept.role, kept.happened_at)


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in parts small enough for one statement on either engine."""
    return (items[start : start + PART] for start in range(0, len(items), PART))
