"""What is shown when something was refused or broke: what to do, and nothing that should not be told."""

import json
import logging
import re

import pytest
from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.exc import OperationalError

from psg.web.errors import EXPLAINED
from psg.web.logs import JsonLines

HTMX = {"HX-Request": "true"}
REFERENCE = re.compile(r"Error reference: <strong[^>]*>([A-Z]{8})</strong>")


@pytest.mark.parametrize("status", sorted(EXPLAINED))
def test_each_status_has_a_page_in_plain_words(look: Flask, status: int) -> None:
    address = "/broken" if status == 500 else f"/refused/{status}"
    response = look.test_client().get(address)
    assert response.status_code == status
    assert response.text.count("<h1") == 1
    assert "Traceback" not in response.text
    assert str(status) not in response.text.split("<main", 1)[1]


@pytest.mark.parametrize("status", sorted(EXPLAINED - {404}))
def test_each_page_gives_the_reference_of_its_request(look: Flask, status: int) -> None:
    pages = [look.test_client().get(f"/refused/{status}", headers=sent).text for sent in ({}, {}, HTMX)]
    references = {found[1] for page in pages if (found := REFERENCE.search(page))}
    assert len(references) == len(pages)


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
    line = JsonLines().format(caplog.records[0])
    assert "Reedmace" not in line
    said = json.loads(line)
    assert (said["event"], said["error"]) == ("broke", "ValueError")
    assert said["where"][-1].startswith("web/test_errors.py:")
    assert f">{said['reference']}<" in response.text


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
    line = JsonLines().format(caplog.records[0])
    assert '"error": "OperationalError"' in line
    assert "Reedmace" not in line + response.text


def test_database_that_is_away_when_the_session_is_opened_gets_the_page_for_that(look: Flask) -> None:
    class Sessions(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Request) -> None:
            raise OperationalError("SELECT 1", {}, Exception("away"))

    look.session_interface = Sessions()
    response = look.test_client().get("/nothing")
    assert response.status_code == 503
    assert "Error reference" in response.text
    assert response.headers["X-Frame-Options"] == "DENY"
