"""What decides the running order, read for every open case at once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from psg.accounts.models import User
from psg.actions.queries import action_counts
from psg.cases.models import AudienceKind, Case, Event, Note
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.meetings.agenda import CaseFacts
from psg.meetings.models import AgendaItem, Meeting, Outcome
from psg.meetings.queries import heard_until, meeting_before
from psg.responses.models import Response, ResponseStatus
from psg.scoring.headline import LEADING
from psg.scoring.models import Score

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Standing = aliased(Score)
Newer = aliased(Score)


def agenda_facts(user: User, meeting: Meeting, *, as_at: date) -> list[CaseFacts]:
    """The facts of each open case this person may see: as many statements for five cases as for forty."""
    before = meeting_before(meeting)
    since = heard_until(before) or LONG_AGO
    actions = action_counts(as_at)
    rises, orders, entries = _score_rises(since), _orders_ending(), _entries_since(since)
    left_open = _left_open(before)
    rows = db.session.execute(
        select(
            Case.id,
            Case.headline_band,
            Case.next_review_on,
            func.coalesce(actions.c.overdue_actions, 0).label("overdue_actions"),
            actions.c.oldest_due,
        )
        .join(actions, actions.c.case_id == Case.id, isouter=True)
        .where(is_visible(user), Case.closed_at.is_(None))
        .order_by(Case.id)
    )
    return [
        CaseFacts(
            case_id=row.id,
            band=row.headline_band,
            next_review_on=row.next_review_on,
            overdue_actions=row.overdue_actions,
            oldest_due=row.oldest_due,
            score_rise=rises.get(row.id, (0, 0))[0],
            score_now=rises.get(row.id, (0, 0))[1],
            order_expires_on=orders.get(row.id),
            was_left_open=row.id in left_open,
            new_entries=entries.get(row.id, 0),
        )
        for row in rows
    ]


def _score_rises(since: datetime) -> Mapping[int, tuple[int, int]]:
    """Per case the largest rise since the last meeting, and to what: Need stands beside Risk and never raises it."""
    newest = (
        select(func.max(Newer.number))
        .where(Newer.party_id == Score.party_id, Newer.kind == Score.kind)
        .scalar_subquery()
    )
    stood = (
        select(func.max(Newer.number))
        .where(Newer.party_id == Score.party_id, Newer.kind == Score.kind, Newer.created_at <= since)
        .scalar_subquery()
    )
    rise = Score.index_high - Standing.index_high
    rows = db.session.execute(
        select(Score.case_id, rise.label("rise"), Score.index_high)
        .join(Standing, (Standing.party_id == Score.party_id) & (Standing.kind == Score.kind))
        .where(Score.created_at > since, Score.kind.in_(LEADING))
        .where(Score.number == newest, Standing.number == stood, rise > 0)
        .order_by(rise, Score.id)
    )
    return {row.case_id: (row.rise, row.index_high) for row in rows}


def _orders_ending() -> Mapping[int, date]:
    """Per case the first day on which something that is in force runs out."""
    rows = db.session.execute(
        select(Response.case_id, func.min(Response.expires_on).label("expires_on"))
        .where(Response.status == ResponseStatus.UNDER_WAY, Response.expires_on.is_not(None))
        .group_by(Response.case_id)
    )
    return {row.case_id: row.expires_on for row in rows}


def _entries_since(since: datetime) -> Mapping[int, int]:
    """Per case what is new in its chronology. The number stands on the agenda for everybody to read, so
    that it counts no note that is not for everybody."""
    is_open = or_(Note.id.is_(None), Note.audience == AudienceKind.CASE)
    rows = db.session.execute(
        select(Event.case_id, func.count().label("entries"))
        .join(Note, Note.id == Event.note_id, isouter=True)
        .where(Event.recorded_at > since, is_open)
        .group_by(Event.case_id)
    )
    return {row.case_id: row.entries for row in rows}


def _left_open(before: Meeting | None) -> frozenset[int]:
    """Cases that the last meeting deferred or did not reach."""
    if before is None:
        return frozenset()
    undecided = AgendaItem.outcome.is_(None) | (AgendaItem.outcome == Outcome.DEFER)
    return frozenset(
        db.session.scalars(select(AgendaItem.case_id).where(AgendaItem.meeting_id == before.id, undecided))
    )
