"""Reads of demand. Each is one statement, whatever the number of contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select

from psg.accounts.models import Agency, User
from psg.cases.models import Case, Party, PartyRole, Stage
from psg.cases.queries import is_visible, subject_is_visible
from psg.demand.counting import (
    MONTHS_SHOWN,
    TREND_DAYS,
    WEEKS_SHOWN,
    WINDOWS,
    AgencyCounts,
    Demand,
    Trend,
    by_week,
    month_of,
    months_until,
    trend_of,
    window_start,
)
from psg.demand.models import NOT_COUNTED, Contact, ContactRole, SuppliedMonth
from psg.extensions import db
from psg.subjects.models import Subject, SubjectKind, Ward
from psg.web.errors import NotFound

Rows: TypeAlias = Select[*tuple[Any, ...]]
MOST_CASES = 100
LARGEST_NUMBER = 2**31 - 1
SORTS = ("28", "90", "365", "name", "last")
COUNTED_ROLES = frozenset(ContactRole) - NOT_COUNTED


@dataclass(frozen=True)
class CaseOfSubject:
    """A case this person may see, and what the subject is in it."""

    reference: str
    record_id: str
    summary: str
    stage: Stage
    roles: tuple[PartyRole, ...]
    agency: str
    closed_at: datetime | None


def is_counted() -> ColumnElement[bool]:
    """Left out: contacts as victim or witness, and what an agency has taken back."""
    return and_(Contact.role.not_in(NOT_COUNTED), Contact.withdrawn_at.is_(None))


def ranked(
    user: User,
    kind: SubjectKind,
    *,
    as_at: date,
    ward_id: int | None = None,
    sort: str = "28",
    descending: bool = True,
) -> Rows:
    """Every person or place with its contacts in 28, 90 and 365 days, as rows for a list."""
    counts = [_number_in(is_counted(), as_at, days).label(f"in_{days}") for days in WINDOWS]
    numbers = (
        select(
            Contact.subject_id,
            *counts,
            func.max(Contact.happened_on).label("last_on"),
        )
        .where(is_counted(), Contact.happened_on.between(window_start(as_at, max(WINDOWS)), as_at))
        .group_by(Contact.subject_id)
        .subquery()
    )
    columns = [func.coalesce(numbers.c[f"in_{days}"], 0).label(f"in_{days}") for days in WINDOWS]
    keys = dict(zip(SORTS, [*columns, Subject.name, numbers.c.last_on], strict=True))
    order = keys[sort].desc() if descending else keys[sort].asc()
    statement = (
        select(
            Subject.id, Subject.audit_id, Subject.name, Ward.name.label("ward"), numbers.c.last_on, *columns
        )
        .join(Ward, Ward.id == Subject.ward_id, isouter=True)
        .join(numbers, numbers.c.subject_id == Subject.id, isouter=True)
        .where(Subject.kind == kind, subject_is_visible(user))
        .order_by(order.nulls_last(), Subject.id)
    )
    return statement if ward_id is None else statement.where(Subject.ward_id == ward_id)


def demand_of(subject: Subject, *, as_at: date) -> Demand:
    """The contacts of a subject by agency, week and month, and the trend of its incidents."""
    months = months_until(as_at, MONTHS_SHOWN)
    start = min(months[-1], window_start(as_at, WEEKS_SHOWN * 7))
    days = _days(subject, start, as_at)
    monthly: dict[tuple[str, date], int] = {}
    for agency, day, number in days:
        monthly[agency, month_of(day)] = monthly.get((agency, month_of(day)), 0) + number
    incidents = incident_days(subject, as_at=as_at, days=max(WINDOWS))
    return Demand(
        as_at=as_at,
        agencies=_by_agency(subject, as_at),
        weeks=by_week(((day, number) for _, day, number in days), as_at),
        months=months,
        trend=trend_of(incidents, as_at),
        incidents=tuple(sum(day >= window_start(as_at, days) for day in incidents) for days in WINDOWS),
        monthly={key: number for key, number in monthly.items() if key[1] in months},
        supplied=_supplied(months[-1]),
    )


def trend(subject: Subject, *, as_at: date, roles: frozenset[ContactRole] = COUNTED_ROLES) -> Trend | None:
    """The trend of incidents, each counted once however many agencies heard of it."""
    return trend_of(incident_days(subject, as_at=as_at, days=2 * TREND_DAYS, roles=roles), as_at)


def incident_days(
    subject: Subject, *, as_at: date, days: int, roles: frozenset[ContactRole] = COUNTED_ROLES
) -> list[date]:
    """The day of each incident in the window, oldest first. A contact no one has grouped is an incident of its own."""
    rows = db.session.execute(
        select(Contact.id, Contact.incident_id, Contact.happened_on)
        .where(
            Contact.subject_id == subject.id,
            Contact.happened_on.between(window_start(as_at, days), as_at),
            Contact.role.in_(roles),
            Contact.withdrawn_at.is_(None),
        )
        .order_by(Contact.happened_on, Contact.id)
    )
    first: dict[tuple[str, int], date] = {}
    for number, incident, day in rows:
        first.setdefault(("incident", incident) if incident else ("contact", number), day)
    return list(first.values())


def contacts_of(subject: Subject) -> Rows:
    """All contacts of a subject, newest first, the withdrawn and the uncounted among them."""
    return (
        select(
            Contact.id,
            Contact.audit_id,
            Contact.kind,
            Contact.role,
            Contact.happened_at,
            Contact.recorded_at,
            Contact.source_reference,
            Contact.summary,
            Contact.is_crisis,
            Contact.withdrawn_at,
            Contact.withdrawn_reason,
            Contact.incident_id,
            Contact.agency_id,
            Agency.name.label("agency"),
        )
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Contact.subject_id == subject.id)
        .order_by(Contact.happened_at.desc(), Contact.id.desc())
    )


def latest_contacts(subject: Subject, count: int = 8) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(contacts_of(subject).limit(count)).all()


def contact_of(subject: Subject, number: int) -> Contact:
    statement = select(Contact).where(Contact.subject_id == subject.id, Contact.id == number)
    contact = db.session.scalars(statement).one_or_none() if number <= LARGEST_NUMBER else None
    if contact is None:
        raise NotFound
    return contact


def alike(rows: Sequence[Row[*tuple[Any, ...]]]) -> frozenset[int]:
    """Contacts that may tell of one incident: the same kind, two agencies, within 24 hours. A person decides."""
    return frozenset(
        number
        for later in rows
        for earlier in rows
        if earlier.agency_id != later.agency_id
        and earlier.kind is later.kind
        and earlier.incident_id is None
        and later.incident_id is None
        and timedelta(0) <= later.happened_at - earlier.happened_at <= timedelta(hours=24)
        for number in (earlier.id, later.id)
    )


def cases_of(subject: Subject, user: User) -> list[CaseOfSubject]:
    """The cases in which the subject has a part, of those this person may see; open ones first."""
    rows = db.session.execute(
        select(Case.id, Case.audit_id, Case.summary, Case.stage, Case.closed_at, Party.role, Agency.name)
        .join(Party, Party.case_id == Case.id)
        .join(Agency, Agency.id == Case.lead_agency_id)
        .where(Party.subject_id == subject.id, is_visible(user))
        .order_by(Case.closed_at.is_not(None), Case.id.desc(), Party.id)
        .limit(MOST_CASES)
    )
    found: dict[int, CaseOfSubject] = {}
    for number, audit_id, summary, stage, closed_at, role, agency in rows:
        earlier = found[number].roles if number in found else ()
        found[number] = CaseOfSubject(
            reference=Case.reference_for(number),
            record_id=f"{Case.record_kind}_{audit_id}",
            summary=summary,
            stage=stage,
            roles=(*earlier, role),
            agency=agency,
            closed_at=closed_at,
        )
    return list(found.values())


def _by_agency(subject: Subject, as_at: date) -> list[AgencyCounts]:
    stands = Contact.withdrawn_at.is_(None)
    kinds = (is_counted(), and_(is_counted(), Contact.is_crisis), and_(stands, Contact.role.in_(NOT_COUNTED)))
    rows = db.session.execute(
        select(Agency.name, *(_number_in(kind, as_at, days) for kind in kinds for days in WINDOWS))
        .join(Contact, Contact.agency_id == Agency.id)
        .where(
            Contact.subject_id == subject.id,
            Contact.happened_on.between(window_start(as_at, max(WINDOWS)), as_at),
            stands,
        )
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name, Agency.id)
    )
    size = len(WINDOWS)
    return [
        AgencyCounts(
            agency=name,
            counted=tuple(numbers[:size]),
            crisis=tuple(numbers[size : 2 * size]),
            aside=tuple(numbers[2 * size :]),
        )
        for name, *numbers in rows
    ]


def _number_in(condition: ColumnElement[bool], as_at: date, days: int) -> ColumnElement[int]:
    return func.sum(case((and_(condition, Contact.happened_on >= window_start(as_at, days)), 1), else_=0))


def _days(subject: Subject, start: date, as_at: date) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(
        select(Agency.name, Contact.happened_on, func.count())
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Contact.subject_id == subject.id, is_counted(), Contact.happened_on.between(start, as_at))
        .group_by(Agency.name, Contact.happened_on)
    ).all()


def _supplied(since: date) -> frozenset[tuple[str, date]]:
    rows = db.session.execute(
        select(Agency.name, SuppliedMonth.month)
        .join(Agency, Agency.id == SuppliedMonth.agency_id)
        .where(SuppliedMonth.month >= since)
    )
    return frozenset((name, month) for name, month in rows)
