"""The clock of the demonstration: stories in the order of time, and chance that repeats itself."""

from datetime import UTC, date, datetime, timedelta

from psg.demo.clock import Dice, Story, moment, tell, working

START = datetime(2026, 8, 12, 9, tzinfo=UTC)


def story(name: str, hours: list[int], told: list[tuple[str, datetime]]) -> Story:
    for hour in hours:
        now = yield START + timedelta(hours=hour)
        told.append((name, now))


def test_stories_run_in_step_with_one_another() -> None:
    told: list[tuple[str, datetime]] = []
    tell([story("late", [3, 5], told), story("early", [1, 4], told)], until=START + timedelta(hours=9))
    assert [name for name, _ in told] == ["early", "late", "early", "late"]


def test_a_story_that_asks_for_the_past_is_told_the_present() -> None:
    told: list[tuple[str, datetime]] = []
    tell([story("back", [4, 2], told)], until=START + timedelta(hours=9))
    assert [now for _, now in told] == [START + timedelta(hours=4)] * 2


def test_what_is_still_to_come_is_not_told() -> None:
    told: list[tuple[str, datetime]] = []
    tell([story("long", [1, 20], told), story("empty", [], told)], until=START + timedelta(hours=9))
    assert [now for _, now in told] == [START + timedelta(hours=1)]


def test_the_same_dice_fall_the_same_way() -> None:
    assert [Dice("a").random() for _ in range(3)] == [Dice("a").random() for _ in range(3)]
    assert Dice("a").random() != Dice("b").random()


def test_a_weekend_is_worked_on_the_friday_before() -> None:
    assert working(date(2026, 8, 16)) == working(date(2026, 8, 15)) == date(2026, 8, 14)
    assert working(date(2026, 8, 17)) == date(2026, 8, 17)


def test_a_time_of_day_is_that_of_the_office() -> None:
    assert moment(date(2026, 7, 1), 9).astimezone(UTC).hour == 8
