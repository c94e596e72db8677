"""What is shown when something was refused or broke: what to do, and nothing that should not be told."""

import logging

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from psg.web.errors import EXPLAINED

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("status", sorted(EXPLAINED))
def test_each_status_has_a_page_in_plain_words(look: Flask, status: int) -> None:
    address = "/broken" if status == 500 else f"/refused/{status}"
    response = look.test_client().get(address)
    assert response.status_code == status
    assert response.text.count("<h1") == 1
    assert "Traceback" not in response.text
    assert str(status) not in response.text.split("<main", 1)[1]


def test_missing_and_hidden_are_one_page(look: Flask) -> None:
    client = look.test_client()
    missing, hidden = client.get("/no/such/page"), client.get("/refused/404")
    assert (missing.text, dict(missing.headers)) == (hidden.text, dict(hidden.headers))


def test_status_without_words_of_its_own_gets_those_of_a_bad_request(look: Flask) -> None:
    response = look.test_client().get("/refused/418")
    assert response.status_code == 400


def test_sentence_given_with_a_refusal_is_shown(look: Flask) -> None:
    assert "Only the chair may close." in look.test_client().get("/explained").text


def test_broken_page_gives_a_reference_and_logs_no_value(
    look: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def private() -> str:
        raise ValueError("Reedmace, Jo: safe address")

    look.add_url_rule("/private", view_func=private)
    with caplog.at_level(logging.ERROR):
        response = look.test_client().get("/private")
    assert response.status_code == 500
    assert "Reedmace" not in response.text
    assert "Reedmace" not in caplog.text
    reference = caplog.messages[0].split(":", 1)[0]
    assert reference in response.text


def test_htmx_gets_an_alert_and_its_target_is_left_alone(look: Flask) -> None:
    for address, status in (("/refused/403", 403), ("/broken", 500)):
        response = look.test_client().get(address, headers=HTMX)
        assert response.status_code == status
        assert response.text.strip().startswith('<div id="alerts" hx-swap-oob="innerHTML">')
        assert "<html" not in response.text


def test_method_that_is_not_allowed_says_which_are(look: Flask) -> None:
    response = look.test_client().post("/nothing")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_error_page_asks_nobody_who_is_signed_in(look: Flask) -> None:
    """A context processor reads the signed-in user from the database, which may be what is away."""

    def unreachable() -> dict[str, object]:
        raise AssertionError("the error page asked the database")

    look.context_processor(unreachable)
    assert look.test_client().get("/missing").status_code == 404
    assert look.test_client().get("/broken").status_code == 500


def test_database_that_is_away_before_the_page_begins_gets_the_page_for_that(
    look: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def locked() -> str:
        raise OperationalError("SELECT name", {"name": "Reedmace"}, Exception("database is locked"))

    look.add_url_rule("/locked", view_func=locked)
    with caplog.at_level(logging.ERROR):
        response = look.test_client().get("/locked")
    assert response.status_code == 503
    assert "OperationalError" in caplog.text
    assert "Reedmace" not in caplog.text + response.text
