"""Times are kept in UTC and shown in London; “today” is a date people in the district would give."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(LONDON).date()


def london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def start_of(day: date) -> datetime:
    """The first moment of a London day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def moment_on(day: date, moment: datetime) -> datetime:
    """The day a person chose, as a moment: now if it is today, noon in London otherwise."""
    if london(moment).date() == day:
        return moment
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON).astimezone(UTC)


def day(value: date | datetime | None) -> str:
    """Wed 12 Aug 2026; an empty field reads “Not recorded”."""
    if value is None:
        return "Not recorded"
    if isinstance(value, datetime):
        value = london(value).date()
    return f"{value:%a} {value.day} {value:%b} {value.year}"


def short_day(value: date | datetime | None) -> str:
    """12 Aug 2026, for narrow columns."""
    return day(value)[4:] if value is not None else "Not recorded"


def day_time(value: datetime | None) -> str:
    """Wed 12 Aug 2026 at 14:05."""
    return "Not recorded" if value is None else f"{day(value)} at {london(value):%H:%M}"


def at_time(value: datetime) -> str:
    """“at 14:05”, or “on Wed 12 Aug 2026 at 14:05” where that was another day."""
    moment = london(value)
    return f"at {moment:%H:%M}" if moment.date() == today() else f"on {day_time(value)}"


def until(value: datetime, moment: datetime) -> str:
    """“until 16:42 today”: the exact end of what lasts hours."""
    end, here = london(value), london(moment)
    days = {0: "today", 1: "tomorrow"}.get((end.date() - here.date()).days, day(value))
    return f"until {end:%H:%M} {days}"


def due(value: date | None, as_at: date) -> str:
    """“overdue by 6 days”, “today”, “in 3 days”: the words after a label such as “Review”."""
    if value is None:
        return "not set"
    days = (value - as_at).days
    if days == 0:
        return "due today"
    if days < 0:
        return f"overdue by {_days(-days)}"
    return f"due in {_days(days)}"


def how_long(since: datetime | date, as_at: date) -> int:
    """Whole days from a moment to a day."""
    if isinstance(since, datetime):
        since = london(since).date()
    return max((as_at - since).days, 0)


def add_working_days(start: date, count: int) -> date:
    """`count` days on from `start`, Saturdays and Sundays left out."""
    while count > 0:
        start += timedelta(days=1)
        if start.weekday() < 5:
            count -= 1
    return start


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day, short_day=short_day, day_time=day_time, at_time=at_time, due=due, how_long=how_long
    )
    app.jinja_env.filters["until"] = until
    app.context_processor(lambda: {"today": today(), "printed_at": now()})
