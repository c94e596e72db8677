"""What waits for one person: their cases, their actions, the next meeting and, for who runs the group, closures.

Each part is one statement, whatever the number of cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission, permits
from psg.actions.queries import counts_for, open_actions_of, overdue_actions
from psg.cases.access_queries import requests_to_answer, reviews_waiting
from psg.cases.models import Case, Event, Note
from psg.cases.visibility import is_admitted, is_visible
from psg.extensions import db
from psg.meetings.models import AgendaItem, Meeting
from psg.meetings.queries import next_meeting
from psg.osara.passages import Answer, ClosureProposal
from psg.overview import queries
from psg.overview.filters import BoardFilter
from psg.overview.queries import SOON, Rows, is_late
from psg.scoring.judging.waiting import number_waiting
from psg.subjects.models import Subject

SHOWN = 6


@dataclass(frozen=True)
class NextMeeting:
    meeting: Meeting
    items: int
    led: int


@dataclass(frozen=True)
class Work:
    mine: Mapping[str, int]
    actions: Mapping[str, int]
    partnership: Mapping[str, int]
    my_actions: Rows
    my_cases: Rows
    recent: Rows
    closures: Rows
    overdue: Rows
    meeting: NextMeeting | None
    requests: Rows
    reviews: int
    scores: int

    @property
    def record_ids(self) -> list[str]:
        """What a person who opens the page is shown, for its entry in the record."""
        return [
            *(f"case_{row.audit_id}" for row in self.my_cases),
            *(f"action_{row.audit_id}" for row in (*self.my_actions, *self.overdue)),
            *(f"closure_{row.audit_id}" for row in self.closures),
            *(f"accessrequest_{row.audit_id}" for row in self.requests),
        ]


def work_of(user: User, day: date, *, runs_group: bool) -> Work:
    led = Case.lead_id == user.id
    mine = BoardFilter(mine="1", sort="review")
    return Work(
        mine=_case_counts(user, day, led),
        actions=counts_for(user, day),
        partnership=_case_counts(user, day) if runs_group else {},
        my_actions=db.session.execute(open_actions_of(user, day).limit(SHOWN)).all(),
        my_cases=queries.sorted_rows(user, mine, day, start=0, length=SHOWN),
        recent=_recent(user) if runs_group else _recent(user, led),
        closures=_closures(user) if runs_group else [],
        overdue=db.session.execute(overdue_actions(user, day).limit(SHOWN)).all() if runs_group else [],
        meeting=_meeting(user, day),
        requests=db.session.execute(requests_to_answer(user)).all(),
        reviews=reviews_waiting(user) if permits(user, Permission.REVIEW_EMERGENCIES, day) else 0,
        scores=number_waiting(user, day),
    )


def _case_counts(user: User, day: date, *terms: ColumnElement[bool]) -> Mapping[str, int]:
    """Open cases, and those whose review is late or soon, or that have a late action or no score; each equals a board's list."""
    columns = {
        "open": func.count(),
        "review_due": func.count(case((Case.next_review_on <= day + SOON, 1))),
        "review_late": func.count(case((Case.next_review_on < day, 1))),
        "late": func.count(case((is_late(day), 1))),
        "not_scored": func.count(case((Case.headline_band.is_(None), 1))),
    }
    statement = select(*(column.label(name) for name, column in columns.items())).select_from(Case)
    return dict(
        db.session.execute(statement.where(is_visible(user), Case.closed_at.is_(None), *terms)).one()._mapping
    )


def _recent(user: User, *terms: ColumnElement[bool]) -> Rows:
    """The newest lines of the chronologies of open cases."""
    cases = select(Case.id).where(is_visible(user), Case.closed_at.is_(None), *terms)
    columns: tuple[Any, ...] = (
        Event.case_id,
        Event.kind,
        Event.title,
        Event.recorded_at,
        User.name.label("actor"),
        Agency.name.label("agency"),
    )
    return db.session.execute(
        select(*columns)
        .join(User, User.id == Event.actor_id)
        .join(Agency, Agency.id == User.agency_id)
        .join(Note, Note.id == Event.note_id, isouter=True)
        .where(Event.case_id.in_(cases), is_admitted(user))
        .order_by(Event.recorded_at.desc(), Event.id.desc())
        .limit(SHOWN)
    ).all()


def _closures(user: User) -> Sequence[Row[*tuple[Any, ...]]]:
    """Proposals to close that wait for the chair or coordinator, the oldest first."""
    columns: tuple[Any, ...] = (
        ClosureProposal.audit_id,
        ClosureProposal.case_id,
        ClosureProposal.at,
        User.name.label("by"),
        Subject.name.label("subject"),
    )
    return db.session.execute(
        select(*columns)
        .join(Case, Case.id == ClosureProposal.case_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(User, User.id == ClosureProposal.by_id)
        .where(is_visible(user), Case.closed_at.is_(None), ClosureProposal.answer == Answer.PENDING)
        .order_by(ClosureProposal.at, ClosureProposal.id)
    ).all()


def _meeting(user: User, day: date) -> NextMeeting | None:
    meeting = next_meeting(day)
    if meeting is None:
        return None
    items, led = db.session.execute(
        select(func.count(), func.count(case((Case.lead_id == user.id, 1))))
        .select_from(AgendaItem)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(AgendaItem.meeting_id == meeting.id, is_visible(user))
    ).one()
    return NextMeeting(meeting, items, led)
