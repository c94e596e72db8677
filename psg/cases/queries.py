"""Reads of cases, each of them through `is_visible`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission, permits
from psg.cases import policy
from psg.cases.models import Case, Event, EventKind, Note, Party, Stage
from psg.extensions import db
from psg.subjects.models import Subject, Ward
from psg.web.dates import today

Lead = aliased(User)
SORTS: Mapping[str, ColumnElement[Any]] = {
    "reference": Case.id.expression,
    "review": Case.next_review_on.expression,
    "stage": Case.stage_since.expression,
    "ward": Ward.name.expression,
}


def is_visible(user: User) -> ColumnElement[bool]:
    """The access rule as SQL: `policy.allow(user, READ_CASES, case, today)` for each row of `psg_case`."""
    may_read = permits(user, Permission.READ_CASES, today()) and not user.agency.is_oversight
    return true() if may_read else false()


def visible_to(user: User) -> Select[Case]:
    return select(Case).where(is_visible(user))


def case_for(user: User, reference: str) -> Case:
    """The case behind a reference; `NotFound` alike where there is none and where it may not be seen."""
    number = Case.id_from(reference)
    case = db.session.scalars(
        visible_to(user)
        .where(Case.id == number)
        .options(
            joinedload(Case.subject, innerjoin=True),
            joinedload(Case.ward),
            joinedload(Case.lead, innerjoin=True),
            joinedload(Case.lead_agency, innerjoin=True),
            selectinload(Case.aims),
        )
    ).one_or_none()
    if case is None:
        raise NotFound
    return case


def case_to_work(user: User, reference: str) -> Case:
    """The case, for a page that changes it. A closed one is read, or reopened first."""
    case = case_for(user, reference)
    if not policy.may_work(user, case, today()):
        raise Forbidden("This case is closed: it can be read, and reopened by the chair or coordinator.")
    return case


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


def note_of(case: Case, number: int) -> Note:
    note = db.session.scalars(select(Note).where(Note.case_id == case.id, Note.id == number)).one_or_none()
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
    case: Case, *, milestones_only: bool = False, kind: EventKind | None = None, since: datetime | None = None
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
            User.name.label("actor"),
            Agency.name.label("agency"),
        )
        .join(User, User.id == Event.actor_id)
        .join(Agency, Agency.id == User.agency_id)
        .join(Note, Note.id == Event.note_id, isouter=True)
        .where(Event.case_id == case.id)
        .order_by(Event.happened_at.desc(), Event.id.desc())
    )
    if milestones_only:
        statement = statement.where(Event.is_milestone)
    if kind is not None:
        statement = statement.where(Event.kind == kind)
    if since is not None:
        statement = statement.where(Event.recorded_at >= since)
    return statement


def latest_events(case: Case, count: int = 3) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(events_of(case).limit(count)).all()
