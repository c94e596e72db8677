"""The list of routes is held to the application, and every door of it is tried by every role."""

import re

import pytest
from flask import Flask

from psg.accounts.models import Role
from psg.accounts.permissions import PERMITS, Permission
from tests.architecture.routes import ROUTES
from tests.browser import Browser
from tests.factories.accounts import make_user

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
MEANT = {"stage": "objective"}
"""Arguments that are words of the trade rather than references."""


def rules(app: Flask):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(rule) -> str:
    """The rule's address with arguments that name nothing."""

    def stand_in(argument: re.Match[str]) -> str:
        kind, name = argument.group(1) or "", argument.group(2)
        if kind.startswith("any"):
            return kind.partition("(")[2].partition(",")[0].strip("'\") ")
        return "999999" if kind.startswith("int") else MEANT.get(name, "NONE-999999")

    return re.sub(r"<(?:([^:>]+):)?([^>]+)>", stand_in, rule.rule)


def test_every_route_is_listed_and_every_listed_route_exists(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app)} == set(ROUTES)


def test_every_route_asks_for_the_permission_it_is_listed_with(app: Flask) -> None:
    asked = {rule.endpoint: app.view_functions[rule.endpoint].permission for rule in rules(app)}
    assert asked == ROUTES


def test_every_route_is_one_transaction_with_its_entry(app: Flask) -> None:
    loose = {
        rule.endpoint
        for rule in rules(app)
        if ROUTES[rule.endpoint] is not None
        and not getattr(app.view_functions[rule.endpoint].__wrapped__, "is_transactional", False)
    }
    assert loose == set()


def test_nobody_signed_in_reaches_only_the_public_pages(app: Flask, client: Browser) -> None:
    for rule in rules(app):
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(address(rule), method=method)
            if ROUTES[rule.endpoint] is not None:
                assert answer.status_code == 303, rule
                assert answer.location.startswith("/sign-in"), rule


@pytest.mark.crawl
@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_permission_is_refused_everywhere(app: Flask, sign_in, role: Role) -> None:
    browser = sign_in(make_user(role=role))
    for rule in rules(app):
        permission = ROUTES[rule.endpoint]
        if permission is None or permission in PERMITS[role] or permission is Permission.USE:
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = browser.open(address(rule), method=method)
            assert answer.status_code == (404 if "<reference>" in rule.rule else 403), (rule, method)


@pytest.mark.crawl
@pytest.mark.parametrize("role", list(Role))
def test_nothing_that_is_not_there_breaks_a_page(app: Flask, sign_in, role: Role) -> None:
    """Ids that name nothing and posts without a token are answered with a refusal, never a 500."""
    user = make_user(role=role)
    for rule in rules(app):
        if rule.endpoint in ("accounts.sign_out", "health.ready"):
            continue
        for method in rule.methods & {"GET", "POST"}:
            browser = sign_in(user)
            answer = browser.open(address(rule), method=method)
            assert answer.status_code < 500, (rule, method)
            if method in UNSAFE:
                assert answer.status_code >= 400 or answer.status_code == 303, (rule, method)


def test_methods_that_are_not_declared_are_refused(app: Flask, sign_in) -> None:
    browser = sign_in(make_user(role=Role.COORDINATOR))
    for rule in rules(app):
        assert browser.open(address(rule), method="PUT").status_code == 405, rule
