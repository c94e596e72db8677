"""Who may not read cases learns nothing of one: not from a page, a form, a search, an export or an error."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from psg.accounts.models import Role, User
from psg.cases.models import Visibility
from psg.web.dates import now, today
from tests.access.crawling import crawl
from tests.access.standing import lapse, shut_out
from tests.architecture.test_forged_posts import everything
from tests.architecture.world import World
from tests.browser import Browser
from tests.factories.accounts import make_user

pytestmark = pytest.mark.crawl

NAMES = re.compile("Sedgewick|Reedy|Bittern Drove|Shouting|shouting at night|Visit together")
"""What the case, its people, its note and its line in the minutes say."""
OF_THE_CASE = re.compile("Sedgewick|Reedy|Shouting")
"""What the case says, and no other case or place that officers read."""


def without_an_agreement(world: World) -> User:
    user = make_user()
    user.agency.agreement_from = today() - timedelta(days=30)
    user.agency.agreement_until = today() - timedelta(days=1)
    return user


def switched_off(world: World) -> User:
    user = make_user(agency=world.chair.agency)
    user.is_active = False
    return user


def of_role(role: Role) -> Callable[[World], User]:
    return lambda world: make_user(role=role)


def outside(world: World, visibility: Visibility, role: Role = Role.PRACTITIONER) -> User:
    world.case.visibility = visibility
    return make_user(role=role)


def in_conflict(world: World, role: Role) -> User:
    person = make_user(role=role)
    shut_out(world.case, person)
    return person


def lapsed_member(world: World) -> User:
    person = make_user()
    lapse(world.case, person)
    return outside(world, Visibility.MEMBERS) and person


STRANGERS: dict[str, Callable[[World], User]] = {
    "auditor": of_role(Role.AUDITOR),
    "delivery group": of_role(Role.DELIVERY_GROUP),
    "administrator": of_role(Role.ADMINISTRATOR),
    "agreement lapsed": without_an_agreement,
    "account switched off": switched_off,
}
SHUT_OUT: dict[str, Callable[[World], User]] = {
    "outside a restricted case": lambda world: outside(world, Visibility.MEMBERS),
    "a member until yesterday": lapsed_member,
    "outside a sealed case": lambda world: outside(world, Visibility.SEALED),
    "in conflict": lambda world: in_conflict(world, Role.PRACTITIONER),
    "a chair in conflict": lambda world: in_conflict(world, Role.COORDINATOR),
}
KINDRED = ("a member until yesterday", "in conflict")
"""Those to whom it is shut in the way that it is to another."""
KNOW_OF_IT = ("outside a restricted case", "a member until yesterday")
"""Those who are shown the pointer: its reference, and nothing that it is about."""


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_to_the_case_learns_nothing_of_it(app: Flask, world: World, sign_in, who: str) -> None:
    browser: Browser = sign_in(STRANGERS[who](world))
    addresses = list(world.addresses())
    reference, person = world.case.reference, world.person.reference
    before = everything()
    for one in addresses:
        if one.endpoint == "accounts.sign_out":
            continue
        for method in ("GET", "POST"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = browser.open(one.url, method=method, headers=headers)
                assert answer.status_code in (200, 303, 401, 403, 404, 405, 422), (one, method)
                assert not NAMES.search(answer.text), (one, method)
                if who != "auditor" and answer.status_code != 303:  # an auditor tests the log by reference
                    assert reference not in answer.text, one
                    assert person not in answer.text, one
    assert everything() == before


@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=pytest.mark.long if who in KINDRED else ()) for who in SHUT_OUT]
)
def test_what_one_person_has_seen_tells_another_nothing(
    world: World, browser: Browser, sign_in, who: str
) -> None:
    """Every address that a member meets, sent by somebody to whom the case is shut: plain, as a fragment, posted."""
    listed = {one.url for one in world.addresses() if one.endpoint != "accounts.sign_out"}
    asked = sorted({*crawl(browser, "/", f"/cases/{world.case.reference}", of_a_kind=1), *listed})
    references = (world.case.reference, world.person.reference, world.disclosure.reference)
    stranger: Browser = sign_in(SHUT_OUT[who](world))
    with stranger.session_transaction() as cookie:
        cookie["searched_at"] = int(now().timestamp())
    token = stranger.hidden_fields("/", "/sign-out")["csrf_token"]
    told = {}
    for url in asked:
        refused = stranger.get(url)
        told[url] = refused.text
        told[f"{url} fragment"] = stranger.get(url, headers={"HX-Request": "true"}).text
        if refused.status_code in (303, 403, 404):
            told[f"{url} posted"] = stranger.post(url, data={"csrf_token": token}).text
    for words in ("Sedgewick", "reedy", "Shouting", *references):
        for headers in ({}, {"HX-Request": "true"}):
            answer = stranger.post("/search", data={"csrf_token": token, "q": words}, headers=headers)
            told[f"search {words} {headers}"] = answer.text.replace(words, "")
    assert len(told) > 300
    for what, page in told.items():
        assert not OF_THE_CASE.search(page), what
        if who not in KNOW_OF_IT:
            own = next((one for one in references if one in what), "PSG-NONE")
            assert not any(one in page for one in references if one != own), what


@pytest.mark.parametrize("who", ["delivery group", "administrator", "agreement lapsed"])
def test_a_hidden_record_and_a_missing_one_are_answered_alike(world: World, sign_in, who: str) -> None:
    browser: Browser = sign_in(STRANGERS[who](world))
    for hidden in (f"/cases/{world.case.reference}", f"/people/{world.person.reference}"):
        missing = re.sub(r"\d+", "9999", hidden)
        for rest in ("", "/edit"):
            one, other = browser.get(hidden + rest), browser.get(missing + rest)
            assert one.status_code == other.status_code == 404
            assert (one.text, sorted(one.headers)) == (other.text, sorted(other.headers))
