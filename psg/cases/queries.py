"""Reads of cases, each of them through `is_visible`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.cases import policy
from psg.cases.access_models import Member
from psg.cases.models import (
    Admission,
    Case,
    Event,
    EventKind,
    Note,
    Party,
    Right,
    Stage,
    Visibility,
)
from psg.cases.policy import Door
from psg.cases.visibility import (
    conflicted,
    glass_until_of,
    is_admitted,
    is_member_of_it,
    is_visible,
    visible_to,
)
from psg.extensions import db
from psg.subjects.models import Subject, Ward
from psg.web.dates import now

Lead = aliased(User)
SORTS: Mapping[str, ColumnElement[Any]] = {
    "reference": Case.id.expression,
    "review": Case.next_review_on.expression,
    "stage": Case.stage_since.expression,
    "ward": Ward.name.expression,
}


class Restricted(Forbidden):
    """The case exists and is kept to its members: its Access page says whom to ask."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} is restricted to its members: its Access page says whom to ask.")
        self.reference = reference


def door_of(user: User, case: Case) -> Door:
    """How this person stands to the case, read in one statement and never kept."""
    row = db.session.execute(
        select(
            Case.visibility,
            Case.id.in_(conflicted(user)).label("is_conflicted"),
            Member.status,
            Member.until,
            glass_until_of(user).label("glass_until"),
        )
        .join(Member, and_(Member.case_id == Case.id, Member.user_id == user.id), isouter=True)
        .where(Case.id == case.id)
    ).one()
    return Door(row.visibility, bool(row.is_conflicted), row.status, row.until, row.glass_until)


def may(user: User, permission: Permission, case: Case, moment: datetime) -> bool:
    """Whether this person may do this with the case at that moment."""
    return policy.allow(user, permission, door_of(user, case), None, moment)


def may_work(user: User, case: Case, moment: datetime) -> bool:
    """Whether this person may add to the case: an active member, while it is open."""
    return case.is_open and may(user, Permission.WORK_CASES, case, moment)


def case_for(user: User, reference: str) -> Case:
    """The case behind a reference, to read.

    Raises `NotFound` alike where there is none and where it may not be known, `Restricted` where the
    person is shown its pointer only.
    """
    case = case_to_read(user, reference)
    if case is not None:
        return case
    pointer = case_at_the_door(user, reference)
    if pointer is None:
        raise NotFound
    audit.refused("case.turned_away", by=user, case=pointer, obj=pointer)
    raise Restricted(pointer.reference)


def case_to_read(user: User, reference: str) -> Case | None:
    """The case where this person may read it, and by what right they do."""
    row = db.session.execute(
        _by_reference(is_visible(user), reference).add_columns(
            is_member_of_it(user).label("is_member"), glass_until_of(user).label("glass_until")
        )
    ).one_or_none()
    if row is None:
        return None
    case: Case = row.Case
    case.admission = _admission(user, case, is_member=row.is_member, glass_until=row.glass_until)
    return case


def case_at_the_door(user: User, reference: str) -> Case | None:
    """The case, where this person may know that it exists: to ask, to declare a conflict, to break the glass."""
    is_known = and_(Case.visibility != Visibility.SEALED, Case.id.not_in(conflicted(user)))
    case = _held(is_known, reference) or _held(is_visible(user), reference)
    if case is None or not may(user, Permission.SEE_POINTER, case, now()):
        return None
    return case


def case_to_change(user: User, reference: str, permission: Permission = Permission.WORK_CASES) -> Case:
    """The case, for a page that changes it: `Forbidden` where this person reads it without working in it."""
    case = case_for(user, reference)
    if not may(user, permission, case, now()):
        raise Forbidden(
            "You can read this case, but only its members change it: ask to join on its Access page."
        )
    return case


def case_to_work(user: User, reference: str) -> Case:
    """The same for an open case. A closed one is read, or reopened first."""
    case = case_to_change(user, reference)
    if not case.is_open:
        raise Forbidden("This case is closed: it can be read, and reopened by the chair or coordinator.")
    return case


def _held(condition: ColumnElement[bool], reference: str) -> Case | None:
    return db.session.scalars(_by_reference(condition, reference)).one_or_none()


def _by_reference(condition: ColumnElement[bool], reference: str) -> Select[Case]:
    return (
        select(Case)
        .where(condition, Case.id == Case.id_from(reference))
        .options(
            joinedload(Case.subject, innerjoin=True),
            joinedload(Case.ward),
            joinedload(Case.lead, innerjoin=True),
            joinedload(Case.lead_agency, innerjoin=True),
            selectinload(Case.aims),
        )
    )


