"""The rules of counting in plain Python, slowly, knowing no SQL and no time zone library.

It is written from the rules alone (domain reference, section 6), so that the product's own statements can
be held against it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WINDOWS = (28, 90, 365)
DEMAND = ("subject", "caller", "suspected")


@dataclass(frozen=True)
class Told:
    """One contact, as everything that was ever decided about it. `left_out`: from, and until if it was lifted."""

    subject: str
    agency: str
    role: str
    kind: str
    happened_at: datetime
    recorded_at: datetime
    is_crisis: bool = False
    withdrawn_at: datetime | None = None
    left_out: tuple[datetime, datetime | None] | None = None
    incident: int | None = None
    grouped_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    as_at: date
    known_on: date | None = None


def london_day(moment: datetime) -> date:
    """The clocks go forward and back at 01:00 UTC on the last Sundays of March and October."""
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return (moment + timedelta(hours=1 if summer else 0)).date()


def _last_sunday(year: int, month: int) -> datetime:
    day = date(year, month, 31)
    while day.weekday() != 6:
        day -= timedelta(days=1)
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def is_known(moment: datetime | None, asked: Asked) -> bool:
    return moment is not None and (asked.known_on is None or london_day(moment) <= asked.known_on)


def stands(told: Told, asked: Asked) -> bool:
    return is_known(told.recorded_at, asked) and not is_known(told.withdrawn_at, asked)


def is_left_out(told: Told, asked: Asked) -> bool:
    if told.left_out is None:
        return False
    since, until = told.left_out
    return is_known(since, asked) and not is_known(until, asked)


def counts(told: Told, asked: Asked) -> bool:
    return stands(told, asked) and not is_left_out(told, asked) and told.role in DEMAND


def within(told: Told, asked: Asked, days: int) -> bool:
    return 0 <= (asked.as_at - london_day(told.happened_at)).days < days


def contacts_in(every: Iterable[Told], asked: Asked, days: int) -> list[Told]:
    return [told for told in every if counts(told, asked) and within(told, asked, days)]


def figures(every: Sequence[Told], subject: str, asked: Asked) -> list[tuple[int, int]]:
    """Contacts and agencies in each window."""
    own = [told for told in every if told.subject == subject]
    found = [contacts_in(own, asked, days) for days in WINDOWS]
    return [(len(some), len({told.agency for told in some})) for some in found]


def percentile(
    every: Sequence[Told], kind: Sequence[str], subject: str, asked: Asked, days: int
) -> int | None:
    """Everybody who had a contact in the window stands in a row; a tie shares the middle of its places."""
    numbers = {
        name: number
        for name in kind
        if (number := len(contacts_in([told for told in every if told.subject == name], asked, days)))
    }
    if len(numbers) < 20 or subject not in numbers:
        return None
    own = numbers[subject]
    below = sum(1 for number in numbers.values() if number < own)
    tied = sum(1 for number in numbers.values() if number == own)
    exact = 100 * (below + tied / 2) / len(numbers)
    return int(exact + 0.5)


def by_agency(
    every: Sequence[Told], subject: str, asked: Asked
) -> dict[str, list[tuple[int, int, int, int]]]:
    """For each agency and window: counted, of these in a crisis, as victim or witness, left out."""
    own = [told for told in every if told.subject == subject and stands(told, asked)]
    answer = {}
    for agency in {told.agency for told in own if within(told, asked, max(WINDOWS))}:
        theirs = [told for told in own if told.agency == agency]
        answer[agency] = [
            _four([told for told in theirs if within(told, asked, days)], asked) for days in WINDOWS
        ]
    return answer


def _four(some: Sequence[Told], asked: Asked) -> tuple[int, int, int, int]:
    counted = [told for told in some if counts(told, asked)]
    aside = [told for told in some if told.role not in DEMAND and not is_left_out(told, asked)]
    left_out = [told for told in some if is_left_out(told, asked)]
    return len(counted), sum(told.is_crisis for told in counted), len(aside), len(left_out)


def incidents(every: Sequence[Told], subject: str, asked: Asked) -> list[int]:
    """What happened, each once: by the earliest of its contacts that counts within the year."""
    own = [told for told in contacts_in(every, asked, max(WINDOWS)) if told.subject == subject]
    own.sort(key=lambda told: london_day(told.happened_at))
    days: dict[object, date] = {}
    for told in own:
        grouped = told.incident is not None and is_known(told.grouped_at, asked)
        key = told.incident if grouped else object()
        days.setdefault(key, london_day(told.happened_at))
    return [sum((asked.as_at - day).days < window for day in days.values()) for window in WINDOWS]
