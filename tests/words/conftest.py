"""One partnership with every form of the product open in somebody's browser; what each test does to it is undone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import Connection, update

from psg.accounts.administration import requests
from psg.accounts.models import Role, User
from psg.accounts.permissions import PERMITS
from psg.accounts.sign_in_models import SignedIn
from psg.extensions import db
from psg.web.dates import now
from tests.architecture.routes import ROUTES
from tests.architecture.world import World
from tests.browser import Browser
from tests.conftest import signed_in_at, undone
from tests.factories.accounts import make_user
from tests.factories.cases import make_ward
from tests.words.filling import Filled, fill, forms_of

COOKIE = "psg_session"
WITHOUT_WORDS = {
    "access.leave", "access.member", "actions.reopen", "console.take_back", "drafting.move_factor",
    "drafting.remove_factor", "drafting.remove_floor", "duplicates.compare", "emergency.deny", "emergency.lift_conflict", "imports.put_away", "kept.discard",
    "matrices.propose", "merging.undo", "meetings.arrange", "meetings.close", "meetings.open_meeting", "osara.move", "outlines.take_back",
    "own_agency.suspend", "profile.password", "profile.recovery_codes", "profile.second_factor", "sessions.end",
    "sessions.end_others", "sessions.stay", "sessions.step_up", "subjects.look_for_person", "subjects.look_for_place", "users.act_on",
}  # fmt: skip
"""A button alone, nothing typed but what proves who one is, or the form of another page while it is typed."""


@dataclass
class Typist:
    """Somebody who has filled every form that is theirs to fill, in as many tabs."""

    user: User
    cookie: str = ""
    tabs: list[Filled] = field(default_factory=list)

    def browser(self, app: Flask) -> Browser:
        """A browser with all the tabs open."""
        browser = app.test_client()
        assert isinstance(browser, Browser)
        browser.set_cookie(COOKIE, self.cookie)
        return browser


@dataclass
class Desk:
    app: Flask
    typists: list[Typist]
    colleague: User

    def sign_in(self, browser: Browser, user: User) -> None:
        signed_in_at(self.app, user, browser)

    def step_up(self, user: User) -> None:
        """As though they had just shown again that it is them."""
        db.session.execute(update(SignedIn).where(SignedIn.user_id == user.id).values(stepped_up_at=now()))
        db.session.commit()


@pytest.fixture(scope="module")
def _world(app: Flask) -> Iterator[Desk]:
    with undone(app):
        world = World()
        chair = world.chair
        colleague = make_user(agency=chair.agency, role=chair.role)
        typists = {Role.COORDINATOR: Typist(chair)} | {
            role: Typist(make_user(role=role)) for role in (Role.AUDITOR, Role.ADMINISTRATOR)
        }
        typists[Role.AGENCY_LEAD] = Typist(make_user(role=Role.AGENCY_LEAD, agency=chair.agency))
        addresses = [(one.endpoint, one.page) for one in world.addresses()]
        addresses += office(world.officer, typists[Role.AGENCY_LEAD].user)
        browsers = {role: _searched(app, typist.user) for role, typist in typists.items()}
        for endpoint, page in dict.fromkeys(addresses):
            role = next(role for role in typists if (ROUTES[endpoint] in (None, *PERMITS[role])))
            typists[role].tabs += _filled(app, browsers[role], endpoint, page)
        for role, typist in typists.items():
            held = browsers[role].get_cookie(COOKIE)
            assert held is not None
            typist.cookie = held.value
        yield Desk(app, list(typists.values()), colleague)


@pytest.fixture
def desk(_world: Desk) -> Iterator[Desk]:
    db.session.commit()
    connection = db.engines[None]
    assert isinstance(connection, Connection)
    before = connection.begin_nested()
    yield _world
    db.session.rollback()
    before.rollback()


def office(officer: User, lead: User) -> list[tuple[str, str]]:
    """The forms of accounts, of one's own agency and of reference data."""
    asked = requests.ask_for_factors(officer, reason="The telephone fell into the Ouse", by=lead, now=now())
    ward = make_ward()
    one, own = f"/administration/users/{officer.id}", f"/agency/users/{make_user(agency=lead.agency).id}"
    return [
        ("record.purpose", "/audit/purpose"),
        ("administration.new_agency", "/administration/agencies/new"),
        ("administration.edit_agency", f"/administration/agencies/{officer.agency_id}/edit"),
        ("administration.decide", f"/administration/requests/{asked.id}"),
        ("users.invite", "/administration/users/new"),
        ("users.edit", f"{one}/edit"),
        ("users.role", f"{one}/role"),
        ("own_agency.ask", "/agency/request"),
        ("own_agency.suspend", f"{own}/suspend"),
        ("own_agency.factors", f"{own}/factors"),
        ("wards.new", "/administration/wards/new"),
        ("outlines.new", "/administration/outlines/new"),
        ("wards.edit", f"/administration/wards/{ward.id}/edit"),
    ]


def _searched(app: Flask, user: User) -> Browser:
    browser = signed_in_at(app, user)
    with browser.session_transaction() as cookie:
        cookie["searched_at"] = int(now().timestamp())
    return browser


def _filled(app: Flask, browser: Browser, endpoint: str, page: str) -> list[Filled]:
    """The form of this endpoint on this page, with something of one's own in every box."""
    if not any("POST" in (rule.methods or ()) for rule in app.url_map.iter_rules(endpoint)):
        return []
    answer = browser.get(page)
    assert answer.status_code == 200, (endpoint, page, answer.status_code)
    routes = app.url_map.bind("localhost")
    for form in map(fill, forms_of(answer.text)):
        path = form.action.partition("?")[0]
        if form.boxes and routes.match(path, method="POST")[0] == endpoint:
            form.endpoint = endpoint
            return [form]
    return []
