"""Who may not read cases learns nothing of one: not from a page, a form, a search, an export or an error."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from psg.accounts.models import Role, User
from psg.web.dates import today
from tests.architecture.test_forged_posts import everything
from tests.architecture.world import World
from tests.browser import Browser
from tests.factories.accounts import make_user

NAMES = re.compile("Sedgewick|Reedy|Bittern Drove|Shouting|shouting at night|Visit together")
"""What the case, its people, its note and its line in the minutes say."""


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


STRANGERS: dict[str, Callable[[World], User]] = {
    "auditor": of_role(Role.AUDITOR),
    "delivery group": of_role(Role.DELIVERY_GROUP),
    "administrator": of_role(Role.ADMINISTRATOR),
    "agreement lapsed": without_an_agreement,
    "account switched off": switched_off,
}


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


@pytest.mark.parametrize("who", ["delivery group", "administrator", "agreement lapsed"])
def test_a_hidden_record_and_a_missing_one_are_answered_alike(world: World, sign_in, who: str) -> None:
    browser: Browser = sign_in(STRANGERS[who](world))
    for hidden in (f"/cases/{world.case.reference}", f"/people/{world.person.reference}"):
        missing = re.sub(r"\d+", "9999", hidden)
        for rest in ("", "/edit"):
            one, other = browser.get(hidden + rest), browser.get(missing + rest)
            assert one.status_code == other.status_code == 404
            assert (one.text, sorted(one.headers)) == (other.text, sorted(other.headers))
