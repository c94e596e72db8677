"""One partnership with every form of the product open in a browser; what each test does to it is undone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Connection

from psg.accounts.models import User
from psg.extensions import db
from psg.web.dates import now
from tests.architecture.world import World
from tests.browser import Browser
from tests.conftest import signed_in_at, undone
from tests.factories.accounts import make_user
from tests.words.filling import Filled, fill, forms_of

COOKIE = "psg_session"


@dataclass
class Desk:
    """The chair, who may fill every form and has filled it; a colleague who may, too."""

    app: Flask
    chair: User
    colleague: User
    tabs: list[Filled]
    cookie: str

    def browser(self, app: Flask | None = None) -> Browser:
        """The chair's, with all the tabs open."""
        browser = (app or self.app).test_client()
        assert isinstance(browser, Browser)
        browser.set_cookie(COOKIE, self.cookie)
        return browser

    def sign_in(self, browser: Browser, person: User | None = None) -> None:
        signed_in_at(self.app, person or self.chair, browser)


@pytest.fixture(scope="module")
def _world(app: Flask) -> Iterator[Desk]:
    with undone(app):
        world = World()
        colleague = make_user(agency=world.chair.agency, role=world.chair.role)
        browser = signed_in_at(app, world.chair)
        with browser.session_transaction() as cookie:
            cookie["searched_at"] = int(now().timestamp())
        tabs = list(_opened(app, world, browser))
        held = browser.get_cookie(COOKIE)
        assert held is not None
        yield Desk(app, world.chair, colleague, tabs, held.value)


@pytest.fixture
def desk(_world: Desk) -> Iterator[Desk]:
    db.session.commit()
    connection = db.engines[None]
    assert isinstance(connection, Connection)
    before = connection.begin_nested()
    yield _world
    db.session.rollback()
    before.rollback()


def _opened(app: Flask, world: World, browser: Browser) -> Iterator[Filled]:
    """Every form of the product with something to fill, as in as many tabs."""
    routes = app.url_map.bind("localhost")
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    for one in world.addresses():
        if one.endpoint not in posts:
            continue
        page = browser.get(one.page)
        assert page.status_code == 200, one
        for form in map(fill, forms_of(page.text)):
            path = form.action.partition("?")[0]
            if form.boxes and routes.match(path, method="POST")[0] == one.endpoint:
                yield form
                break
