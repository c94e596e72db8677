"""Somebody is called away while they type. In a real browser: the lock, the drafts, and all the words afterwards."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from psg.accounts import sessions
from tests.journeys.conftest import PASSWORD, Site
from tests.journeys.officer import Officer
from tests.journeys.test_first_case import plan_a_meeting, take_attendance

pytestmark = pytest.mark.journey
At = Callable[..., Officer]
NOTE = "/cases/PSG-0021/notes/new"
WORDS = "She said: “not again”.\nTwo visits < three & a call"
SAVED = "Saved as a draft"


def in_the_database(site: Site, change: str, *values: str) -> None:
    with closing(sqlite3.connect(site.database, timeout=10)) as connection, connection:
        assert connection.execute(change, values).rowcount > 0


def stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def away(site: Site, who: Officer, minutes: float = 20) -> None:
    """Nobody has touched this browser for a while."""
    del who
    seen = stored(datetime.now(UTC) - timedelta(minutes=minutes))
    in_the_database(site, "UPDATE signed_in SET seen_at = ? WHERE ended_at IS NULL", seen)


def over(site: Site, who: Officer) -> None:
    """Twelve hours have passed, or the password was changed elsewhere."""
    del who
    ended = stored(datetime.now(UTC))
    in_the_database(site, "UPDATE signed_in SET ended_at = ? WHERE ended_at IS NULL", ended)


def stale(who: Officer) -> None:
    """The page was open for so long that its token is worth nothing."""
    who.page.evaluate(
        "document.querySelectorAll('[name=csrf_token]').forEach((box) => { box.value = 'old'; })"
    )


def come_back(person: Officer) -> None:
    """Past the lock or the sign-in, whichever stands there."""
    if person.page.get_by_label("E-mail address").count():
        person.page.get_by_label("E-mail address").fill(person.email)
        person.page.locator("#password").fill(PASSWORD)
        person.press("Sign in")
    else:
        person.page.locator("#password").fill(PASSWORD)
        person.press("Unlock")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("cause", [away, over])
def test_words_on_a_page_come_back(officer: At, site: Site, cause, javascript: bool) -> None:
    person = officer("police", javascript=javascript)
    person.open(NOTE)
    person.fill(body=WORDS)
    cause(site, person)
    person.press(person.main_button())
    assert WORDS.split()[0] not in person.page.content()
    come_back(person)
    assert person.page.locator("[name='body']").input_value() == WORDS
    person.press(person.main_button())
    person.sees("Two visits < three & a call")
    person.open(NOTE)
    assert "not saved" not in person.page.locator("#alerts").inner_text()


def test_words_on_a_page_with_a_stale_token_stay_on_it(officer: At) -> None:
    person = officer("police")
    person.open(NOTE)
    person.fill(body="Words of a page that was open overnight")
    stale(person)
    person.press(person.main_button())
    person.sees("This page was open for too long")
    assert person.page.locator("[name='body']").input_value() == "Words of a page that was open overnight"
    person.press(person.main_button())
    person.sees("Words of a page that was open overnight")


def test_words_sent_in_place_come_back(officer: At, site: Site) -> None:
    chair = officer("chair")
    meeting = plan_a_meeting(chair)
    take_attendance(chair, meeting)
    chair.open(f"/meetings/{meeting}/run")
    chair.press("Open the meeting")
    for cause in (away, over):
        chair.open(f"/meetings/{meeting}/run")
        chair.page.locator("#capture").get_by_label("Decision", exact=True).check()
        chair.page.locator("#capture [name='text']").fill("Visit together, said after a pause")
        cause(site, chair)
        chair.page.locator("#capture").get_by_role("button", name="Capture").click()
        chair.page.wait_for_url("**/locked?*" if cause is away else "**/sign-in?*")
        come_back(chair)
        box = chair.page.locator("#capture [name='text']")
        assert box.input_value() == "Visit together, said after a pause"
    stale(chair)
    chair.page.locator("#capture").get_by_role("button", name="Capture").click()
    chair.page.locator("#capture").get_by_text("This page was open for too long").wait_for()
    assert chair.page.locator("#capture [name='text']").input_value() == "Visit together, said after a pause"
    chair.page.locator("#capture").get_by_role("button", name="Capture").click()
    saved = chair.page.locator("#captured .psg-captured__text", has_text="said after a pause")
    saved.wait_for()
    chair.open(f"/meetings/{meeting}/run")
    assert "not saved" not in chair.page.locator("#alerts").inner_text()


def test_draft_outlives_the_browser_and_nothing_is_kept_in_it(officer: At) -> None:
    person = officer("police")
    person.open(NOTE)
    person.fill(body=WORDS)
    person.page.get_by_text(SAVED).wait_for()
    kept = person.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    person.page.close()
    again = officer("police")
    again.open(NOTE)
    assert "that is not saved" in again.page.locator("#alerts").inner_text()
    again.follow("Bring it back", within="#alerts")
    assert again.page.locator("[name='body']").input_value() == WORDS
    other = officer("chair")
    other.open(NOTE)
    assert "that is not saved" not in other.page.content()
    again.open(NOTE)
    again.press("discard it", within="#alerts")
    again.open(NOTE)
    assert "that is not saved" not in again.page.content()


def test_draft_that_cannot_be_saved_says_so_until_it_is(officer: At) -> None:
    person = officer("police")
    person.open("/cases/PSG-0021/actions/new")
    person.context.set_offline(True)
    person.fill(title="Ring the landlord")
    person.page.locator("[name='title']").blur()
    person.page.get_by_text("Not saved: no connection").wait_for()
    person.context.set_offline(False)
    person.page.get_by_text(SAVED).wait_for()
    person.complaints.clear()


def test_screen_warns_stays_and_locks_by_itself(officer: At, site: Site) -> None:
    person = officer("coordinator")
    person.page.clock.install()
    person.open(NOTE)
    away(site, person, minutes=13.5)
    person.page.clock.fast_forward(750_000)
    warning = person.page.get_by_role("dialog")
    warning.get_by_role("button", name="Stay signed in").wait_for()
    assert "It locks in 1 minute" in warning.inner_text()
    person.look()
    warning.get_by_role("button", name="Stay signed in").click()
    warning.wait_for(state="hidden")
    person.fill(body=WORDS)
    person.page.locator("[name='body']").blur()
    person.page.clock.fast_forward(1_000)
    person.page.get_by_text(SAVED).wait_for()
    away(site, person)
    person.page.clock.fast_forward(1_000_000)
    person.page.get_by_role("heading", name="Locked").wait_for()
    come_back(person)
    assert person.page.locator("[name='body']").input_value() == WORDS


def test_pages_of_sessions_are_sound(officer: At, site: Site) -> None:
    person, _elsewhere = officer("police"), officer("police")
    for path in ("/sessions", "/kept", "/step-up", "/account"):
        person.open(path)
    person.open(NOTE)
    person.fill(body=WORDS)
    person.page.get_by_text(SAVED).wait_for()
    person.open("/kept")
    person.open(NOTE)
    away(site, person)
    person.page.goto("/kept")
    person.look()
    assert_warns_within_the_server(person.page)


def assert_warns_within_the_server(page: Page) -> None:
    """What the page is told in figures is what the server goes by."""
    come = page.evaluate(
        "fetch('/sessions/left', {headers: {Accept: 'application/json'}}).then(a => a.status)"
    )
    assert come == 401
    assert sessions.WARNED < sessions.IDLE
