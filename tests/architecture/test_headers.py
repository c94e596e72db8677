"""Every answer of every route, whatever its method and status, carries the headers; and no method is there by accident."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from psg.accounts.models import Role
from psg.overview import published
from psg.web import headers
from psg.web.errors import EXPLAINED
from psg.web.reports import Limiter
from tests.architecture.test_routes import UNSAFE, address, rules
from tests.architecture.world import World
from tests.browser import Browser
from tests.factories.accounts import make_user

pytestmark = pytest.mark.crawl

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MADE-UP")
HTMX = {"HX-Request": "true"}
ASKED = (("GET", {}), ("GET", HTMX), ("POST", {}))
MORE = (("HEAD", {}), ("POST", HTMX))
NOTE = {"body": "Shouting", "happened_on-day": "1", "happened_on-month": "6", "happened_on-year": "2025"}
WITHOUT_TOKEN = {"published.csp_report"}
"""What takes a post that no form of ours sent. It changes nothing."""


def assert_hardened(answer: TestResponse, said: object) -> None:
    sent = answer.headers
    for name, value in headers.fixed({"PSG_ENV": "test"}).items():
        assert sent.getlist(name) == [value], (said, answer.status_code, name)
    if answer.request.path.startswith("/static/") and answer.status_code == 200:
        assert sent["Cache-Control"].startswith("public"), said
    else:
        assert sent["Cache-Control"] == "no-store", said
        assert {"Cookie", "HX-Request"} <= set(answer.vary), said
    for cookie in sent.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, said
        assert "SameSite=Lax" in cookie, said
        assert "Domain=" not in cookie, said
    for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        assert name not in sent, said


def browsers(
    world: World, client: Browser, browser: Browser, sign_in: Callable[..., Browser]
) -> list[Browser]:
    """A stranger, the chair, and one who reads no case."""
    return [client, browser, sign_in(make_user(role=Role.AUDITOR))]


@pytest.mark.only_on("sqlite")
def test_every_answer_of_every_route_carries_the_headers(
    app: Flask, world: World, client: Browser, browser: Browser, sign_in: Callable[..., Browser]
) -> None:
    seen: Counter[int] = Counter()
    listed = [one.url for one in world.addresses() if one.endpoint != "accounts.sign_out"]
    unlisted = [address(rule) for rule in rules(app) if rule.endpoint != "accounts.sign_out"]
    for someone in browsers(world, client, browser, sign_in):
        for url in listed:
            for method, sent in ASKED + MORE if someone is browser else ASKED:
                answer = someone.open(url, method=method, headers=sent)
                assert_hardened(answer, (method, url, sent))
                seen[answer.status_code] += 1
    for url in unlisted:  # records that are not there
        for method in ("GET", "POST"):
            answer = browser.open(url, method=method)
            assert_hardened(answer, (method, url))
            seen[answer.status_code] += 1
    assert {200, 303, 401, 403, 404, 405, 422} <= set(seen)
    assert sum(seen.values()) > 1000


def test_methods_that_no_route_declares_are_refused(app: Flask, browser: Browser) -> None:
    for rule in app.url_map.iter_rules():
        url = "/static/css/psg.css" if rule.endpoint == "static" else address(rule)
        declared = rule.methods or set()
        assert declared <= {"GET", "HEAD", "POST"}, rule
        for method in set(METHODS) - declared:
            answer = browser.open(url, method=method, buffered=True)
            assert answer.status_code == 405, (rule, method)
            assert set(answer.headers["Allow"].split(", ")) == declared, (rule, method)
            assert_hardened(answer, (rule, method))


def test_files_of_ours_and_downloads_carry_them_too(world: World, sign_in: Callable[..., Browser]) -> None:
    auditor = sign_in(make_user(role=Role.AUDITOR))
    for url, status in (
        ("/static/css/psg.css", 200),
        ("/static/css/psg.css?v=1", 200),
        ("/static/none.css", 404),
        ("/static/../psg/config.py", 404),
        ("/.well-known/security.txt", 200),
        ("/health", 200),
    ):
        answer = auditor.get(url, buffered=True)
        assert answer.status_code == status, url
        assert_hardened(answer, url)


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Exception], None]:
    """Has a route fail as it would in use, not as in a test, which wants to see the exception."""

    def breaks(endpoint: str, error: Exception) -> None:
        def view(**_values: object) -> str:
            raise error

        monkeypatch.setitem(app.view_functions, endpoint, view)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    return breaks


def refusals(
    world: World,
    client: Browser,
    browser: Browser,
    broken: Callable[[str, Exception], None],
    sent: dict[str, str],
) -> Iterator[tuple[int, TestResponse]]:
    """One answer of each status of refusal, from the product's own routes."""
    note = f"/cases/{world.case.reference}/notes/new"
    yield 400, browser.get("/", headers={"Host": "evil.example", **sent})
    yield 400, client.post("/csp-report", data=b"{", content_type="application/json", headers=sent)
    yield 401, client.get("/board", headers=HTMX)
    yield 403, browser.get("/sharing/export.csv", headers=sent)
    yield 404, browser.get("/cases/PSG-9999", headers=sent)
    yield 405, browser.put("/board", headers=sent)
    once = {**browser.hidden_fields(note), **NOTE}
    assert browser.post(note, data=once).status_code == 303
    yield 409, browser.post(note, data={**once, "body": "Shouting again"}, headers=sent)
    yield 413, browser.post(note, data={"body": "x" * 1_100_000}, headers=sent)
    yield 415, client.post("/csp-report", data=b"x", content_type="text/plain", headers=sent)
    yield 422, browser.post(note, data={**browser.hidden_fields(note), "body": ""}, headers=sent)
    yield 429, client.post("/csp-report", json={"csp-report": {}}, headers=sent)
    broken("health.health", ZeroDivisionError("Reedmace"))
    yield 500, client.get("/health", headers=sent)
    broken("health.health", OperationalError("SELECT", {}, Exception("Reedmace")))
    yield 503, client.get("/health", headers=sent)


@pytest.mark.parametrize("sent", [{}, HTMX], ids=["page", "fragment"])
def test_every_status_of_refusal_carries_them_and_says_what_to_do(
    world: World,
    client: Browser,
    browser: Browser,
    broken: Callable[[str, Exception], None],
    monkeypatch: pytest.MonkeyPatch,
    sent: dict[str, str],
) -> None:
    monkeypatch.setattr(published, "limiter", Limiter(2))
    seen = set()
    for status, answer in refusals(world, client, browser, broken, sent):
        assert answer.status_code == status, (status, answer.request)
        assert_hardened(answer, status)
        assert "Reedmace" not in answer.text
        assert "Traceback" not in answer.text
        seen.add(status)
    assert seen == EXPLAINED


def test_every_post_asks_for_the_token_of_a_form_but_those_that_say_why_not(app: Flask) -> None:
    declared = {
        rule.endpoint
        for rule in rules(app)
        if (rule.methods or set()) & UNSAFE
        and getattr(app.view_functions[rule.endpoint], "without_token", "")
    }
    assert declared == WITHOUT_TOKEN
    for rule in rules(app):
        if (rule.methods or set()) & UNSAFE and rule.endpoint not in WITHOUT_TOKEN:
            view = app.view_functions[rule.endpoint]
            assert is_transactional(view), rule


def is_transactional(view: Callable[..., object] | None) -> bool:
    """However many decorators stand around it."""
    while view is not None:
        if getattr(view, "is_transactional", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False
