"""One object, all its verbs: under another parent it is not there, and no form takes what it did not offer."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count, product

import pytest
from flask import Flask

from psg.accounts.models import Role
from psg.extensions import db
from psg.web.dates import now, today
from tests.access.oblivion import taken_back
from tests.access.standing import let_in
from tests.architecture.pages import Box
from tests.architecture.test_forged_posts import everything
from tests.architecture.test_injection import filled, page_forms
from tests.architecture.world import World
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case, make_ward
from tests.factories.demand import make_contact
from tests.factories.subjects import make_person

pytestmark = pytest.mark.crawl

SignIn = Callable[..., Browser]
NUMBERED = re.compile(r"^/(cases|people|places|meetings)/([A-Z]+-\d+)(/.*\d.*)$")
LEFT_BEHIND = {"signed_in", "submission", "kept_text"}


@pytest.fixture
def world(session: object) -> World:
    return World()


@pytest.fixture
def chair(world: World, sign_in: SignIn) -> Browser:
    """A member of every case, who has searched."""
    browser = sign_in(world.chair)
    with browser.session_transaction() as cookie:
        cookie["searched_at"] = int(now().timestamp())
    return browser


OF_TWO = ("/items/", "/duplicates/", "/merge/")
"""An item is found by its case, and two records side by side are those of the address."""


def held() -> dict[str, object]:
    return {name: rows for name, rows in everything().items() if name not in LEFT_BEHIND}


def under_another(world: World) -> Iterator[tuple[str, str]]:
    """The address of each thing that belongs to something, under another of its kind."""
    person = make_person(by=world.officer)
    make_contact(person, by=world.officer)
    parents = {"cases": (world.proposed.reference, world.case.reference), "people": (person.reference,),
               "places": (person.reference,), "meetings": (world.planned.reference,)}  # fmt: skip
    for one in world.addresses():
        found = NUMBERED.match(one.url.partition("?")[0])
        if found is None:
            continue
        kind, parent, rest = found.groups()
        for other in parents[kind]:
            if other != parent and not rest.startswith(OF_TWO):
                yield one.endpoint, f"/{kind}/{other}{rest}"


def test_nothing_is_found_under_another_parent(world: World, chair: Browser) -> None:
    token = chair.hidden_fields("/people/new")["csrf_token"]
    tried = list(under_another(world))
    assert len({endpoint for endpoint, _ in tried}) >= 15
    before = held()
    for endpoint, url in tried:
        for method, headers in product(("GET", "POST"), ({}, {"HX-Request": "true"})):
            data = {"csrf_token": token, "answer": "grant", "body": "Moved"} if method == "POST" else None
            answer = chair.open(url, method=method, data=data, headers=headers)
            assert answer.status_code in (404, 405), (endpoint, method, url)
    assert held() == before


def test_a_case_that_is_not_on_the_agenda_is_not_met_at_the_console(world: World, chair: Browser) -> None:
    other = make_case(by=world.chair)
    token = chair.hidden_fields("/people/new")["csrf_token"]
    at = f"/meetings/{world.meeting.reference}"
    assert chair.get(f"{at}/run?item={other.id}").status_code == 404
    for what in ("capture", "outcome"):
        answer = chair.post(f"{at}/items/{other.id}/{what}", data={"csrf_token": token, "outcome": "keep"})
        assert answer.status_code == 404


def chosen(box: Box) -> bool:
    """Whether the box offers records by their number."""
    offered = [choice for choice in box.choices if choice]
    return box.kind != "button" and bool(offered) and all(choice.isdigit() for choice in offered)


def not_offered(box: Box) -> list[str]:
    """Numbers of records that are there for others, and of one that is not."""
    others = [number for number in map(str, range(1, 80)) if number not in box.choices]
    return [*others[:2], "999999"]


def as_a_person(boxes: list[Box]) -> dict[str, object]:
    lines = (f"Line {number}" for number in count(1))
    return filled(boxes, lines, "A whole paragraph", today() + timedelta(days=9), ticks=1)


def test_no_form_takes_the_number_of_what_it_did_not_offer(app: Flask, world: World, chair: Browser) -> None:
    """Another agency's person, another case's party, a ward, a commitment: every choice that names a record."""
    _strangers(world)
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    addresses = [one for one in world.addresses() if one.endpoint in posts]
    db.session.commit()
    sent, tried = set(), set()
    before = held()
    for one in addresses:
        boxes = page_forms(chair, one)
        for box in filter(chosen, boxes):
            sound = as_a_person(boxes)
            for number in not_offered(box):
                wanted = [number] if box.kind == "checkbox" else number
                answer = chair.post(one.url, data={**sound, box.name: wanted})
                assert answer.status_code == 422, (one, box.name, number, answer.status_code)
            tried.add((one.endpoint, box.name))
            with taken_back():
                if chair.post(one.url, data=sound).status_code == 303:
                    sent.add((one.endpoint, box.name))
    assert held() == before
    assert len(tried) >= 20, tried
    assert len(sent) >= 10, tried - sent


def _strangers(world: World) -> None:
    """Records that no form of this case offers: an auditor, an oversight body, another case and its party."""
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.DELIVERY_GROUP):
        make_user(role=role)
    make_agency()
    make_ward()
    let_in(make_case(by=world.officer), make_user())


def test_terms_of_an_emergency_are_not_the_readers_to_set(world: World, sign_in: SignIn) -> None:
    """Emergency access that is asked for with more than the form has is the four hours of every other."""
    reader = make_user()
    browser, page = sign_in(reader), f"/cases/{world.shut.case.reference}/emergency/reason"
    wide = {"expires_at": "2099-01-01", "hours": "400", "case": world.sealed.id, "user": world.chair.id,
            "urgency": "court", "reason": "A hearing begins within the hour"}  # fmt: skip
    assert browser.send(page, wide).status_code == 303
    [row] = [row for row in everything()["emergency_access"] if row.user_id == reader.id]
    assert row.expires_at - row.opened_at == timedelta(hours=4)
    assert row.case_id == world.shut.case.id
    assert browser.send(page, wide).status_code == 422, "it is not broken again to last longer"
