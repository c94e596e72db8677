from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.demand.screening import services
from psg.demand.screening.models import RuleTest, ThresholdRule
from psg.demand.screening.rules import (
    first_day,
    in_words,
    months_before,
    week_that_stands_out,
    weeks_of,
)

TODAY = date(2026, 8, 12)


def test_six_months_begin_the_day_after_the_same_day_six_months_before() -> None:
    assert first_day(ThresholdRule(months=6), TODAY) == date(2026, 2, 13)
    assert first_day(ThresholdRule(months=6), date(2026, 8, 31)) == date(2026, 3, 1)
    assert first_day(ThresholdRule(days=28), TODAY) == date(2026, 7, 16)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 240))
def test_months_before_a_day_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months
    assert before.day == day.day or (before.day < day.day and (before + timedelta(days=1)).day == 1)


def test_every_rule_that_ships_reads_as_words() -> None:
    rules = services.shipped()[-1]["rules"]
    told = [in_words(services._rule(1, rule)) for rule in rules]
    assert told == [
        "5 or more contacts with any one agency in 28 days",
        "12 or more contacts with any one agency in 90 days",
        "3 or more contacts with each of 2 or more agencies in 28 days",
        "3 or more contacts in 6 months",
        "15 or more contacts in 28 days, at a block, car park, mooring, park, street or underpass",
        "5 or more contacts in 28 days, at a dwelling, other or shop",
        "a week, of the last 28 days, with 3 times the median of its own 52 weeks",
        "3 or more related reports as victim in 6 months",
        "1 or more hate incidents as victim in 6 months",
        "no rule",
    ]
    assert {rule["test"] for rule in rules} == set(RuleTest)


def test_weeks_count_back_from_the_as_at_day() -> None:
    days = [(TODAY - timedelta(days=ago), 1) for ago in (0, 6, 7, 13, 14, 28)] + [(TODAY, 4)]
    assert weeks_of(days, TODAY, 4) == [6, 2, 1, 0]


@pytest.mark.parametrize(
    ("weeks", "gaps", "found"),
    [
        ([3, 1, 1, 1, 1, 1], [False] * 6, (3, 1)),
        ([2, 1, 1, 1, 1, 1], [False] * 6, None),
        ([1, 9, 3, 3, 3, 3], [False] * 6, (9, 3)),
        ([0, 0, 0, 0, 30, 0], [False] * 6, None),  # too long ago
        ([2, 0, 0, 0, 0, 0], [False] * 6, None),  # a median of nothing counts as one
        ([3, 0, 0, 0, 0, 0], [False] * 6, (3, 1)),
        ([6, 3, 3, 0, 0, 0], [False] * 6, (6, 1.5)),
        ([6, 3, 3, 0, 0, 0], [False] * 3 + [True] * 3, None),  # gaps take no part: the median is 3
    ],
)
def test_week_stands_out_against_the_median_of_its_own_weeks(weeks, gaps, found) -> None:
    assert week_that_stands_out(weeks, gaps, times=3, among=4) == found
