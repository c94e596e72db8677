"""Reads of meetings. A case that the viewer may not see never appears, whatever meeting it is on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload
from werkzeug.exceptions import NotFound

from psg.accounts.models import Agency, User
from psg.actions.models import Action
from psg.cases.models import Case
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.meetings.models import AgendaItem, Attendance, Captured, Meeting, MeetingStatus
from psg.subjects.models import Subject, Ward
from psg.web.dates import start_of

Rows = Select[*tuple[Any, ...]]


def meeting_rows(user: User, *, ahead: bool, day: date) -> Rows:
    """Meetings still to come or under way, the next first; or those that are over, the latest first.

    Each with how many cases of its running order this person may see.
    """
    items = (
        select(
            AgendaItem.meeting_id,
            func.count().label("cases"),
            func.count(AgendaItem.outcome).label("settled"),
        )
        .join(Case, Case.id == AgendaItem.case_id)
        .where(is_visible(user))
        .group_by(AgendaItem.meeting_id)
        .subquery()
    )
    is_over = (Meeting.status == MeetingStatus.CLOSED) | and_(
        Meeting.status == MeetingStatus.PLANNED, Meeting.held_on < day
    )
    statement = (
        select(
            Meeting.id,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Meeting.status,
            User.name.label("chair"),
            func.coalesce(items.c.cases, 0).label("cases"),
            func.coalesce(items.c.settled, 0).label("settled"),
        )
        .join(User, User.id == Meeting.chair_id)
        .join(items, items.c.meeting_id == Meeting.id, isouter=True)
    )
    if ahead:
        return statement.where(~is_over).order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
    return statement.where(is_over).order_by(
        Meeting.held_on.desc(), Meeting.starts_at.desc(), Meeting.id.desc()
    )


def next_meeting(day: date) -> Meeting | None:
    """The meeting under way, or the next that is planned."""
    return db.session.scalars(
        select(Meeting)
        .where(
            (Meeting.status == MeetingStatus.OPEN)
            | and_(Meeting.status == MeetingStatus.PLANNED, Meeting.held_on >= day)
        )
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
        .limit(1)
    ).one_or_none()


def meeting_for(reference: str) -> Meeting:
    """The meeting by its reference, `M-0012`, or by its bare number."""
    number = Meeting.id_from(reference if not reference.isdigit() else f"M-{reference}")
    meeting = db.session.scalars(
        select(Meeting).where(Meeting.id == number).options(joinedload(Meeting.chair, innerjoin=True))
    ).one_or_none()
    if meeting is None:
        raise NotFound
    return meeting


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The meeting that was held before this one: what has happened since is what it must hear."""
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.status != MeetingStatus.PLANNED,
            Meeting.id != meeting.id,
            (Meeting.held_on < meeting.held_on)
            | and_(Meeting.held_on == meeting.held_on, Meeting.starts_at < meeting.starts_at),
        )
        .order_by(Meeting.held_on.desc(), Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    ).one_or_none()


def meeting_after(meeting: Meeting) -> Meeting | None:
    """The next meeting that is planned after this one."""
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.status == MeetingStatus.PLANNED, Meeting.held_on > meeting.held_on)
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
        .limit(1)
    ).one_or_none()


def heard_until(meeting: Meeting | None) -> datetime | None:
    """Up to when a meeting has heard of its cases."""
    if meeting is None:
        return None
    return meeting.closed_at or meeting.opened_at or start_of(meeting.held_on)


def agenda_rows(user: User, meeting: Meeting) -> Sequence[Row[*tuple[Any, ...]]]:
    """The running order with what a list of it shows, in one statement.

    Numbered by what this person sees of it, so that no gap tells of a case that is hidden from them.
    """
    captured = (
        select(func.count())
        .where(Captured.item_id == AgendaItem.id, Captured.undone_at.is_(None))
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            AgendaItem.id,
            func.row_number().over(order_by=(AgendaItem.sequence, AgendaItem.id)).label("place"),
            AgendaItem.reason,
            AgendaItem.words,
            AgendaItem.outcome,
            AgendaItem.outcome_note,
            AgendaItem.case_id,
            Case.audit_id.label("case_audit_id"),
            Case.stage,
            Case.headline_band,
            Case.closed_at,
            Subject.name.label("subject"),
            Subject.kind.label("subject_kind"),
            Ward.name.label("ward"),
            captured.label("captured"),
        )
        .join(Case, Case.id == AgendaItem.case_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(Ward, Ward.id == Case.ward_id, isouter=True)
        .where(AgendaItem.meeting_id == meeting.id, is_visible(user))
        .order_by(AgendaItem.sequence, AgendaItem.id)
    ).all()


