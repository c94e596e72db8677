"""Every form of the product × everything that ends a session: all that was typed comes back, to one person only.

Without JavaScript: the page is open, something ends the session, the button is pressed.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from psg import create_app
from psg.accounts import sessions
from psg.extensions import db
from psg.web.dates import now
from tests.browser import Browser
from tests.factories.accounts import PASSWORD
from tests.words.conftest import Desk
from tests.words.filling import Filled, form_to, shown

KEPT = re.compile(r"[?&]next=(%2Fkept%2F\d+|/kept/\d+)")


def assert_comes_back(tab: Filled, page: TestResponse) -> None:
    assert page.status_code in (409, 422), (tab.action, page.status_code, page.location)
    stands = shown(form_to(tab.action, page.text))
    for name, typed in tab.boxes.items():
        assert stands.get(name) == typed, (tab.action, name)


def send(browser: Browser, tabs: list[Filled]) -> Iterator[TestResponse]:
    """Press each form's button: the way htmx does where the form asks for that, else as a page."""
    for tab in tabs:
        headers = {"HX-Request": "true"} if tab.is_live else {}
        yield browser.post(tab.action, data=tab.data, headers=headers)


def way_to_kept(answer: TestResponse) -> str:
    match = KEPT.search(answer.headers.get("HX-Redirect") or answer.location or "")
    assert match, (answer.status_code, answer.location)
    return match[1].replace("%2F", "/")


@contextmanager
def idle(desk: Desk, browser: Browser) -> Iterator[Callable[[], object]]:
    with time_machine.travel(now() + sessions.IDLE):
        yield lambda: browser.send("/locked", {"password": PASSWORD})


@contextmanager
def absolute(desk: Desk, browser: Browser) -> Iterator[Callable[[], object]]:
    with time_machine.travel(now() + sessions.ABSOLUTE):
        yield lambda: desk.sign_in(browser)


@contextmanager
def password_changed(desk: Desk, browser: Browser) -> Iterator[Callable[[], object]]:
    sessions.end_all(desk.chair, but=None, now=now())
    db.session.commit()
    yield lambda: desk.sign_in(browser)


@pytest.mark.parametrize("cause", [idle, absolute, password_changed])
def test_words_of_every_form_come_back_to_whoever_typed_them(desk: Desk, cause) -> None:
    browser, tabs = desk.browser(), desk.tabs
    with cause(desk, browser) as come_back:
        ways = [way_to_kept(sent) for sent in send(browser, tabs)]
        assert len(set(ways)) == len(tabs)
        come_back()
        for tab, way in zip(tabs, ways, strict=True):
            assert_comes_back(tab, browser.get(way))


def test_words_of_every_form_are_nowhere_for_anybody_else(desk: Desk) -> None:
    browser, tabs = desk.browser(), desk.tabs
    sessions.end_all(desk.chair, but=None, now=now())
    db.session.commit()
    ways = [way_to_kept(sent) for sent in send(browser, tabs)]
    desk.sign_in(browser, desk.colleague)
    assert {browser.get(way).status_code for way in ways} == {404}
    assert "/kept/" not in browser.get("/kept").text


def test_words_of_every_form_come_back_from_a_page_whose_token_is_stale(desk: Desk) -> None:
    browser = desk.browser()
    for tab in desk.tabs:
        answer = browser.post(tab.action, data={**tab.data, "csrf_token": "of another day"})
        assert_comes_back(tab, answer)


def test_every_kind_of_form_is_among_them(desk: Desk) -> None:
    assert len(desk.tabs) > 50
    assert sum(tab.is_live for tab in desk.tabs) >= 2


def test_restart_loses_no_session_and_so_no_words(desk: Desk) -> None:
    connection, again = db.engines[None], restarted(desk.app)
    assert isinstance(connection, Connection)
    with again.app_context():
        db.engines[None] = connection
        browser = desk.browser(again)
        for tab in desk.tabs:
            before = connection.begin_nested()
            answer = browser.post(tab.action, data=tab.data)
            if answer.status_code not in (200, 303):
                assert_comes_back(tab, answer)
            before.rollback()


def restarted(app: Flask) -> Flask:
    names = ("TESTING", "PSG_ENV", "SQLALCHEMY_DATABASE_URI")
    again = create_app({name: app.config[name] for name in names})
    again.test_client_class = Browser
    return again
