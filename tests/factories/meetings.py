"""Meetings for tests, called through the service that calls them in use."""

from datetime import date, datetime, time, timedelta

from psg.accounts.models import Role, User
from psg.meetings import queries, services
from psg.meetings.models import AgendaItem, Meeting
from psg.web.dates import london, now
from tests.factories.accounts import make_user


def make_chair() -> User:
    return make_user(role=Role.COORDINATOR)


def make_meeting(
    *,
    by: User | None = None,
    held_on: date | None = None,
    at: datetime | None = None,
    place: str = "The Grange",
) -> Meeting:
    """A planned meeting; its running order holds every case that is open by now."""
    by = by or make_chair()
    moment = at or now()
    return services.create_meeting(
        held_on=held_on or london(moment).date(),
        starts_at=time(14, 0),
        place=place,
        chair=by,
        by=by,
        now=moment,
    )


def make_open_meeting(*, by: User | None = None, at: datetime | None = None) -> Meeting:
    by = by or make_chair()
    meeting = make_meeting(by=by, at=at)
    services.open_meeting(meeting, by=by, now=at or now())
    return meeting


def make_past_meeting(*, days: int = 28, by: User | None = None) -> Meeting:
    """A meeting that was called, opened and closed on one day."""
    by = by or make_chair()
    moment = now() - timedelta(days=days)
    meeting = make_open_meeting(by=by, at=moment)
    services.close_meeting(meeting, by=by, now=moment + timedelta(hours=1))
    return meeting


def first_item(meeting: Meeting) -> AgendaItem:
    return queries.items_of(meeting)[0]
