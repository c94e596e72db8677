from tests.browser import Browser
from tests.factories.accounts import PASSWORD, make_user


def test_right_password_signs_in_and_returns_to_the_page_wanted(client: Browser, session) -> None:
    make_user(email="officer@psg.example")
    session.commit()
    answer = client.send("/sign-in?next=/board", {"email": "officer@psg.example", "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.location == "/board"


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
