"""The operating log: a line for each request that names nobody, and lines that cannot be forged."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from flask import Flask

from psg.web import logs
from tests.web.conftest import build

ODD = "a\r\nb\x1b[31mred\x9b1m\u202egnp.exe\u2066\u2028\u2029\x00\x7f\ufeff\U000e0041"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is the whole process's: each test leaves it as it was."""
    root = logging.getLogger()
    loggers = [root, logging.getLogger("psg"), logging.getLogger("werkzeug")]
    levels, handlers = [one.level for one in loggers], list(root.handlers)
    root.handlers = [one for one in handlers if not isinstance(one.formatter, logs.JsonLines)]
    yield
    root.handlers = handlers
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture):
    """Every line of a request to a small application that holds a record of Jo Reedmace."""
    app = build()
    app.add_url_rule(
        "/people/<name>", view_func=lambda name: name, endpoint="people.show", methods=["GET", "POST"]
    )
    logs.init_app(app)

    def lines(path: str, **sent: object) -> list[dict[str, object]]:
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "psg"):
            app.test_client().open(path, **sent)
        return [json.loads(logs.JsonLines().format(record)) for record in caplog.records]

    return lines


def test_request_leaves_one_line_that_says_what_answered_and_how(logged) -> None:
    (line,) = logged("/people/Reedmace?q=Jo", headers={"User-Agent": "Jo"}, method="POST", data={"a": "Jo"})
    assert {name: line[name] for name in ("event", "endpoint", "method", "status")} == {
        "event": "request",
        "endpoint": "people.show",
        "method": "POST",
        "status": 200,
    }
    assert isinstance(line["ms"], int)
    assert len(str(line["reference"])) == logs.REFERENCE_LENGTH
    assert "Jo" not in json.dumps(line)
    assert "Reedmace" not in json.dumps(line)


def test_address_that_is_not_there_leaves_nothing_of_itself(logged) -> None:
    (line,) = logged("/Reedmace/Jo")
    assert (line["endpoint"], line["status"]) == (None, 404)
    assert "Reedmace" not in json.dumps(line)


def test_method_is_one_of_those_we_know(logged) -> None:
    (line,) = logged("/nothing", method="REEDMACE")
    assert (line["method"], line["status"]) == ("other", 405)


def test_error_page_gives_the_reference_of_its_line(caplog: pytest.LogCaptureFixture) -> None:
    app = build()
    logs.init_app(app)
    with caplog.at_level(logging.INFO, "psg"):
        page = app.test_client().get("/refused/403").text
    assert f">{caplog.records[-1].facts['reference']}<" in page  # type: ignore[attr-defined]


def test_what_breaks_outside_the_product_is_answered_and_logged_without_its_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = build()

    def broken(environ: object, start_response: object) -> None:
        raise ValueError("Reedmace, Jo: safe address")

    app.wsgi_app = broken  # type: ignore[assignment, method-assign]
    logs.init_app(app)
    answer = app.test_client().get("/people/Reedmace")
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    lines = [logs.JsonLines().format(record) for record in caplog.records]
    assert any('"error": "ValueError"' in line for line in lines)
    assert "Reedmace" not in "".join(lines) + answer.text


def test_line_stays_one_line_of_plain_characters_whatever_stands_in_it() -> None:
    record = logging.LogRecord("psg", logging.INFO, "", 0, ODD, None, None)
    record.facts = {"text": ODD}
    line = logs.JsonLines().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["text"] == ODD


def test_other_libraries_lines_lose_what_was_filled_in() -> None:
    try:
        raise ValueError("Reedmace")
    except ValueError:
        told = sys.exc_info()
    record = logging.LogRecord(
        "gunicorn.error", logging.ERROR, "", 0, "Error handling request %s", ("/people/Reedmace",), told
    )
    line = logs.JsonLines().format(record)
    assert json.loads(line)["event"] == "Error handling request %s"
    assert json.loads(line)["error"] == "ValueError"
    assert "Reedmace" not in line


def test_numbers_and_our_own_words_are_filled_in() -> None:
    for name, sentence, filled, event in (
        (
            "gunicorn.error",
            "Worker (pid:%s) exited with code %s.",
            (7, 3),
            "Worker (pid:7) exited with code 3.",
        ),
        ("psg.audit", "The record is not signed: %s", ("no key",), "The record is not signed: no key"),
        ("psg", "Exception on %s [%s]", ("/people/Reedmace", "GET"), "Exception on %s [%s]"),
        ("psgx", "%s", ("/people/Reedmace",), "%s"),
    ):
        record = logging.LogRecord(name, logging.ERROR, "", 0, sentence, filled, None)
        assert json.loads(logs.JsonLines().format(record))["event"] == event


def test_references_are_drawn_and_easy_to_read_out() -> None:
    drawn = {logs.new_reference() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(set(one) <= set(logs.LETTERS) for one in drawn)


def test_log_is_set_up_once_however_many_applications_are_made() -> None:
    before = list(logging.getLogger().handlers)
    for environment, level in (("development", logging.WARNING), ("production", logging.INFO)):
        app = Flask("live")
        app.config["PSG_ENV"] = environment
        logs.init_app(app)
        assert logging.getLogger("psg").level == level
    added = [handler for handler in logging.getLogger().handlers if handler not in before]
    assert len(added) == 1
    assert isinstance(added[0].formatter, logs.JsonLines)