def _admission(user: User, case: Case, *, is_member: bool, glass_until: datetime | None) -> Admission:
    if is_member:
        return Admission(Right.MEMBER)
    if case.visibility is Visibility.PARTNERSHIP and not user.agency.is_oversight:
        return Admission(Right.PARTNERSHIP)
    return Admission(Right.GLASS, glass_until)


def parties_of(case: Case) -> Sequence[Party]:
    return db.session.scalars(
        select(Party)
        .join(Party.subject)
        .options(contains_eager(Party.subject))
        .where(Party.case_id == case.id)
        .order_by(Party.id)
    ).all()


def party_of(case: Case, number: int) -> Party:
    party = db.session.scalars(
        select(Party).options(joinedload(Party.subject)).where(Party.case_id == case.id, Party.id == number)
    ).one_or_none()
    if party is None:
        raise NotFound
    return party


def note_of(user: User, case: Case, number: int) -> Note:
    """A note of a case this person has opened; `NotFound` where it is for other agencies."""
    note = db.session.scalars(
        select(Note).where(Note.case_id == case.id, Note.id == number, is_admitted(user))
    ).one_or_none()
    if note is None:
        raise NotFound
    return note


def open_cases_about(user: User, subject: Subject) -> Sequence[Case]:
    """Open cases whose main subject this is: a duplicate joins one of them."""
    return db.session.scalars(
        visible_to(user).where(Case.subject_id == subject.id, Case.closed_at.is_(None)).order_by(Case.id)
    ).all()


def case_rows(
    user: User,
    *,
    state: str = "open",
    stage: Stage | None = None,
    lead: User | None = None,
    agency_id: int | None = None,
    ward_id: int | None = None,
    sort: str = "reference",
    descending: bool = True,
) -> Select[*tuple[Any, ...]]:
    """Cases as rows for a list: one statement, however many there are."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.audit_id,
            Case.summary,
            Case.stage,
            Case.stage_since,
            Case.headline_band,
            Case.next_review_on,
            Case.closed_at,
            Subject.name.label("subject"),
            Ward.name.label("ward"),
            Agency.name.label("agency"),
            Lead.name.label("lead"),
        )
        .join(Subject, Subject.id == Case.subject_id)
        .join(Lead, Lead.id == Case.lead_id)
        .join(Agency, Agency.id == Case.lead_agency_id)
        .join(Ward, Ward.id == Case.ward_id, isouter=True)
        .where(is_visible(user))
    )
    if state != "all":
        statement = statement.where(
            Case.closed_at.is_(None) if state == "open" else Case.closed_at.is_not(None)
        )
    if stage is not None:
        statement = statement.where(Case.stage == stage)
    if lead is not None:
        statement = statement.where(Case.lead_id == lead.id)
    if agency_id is not None:
        statement = statement.where(Case.lead_agency_id == agency_id)
    if ward_id is not None:
        statement = statement.where(Case.ward_id == ward_id)
    key = SORTS.get(sort, SORTS["reference"])
    order = key.desc() if descending else key.asc()
    return statement.order_by(order.nulls_last(), Case.id.desc() if descending else Case.id)


def events_of(
    user: User,
    case: Case,
    *,
    milestones_only: bool = False,
    kind: EventKind | None = None,
    since: datetime | None = None,
) -> Select[*tuple[Any, ...]]:
    """The chronology, newest first; when it happened, when it was recorded, and the text of a note."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Event.id,
            Event.kind,
            Event.title,
            Event.happened_at,
            Event.recorded_at,
            Event.is_milestone,
            Event.note_id,
            Note.body,
            Note.created_at.label("note_created_at"),
            Note.author_id,
            Note.corrects_id,
            Note.audience,
            User.name.label("actor"),
            Agency.name.label("agency"),
        )
        .join(User, User.id == Event.actor_id)
        .join(Agency, Agency.id == User.agency_id)
        .join(Note, Note.id == Event.note_id, isouter=True)
        .where(Event.case_id == case.id, is_admitted(user))
        .order_by(Event.happened_at.desc(), Event.id.desc())
    )
    if milestones_only:
        statement = statement.where(Event.is_milestone)
    if kind is not None:
        statement = statement.where(Event.kind == kind)
    if since is not None:
        statement = statement.where(Event.recorded_at >= since)
    return statement


def latest_events(user: User, case: Case, count: int = 3) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(events_of(user, case).limit(count)).all()
