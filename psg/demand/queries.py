"""Reads of demand. Each is one statement, whatever the number of contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from psg.accounts.models import Agency, User
from psg.cases.models import Case, Party, PartyRole, Stage
from psg.cases.visibility import is_visible
from psg.demand.conditions import (
    COUNTED_ROLES,
    When,
    is_counted,
    is_in_window,
    is_left_out,
    number_in,
    stands,
)
from psg.demand.counting import (
    MONTHS_SHOWN,
    TREND_DAYS,
    WEEKS_SHOWN,
    WINDOWS,
    AgencyCounts,
    Demand,
    Trend,
    month_of,
    months_until,
    recent_and_before,
    trend_of,
    window_start,
)
from psg.demand.models import NOT_COUNTED, Contact, ContactRole, SuppliedMonth
from psg.extensions import db
from psg.subjects.models import Subject
from psg.web.errors import NotFound

Rows: TypeAlias = Select[*tuple[Any, ...]]
MOST_CASES = 100
LARGEST_NUMBER = 2**31 - 1


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


def demand_of(subject: Subject, when: When) -> Demand:
    """The contacts of a subject by agency, week and month, and the trend of its incidents."""
    months = months_until(when.as_at, MONTHS_SHOWN)
    start = min(months[-1], window_start(when.as_at, WEEKS_SHOWN * 7))
    incidents = _days_of_incidents(subject, when, max(WINDOWS), is_counted(when))
    return Demand(
        as_at=when.as_at,
        agencies=_by_agency(subject, when),
        daily=_days(subject, start, when),
        months=months,
        trend=trend_of(incidents, when.as_at),
        recent=recent_and_before(incidents, when.as_at),
        incidents=tuple(sum(day >= window_start(when.as_at, days) for day in incidents) for days in WINDOWS),
        supplied=_supplied(month_of(start)),
    )


def trend(subject: Subject, *, as_at: date, roles: frozenset[ContactRole] = COUNTED_ROLES) -> Trend | None:
    """The trend of incidents, each counted once however many agencies heard of it."""
    return trend_of(incident_days(subject, as_at=as_at, days=2 * TREND_DAYS, roles=roles), as_at)


def incident_days(
    subject: Subject,
    *,
    as_at: date,
    days: int,
    roles: frozenset[ContactRole] = COUNTED_ROLES,
    with_crisis: bool = True,
) -> list[date]:
    """The day of each incident in the window, oldest first, for what is judged by what happened.

    Here an incident stays one although its contacts are left out of the counts: that is about whose
    demand they are, not about whether they happened. What was a crisis of health says nothing of risk.
    """
    when = When(as_at)
    condition = and_(stands(when), Contact.role.in_(sorted(roles)))
    return _days_of_incidents(
        subject, when, days, condition if with_crisis else and_(condition, ~Contact.is_crisis)
    )


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
            Contact.excluded_reason,
            Contact.agency_id,
            Agency.name.label("agency"),
        )
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Contact.subject_id == subject.id)
        # the day goes first, though the time says it: the index of a subject's days is then read in order
        .order_by(Contact.happened_on.desc(), Contact.happened_at.desc(), Contact.id.desc())
    )


def latest_contacts(subject: Subject, count: int = 8) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(contacts_of(subject).limit(count)).all()


def contact_of(subject: Subject, number: int) -> Contact:
    statement = select(Contact).where(Contact.subject_id == subject.id, Contact.id == number)
    contact = db.session.scalars(statement).one_or_none() if number <= LARGEST_NUMBER else None
    if contact is None:
        raise NotFound
    return contact


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


def _days_of_incidents(subject: Subject, when: When, days: int, condition: ColumnElement[bool]) -> list[date]:
    """A contact that no one has grouped is an incident of its own; as known on a day, as grouped by then."""
    rows = db.session.execute(
        select(Contact.id, Contact.incident_id, Contact.grouped_at, Contact.happened_on)
        .where(Contact.subject_id == subject.id, is_in_window(when, days), condition)
        .order_by(Contact.happened_on, Contact.id)
    )
    first: dict[tuple[str, int], date] = {}
    for number, incident, grouped_at, day in rows:
        is_grouped = grouped_at is not None and (when.cutoff is None or grouped_at < when.cutoff)
        key = ("incident", incident) if incident and is_grouped else ("contact", number)
        first.setdefault(key, day)
    return list(first.values())


def _by_agency(subject: Subject, when: When) -> list[AgencyCounts]:
    counted, stands_aside = is_counted(when), and_(~is_left_out(when), Contact.role.in_(sorted(NOT_COUNTED)))
    kinds = (counted, and_(counted, Contact.is_crisis), stands_aside, is_left_out(when))
    rows = db.session.execute(
        select(Agency.name, *(number_in(kind, when, days) for kind in kinds for days in WINDOWS))
        .join(Contact, Contact.agency_id == Agency.id)
        .where(Contact.subject_id == subject.id, is_in_window(when, max(WINDOWS)), stands(when))
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name, Agency.id)
    )
    size = len(WINDOWS)
    return [
        AgencyCounts(
            name, *(tuple(numbers[size * place : size * (place + 1)]) for place in range(len(kinds)))
        )
        for name, *numbers in rows
    ]


def _days(subject: Subject, start: date, when: When) -> list[tuple[str, date, int]]:
    rows = db.session.execute(
        select(Agency.name, Contact.happened_on, func.count())
        .join(Agency, Agency.id == Contact.agency_id)
        .where(
            Contact.subject_id == subject.id,
            is_counted(when),
            Contact.happened_on.between(start, when.as_at),
        )
        .group_by(Agency.name, Contact.happened_on)
    )
    return [(agency, day, number) for agency, day, number in rows]


def _supplied(since: date) -> frozenset[tuple[str, date]]:
    rows = db.session.execute(
        select(Agency.name, SuppliedMonth.month)
        .join(Agency, Agency.id == SuppliedMonth.agency_id)
        .where(SuppliedMonth.month >= since)
    )
    return frozenset((name, month) for name, month in rows)
