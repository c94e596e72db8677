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
from tests.architecture.routes import ROUTES
from tests.browser import Browser
from tests.factories.accounts import PASSWORD
from tests.words.conftest import WITHOUT_WORDS, Desk, Typist
from tests.words.filling import Filled, form_to, shown

pytestmark = pytest.mark.crawl

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
def idle(desk: Desk, typist: Typist, browser: Browser) -> Iterator[Callable[[], object]]:
    with time_machine.travel(now() + sessions.IDLE):
        yield lambda: (browser.send("/locked", {"password": PASSWORD}), desk.step_up(typist.user))


@contextmanager
def absolute(desk: Desk, typist: Typist, browser: Browser) -> Iterator[Callable[[], object]]:
    with time_machine.travel(now() + sessions.ABSOLUTE):
        yield lambda: desk.sign_in(browser, typist.user)


@contextmanager
def password_changed(desk: Desk, typist: Typist, browser: Browser) -> Iterator[Callable[[], object]]:
    sessions.end_all(typist.user, but=None, now=now())
    db.session.commit()
    yield lambda: desk.sign_in(browser, typist.user)


@pytest.mark.parametrize("cause", [idle, absolute, password_changed])
def test_words_of_every_form_come_back_to_whoever_typed_them(desk: Desk, cause) -> None:
    for typist in desk.typists:
        browser = typist.browser(desk.app)
        with cause(desk, typist, browser) as come_back:
            ways = [way_to_kept(sent) for sent in send(browser, typist.tabs)]
            assert len(set(ways)) == len(typist.tabs)
            come_back()
            for tab, way in zip(typist.tabs, ways, strict=True):
                assert_comes_back(tab, browser.get(way))


def test_words_of_every_form_are_nowhere_for_anybody_else(desk: Desk) -> None:
    for typist in desk.typists:
        browser = typist.browser(desk.app)
        sessions.end_all(typist.user, but=None, now=now())
        db.session.commit()
        ways = [way_to_kept(sent) for sent in send(browser, typist.tabs)]
        desk.sign_in(browser, desk.colleague)
        assert {browser.get(way).status_code for way in ways} == {404}
        assert "/kept/" not in browser.get("/kept").text


def test_words_of_every_form_come_back_from_a_page_whose_token_is_stale(desk: Desk) -> None:
    for typist in desk.typists:
        browser = typist.browser(desk.app)
        for tab in typist.tabs:
            answer = browser.post(tab.action, data={**tab.data, "csrf_token": "of another day"})
            assert_comes_back(tab, answer)


def test_restart_loses_no_session_and_so_no_words(desk: Desk) -> None:
    connection, again = db.engines[None], restarted(desk.app)
    assert isinstance(connection, Connection)
    with again.app_context():
        db.engines[None] = connection
        for typist in desk.typists:
            browser = typist.browser(again)
            for tab in typist.tabs:
                before = connection.begin_nested()
                answer = browser.post(tab.action, data=tab.data)
                if answer.status_code not in (200, 303):
                    assert_comes_back(tab, answer)
                before.rollback()


def test_every_form_of_the_product_was_tried(desk: Desk) -> None:
    tried = {tab.endpoint for typist in desk.typists for tab in typist.tabs}
    asking = {
        rule.endpoint
        for rule in desk.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and ROUTES[rule.endpoint] is not None
    }
    assert asking - tried == WITHOUT_WORDS
    assert sum(tab.is_live for typist in desk.typists for tab in typist.tabs) >= 2


def restarted(app: Flask) -> Flask:
    names = ("TESTING", "PSG_ENV", "SQLALCHEMY_DATABASE_URI")
    again = create_app({name: app.config[name] for name in names})
    again.test_client_class = Browser
    return again
