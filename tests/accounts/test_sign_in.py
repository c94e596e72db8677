from urllib.parse import urljoin, urlsplit

import pytest
from argon2 import PasswordHasher

from psg.accounts import passwords
from tests.accounts.signing_in import CODE, entries, give_password, newest
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, give_app, make_user


def test_right_password_and_code_sign_in_and_return_to_the_page_wanted(client: Browser, session) -> None:
    telephone, _ = give_app(make_user(email="officer@psg.example"))
    answer = client.send("/sign-in?next=/board", {"email": "officer@psg.example", "password": PASSWORD})
    assert answer.status_code == 303
    answer = client.send(answer.location, {"code": telephone.code()})
    assert (answer.status_code, answer.location) == (303, "/board")


def test_e_mail_address_is_taken_in_capitals_and_with_spaces_around_it(client: Browser, session) -> None:
    make_user(email="officer@psg.example")
    assert give_password(client, "  Officer@PSG.example ").status_code == 303


def test_every_wrong_password_is_one_entry_that_names_the_account(client: Browser, session) -> None:
    person = make_user()
    before = entries()
    give_password(client, person, "not the password")
    assert entries() == before + 1
    assert (newest()["actor"], newest()["obj"], newest()["outcome"]) == (
        "anonymous",
        person.record_id,
        "refused",
    )


def test_the_attempt_of_a_stranger_names_no_account_and_no_address(client: Browser, session) -> None:
    give_password(client, "nobody@psg.example", "not the password")
    named = newest()["obj"]
    assert named.startswith("user_")
    assert "nobody" not in str(newest())
    give_password(client, "other@psg.example", "not the password")
    assert newest()["obj"] != named


def test_a_suspended_account_is_answered_like_a_wrong_password(client: Browser, session) -> None:
    person = make_user()
    person.is_active = False
    session.flush()
    for password in (PASSWORD, "not the password"):
        answer = give_password(client, person, password)
        assert (answer.status_code, "one of them is not right" in answer.text) == (422, True)
    assert client.get("/").status_code == 303


def test_a_password_hashed_with_older_parameters_is_hashed_anew(client: Browser, session) -> None:
    person = make_user()
    person.password_hash = PasswordHasher(time_cost=2, memory_cost=64).hash(PASSWORD)
    session.commit()
    before = person.password_hash
    give_password(client, person)
    session.expire_all()
    assert person.password_hash != before
    assert not passwords.is_outdated(person.password_hash)
    assert give_password(client, person).status_code == 303


def test_wrong_password_keeps_the_address_and_says_what_to_do(client: Browser, session) -> None:
    make_user(email="officer@psg.example")
    session.commit()
    answer = client.send("/sign-in", {"email": "officer@psg.example", "password": "not the password"})
    assert answer.status_code == 422
    assert "officer@psg.example" in answer.text
    assert "one of them is not right" in answer.text


def test_stale_token_keeps_what_was_typed_and_signs_nobody_in(client: Browser, session) -> None:
    make_user(email="officer@psg.example")
    session.commit()
    answer = client.post(
        "/sign-in", data={"email": "officer@psg.example", "password": PASSWORD, "csrf_token": "stale"}
    )
    assert answer.status_code == 422
    assert "officer@psg.example" in answer.text
    assert "open for too long" in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    "wanted",
    [
        "//other.example", "///other.example", "/\\other.example", "/%5Cother.example", "/%255Cother.example",
        "/%09/other.example", "/%2F/other.example", "/%252F/other.example", "https://other.example", "https:/other.example",
        "javascript:alert(1)", " /other.example", "\\\\other.example", "/%0d%0aSet-Cookie:%20a=b", "?next=//other.example",
        "／／other.example", "/／other.example", "/.//other.example", "/%2e%2e//other.example", "/@other.example", "/\u2028/x",
    ],
)  # fmt: skip
def test_sign_in_never_leads_to_another_site(client: Browser, session, headers, wanted) -> None:
    telephone, _ = give_app(make_user(email="officer@psg.example"))
    give_password(client, "officer@psg.example")
    hidden = client.hidden_fields(CODE)
    answer = client.post(
        CODE, query_string={"next": wanted}, data={**hidden, "code": telephone.code()}, headers=headers
    )
    location = answer.headers.get("HX-Redirect") or answer.location
    assert urlsplit(urljoin("https://psg.example/sign-in", location)).netloc == "psg.example"
    assert location.isascii()
    assert "Set-Cookie: a" not in str(answer.headers)
