"""Windows, weeks, months and trend: plain arithmetic over days.

Windows are whole London days ending on the as-at day, which is in them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

WINDOWS = (28, 90, 365)
WEEKS_SHOWN = 52
MONTHS_SHOWN = 12
TREND_DAYS = 45
FEWEST_FOR_TREND = 5


class Trend(StrEnum):
    """The last 45 days over the 45 before. A suggestion that a person confirms."""

    FALLING = "falling"
    FLAT = "flat"
    RISING = "rising"
    RISING_FAST = "rising fast"


def window_start(as_at: date, days: int) -> date:
    """The first day of a window of `days` days whose last is the as-at day."""
    return as_at - timedelta(days=days - 1)


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_until(as_at: date, count: int = MONTHS_SHOWN) -> list[date]:
    """The first days of the last `count` months, newest first."""
    months = [month_of(as_at)]
    while len(months) < count:
        months.append(month_of(months[-1] - timedelta(days=1)))
    return months


def by_week(
    days: Iterable[tuple[date, int]], as_at: date, weeks: int = WEEKS_SHOWN
) -> list[tuple[date, int]]:
    """Contacts in each week of seven days, oldest first; the last week ends on the as-at day."""
    totals = [0] * weeks
    for day, number in days:
        ago = (as_at - day).days // 7
        if 0 <= ago < weeks:
            totals[weeks - 1 - ago] += number
    first = window_start(as_at, weeks * 7)
    return [(first + timedelta(weeks=position), number) for position, number in enumerate(totals)]


@dataclass(frozen=True)
class Strip:
    """One agency's contacts week by week, oldest first. A gap is a week for which it has sent nothing."""

    agency: str
    numbers: Sequence[int]
    gaps: Sequence[bool]

    @property
    def total(self) -> int:
        return sum(self.numbers)

    def in_week(self, place: int) -> str:
        return "No data" if self.gaps[place] else str(self.numbers[place])


def recent_and_before(days: Sequence[date], as_at: date) -> tuple[int, int]:
    """How many of these days are of the last 45, and of the 45 before."""
    later = sum(0 <= (as_at - day).days < TREND_DAYS for day in days)
    earlier = sum(TREND_DAYS <= (as_at - day).days < 2 * TREND_DAYS for day in days)
    return later, earlier


def trend_of(days: Sequence[date], as_at: date) -> Trend | None:
    """The trend of incidents on these days, or None where they are too few to suggest one."""
    later, earlier = recent_and_before(days, as_at)
    if later + earlier < FEWEST_FOR_TREND:
        return None
    if later * 10 < earlier * 8:
        return Trend.FALLING
    if later * 4 <= earlier * 5:
        return Trend.FLAT
    return Trend.RISING if later <= earlier * 2 else Trend.RISING_FAST


@dataclass
class AgencyCounts:
    """One agency's contacts in 28, 90 and 365 days: those that count, those of a health crisis among
    them, those as victim or witness, which do not count, and those that somebody left out.
    """

    agency: str
    counted: tuple[int, ...]
    crisis: tuple[int, ...]
    aside: tuple[int, ...]
    left_out: tuple[int, ...]


@dataclass
class Demand:
    """Everything a subject's page says of demand, as at one day. `recent`: incidents of the last 45 days, and
    of the 45 before.
    """

    as_at: date
    agencies: list[AgencyCounts]
    daily: Sequence[tuple[str, date, int]]
    months: list[date]
    trend: Trend | None
    recent: tuple[int, int]
    incidents: tuple[int, ...]
    supplied: frozenset[tuple[str, date]] = frozenset()

    @cached_property
    def weeks(self) -> list[tuple[date, int]]:
        return by_week(((day, number) for _, day, number in self.daily), self.as_at)

    @cached_property
    def monthly(self) -> Counter[tuple[str, date]]:
        """Contacts by agency and month, of the months shown."""
        found: Counter[tuple[str, date]] = Counter()
        for agency, day, number in self.daily:
            if month_of(day) in self.months:
                found[agency, month_of(day)] += number
        return found

    @cached_property
    def strips(self) -> list[Strip]:
        """The weeks of each agency that had a contact in them, those with most first."""
        names = {agency for agency, day, _ in self.daily if day >= self.weeks[0][0]}
        return sorted(map(self._strip, names), key=lambda strip: (-strip.total, strip.agency))

    @property
    def most_in_a_strip(self) -> int:
        """What the strips share as their scale, so that they can be compared by eye."""
        return max((max(strip.numbers) for strip in self.strips), default=0)

    @property
    def trend_words(self) -> str:
        later, earlier = self.recent
        told = f"{later} incident{'' if later == 1 else 's'} in the last {TREND_DAYS} days against {earlier} in the {TREND_DAYS} before"
        return f"{told}: {self.trend.value if self.trend else 'too few to speak of a trend'}"

    def _strip(self, agency: str) -> Strip:
        numbers = [
            number
            for _, number in by_week(
                ((day, number) for name, day, number in self.daily if name == agency), self.as_at
            )
        ]
        gaps = [
            not number and not self._has_sent(agency, first)
            for (first, _), number in zip(self.weeks, numbers, strict=True)
        ]
        return Strip(agency, numbers, gaps)

    def _has_sent(self, agency: str, first: date) -> bool:
        """Whether it has sent data for a month that the week from this day reaches into."""
        reached = {month_of(first), month_of(first + timedelta(days=6))}
        return any((agency, month) in self.supplied for month in reached)

    @property
    def counted(self) -> tuple[int, ...]:
        return _sums(row.counted for row in self.agencies)

    @property
    def crisis(self) -> tuple[int, ...]:
        return _sums(row.crisis for row in self.agencies)

    @property
    def aside(self) -> tuple[int, ...]:
        return _sums(row.aside for row in self.agencies)

    @property
    def left_out(self) -> tuple[int, ...]:
        return _sums(row.left_out for row in self.agencies)

    @property
    def agency_numbers(self) -> tuple[int, ...]:
        """How many agencies had a contact that counts, in each window."""
        return tuple(sum(row.counted[place] > 0 for row in self.agencies) for place in range(len(WINDOWS)))

    @property
    def agency_names(self) -> list[str]:
        """The agencies that have a column in the table of months."""
        return sorted({agency for agency, _ in self.monthly})

    @property
    def week_points(self) -> list[tuple[str, int]]:
        """Each week's first day, short enough to stand under a bar, and its contacts."""
        return [(f"{day.day} {day:%b}", number) for day, number in self.weeks]

    @property
    def week_words(self) -> str:
        """What the chart shows, for those who do not see it."""
        day, most = max(self.weeks, key=lambda week: week[1])
        return f"The most in a week were {most}, in the week from {day.day} {day:%B %Y}; the last week had {self.weeks[-1][1]}."

    def in_month(self, agency: str, month: date) -> str:
        """The count, or the words for a month in which the agency sent nothing at all."""
        number = self.monthly.get((agency, month), 0)
        return str(number) if number or (agency, month) in self.supplied else "No data"

    def month_total(self, month: date) -> int:
        return sum(number for (_, when), number in self.monthly.items() if when == month)


def _sums(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True))) or (0,) * len(WINDOWS)
