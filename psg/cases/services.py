"""What people do with a case. Each service flushes and queues its entry in the record; none commits."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm.attributes import flag_modified

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import policy
from psg.cases.membership import begin_membership, end_memberships, take_part
from psg.cases.models import (
    Aim,
    AudienceKind,
    Band,
    Case,
    CaseAim,
    Event,
    EventKind,
    Note,
    NoteReader,
    Party,
    PartyRole,
    Priority,
    Stage,
)
from psg.cases.queries import door_of
from psg.extensions import db
from psg.subjects.models import Subject, Ward
from psg.web.dates import day


def open_case(
    subject: Subject,
    *,
    role: PartyRole,
    summary: str,
    priority: Priority,
    aims: Iterable[Aim],
    lead: User,
    ward: Ward | None = None,
    members: Iterable[User] = (),
    by: User,
    now: datetime,
) -> Case:
    """Open a case about a person or place, at Objective, led by an officer for their agency.

    `members` work in it from the start, beside its lead, who opens it and the coordinators.
    """
    _check_role(subject, role)
    case = Case(
        subject=subject,
        ward=ward or subject.ward,
        summary=summary,
        priority=priority,
        stage=Stage.OBJECTIVE,
        stage_since=now,
        lead=lead,
        lead_agency=lead.agency,
        opened_by_id=by.id,
        created_at=now,
        aims=[CaseAim(aim=aim) for aim in dict.fromkeys(aims)],
        parties=[Party(subject=subject, role=role, created_at=now)],
    )
    db.session.add(case)
    db.session.flush()
    working = begin_membership(case, members, by=by, now=now)
    add_event(case, kind=EventKind.CASE, title="Case opened at Objective", by=by, now=now, milestone=True)
    audit.record(
        Operation.COLLECTION,
        "case.open",
        by=by,
        case=case,
        obj=case,
        at=now,
        subject=subject.record_id,
        members=[member.user.record_id for member in working],
    )
    return case


def edit_case(
    case: Case,
    *,
    summary: str,
    priority: Priority,
    aims: Iterable[Aim],
    ward: Ward | None,
    by: User,
    now: datetime,
) -> None:
    """Change what the case says of itself."""
    wanted = dict.fromkeys(aims)
    before = _described(case)
    case.summary, case.priority, case.ward = summary, priority, ward
    case.aims = [aim for aim in case.aims if aim.aim in wanted]
    held = {aim.aim for aim in case.aims}
    case.aims.extend(CaseAim(aim=aim) for aim in wanted if aim not in held)
    flag_modified(case, "summary")  # a change of the aims alone still makes a new version
    db.session.flush()
    changed = audit.changes(before, _described(case))
    add_event(case, kind=EventKind.CASE, title="Case details changed", by=by, now=now)
    audit.record(Operation.ALTERATION, "case.edit", by=by, case=case, obj=case, at=now, **changed)


def reassign_case(case: Case, *, to: User, reason: str, by: User, now: datetime) -> None:
    """Hand the case to another lead officer, and so to that officer's agency.

    Whoever leads decides who belongs to the case: so only those who decide that hand it on.
    """
    if not policy.may_add(by, to, case, door_of(by, case), now):
        raise Refused(
            "The case’s lead or a coordinator in it passes the lead on, an agency lead to their own people",
            field="lead",
        )
    if to.id == case.lead_id:
        raise Refused(f"{to.name} already leads this case: choose another officer", field="lead")
    case.lead, case.lead_agency = to, to.agency
    take_part(case, to, by=by, now=now)
    db.session.flush()
    title = f"Lead passed to {to.name}, {to.agency.name}: {reason}"
    add_event(case, kind=EventKind.CASE, title=title[:300], by=by, now=now, milestone=True)
    audit.record(Operation.ALTERATION, "case.reassign", by=by, case=case, obj=case, at=now, lead=to.record_id)


def add_party(case: Case, subject: Subject, *, role: PartyRole, by: User, now: datetime) -> Party:
    """Give a person or place a role in this case. The role belongs to the link, never to the person."""
    _check_role(subject, role)
    if any(party.subject_id == subject.id and party.role is role for party in case.parties):
        raise Refused(
            f"{subject.reference} already has that role in this case: choose another role", field="role"
        )
    party = Party(case=case, subject=subject, role=role, created_at=now)
    db.session.add(party)
    db.session.flush()
    title = f"{subject.reference} added as {role.label.lower()}"
    add_event(case, kind=EventKind.CASE, title=title, by=by, now=now)
    audit.record(
        Operation.COMBINATION,
        "party.add",
        by=by,
        case=case,
        obj=party,
        at=now,
        subject=subject.record_id,
        role=role.value,
    )
    return party


def add_note(
    case: Case,
    *,
    body: str,
    happened_at: datetime,
    by: User,
    now: datetime,
    corrects: Note | None = None,
    audience: AudienceKind = AudienceKind.CASE,
    readers: Iterable[Agency] = (),
) -> Note:
    """Add to the chronology what was seen, said or done. A correction leaves the original readable.

    `readers` are the agencies that may read it beside the recording one, where it names some. A
    correction has the audience of what it corrects.
    """
    if happened_at > now:
        raise Refused("The day it happened cannot be in the future", field="happened_on")
    note = Note(
        case_id=case.id,
        author=by,
        agency=by.agency,
        happened_at=happened_at,
        body=body,
        created_at=now,
        corrects_id=corrects.id if corrects else None,
        audience=corrects.audience if corrects else audience,
        readers=[NoteReader(agency_id=number) for number in _readers(corrects, audience, readers)],
    )
    db.session.add(note)
    db.session.flush()
    title = f"Correction of the note of {day(corrects.happened_at)}" if corrects else "Note"
    add_event(case, kind=EventKind.NOTE, title=title, by=by, now=now, happened_at=happened_at, note=note)
    audit.record(
        Operation.COLLECTION, "note.add", by=by, case=case, obj=note, at=now, fields=["body", "happened_at"]
    )
    return note


def mend_note(note: Note, case: Case, *, body: str, by: User, now: datetime) -> None:
    """Mend a slip within 15 minutes of writing."""
    if not policy.may_mend(by, note, now):
        raise Refused(
            "A note may be mended by its author for 15 minutes. Add a correction instead", field="body"
        )
    note.body = body
    db.session.flush()
    audit.record(Operation.ALTERATION, "note.mend", by=by, case=case, obj=note, at=now, fields=["body"])


def set_headline(case: Case, *, band: Band | None, next_review_on: date | None) -> None:
    """Keep the highest band and the earliest review, as `scoring` finds them, where lists can sort by them."""
    case.headline_band, case.next_review_on = band, next_review_on
    db.session.flush()


def close_case(case: Case, *, code: str, reason: str, by: User, now: datetime) -> None:
    """Close the case. Whether it may be closed is the gate's question (`osara`)."""
    case.closed_at, case.closure_code, case.closure_reason = now, code, reason
    case.next_review_on = None
    end_memberships(case, now=now)
    add_event(case, kind=EventKind.CASE, title="Case closed", by=by, now=now, milestone=True)
    audit.record(Operation.ALTERATION, "case.close", by=by, case=case, obj=case, at=now, code=code)


