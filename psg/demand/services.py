"""Recording contacts, one by hand or a file at a time; grouping them as one incident; taking one back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.imports.checking import held_contacts
from psg.demand.imports.importing import BadRows, Imported, import_contacts
from psg.demand.models import Contact, ContactKind, ContactRole, Incident
from psg.extensions import db, hold
from psg.subjects.models import Subject
from psg.web.dates import london

__all__ = [
    "BadRows",
    "Imported",
    "group_contacts",
    "import_contacts",
    "record_contact",
    "withdraw_contact",
]


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
    if source_reference and held_contacts(by.agency_id, [source_reference]):
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
