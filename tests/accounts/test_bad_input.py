"""Bad input and forged posts to every page about accounts: refused in words, nothing changed, nothing recorded."""

from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask

from psg.accounts import links
from psg.accounts.models import Role
from psg.accounts.sign_in_models import LinkPurpose
from psg.subjects.services import add_ward
from psg.web.dates import now
from tests.accounts.signing_in import entries, give_password
from tests.architecture.test_forged_posts import everything
from tests.architecture.test_hostile_input import BODIES, MADE, ODD, QUERIES, UNKEEPABLE, Fields, filled
from tests.browser import Browser
from tests.factories.accounts import give_app, make_user

Page = tuple[Browser, str]
COUNTED = {"failed_attempt"}
"""What a wrong password or code leaves behind, and must."""
_keys = count(1)


@pytest.fixture
def pages(app: Flask, client: Browser, sign_in) -> list[Page]:
    """Every form about accounts, with a browser that may open it."""
    person, lead, administrator = (
        make_user(role=role) for role in (Role.PRACTITIONER, Role.AGENCY_LEAD, Role.ADMINISTRATOR)
    )
    own = make_user(agency=lead.agency)
    waiting, fresh = app.test_client(), app.test_client()
    other = make_user()
    give_app(other)
    link = links.create(make_user(), LinkPurpose.INVITATION, now=now()).rpartition("/")[2]
    give_password(waiting, other)
    give_password(fresh, make_user())
    users = f"/administration/users/{person.id}"
    return [
        *((client, page) for page in ("/sign-in", "/forgotten-password", f"/choose-password/{link}")),
        *((waiting, page) for page in ("/sign-in/second-factor", "/sign-in/recovery-code")),
        (fresh, "/sign-in/set-up"),
        *((sign_in(person), page) for page in ("/account/password", "/account/second-factor")),
        *((sign_in(lead), page) for page in ("/agency/request", f"/agency/users/{own.id}/factors")),
        *(
            (sign_in(administrator), page)
            for page in (
                "/administration/users/new", f"{users}/edit", f"{users}/role", "/administration/agencies/new",
                f"/administration/agencies/{person.agency_id}/edit", "/administration/wards/new",
                f"/administration/wards/{add_ward('Reedmere').id}/edit",
            )
        ),
    ]  # fmt: skip


def forms(pages: list[Page]) -> Iterator[tuple[Browser, str, dict[str, str]]]:
    for browser, page in pages:
        fields = Fields(page, page)
        fields.feed(browser.get(page).text)
        assert "csrf_token" in fields.answers, page
        yield browser, page, fields.answers


def held() -> dict[str, object]:
    return {name: rows for name, rows in everything().items() if name not in COUNTED}


def test_what_cannot_be_kept_is_refused_and_nothing_else_is_done(pages: list[Page]) -> None:
    asked, before, recorded = list(forms(pages)), held(), entries()
    for browser, page, answers in asked:
        for hostile in UNKEEPABLE:
            answer = browser.post(page, data=filled(answers, hostile))
            assert answer.status_code in (409, 413, 422), (page, hostile[:5])
    assert held() == before
    assert entries() == recorded


def test_what_is_odd_breaks_no_page(pages: list[Page]) -> None:
    for browser, page, answers in list(forms(pages)):
        for hostile in ODD:
            answer = browser.post(page, data=filled(answers, hostile))
            assert answer.status_code in (303, 409, 422), (page, hostile)
            assert not MADE.search(answer.text), page


def test_a_post_that_our_page_did_not_send_changes_nothing(pages: list[Page]) -> None:
    before, recorded = held(), entries()
    for browser, page in pages:
        for data in ({}, {"csrf_token": "forged", "request_key": f"key-{next(_keys)}"}):
            assert browser.post(page, data=data).status_code in (400, 422), page
        for body, kind in BODIES:
            assert browser.post(page, data=body, content_type=kind).status_code in (400, 409, 413, 422), page
    assert held() == before
    assert entries() == recorded


def test_no_address_breaks_a_list(sign_in) -> None:
    browser = sign_in(make_user(role=Role.ADMINISTRATOR))
    for query in QUERIES:
        for page in ("/administration/users", "/administration", "/administration/wards"):
            assert browser.get(f"{page}?{query}").status_code == 200, query
    for page in (
        "/users/2147483648",
        "/users/99999999999999999999",
        "/users/x",
        "/requests/0",
        "/agencies/0/edit",
    ):
        assert browser.get(f"/administration{page}").status_code == 404, page
