"""The second factor, met with real codes: before the first page, once each, and never got round."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from psg.accounts import factors, sessions
from psg.accounts.sign_in_models import Factor, RecoveryCode, SecondFactor
from psg.extensions import db
from psg.web.dates import now
from psg.web.mail import Letter
from psg.web.sealing import unseal
from tests.accounts.signing_in import CODE, entries, give_code, give_password, newest, sign_in_with
from tests.browser import Browser
from tests.factories.accounts import App, give_app, make_user

NOON = datetime(2026, 8, 12, 12, 0, 5, tzinfo=UTC)
SECRET = re.compile(r'class="psg-key"[^>]*>([A-Z2-7 ]+)<')
CODES = re.compile(r'class="psg-key">([A-Z0-9-]{19})<')


def test_password_alone_opens_no_page(client: Browser) -> None:
    person = make_user()
    give_app(person)
    answer = give_password(client, person)
    assert answer.location == CODE
    assert newest()["action"] == "sign_in.password"
    for page in ("/", "/board", "/account", "/account/second-factor", "/sign-in/set-up"):
        assert client.get(page).status_code == 303, page


def test_the_code_of_now_signs_in_and_leads_to_the_page_wanted(client: Browser) -> None:
    person = make_user()
    app, _ = give_app(person)
    client.send("/sign-in?next=/board", {"email": person.email, "password": "bittern kettle orchard"})
    before = entries()
    answer = client.send(f"{CODE}?next=/board", {"code": app.code()})
    assert (answer.status_code, answer.location) == (303, "/board")
    assert entries() == before + 1
    assert (newest()["action"], newest()["second_factor"]) == ("sign_in", "code")
    assert client.get("/board").status_code == 200


def test_the_token_of_before_the_code_is_worth_nothing_after_it(client: Browser) -> None:
    person = make_user()
    app, _ = give_app(person)
    give_password(client, person)
    with client.session_transaction() as cookie:
        before = cookie["sid"]
    give_code(client, app.code())
    assert sessions.known_by(before) is None


def test_a_code_opens_once(client: Browser, app) -> None:
    person = make_user()
    with time_machine.travel(NOON, tick=False):
        telephone, _ = give_app(person)
        code = telephone.code()
        give_password(client, person)
        assert give_code(client, code).status_code == 303
        other = app.test_client()
        give_password(other, person)
        assert give_code(other, code).status_code == 422
        assert give_code(other, telephone.code(steps=1)).status_code == 303
        third = app.test_client()
        give_password(third, person)
        assert give_code(third, telephone.code(steps=-1)).status_code == 422, (
            "a step before one that was used"
        )


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_early_or_late(session, steps: int, opens: bool) -> None:
    person = make_user()
    telephone, _ = give_app(person)
    with time_machine.travel(NOON + timedelta(days=400), tick=False):
        assert factors.check_code(person, telephone.code(now(), steps=steps), now=now()) is opens


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "{0}\u2009{1}"])
def test_a_code_may_be_typed_as_the_app_shows_it(session, typed: str) -> None:
    person = make_user()
    code = give_app(person)[0].code()
    assert factors.check_code(person, typed.format(code[:3], code[3:]), now=now())


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "0x1234", "1" * 40])
def test_what_is_no_code_is_refused_in_words(client: Browser, typed: str) -> None:
    person = make_user()
    give_app(person)
    give_password(client, person)
    answer = give_code(client, typed)
    assert answer.status_code == 422
    assert "six figures" in answer.text


def test_who_has_no_app_sets_one_up_before_the_first_page(client: Browser) -> None:
    person = make_user()
    assert give_password(client, person).location == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").text
    assert "<script" not in page.partition("<main")[2]
    assert "style=" not in page
    assert 'role="img"' in page
    shown = SECRET.search(page)
    assert shown is not None
    hidden = client.hidden_fields("/sign-in/set-up")
    secret = SECRET.search(client.post("/sign-in/set-up", data={**hidden, "code": "000000"}).text)
    assert secret is not None
    app = App(secret[1].replace(" ", ""))
    assert app.secret != shown[1].replace(" ", ""), "each opening of the page offers a new key"
    before = entries()
    answer = client.post("/sign-in/set-up", data={**hidden, "code": app.code()})
    assert answer.status_code == 200
    assert len(CODES.findall(answer.text)) == factors.CODES
    assert entries() == before + 1
    assert (newest()["second_factor"], newest()["set_up"]) == ("code", True)
    assert client.get("/").status_code == 200
    assert client.get("/sign-in/set-up").location == "/"


def test_a_wrong_first_code_keeps_the_same_key(client: Browser) -> None:
    give_password(client, make_user())
    hidden = client.hidden_fields("/sign-in/set-up")
    first, second = (
        SECRET.search(client.post("/sign-in/set-up", data={**hidden, "code": "000000"}).text)
        for _ in range(2)
    )
    assert first is not None
    assert second is not None
    assert first[1] == second[1]


def test_the_key_of_another_persons_page_is_not_taken(client: Browser, app) -> None:
    """A key an attacker knows, put into somebody's page, would be a factor of two."""
    theirs = factors.offer(make_user())
    person = make_user()
    give_password(client, person)
    hidden = client.hidden_fields("/sign-in/set-up")
    forged = {**hidden, "sealed": theirs.sealed, "code": App(theirs.secret).code()}
    assert client.post("/sign-in/set-up", data=forged).status_code == 422
    assert factors.of_user(person) is None


