"""An unsound record is noticed before the first answer and by `/ready`, and then there is no answer."""

import logging
from base64 import b64encode
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, insert, text, update
from sqlalchemy.exc import OperationalError

from psg import create_app
from psg.audit import gate, guards
from psg.audit import services as audit
from psg.audit.merkle import EMPTY_ROOT
from psg.audit.models import Checkpoint, Head, Leaf, Operation
from psg.audit.soundness import NO_RECORD, faults, faults_of_head
from psg.extensions import db
from tests.audit.owner import as_owner, empty_record
from tests.audit.worked_example import OFFICER
from tests.browser import Browser

PAGES = ("/", "/sign-in", "/cases/PSG-0001", "/no-such-page", "/search", "/csp-report")


@pytest.fixture
def record(own_app: Flask) -> Connection:
    """A record of four entries, on a database of its own; what is done to it stays until it is dropped."""
    for _ in range(3):
        audit.record(Operation.SECURITY, "sign_in", by=OFFICER)
    db.session.commit()
    return db.session.connection()


def sign(connection: Connection, size: int, root: bytes, origin: str = "psg.localhost/audit/1") -> None:
    note = f"{origin}\n{size}\n{_base64(root)}\n\n\u2014 {origin} {_base64(bytes(68))}\n"
    connection.execute(insert(Checkpoint).values(generation=1, size=size, note=note.encode()))


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def root_at(connection: Connection, size: int) -> bytes:
    root = connection.scalar(text("SELECT root FROM audit_leaf WHERE seq = :seq"), {"seq": size - 1})
    return bytes(root or b"")


DAMAGES: dict[str, dict[Any, dict[str, Any]]] = {
    "size one too many": {Head: {"size": 5}},
    "size one too few": {Head: {"size": 3}},
    "size of another shape": {Head: {"size": 8}},
    "no size": {Head: {"size": 0, "stack": b""}},
    "stack of another tree": {Head: {"stack": bytes(32)}},
    "no stack": {Head: {"stack": b""}},
    "stored root": {Leaf: {"root": bytes(32)}},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_head_that_left_its_record_is_unsound(record: Connection, damage: str) -> None:
    assert faults(record) == []
    with as_owner(record):
        for table, values in DAMAGES[damage].items():
            record.execute(update(table).values(**values))
    assert len(faults(record)) == 1


def test_entries_past_the_head_are_unsound(record: Connection) -> None:
    """Tamper kind 18: a position jumped over by hand."""
    with as_owner(record):
        record.execute(text("UPDATE audit_detail SET seq = 3 WHERE seq = 99"))
        leaf = "INSERT INTO audit_leaf SELECT generation, 9, leaf, root FROM audit_leaf WHERE seq = 3"
        record.execute(text(leaf))
    assert "not what there is" in faults(record)[0]


def test_no_record_is_unsound(record: Connection) -> None:
    empty_record(record)
    assert faults_of_head(record) == [NO_RECORD]


def test_a_checkpoint_of_what_is_stored_is_sound(record: Connection) -> None:
    sign(record, 0, EMPTY_ROOT)
    assert faults(record) == []
    sign(record, 3, root_at(record, 3))
    assert faults(record) == []


@pytest.mark.parametrize(("size", "of"), [(3, 2), (4, 3), (5, 4), (0, 1)])
def test_a_newest_checkpoint_of_anything_else_is_unsound(record: Connection, size: int, of: int) -> None:
    sign(record, size, root_at(record, of))
    assert "newest checkpoint" in faults(record)[0]


def test_a_newest_checkpoint_that_cannot_be_read_is_unsound(record: Connection) -> None:
    record.execute(insert(Checkpoint).values(generation=1, size=3, note=b"three"))
    assert "cannot be read" in faults(record)[0]


def test_a_missing_guard_is_unsound(record: Connection) -> None:
    with guards.lifted(record):
        on = " ON audit_head" if record.dialect.name == "postgresql" else ""
        record.execute(text(f"DROP TRIGGER audit_head_update{on}"))
    assert faults(record) == ["guards of the database are missing or changed: audit_head_update"]


def spoil(connection: Connection) -> None:
    with as_owner(connection):
        connection.execute(update(Head).values(size=Head.size + 1))
    db.session.commit()


def started_anew(app: Flask) -> Browser:
    """Another process over the same database, as after a restart."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    again = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": url})
    again.test_client_class = Browser
    browser = again.test_client()
    assert isinstance(browser, Browser)
    return browser


def test_a_process_started_on_an_unsound_record_answers_nothing(
    own_app: Flask, record: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(record)
    browser = started_anew(own_app)
    with caplog.at_level(logging.CRITICAL):
        for page in PAGES:
            for answer in (browser.get(page), browser.post(page)):
                assert answer.status_code == 503, page
                assert gate.SENTENCE in answer.text
    assert [line.__dict__["facts"]["faults"] for line in caplog.records] == [
        ["the head counts 5 entries, and those are not what there is"]
    ]
    assert browser.get("/health").status_code == 200
    assert browser.get("/static/app.css").status_code in (200, 404)
    with browser.application.app_context():
        db.engine.dispose()


def test_a_process_that_learns_of_it_by_being_asked_answers_nothing_from_then_on(
    own_app: Flask, record: Connection
) -> None:
    db.session.commit()
    browser = started_anew(own_app)
    assert browser.get("/").status_code == 303
    spoil(db.session.connection())
    assert browser.get("/").status_code == 303
    answer = browser.get("/ready")
    assert (answer.status_code, answer.json and answer.json["record"]) == (503, False)
    assert browser.get("/").status_code == 503
    with as_owner(db.session.connection()):
        db.session.execute(update(Head).values(size=Head.size - 1))
    db.session.commit()
    assert browser.get("/ready").status_code == 503
    assert browser.get("/").status_code == 503
    assert started_anew(own_app).get("/").status_code == 303


def test_a_database_that_is_away_shuts_nothing(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = started_anew(own_app)

    def away(_connection: Connection) -> list[str]:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    with monkeypatch.context() as patch:
        patch.setattr(gate, "faults", away)
        assert browser.get("/").status_code == 503
    assert browser.get("/").status_code == 303