def item_of(user: User, meeting: Meeting, number: int) -> AgendaItem:
    """The item of the case with this number; `NotFound` alike where there is none and where it may not be seen.

    By its case and not by its place, which differs with what a person sees and moves while they look.
    """
    item = db.session.scalars(
        select(AgendaItem)
        .join(AgendaItem.case)
        .options(
            contains_eager(AgendaItem.case).joinedload(Case.subject, innerjoin=True),
            contains_eager(AgendaItem.case).joinedload(Case.ward),
            contains_eager(AgendaItem.case).joinedload(Case.lead, innerjoin=True),
            contains_eager(AgendaItem.case).joinedload(Case.lead_agency, innerjoin=True),
        )
        .where(AgendaItem.meeting_id == meeting.id, AgendaItem.case_id == number, is_visible(user))
    ).one_or_none()
    if item is None:
        raise NotFound
    return item


def neighbour_of(user: User, item: AgendaItem, *, up: bool) -> AgendaItem | None:
    """The item before or after, of those that this person sees."""
    beside = AgendaItem.sequence < item.sequence if up else AgendaItem.sequence > item.sequence
    order = AgendaItem.sequence.desc() if up else AgendaItem.sequence.asc()
    return db.session.scalars(
        select(AgendaItem)
        .join(AgendaItem.case)
        .where(AgendaItem.meeting_id == item.meeting_id, beside, is_visible(user))
        .order_by(order)
        .limit(1)
    ).one_or_none()


def items_of(meeting: Meeting) -> Sequence[AgendaItem]:
    return db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.sequence, AgendaItem.id)
    ).all()


def captured_rows(
    user: User, meeting: Meeting, item: AgendaItem | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was captured, in order, with an action's owner and day; what was taken back is left out."""
    owner, agency = aliased(User), aliased(Agency)
    statement = (
        select(
            Captured.id,
            Captured.item_id,
            Captured.kind,
            Captured.text,
            Captured.captured_at,
            Captured.author_id,
            User.name.label("author"),
            Action.id.label("action_id"),
            Action.title,
            Action.due_on,
            Action.status,
            owner.name.label("owner"),
            agency.name.label("agency"),
        )
        .join(User, User.id == Captured.author_id)
        .join(AgendaItem, AgendaItem.id == Captured.item_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .join(Action, Action.id == Captured.action_id, isouter=True)
        .join(owner, owner.id == Action.owner_id, isouter=True)
        .join(agency, agency.id == Action.agency_id, isouter=True)
        .where(AgendaItem.meeting_id == meeting.id, Captured.undone_at.is_(None), is_visible(user))
        .order_by(Captured.captured_at, Captured.id)
    )
    if item is not None:
        statement = statement.where(Captured.item_id == item.id)
    return db.session.execute(statement).all()


def captured_of(user: User, meeting: Meeting, number: int) -> Captured:
    captured = db.session.scalars(
        select(Captured)
        .join(Captured.item)
        .join(AgendaItem.case)
        .where(AgendaItem.meeting_id == meeting.id, Captured.id == number, is_visible(user))
        .options(contains_eager(Captured.item).contains_eager(AgendaItem.case), joinedload(Captured.action))
    ).one_or_none()
    if captured is None:
        raise NotFound
    return captured


def attendance_of(meeting: Meeting) -> Sequence[Attendance]:
    """Everyone whose part in the meeting was noted, by agency and name."""
    return db.session.scalars(
        select(Attendance)
        .join(Attendance.agency)
        .join(Attendance.user, isouter=True)
        .options(
            contains_eager(Attendance.agency),
            contains_eager(Attendance.user).joinedload(
                User.agency, innerjoin=False
            ),  # a guest has no account
        )
        .where(Attendance.meeting_id == meeting.id)
        .order_by(Agency.name, func.coalesce(User.name, Attendance.name), Attendance.id)
    ).all()
