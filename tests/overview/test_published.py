"""What anybody may ask for."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from psg.overview import published
from psg.web.logs import JsonLines
from psg.web.reports import LARGEST, Limiter
from tests.browser import Browser

REPORT = {
    "csp-report": {
        "document-uri": "http://localhost/people/P-0001?q=Reedmace",
        "effective-directive": "img-src",
        "blocked-uri": "https://evil.example/Reedmace",
    }
}
KIND = "application/csp-report"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "limiter", Limiter(5))


@pytest.mark.parametrize("day", ["2026-01-01", "2026-03-29", "2028-02-29", "2026-12-31"])
def test_security_txt_says_where_to_report_and_until_when_that_is_good(client: Browser, day: str) -> None:
    with time_machine.travel(f"{day}T13:45:00Z", tick=False):
        answer = client.get("/.well-known/security.txt")
        moment = datetime.now(UTC)
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said["Contact"] == "mailto:security@localhost"
    assert said["Canonical"] == "http://localhost:5000/.well-known/security.txt"
    expires = datetime.strptime(said["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - moment < timedelta(days=365)


def test_contact_of_security_txt_is_a_setting(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PSG_SECURITY_CONTACT", "https://fen.example/report")
    assert "Contact: https://fen.example/report\n" in client.get("/.well-known/security.txt").text


def test_report_is_taken_and_only_words_of_ours_are_logged(
    client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.post("/csp-report", data=json.dumps(REPORT), content_type=KIND)
    assert (answer.status_code, answer.data) == (204, b"")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert '"directive": "img-src"' in lines[0]
    assert "Reedmace" not in "".join(lines)
    assert "evil" not in "".join(lines)


def test_reports_beyond_what_a_minute_takes_are_turned_away(client: Browser) -> None:
    statuses = [client.post("/csp-report", json=REPORT).status_code for _ in range(7)]
    assert statuses == [204] * 5 + [429] * 2
    assert client.post("/csp-report", json=REPORT).headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", KIND, 400),
        (b"\x00", KIND, 400),
        (b"[" * 9_000, "application/json", 400),
        (b"x" * (LARGEST + 1), KIND, 413),
        (b"{}", "text/plain", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_is_no_report_is_refused_in_words(client: Browser, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/csp-report", data=body, content_type=kind)
    assert answer.status_code == status
    assert "Error reference" in answer.text


@pytest.mark.parametrize("path", ["/csp-report", "/.well-known/security.txt"])
def test_neither_takes_another_method(client: Browser, path: str) -> None:
    other = "GET" if path == "/csp-report" else "POST"
    for method in (other, "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
        assert client.open(path, method=method).status_code == 405
