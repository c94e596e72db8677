"""One's own account: password, app and codes, each behind a step-up, each ending the other sessions."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from sqlalchemy import select

from psg.accounts import factors, passwords
from psg.accounts.models import Role
from psg.accounts.sign_in_models import RecoveryCode
from psg.extensions import db
from psg.web.dates import now
from psg.web.mail import Letter
from psg.web.sealing import fingerprint, unseal
from psg.web.submissions import Submission
from tests.accounts.signing_in import entries, newest
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, App, give_app, make_user

NEW = "lantern thimble crater"
PAGES = ("/account/password", "/account/second-factor", "/account/recovery-codes")
KEY = re.compile(r'class="psg-key"[^>]*>([A-Z2-7 ]+)<')


def told() -> list[str]:
    return [unseal(body) or "" for body in db.session.scalars(select(Letter.body))]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_page_of_their_own_account(sign_in, role: Role) -> None:
    person = make_user(role=role)
    page = sign_in(person).get("/account").text
    assert person.email in page
    assert all(address in page for address in PAGES)


@pytest.mark.parametrize("where", PAGES, ids=str)
def test_what_proves_who_one_is_takes_a_step_up(sign_in, where: str) -> None:
    browser = sign_in(make_user())
    assert browser.get(where).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        answer = browser.get(where)
        assert answer.status_code == 303
        assert answer.location.startswith("/step-up?")


def test_a_new_password_keeps_this_browser_and_ends_the_others(sign_in) -> None:
    person = make_user()
    here, there = sign_in(person), sign_in(person)
    before = entries()
    answer = here.send("/account/password", {"password": PASSWORD, "new_password": NEW})
    assert (answer.status_code, entries() - before) == (303, 1)
    assert newest()["action"] == "password.change"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    db.session.expire_all()
    assert passwords.is_right(person.password_hash, NEW)
    assert any("password of your account was changed" in text for text in told())


def test_a_wrong_old_password_changes_nothing_and_counts(sign_in) -> None:
    person = make_user()
    browser = sign_in(person)
    for _ in range(10):
        answer = browser.send("/account/password", {"password": "not the password", "new_password": NEW})
        assert answer.status_code == 422
    answer = browser.send("/account/password", {"password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 429
    assert passwords.is_right(person.password_hash, PASSWORD)
    assert told() == []


def test_a_password_that_is_no_good_is_refused_at_its_own_box(sign_in) -> None:
    person = make_user(name="Robin Teasleton")
    answer = sign_in(person).send(
        "/account/password", {"password": PASSWORD, "new_password": "Teasleton2026!"}
    )
    assert answer.status_code == 422
    assert 'href="#new_password">Choose a password without your name' in answer.text
    assert "Teasleton2026!" not in answer.text


def test_what_is_kept_of_a_form_with_a_password_is_made_under_a_key(sign_in) -> None:
    """A plain hash of it, in the database for a day, could be tried against a list of passwords."""
    browser = sign_in(make_user())
    hidden = browser.hidden_fields("/account/password")
    typed = {**hidden, "password": PASSWORD, "new_password": NEW}
    browser.post("/account/password", data=typed)
    digest = sha256(b"/account/password")
    for name in sorted(set(typed) - {"csrf_token", "request_key"}):
        digest.update(repr((name, [typed[name]])).encode())
    kept = db.session.scalars(select(Submission.content)).one()
    assert kept != digest.hexdigest()
    assert kept == fingerprint("submission", digest.hexdigest())


def test_a_new_app_takes_the_place_of_the_old_with_new_codes(sign_in) -> None:
    person = make_user()
    old, codes = give_app(person)
    here, there = sign_in(person), sign_in(person)
    page = here.post(
        "/account/second-factor",
        data={**(hidden := here.hidden_fields("/account/second-factor")), "code": "000000"},
    )
    assert page.status_code == 422
    shown = KEY.search(page.text)
    assert shown is not None
    app = App(shown[1].replace(" ", ""))
    answer = here.post("/account/second-factor", data={**hidden, "request_key": "again", "code": app.code()})
    assert answer.status_code == 200
    assert len(re.findall(r'class="psg-key">', answer.text)) == factors.CODES
    assert there.get("/account").status_code == 303
    db.session.expire_all()
    assert not factors.check_code(person, old.code(), now=now())
    assert not factors.check_recovery_code(person, codes[0], now=now())
    assert factors.check_code(person, app.code(steps=1), now=now())


def test_codes_are_shown_once_and_those_before_stop_working(sign_in) -> None:
    person = make_user()
    _, before = give_app(person)
    browser = sign_in(person)
    hidden = browser.hidden_fields("/account/recovery-codes")
    answer = browser.post("/account/recovery-codes", data=hidden)
    codes = re.findall(r'class="psg-key">([A-Z0-9-]{19})<', answer.text)
    assert len(set(codes)) == factors.CODES
    again = browser.post("/account/recovery-codes", data=hidden)
    assert not any(code in again.text for code in codes), "sent twice, shown once"
    assert len(db.session.scalars(select(RecoveryCode)).all()) == factors.CODES
    assert not factors.check_recovery_code(person, before[0], now=now())
    assert factors.check_recovery_code(person, codes[0], now=now())


def test_nobody_signed_out_sees_an_account(client: Browser) -> None:
    for page in ("/account", *PAGES):
        assert client.get(page).location.startswith("/sign-in")
