"""The dates of the cases and their contacts, on any day of the week and without a database."""

from datetime import date, timedelta

import pytest

from psg.cases.models import Stage
from psg.demo.calls import Calls
from psg.demo.timelines import DETOUR, Timeline, timelines

MONDAY = date(2026, 8, 10)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(7)]


@pytest.fixture(params=WEEK, ids=[f"{day:%A}" for day in WEEK])
def lines(request: pytest.FixtureRequest) -> list[Timeline]:
    return timelines(request.param)


def test_every_case_moves_forward_and_ends_before_today(lines: list[Timeline]) -> None:
    assert len(lines) == 45
    for line in lines:
        days = [line.entered[stage] for stage in Stage if stage in line.entered]
        assert days == sorted(set(days)), line.key
        assert days[-1] < line.last_day < line.today, line.key
        assert max(line.entered, key=lambda stage: stage.number) is line.problem.stage


def test_a_case_is_scored_before_it_leaves_scanning(lines: list[Timeline]) -> None:
    for line in lines:
        if Stage.ANALYSIS not in line.entered:
            continue
        leaves = line.entered[Stage.ANALYSIS]
        if line.bend.returned and line.bend.returned[0] is Stage.SCANNING:
            leaves -= timedelta(days=DETOUR + 3)
        assert line.sittings[0] < leaves, line.key
        assert list(line.sittings) == sorted(set(line.sittings)), line.key


def test_the_window_after_is_over_when_it_is_counted(lines: list[Timeline]) -> None:
    for line in lines:
        if line.after_from is not None and Stage.ASSESSMENT in line.entered:
            assert line.after_from + timedelta(days=line.bend.window_days) < line.ends(Stage.ASSESSMENT), (
                line.key
            )


def test_contacts_of_one_day_are_the_same_twice_and_none_is_to_come(lines: list[Timeline]) -> None:
    today = lines[0].today
    first, second = Calls(lines, today), Calls(lines, today)
    about = [line.problem.about for line in lines]
    assert [first.about(key) for key in about] == [second.about(key) for key in about]
    assert all(call.day < today for key in about for call in first.about(key))


def test_the_underpass_grows_quiet(lines: list[Timeline]) -> None:
    calls = Calls(lines, lines[0].today)
    line = next(line for line in lines if line.key == "Bittern Drove underpass")
    before = calls.count(line.key, until=line.opened, days=42)
    now = calls.count(line.key, until=line.last_day, days=42)
    assert now * 3 < before
