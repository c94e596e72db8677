"""Before and after, to the figures of the specification."""

from datetime import date

import pytest

from psg.osara.measurement import Change, Window, holds_peak


@pytest.mark.parametrize(
    ("before", "after", "percent", "is_beyond"),
    [
        (24, 11, -54, True),
        (12, 7, -42, False),
        (0, 5, None, True),
        (0, 0, None, False),
        (8, 9, 13, False),
        (10, 30, 200, True),
        (24, 24, 0, False),
        (200, 1, -100, True),
    ],
)
def test_change_is_rounded_and_told_from_ordinary_variation(
    before: int, after: int, percent: int | None, is_beyond: bool
) -> None:
    change = Change(before, after)
    assert (change.percent, change.is_beyond_variation) == (percent, is_beyond)


def test_a_change_from_nothing_is_not_calculable_but_shows_its_counts() -> None:
    assert Change(0, 5).words == "0 → 5 (not calculable), beyond ordinary variation"


def test_words_show_counts_percentage_and_noise() -> None:
    assert Change(24, 11).words == "24 → 11 (−54%), beyond ordinary variation"
    assert Change(12, 7).words == "12 → 7 (−42%), within ordinary variation"


def test_windows_are_whole_days_with_both_ends() -> None:
    before = Window.ending(date(2026, 8, 11), 90)
    after = Window.starting(date(2026, 8, 12), 90)
    assert before.first == date(2026, 5, 14)
    assert (before.last - before.first).days == (after.last - after.first).days == 89


def test_a_window_with_the_four_weeks_before_the_case_holds_the_peak() -> None:
    opened = date(2026, 8, 1)
    assert holds_peak(Window(date(2026, 7, 4), date(2026, 7, 31)), opened)
    assert not holds_peak(Window(date(2026, 7, 5), date(2026, 10, 1)), opened)
    assert not holds_peak(Window(date(2026, 1, 1), date(2026, 7, 30)), opened)
