"""What the contacts suggest for recency, frequency, trend and agencies: plain arithmetic over days, no database.

A suggestion stands beside the question with the counts behind it, and a person chooses (rule 4 of Track
and Score; UK GDPR Articles 22A to 22D). Where nothing is recorded nothing is suggested: that is not the
same as none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from psg.demand.counting import FEWEST_FOR_TREND, TREND_DAYS, Trend, trend_of, window_start
from psg.scoring.matrices.models import Measure
from psg.web.dates import short_day

SHORT, MIDDLE, YEAR = 28, 90, 365
WINDOWS_IN_A_YEAR = 13
"""28-day windows in 52 weeks; the middle of their counts is the usual one."""
FEWEST_WINDOWS = 7
_TRENDS = (Trend.FALLING, Trend.FLAT, Trend.RISING, Trend.RISING_FAST)


@dataclass(frozen=True)
class Counted:
    """What is known of one party as at a day: the day of each incident in a year, and how many agencies
    reported in 90 days. `label` says which incidents (“as victim”); `known_from` since when there are data.
    """

    as_at: date
    days: Sequence[date]
    label: str
    agencies: int = 0
    known_from: date | None = None

    def within(self, days: int, *, until: date | None = None) -> int:
        last = until or self.as_at
        return sum(window_start(last, days) <= day <= last for day in self.days)


@dataclass(frozen=True)
class Suggestion:
    """The answer that the counts suggest, or None where they are too few, with the counts in words."""

    value: int | None
    because: str

    @property
    def words(self) -> str:
        what = "nothing" if self.value is None else str(self.value)
        return f"Contacts suggest {what}: {self.because}."


def suggest(measure: Measure, counted: Counted) -> Suggestion:
    """What the counts suggest for one factor."""
    if not counted.days:
        return Suggestion(None, f"no incident {counted.label} is recorded in the last year")
    return {
        Measure.RECENCY: _recency,
        Measure.FREQUENCY: _frequency,
        Measure.AGAINST_USUAL: _against_usual,
        Measure.TREND: _trend,
        Measure.AGENCIES: _agencies,
    }[measure](counted)


def _recency(counted: Counted) -> Suggestion:
    last = max(counted.days)
    ago = (counted.as_at - last).days
    value = 3 if ago <= 7 else 2 if ago <= 30 else 1 if ago <= MIDDLE else 0
    when = "today" if ago == 0 else f"{_number(ago, 'day')} ago"
    return Suggestion(value, f"the last incident {counted.label} was on {short_day(last)}, {when}")


def _frequency(counted: Counted) -> Suggestion:
    found = counted.within(SHORT)
    value = 3 if found >= 6 else 2 if found >= 3 else 1 if found else 0
    many = _number(found, "incident")
    return Suggestion(value, f"{many} {counted.label} in the {SHORT} days to {short_day(counted.as_at)}")


def _against_usual(counted: Counted) -> Suggestion:
    """In halves of a count, so that a median between two counts needs no fraction. A median under 1 is 1."""
    ends = [counted.as_at - timedelta(days=SHORT * turn) for turn in range(WINDOWS_IN_A_YEAR)]
    known = [end for end in ends if counted.known_from is not None and end >= counted.known_from]
    if len(known) < FEWEST_WINDOWS:
        return Suggestion(None, f"data reach back {_number(len(known) * SHORT, 'day')} only")
    counts = sorted(counted.within(SHORT, until=end) for end in known)
    usual = counts[(len(counts) - 1) // 2] + counts[len(counts) // 2]
    found, least = 2 * counted.within(SHORT), max(usual, 2)
    value = next((times for times, most in enumerate((1, 2, 4)) if found <= most * least), 3)
    words = str(usual // 2) if usual % 2 == 0 else f"{usual // 2}½"
    return Suggestion(
        value, f"{_number(found // 2, 'incident')} in {SHORT} days, where {words} in {SHORT} days is usual"
    )


def _trend(counted: Counted) -> Suggestion:
    trend = trend_of(counted.days, counted.as_at)
    later = counted.within(TREND_DAYS)
    earlier = counted.within(TREND_DAYS, until=counted.as_at - timedelta(days=TREND_DAYS))
    if trend is None:
        many = _number(later + earlier, "incident")
        return Suggestion(
            None, f"{many} in {2 * TREND_DAYS} days, and fewer than {FEWEST_FOR_TREND} show no trend"
        )
    return Suggestion(
        _TRENDS.index(trend),
        f"{_number(later, 'incident')} {counted.label} in the last {TREND_DAYS} days and {earlier} "
        f"in the {TREND_DAYS} before, which is {trend.value}",
    )


def _agencies(counted: Counted) -> Suggestion:
    if not counted.agencies:
        return Suggestion(None, f"no agency reported in the last {MIDDLE} days")
    many = "1 agency" if counted.agencies == 1 else f"{counted.agencies} agencies"
    return Suggestion(min(counted.agencies, 4) - 1, f"{many} reported in the last {MIDDLE} days")


def _number(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
