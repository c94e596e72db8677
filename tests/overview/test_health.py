from flask import Flask
from sqlalchemy import text

from psg.extensions import db
from tests.browser import Browser
from tests.factories.cases import make_case


def test_process_is_alive(client: Browser) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


def test_schema_that_was_not_migrated_is_not_ready(client: Browser) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["schema"] is False


def test_head_that_disagrees_with_the_record_is_not_ready(app: Flask, client: Browser, session) -> None:
    make_case()
    session.commit()
    assert client.get("/ready").json["record"] is True
    db.session.execute(text("UPDATE audit_head SET size = size + 1"))
    session.commit()
    assert client.get("/ready").json["record"] is False
