from datetime import date, timedelta

import pytest

from psg.demand.counting import Trend, by_week, months_until, trend_of, window_start

TODAY = date(2026, 8, 12)


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in days]


def test_window_ends_on_the_as_at_day_and_holds_it() -> None:
    assert window_start(TODAY, 1) == TODAY
    assert window_start(TODAY, 28) == date(2026, 7, 16)


def test_months_run_back_over_the_new_year() -> None:
    assert months_until(date(2026, 1, 31), 3) == [date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]


def test_weeks_are_seven_days_the_last_ending_on_the_as_at_day() -> None:
    days = [(day, 1) for day in ago(0, 6, 7, 13, 14, 27, 28)] + [(TODAY + timedelta(days=1), 9)]
    assert [number for _, number in by_week(days, TODAY, weeks=4)] == [1, 1, 2, 2]
    assert by_week(days, TODAY, weeks=4)[-1][0] == window_start(TODAY, 7)


@pytest.mark.parametrize(
    ("later", "earlier", "trend"),
    [
        (2, 2, None),
        (5, 0, Trend.RISING_FAST),
        (0, 5, Trend.FALLING),
        (7, 10, Trend.FALLING),
        (8, 10, Trend.FLAT),
        (5, 4, Trend.FLAT),
        (6, 4, Trend.RISING),
        (8, 4, Trend.RISING),
        (9, 4, Trend.RISING_FAST),
    ],
)
def test_trend_compares_45_days_with_the_45_before(later: int, earlier: int, trend: Trend | None) -> None:
    assert trend_of(ago(*[44] * later, *[45] * earlier, 90, 400), TODAY) is trend
