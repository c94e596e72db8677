"""A case that is hidden from somebody is one that does not exist: the same partnership is told twice.

Once with the hidden case, once with its rows taken away. Every page, list, search, count, fragment,
export and refusal that the person meets must be the same in status, body and headers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask

from psg.accounts.models import Role, User
from psg.cases.models import Case, Visibility
from psg.extensions import db
from psg.web.dates import now
from tests.access.crawling import HTMX, as_told, crawl
from tests.access.oblivion import forget_case, taken_back
from tests.access.principals import conflict
from tests.architecture.world import World
from tests.browser import Browser
from tests.conftest import signed_in_at, undone
from tests.factories.accounts import make_user

pytestmark = pytest.mark.crawl

Answer = tuple[int, str, list[tuple[str, str]]]
SEARCHED = ("Sedgewick", "reed", "P-0001", "PSG-0001", "Bittern")
LISTS = ("/", "/board", "/board?view=columns", "/cases", "/cases?state=all", "/people", "/places", "/actions?whose=everyone",
         "/actions?whose=everyone&status=all", "/meetings", "/plan", "/reports", "/sharing", "/cases/restricted")  # fmt: skip


def sealed(case: Case, person: User) -> None:
    case.visibility = Visibility.SEALED


def in_conflict(case: Case, person: User) -> None:
    conflict(case, person)


HIDDEN: dict[str, tuple[Role, Callable[[Case, User], None]]] = {
    "sealed, to an officer": (Role.PRACTITIONER, sealed),
    "sealed, to the Delivery Group": (Role.DELIVERY_GROUP, sealed),
    "in conflict, a chair": (Role.COORDINATOR, in_conflict),
}
KINDRED: dict[str, tuple[Role, Callable[[Case, User], None]]] = {
    "sealed, to a chair": (Role.COORDINATOR, sealed),
    "sealed, to an agency lead": (Role.AGENCY_LEAD, sealed),
    "sealed, to an administrator": (Role.ADMINISTRATOR, sealed),
    "in conflict, an officer": (Role.PRACTITIONER, in_conflict),
    "in conflict, an agency lead": (Role.AGENCY_LEAD, in_conflict),
}
"""Hidden in the ways that those above have it hidden from them."""


@dataclass
class Told:
    """The partnership, and every address of it that a member of the case meets."""

    app: Flask
    number: int
    reference: str
    party_search: str
    asked: list[str]


@pytest.fixture(scope="module")
def told(app: Flask) -> Iterator[Told]:
    with undone(app), time_machine.travel(now(), tick=False):
        world = World()
        yield Told(
            app,
            world.case.id,
            world.case.reference,
            f"/cases/{world.proposed.reference}/parties/find",
            asked(world, signed_in_at(app, world.chair)),
        )


def asked(world: World, member: Browser) -> list[str]:
    """Every address that a member of the case meets, and those that the product knows of."""
    met = crawl(member, "/", f"/cases/{world.case.reference}", of_a_kind=1)
    listed = {one.url for one in world.addresses() if one.endpoint != "accounts.sign_out"}
    narrowed = [f"/sharing?case={world.case.reference}", f"/cases/new?subject={world.person.reference}",
                f"/cases/{world.proposed.reference}/parties/new?subject={world.person.reference}"]  # fmt: skip
    return sorted({*met, *listed, *LISTS, *narrowed})


def answers(browser: Browser, told: Told) -> dict[str, Answer]:
    """What this person is told: by each address, by its fragment, by posting to it and by searching."""
    said: dict[str, Answer] = {}
    token = browser.hidden_fields("/", "/sign-out")["csrf_token"]
    for url in told.asked:
        said[url] = as_told(browser.get(url))
        if url in LISTS:
            said[f"{url} fragment"] = as_told(browser.get(url, headers=HTMX))
        if said[url][0] in (403, 404, 405):
            with taken_back():
                said[f"{url} posted"] = as_told(browser.post(url, data={"csrf_token": token}))
    for words in SEARCHED:
        for page in ("/search", told.party_search):
            for headers in ({}, HTMX):
                with taken_back():
                    answer = browser.post(page, data={"csrf_token": token, "q": words}, headers=headers)
                    said[f"{page} {words} {headers}"] = as_told(answer)
    return said


@pytest.mark.parametrize("how", [*HIDDEN, *(pytest.param(how, marks=pytest.mark.long) for how in KINDRED)])
def test_it_is_as_if_it_did_not_exist(told: Told, how: str) -> None:
    role, hide = (HIDDEN | KINDRED)[how]
    with taken_back():
        person = make_user(role=role)
        hide(db.session.get_one(Case, told.number), person)
        browser = signed_in_at(told.app, person)
        with browser.session_transaction() as cookie:
            cookie["searched_at"] = int(now().timestamp())
        with_it = answers(browser, told)
        forget_case(told.number)
        without_it = answers(browser, told)
    different = {url: (with_it[url], one) for url, one in without_it.items() if with_it[url] != one}
    assert with_it.keys() == without_it.keys()
    assert not different, report(different)
    assert with_it[f"/cases/{told.reference}"][0] == 404


def report(different: dict[str, tuple[Answer, Answer]]) -> str:
    """The lines in which two answers differ, of each address."""
    lines = []
    for url, (one, other) in different.items():
        lines.append(f"{url}: {one[0]} {other[0]}, headers {set(one[2]) ^ set(other[2])}")
        mine, theirs = one[1].splitlines(), other[1].splitlines()
        lines += [f"   with: {line.strip()[:200]}" for line in mine if line not in theirs][:6]
        lines += [f"without: {line.strip()[:200]}" for line in theirs if line not in mine][:6]
    return "\n".join(lines)
