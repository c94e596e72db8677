from urllib.parse import urljoin, urlsplit

import pytest

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
    make_user(email="officer@psg.example")
    session.commit()
    hidden = client.hidden_fields("/sign-in")
    answer = client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={**hidden, "email": "officer@psg.example", "password": PASSWORD},
        headers=headers,
    )
    location = answer.headers.get("HX-Redirect") or answer.location
    assert urlsplit(urljoin("https://psg.example/sign-in", location)).netloc == "psg.example"
    assert location.isascii()
    assert "Set-Cookie: a" not in str(answer.headers)
