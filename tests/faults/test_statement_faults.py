"""A database that fails at any one statement of a change leaves all of the change, or none of it.

Each form is filled in as a person would and sent once to see what it does; then again for each of its
statements, failing there. The answer is a 503 and every table is as it was: the data, the record, the
form's key. What a failure does not stop is the form's own way of being sent again.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from flask import Flask

from psg.accounts.models import Role
from psg.web.dates import today
from tests.architecture.test_injection import filled, page_forms
from tests.architecture.test_one_entry import of_method
from tests.architecture.world import Address, World
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import make_ward
from tests.faults.sabotage import everything, sabotage, undone

SAVED = (200, 204, 303)
LONG_AGO = timedelta(days=700)
DRAWN, FEWEST_FORMS, FEWEST_FAILURES, FEWEST_OF_ACCOUNTS = 15, 50, 1_000, 8

SignIn = Callable[[Any], Browser]
Sent = tuple[Address, dict[str, Any], int]
"""A form, what is sent, and how many statements that takes."""


def ways_to_fill(chair: Browser, one: Address) -> Iterator[dict[str, Any]]:
    for day in (today(), today() - LONG_AGO):
        for ticks in (None, 1, 2):
            boxes = page_forms(chair, one)
            sent = filled(boxes, cycle(["Some words"]), "A sentence of words.", day, ticks=ticks)
            yield sent | {box.name: "somebody@psg.example" for box in boxes if box.kind == "email"}


def forms_that_save(chair: Browser, forms: Iterable[Address]) -> Iterator[Sent]:
    for one in forms:
        for sent in ways_to_fill(chair, one):
            with undone(), sabotage() as watched:
                answer = chair.post(one.url, data=sent)
            if answer.status_code in SAVED:
                yield one, sent, len(watched.statements)
                break


def send_failing(chair: Browser, one: Address, sent: dict[str, Any], numbers: Iterable[int]) -> None:
    before = everything()
    for number in numbers:
        with undone():
            with sabotage(lambda at, _statement, number=number: at == number) as failed:
                answer = chair.post(one.url, data=sent)
            what = (str(one), number, failed.statements[-1])
            assert failed.has_struck, what
            assert answer.status_code == 503, (answer.status_code, what)
            after = everything()
            assert [name for name in before if before[name] != after[name]] == [], what


def test_a_change_that_fails_at_some_statement_leaves_nothing_of_itself(
    app: Flask, world: World, chair: Browser
) -> None:
    """The short form: some of the forms and two statements of each, drawn by lot, the same in every run."""
    chance = random.Random(1)
    drawn = chance.sample(of_method(app, world, "POST"), DRAWN)
    for one, sent, statements in forms_that_save(chair, drawn):
        send_failing(chair, one, sent, [chance.randint(1, statements), statements])


def of_accounts(sign_in: SignIn) -> Iterator[tuple[Browser, list[Address]]]:
    """The forms about people, agencies and wards, each with who sends it."""
    lead = make_user(role=Role.AGENCY_LEAD)
    officer, ward = make_user(agency=lead.agency), make_ward()
    one, agency = f"/administration/users/{officer.id}", f"/administration/agencies/{lead.agency_id}"
    administrators = (
        ("administration.new_agency", "/administration/agencies/new"),
        ("administration.edit_agency", f"{agency}/edit"),
        ("users.invite", "/administration/users/new"),
        ("users.edit", f"{one}/edit"),
        ("users.role", f"{one}/role"),
        ("users.act_on", f"{one}/suspend"),
        ("users.act_on", f"{one}/sign_out"),
        ("wards.new", "/administration/wards/new"),
        ("wards.edit", f"/administration/wards/{ward.id}/edit"),
    )
    leads = (
        ("own_agency.ask", "/agency/request"),
        ("own_agency.suspend", f"/agency/users/{officer.id}/suspend"),
    )
    for user, listed in ((make_user(role=Role.ADMINISTRATOR), administrators), (lead, leads)):
        yield sign_in(user), [Address(endpoint, url, url) for endpoint, url in listed]


@pytest.mark.faults
def test_a_change_to_an_account_that_fails_at_any_statement_leaves_nothing_of_itself(
    session: object, sign_in: SignIn
) -> None:
    saved = set()
    for browser, addresses in list(of_accounts(sign_in)):
        for one, sent, statements in forms_that_save(browser, addresses):
            saved.add(one.endpoint)
            send_failing(browser, one, sent, range(1, statements + 1))
    assert len(saved) >= FEWEST_OF_ACCOUNTS, saved


@pytest.mark.faults
def test_a_change_that_fails_at_any_statement_leaves_nothing_of_itself(
    app: Flask, world: World, chair: Browser
) -> None:
    failures = []
    for one, sent, statements in forms_that_save(chair, of_method(app, world, "POST")):
        send_failing(chair, one, sent, range(1, statements + 1))
        failures.append(statements)
    assert len(failures) >= FEWEST_FORMS
    assert sum(failures) >= FEWEST_FAILURES
