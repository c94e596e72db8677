"""What a rule says in words, which days it looks at, and when a week stands out: no database."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from psg.demand.counting import window_start
from psg.demand.screening.models import RuleSubject, RuleTest, ThresholdRule
from psg.subjects.models import PlaceKind

_COUNTS = {
    RuleTest.ONE_AGENCY: "contacts with any one agency",
    RuleTest.EACH_AGENCY: "contacts with each of several agencies",
    RuleTest.ALL: "contacts with all agencies together",
    RuleTest.WEEK: "one week against its own usual week",
    RuleTest.RELATED: "related reports as victim",
    RuleTest.HATE: "hate incidents as victim",
    RuleTest.NONE: "no rule",
}
SMALLEST_MEDIAN = 1
DAYS_IN_WEEK = 7


def first_day(rule: ThresholdRule, as_at: date) -> date:
    """The first day of a rule's window. Six months up to 12 August begin on 13 February."""
    if rule.months is None:
        return window_start(as_at, rule.days or 1)
    return months_before(as_at, rule.months) + timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    month += 1
    return date(years, month, min(day.day, monthrange(years, month)[1]))


def place_kinds(rule: ThresholdRule) -> list[PlaceKind]:
    """The kinds of place a rule is for; none means every kind."""
    return [PlaceKind(word) for word in rule.place_kinds.split(",") if word]


def in_words(rule: ThresholdRule) -> str:
    """The rule as the coordinator reads it."""
    number, window = rule.at_least, window_in_words(rule)
    match rule.test:
        case RuleTest.ONE_AGENCY:
            return f"{number} or more contacts with any one agency in {window}"
        case RuleTest.EACH_AGENCY:
            return f"{number} or more contacts with each of {rule.agencies} or more agencies in {window}"
        case RuleTest.ALL:
            kinds = _joined(place_kinds(rule))
            return f"{number} or more contacts in {window}{f', at a {kinds}' if kinds else ''}"
        case RuleTest.WEEK:
            return (
                f"a week, of the last {window}, with {number} times the median of its own {rule.weeks} weeks"
            )
        case RuleTest.RELATED:
            return f"{number} or more related reports as victim in {window}"
        case RuleTest.HATE:
            return f"{number} or more hate incidents as victim in {window}"
        case RuleTest.NONE:
            return "no rule"


def label_of(described: Mapping[str, Any]) -> str:
    """What a rule is about, without its numbers."""
    subject = RuleSubject(described["subject"]).label
    if described["test"] == RuleTest.ALL and described.get("place_kinds"):
        return f"{subject}: contacts at a {_joined([PlaceKind(kind) for kind in described['place_kinds']])}"
    return f"{subject}: {_COUNTS[RuleTest(described['test'])]}"


def window_in_words(rule: ThresholdRule) -> str:
    if rule.months is not None:
        return "1 month" if rule.months == 1 else f"{rule.months} months"
    return "1 day" if rule.days == 1 else f"{rule.days} days"


def _joined(kinds: Sequence[PlaceKind]) -> str:
    names = [kind.label.lower() for kind in kinds]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def weeks_of(days: Sequence[tuple[date, int]], as_at: date, weeks: int) -> list[int]:
    """Contacts in each week of seven days, the newest first; the newest ends on the as-at day."""
    totals = [0] * weeks
    for day, number in days:
        ago = (as_at - day).days // DAYS_IN_WEEK
        if 0 <= ago < weeks:
            totals[ago] += number
    return totals


def week_that_stands_out(
    weeks: Sequence[int], gaps: Sequence[bool], *, times: int, among: int
) -> tuple[int, float] | None:
    """The largest of the newest `among` weeks and the median, where it is so many times as large.

    A week for which nobody has sent data is a gap and no nought: it takes no part in the median. A
    median below 1 counts as 1, or a place with one contact a year would stand out by its second.
    """
    known = [number for number, is_gap in zip(weeks, gaps, strict=True) if number or not is_gap]
    usual = max(median(known), SMALLEST_MEDIAN) if known else SMALLEST_MEDIAN
    largest = max(weeks[:among], default=0)
    return (largest, usual) if largest >= times * usual else None