def reopen_case(case: Case, *, reason: str, by: User, now: datetime) -> None:
    """Open a closed case again; its history stays."""
    case.closed_at, case.closure_code, case.closure_reason = None, "", ""
    case.stage_since = now
    db.session.flush()
    title = f"Case reopened: {reason}"
    add_event(case, kind=EventKind.CASE, title=title[:300], by=by, now=now, milestone=True)
    audit.record(Operation.ALTERATION, "case.reopen", by=by, case=case, obj=case, at=now)


def add_event(
    case: Case,
    *,
    kind: EventKind,
    title: str,
    by: User,
    now: datetime,
    happened_at: datetime | None = None,
    milestone: bool = False,
    note: Note | None = None,
) -> Event:
    """A line of the chronology. Every service that does something to a case adds its own.

    A line holds 300 characters; the whole text stands with what the line is about.
    """
    line = " ".join(title.split())
    event = Event(
        case_id=case.id,
        kind=kind,
        title=line if len(line) <= 300 else f"{line[:299]}…",
        happened_at=happened_at or now,
        recorded_at=now,
        is_milestone=milestone,
        note_id=note.id if note else None,
        actor_id=by.id,
    )
    db.session.add(event)
    db.session.flush()
    return event


def _readers(corrects: Note | None, audience: AudienceKind, readers: Iterable[Agency]) -> list[int]:
    """A correction never widens: it goes to whom the original went, by the agency that recorded that one too."""
    if corrects is not None:
        return (
            [*{reader.agency_id for reader in corrects.readers} | {corrects.agency_id}]
            if (corrects.audience is not AudienceKind.CASE)
            else []
        )
    return sorted({agency.id for agency in readers}) if audience is AudienceKind.AGENCIES else []


def _check_role(subject: Subject, role: PartyRole) -> None:
    if subject.is_person == (role is PartyRole.PLACE):
        raise Refused("A place has the role of place, a person one of the others: choose again", field="role")


def _described(case: Case) -> dict[str, object]:
    return {
        "summary": case.summary,
        "priority": case.priority.value,
        "ward": case.ward_id,
        "aims": sorted(aim.aim.value for aim in case.aims),
    }
