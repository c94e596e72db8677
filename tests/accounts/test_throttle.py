"""Ten failures in five minutes; and no stranger shuts anybody out of a browser they have used before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, Response
from sqlalchemy import func, select

from psg.accounts import devices, throttle
from psg.accounts.sign_in_models import FailedAttempt, KnownDevice
from psg.accounts.throttle import Origin
from psg.extensions import db
from psg.web.transaction import _carry_out
from tests.accounts.signing_in import CODE, entries, give_code, give_password, newest, sign_in_with
from tests.browser import Browser
from tests.factories.accounts import give_app, make_user

NOON = datetime(2027, 8, 12, 12, 0, 5, tzinfo=UTC)
Clock = Any
WRONG = "not the password of anybody"


@pytest.fixture(autouse=True)
def clock(session: object) -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def fail(browser: Browser, email: str, times: int = throttle.PER_ACCOUNT) -> None:
    for _ in range(times):
        assert give_password(browser, email, WRONG).status_code == 422


def counted() -> int:
    return db.session.scalar(select(func.count()).select_from(FailedAttempt)) or 0


def test_after_ten_failures_the_right_password_waits_too(client: Browser) -> None:
    person = make_user()
    fail(client, person.email)
    before = entries()
    answer = give_password(client, person)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "Wait five minutes" in answer.text
    assert person.email in answer.text
    assert "bittern" not in answer.text
    assert entries() == before + 1
    assert newest()["reason"] == "throttled"
    assert counted() == throttle.PER_ACCOUNT, "what is refused unseen is not counted again"


def test_after_five_minutes_it_opens_again(client: Browser, clock: Clock) -> None:
    person = make_user()
    give_app(person)
    fail(client, person.email)
    clock.shift(timedelta(minutes=5, seconds=1))
    assert give_password(client, person).location == CODE


def test_an_account_and_no_account_are_answered_alike(client: Browser, app: Flask) -> None:
    person = make_user(email="person01@psg.example")
    nobody = "person02@psg.example"
    browsers = {email: app.test_client() for email in (person.email, nobody)}
    for attempt in range(throttle.PER_ACCOUNT + 2):
        answers = {email: give_password(browser, email, WRONG) for email, browser in browsers.items()}
        known, unknown = (answers[email].text.replace(email, "") for email in (person.email, nobody))
        assert answers[person.email].status_code == answers[nobody].status_code
        assert len(known) == len(unknown), attempt
        assert sorted(answers[person.email].headers.keys()) == sorted(answers[nobody].headers.keys())


def test_a_stranger_does_not_shut_an_officer_out_of_their_own_browser(client: Browser, app: Flask) -> None:
    officer, stranger = make_user(), app.test_client()
    telephone, _ = give_app(officer)
    sign_in_with(client, officer, telephone)
    client.send("/sign-out", page="/")
    fail(stranger, officer.email)
    assert give_password(stranger, officer).status_code == 429
    assert give_password(client, officer).location == CODE


def test_a_known_browser_has_ten_failures_of_its_own(client: Browser, app: Flask) -> None:
    officer = make_user()
    give_app(officer)
    sign_in_with(client, officer, give_app(officer)[0])
    client.send("/sign-out", page="/")
    fail(client, officer.email)
    assert give_password(client, officer).status_code == 429
    assert give_password(app.test_client(), officer).location == CODE, "counted apart"


def test_a_browser_is_known_for_those_who_signed_in_at_it_alone(client: Browser, app: Flask) -> None:
    one, two, stranger = make_user(), make_user(), app.test_client()
    sign_in_with(client, one, give_app(one)[0])
    client.send("/sign-out", page="/")
    fail(stranger, two.email)
    assert give_password(client, two).status_code == 429


def test_several_people_can_know_one_browser(client: Browser, app: Flask) -> None:
    people = [make_user(), make_user()]
    for person in people:
        sign_in_with(client, person, give_app(person)[0])
        client.send("/sign-out", page="/")
    for person in people:
        fail(app.test_client(), person.email)
        assert give_password(client, person).location == CODE


def test_a_cookie_that_was_made_up_is_no_known_browser(client: Browser) -> None:
    person = make_user()
    fail(client, person.email)
    client.set_cookie("psg_device", "made-up")
    assert give_password(client, person).status_code == 429


def test_the_cookie_is_kept_from_scripts_and_names_nobody(client: Browser) -> None:
    person = make_user()
    telephone, _ = give_app(person)
    give_password(client, person)
    cookie = next(
        line
        for line in give_code(client, telephone.code()).headers.getlist("Set-Cookie")
        if "psg_device" in line
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = client.get_cookie("psg_device")
    assert token is not None
    assert db.session.scalar(select(KnownDevice.token_hash)) != token.value
    assert len(token.value) >= 43


def test_in_production_the_cookie_is_bound_to_this_host_over_tls(
    client: Browser, app: Flask, monkeypatch
) -> None:
    person = make_user()
    with app.test_request_context():
        monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
        set_cookie = devices.remember(Response(), person, now=NOON).headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-psg_device=")
    assert all(part in set_cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in set_cookie


def test_a_browser_unused_for_a_year_is_forgotten(client: Browser, clock: Clock) -> None:
    person = make_user()
    throttle.know_device(person, Origin("", "an old browser"), now=NOON)
    throttle.know_device(person, Origin("", "a new one"), now=NOON + timedelta(days=366))
    db.session.flush()
    assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 1


def test_wrong_codes_are_counted_with_wrong_passwords(client: Browser) -> None:
    person = make_user()
    give_app(person)
    fail(client, person.email, 4)
    give_password(client, person)
    for _ in range(6):
        assert give_code(client, "000000").status_code == 422
    assert give_code(client, "000000").status_code == 429
    assert client.send("/sign-in/recovery-code", {"code": "AAAA"}).status_code == 429


def test_a_right_password_does_not_wipe_the_count(client: Browser) -> None:
    person = make_user()
    give_app(person)
    fail(client, person.email, 9)
    assert give_password(client, person).location == CODE
    fail(client, person.email, 1)
    assert give_password(client, person).status_code == 429


def test_one_address_that_tries_many_accounts_is_stopped(app: Flask) -> None:
    def ask(email: str, network: str) -> bool:
        return throttle.check(email, Origin(network), now=NOON)

    for number in range(throttle.PER_NETWORK):
        assert ask(f"{number}@psg.example", "192.0.2.7")
        throttle.fail(f"{number}@psg.example", Origin("192.0.2.7"), now=NOON)
        _carry_out(db.session.info.pop("kept_when_refused"))
    assert not ask("anybody@psg.example", "192.0.2.7")
    assert ask("anybody@psg.example", "192.0.2.8")


def test_one_ipv6_household_is_one_network(app: Flask) -> None:
    assert throttle._network(Origin("2001:db8:1:2::7")) == throttle._network(Origin("2001:db8:1:2:ffff::1"))
    assert throttle._network(Origin("2001:db8:1:2::7")) != throttle._network(Origin("2001:db8:1:3::7"))


def test_no_address_of_mail_or_network_is_stored(client: Browser) -> None:
    person = make_user()
    fail(client, person.email, 1)
    row = db.session.scalars(select(FailedAttempt)).one()
    assert {len(row.account), len(row.network)} == {64}
    assert "127" not in (row.network[:3], row.network[-3:])


def test_failures_are_forgotten_after_an_hour(client: Browser, clock: Clock) -> None:
    fail(client, "one@psg.example", 3)
    clock.shift(timedelta(hours=1, seconds=1))
    fail(client, "two@psg.example", 1)
    assert counted() == 1


def test_the_same_work_is_done_whether_or_not_there_is_an_account(client: Browser, queries) -> None:
    person = make_user()
    db.session.commit()
    counts = []
    for email in (person.email, "nobody@psg.example"):
        with queries() as sent:
            give_password(client, email, WRONG)
        counts.append(sent.count)
    assert counts[0] == counts[1]