def test_setting_up_is_no_way_round_the_app_that_is_there(client: Browser) -> None:
    person = make_user()
    give_app(person)
    give_password(client, person)
    offer = factors.offer(person)
    token = client.hidden_fields(CODE)["csrf_token"]
    forged = {"csrf_token": token, "sealed": offer.sealed, "code": App(offer.secret).code()}
    assert client.post("/sign-in/set-up", data=forged).location == CODE
    assert client.get("/").status_code == 303


def test_the_secret_is_sealed_and_the_codes_are_hashed_at_rest(session) -> None:
    person = make_user()
    app, codes = give_app(person)
    held = session.scalars(select(SecondFactor)).one()
    assert app.secret.encode() not in held.secret
    assert unseal(held.secret) == app.secret
    stored = set(session.scalars(select(RecoveryCode.code_hash)))
    assert len(stored) == len(set(codes)) == factors.CODES
    assert not any(code in one or code.replace("-", "") in one for one in stored for code in codes)


def test_the_picture_is_what_the_key_says(session) -> None:
    person = make_user()
    offer = factors.offer(person)
    squares = sum(int(length) for length in re.findall(r"M\d+ \d+h(\d+)v1h-\d+z", offer.picture.path))
    assert offer.picture.size * offer.picture.size // 3 < squares < offer.picture.size * offer.picture.size
    assert pyotp.TOTP(offer.secret).verify(App(offer.secret).code())


def test_a_recovery_code_signs_in_once_and_is_told_by_mail(client: Browser, app) -> None:
    person = make_user()
    _, codes = give_app(person)
    give_password(client, person)
    typed = codes[4].lower().replace("-", " ")
    answer = client.send("/sign-in/recovery-code", {"code": typed})
    assert answer.status_code == 303
    assert (newest()["second_factor"], newest()["codes_left"]) == ("recovery", 9)
    assert "You have 9 recovery codes left" in client.get("/").text
    assert db.session.scalars(select(Letter.recipient)).one() == person.email
    other = app.test_client()
    give_password(other, person)
    assert other.send("/sign-in/recovery-code", {"code": codes[4]}).status_code == 422
    assert newest()["outcome"] == "refused"


def test_a_recovery_code_of_somebody_else_opens_nothing(client: Browser) -> None:
    _, codes = give_app(make_user())
    person = make_user()
    give_app(person)
    give_password(client, person)
    assert client.send("/sign-in/recovery-code", {"code": codes[0]}).status_code == 422


def test_a_demonstration_account_signs_in_without_only_where_that_is_switched_on(
    client: Browser, app, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, other = make_user(), make_user()
    shown.is_demo = True
    db.session.commit()
    assert give_password(client, shown).location == "/sign-in/set-up"
    monkeypatch.setitem(app.config, "PSG_DEMO_SKIP_SECOND_FACTOR", True)
    assert give_password(client, shown).location == "/"
    assert newest()["second_factor"] == "waived_demo"
    assert client.get("/").status_code == 200
    with client.session_transaction() as cookie:
        signed_in = sessions.known_by(cookie["sid"])
    assert signed_in is not None
    assert signed_in.factor is Factor.WAIVED_DEMO
    assert give_password(app.test_client(), other).location == "/sign-in/set-up"


def test_who_is_signed_in_already_is_led_home(client: Browser) -> None:
    person = make_user()
    sign_in_with(client, person, give_app(person)[0])
    assert client.get(CODE).location == "/"


def test_nobody_reaches_the_second_step_first(client: Browser) -> None:
    for page in (CODE, "/sign-in/recovery-code", "/sign-in/set-up"):
        assert client.get(page).location == "/sign-in"
