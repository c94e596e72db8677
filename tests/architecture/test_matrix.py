"""Every route × method × principal × state of a case, from the table in tests/access: refused unless it says otherwise."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from psg.accounts import sessions
from psg.accounts.guard import SID
from psg.accounts.models import User
from psg.accounts.sign_in_models import Factor
from psg.cases import membership
from psg.cases.models import Case, Visibility
from psg.extensions import db
from psg.web import htmx
from psg.web.dates import now
from tests.access.expectations import DOOR, HIDDEN, NO, ON_THE_WAY, ROUTES, SIGN_IN, YES, told
from tests.access.principals import STATES, Principal, everybody
from tests.access.tokens import TOKEN, token_for
from tests.architecture.test_forged_posts import everything
from tests.architecture.test_routes import address, rules
from tests.architecture.turns import WHOLE
from tests.architecture.world import World
from tests.browser import Browser
from tests.conftest import undone
from tests.factories.cases import make_ward

pytestmark = pytest.mark.only_on("sqlite")
"""The rule as SQL is held to the rule on both engines by tests/cases/test_policy.py; the routes are the same."""
UNDECLARED = ("PUT", "DELETE")
"""Refused before anybody is asked for: so asked of somebody who may, and of somebody who may not."""
VISIBILITIES = {state: Visibility(state) for state in STATES if state != "closed"}
OF_SESSIONS = {"signed_in", "kept_text", "submission", "throttled"}
"""What asking itself leaves behind."""
SAID = {NO: 403, HIDDEN: 404}
"""Set by `make access`. Otherwise every other cell is asked of the states that lie between open and sealed."""
asked: Counter[str] = Counter()
SIGN_INS = ("/sign-in", "/locked", "/kept/")


class Matrix:
    """One partnership with its case in one state, and a browser for everybody."""

    def __init__(self, app: Flask, state: str) -> None:
        self.state, self.world = state, World()
        world = self.world
        self.cases = [
            world.case,
            world.proposed,
            world.closed,
            world.sealed,
            world.shut.case,
            world.shut.left,
        ]
        self.people = list(everybody(self.cases))
        for case in self.cases:
            self._turn(case)
        db.session.commit()
        self.browsers = [(one, browser_of(app, one, person)) for one, person in self.people]
        self.urls = self._unlisted(app) | self._listed()

    def _turn(self, case: Case) -> None:
        case.visibility = VISIBILITIES.get(self.state, Visibility.PARTNERSHIP)
        if self.state == "closed":
            if case.is_open:
                case.closed_at, case.closure_code = now(), "objective_met"
            membership.end_memberships(case, now=now())

    def _listed(self) -> dict[str, str]:
        """One address for each route, of a person and of a place where it is of both; without a case, in one state."""
        found: dict[tuple[str, bool], str] = {}
        for one in self.world.addresses():
            if ROUTES[one.endpoint].case or ROUTES[one.endpoint].only or self.state == STATES[0]:
                found.setdefault((one.endpoint, one.url.startswith("/places")), one.url)
        return {url: endpoint for (endpoint, _), url in found.items()}

    def _unlisted(self, app: Flask) -> dict[str, str]:
        """Routes without a case, by the addresses of somebody of the lead's agency where they name a person."""
        listed = {one.endpoint for one in self.world.addresses()}
        officer = self.world.officer
        number = {
            "users": officer.id,
            "own_agency": officer.id,
            "administration": officer.agency_id,
            "wards": make_ward().id,
            "outlines": self.world.outlines.id,
        }
        return {
            address(rule).replace(
                "999999", str(number.get(rule.endpoint.partition(".")[0], 999999))
            ): rule.endpoint
            for rule in rules(app)
            if rule.endpoint not in listed and self.state == STATES[0]
        }


def browser_of(app: Flask, one: Principal, person: User) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    with browser.session_transaction() as cookie:
        cookie["csrf_token"] = TOKEN
        cookie["searched_at"] = int(now().timestamp())
        if one.session != "none":
            factor = Factor.PENDING if one.session == "pending" else Factor.CODE
            cookie[SID] = token = sessions.begin(person, factor=factor, device="A browser", now=now())
            signed_in = sessions.known_by(token)
            assert signed_in is not None
            if one.session == "ended":
                sessions.end(signed_in, now=now())
            if one.session == "locked":
                sessions.lock(signed_in, now=now())
            db.session.commit()
    return browser


class Blank:
    """Pages are made of nothing: whether one is given is decided before it is written."""

    def get_template(self, _name: str) -> "Blank":
        return self

    def render(self, *_values: object) -> str:
        return ""


@pytest.fixture(scope="module", params=STATES)
def matrix(app: Flask, request: pytest.FixtureRequest) -> Iterator[Matrix]:
    with undone(app), pytest.MonkeyPatch.context() as patch:
        patch.setattr(htmx, "render_template", lambda *_names, **_values: "")
        patch.setattr(app, "jinja_env", Blank())
        yield Matrix(app, request.param)


def test_every_route_has_a_line_and_every_line_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app)} == set(ROUTES)


def test_everybody_meets_what_the_table_says(app: Flask, matrix: Matrix) -> None:
    token = token_for(app)
    by_endpoint = {rule.endpoint: rule for rule in rules(app)}
    cells, wrong = Counter[str](), []
    before = held()
    every = 1 if WHOLE or matrix.state in ("partnership", "sealed") else 2
    for at, (url, endpoint) in enumerate(matrix.urls.items()):
        rule = by_endpoint[endpoint]
        for one, browser in matrix.browsers[at % every :: every]:
            for method in ("GET", "POST", *(UNDECLARED if one.name in ("lead", "signed out") else ())):
                said = told(
                    endpoint, method, url, one, matrix.state, names_a_record="<reference>" in rule.rule
                )
                answer = ask(browser, method, url, token if said in (NO, HIDDEN, DOOR, SIGN_IN) else "")
                cells[said] += 1
                if not is_as_said(answer, said, method, rule):
                    wrong.append(
                        (matrix.state, one.name, method, url, said, answer.status_code, answer.location)
                    )
    assert not wrong, "\n".join(map(str, wrong))
    assert held() == before
    asked.update(cells)


def test_that_was_the_whole_of_it() -> None:
    """At least 10,000 cells, and every kind of answer among them, or the table says nothing."""
    assert sum(asked.values()) >= 10_000
    assert min(asked[said] for said in (YES, DOOR, NO, HIDDEN, SIGN_IN)) >= 400, asked


def held() -> dict[str, Any]:
    return {name: rows for name, rows in everything().items() if name not in OF_SESSIONS}


def ask(browser: Browser, method: str, url: str, token: str) -> TestResponse:
    """A post of somebody who is refused carries a good token; of somebody who is let in none, to change nothing."""
    return browser.open(url, method=method, data={"csrf_token": token} if method == "POST" else None)


def is_as_said(answer: TestResponse, said: str, method: str, rule: Rule) -> bool:
    if method not in (rule.methods or ()):
        return answer.status_code == 405
    if said == "public":
        return answer.status_code < 500 or (rule.endpoint == "health.ready" and answer.status_code == 503)
    if said == SIGN_IN:
        return answer.status_code == 401 or (answer.location or "").startswith(SIGN_INS)
    if said == DOOR:
        return answer.status_code == 303 and bool(re.search(r"/cases/PSG-\d+/access$", answer.location or ""))
    if said != YES:
        return answer.status_code == SAID[said]
    if method == "GET":
        return answer.status_code == 200 or (answer.status_code == 303 and rule.endpoint in ON_THE_WAY)
    return answer.status_code in (400, 422)
