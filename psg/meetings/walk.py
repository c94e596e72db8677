"""One step of the walk through the running order: the case, what changed, what is open, what was captured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from psg.accounts.models import User
from psg.actions.queries import Standing, action_rows
from psg.cases.models import Case, Event, Party
from psg.cases.queries import events_of, parties_of
from psg.extensions import db
from psg.meetings import queries
from psg.meetings.models import AgendaItem, Attendance, Meeting
from psg.meetings.quorum import Quorum, quorum_of
from psg.scoring.queries import ScoredParty, scored_parties

Rows = Sequence[Row[*tuple[Any, ...]]]
NEWS = 8
ACTIONS = 20
ACTION_DAYS = timedelta(days=28)


@dataclass(frozen=True)
class Step:
    """What the console shows of one item, read once."""

    meeting: Meeting
    rail: Rows
    item: AgendaItem
    parties: Sequence[Party]
    scores: Sequence[ScoredParty]
    actions: Rows
    news: Rows
    news_since: date | None
    captured: Rows
    attendance: Sequence[Attendance]

    @property
    def case(self) -> Case:
        return self.item.case

    @property
    def place(self) -> int:
        """Which item of how many this is, counting those that the viewer may see."""
        return [row.id for row in self.rail].index(self.item.id) + 1

    @property
    def previous(self) -> Row[*tuple[Any, ...]] | None:
        return self.rail[self.place - 2] if self.place > 1 else None

    @property
    def next(self) -> Row[*tuple[Any, ...]] | None:
        return self.rail[self.place] if self.place < len(self.rail) else None

    @property
    def settled(self) -> int:
        return sum(row.outcome is not None for row in self.rail)

    @property
    def quorum(self) -> Quorum:
        return quorum_of(self.attendance)


def first_number(rail: Rows) -> int | None:
    """Where the walk goes on: the first case without an outcome, or else the first of all."""
    waiting = [row.case_id for row in rail if row.outcome is None]
    return next(iter(waiting), rail[0].case_id if rail else None)


def step_to(user: User, meeting: Meeting, item: AgendaItem, *, day: date) -> Step:
    """Everything the console shows of an item, in as many statements for a long agenda as for a short one."""
    before = queries.meeting_before(meeting)
    news = events_of(user, item.case, since=queries.heard_until(before))
    if meeting.opened_at:
        news = news.where(Event.recorded_at < meeting.opened_at)
    return Step(
        meeting=meeting,
        rail=queries.agenda_rows(user, meeting),
        item=item,
        parties=parties_of(item.case),
        scores=scored_parties(item.case),
        actions=db.session.execute(
            action_rows(user, day=day, of=item.case, standing=Standing.OPEN).limit(ACTIONS)
        ).all(),
        news=db.session.execute(news.limit(NEWS)).all(),
        news_since=before.held_on if before else None,
        captured=queries.captured_rows(user, meeting, item),
        attendance=queries.attendance_of(meeting),
    )


def action_day(meeting: Meeting, following: Meeting | None, day: date) -> date:
    """When an action is due unless the meeting says otherwise: at the next meeting, or in four weeks."""
    return (
        following.held_on
        if following and following.held_on > day
        else max(meeting.held_on, day) + ACTION_DAYS
    )
