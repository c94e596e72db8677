from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from psg import create_app
from psg.audit.keys import make_key
from psg.audit.signer import Signer
from psg.audit.signing import EXTENSION, Background
from psg.extensions import db
from tests.models import make_tables
from tests.postgres import postgresql_url


@pytest.fixture(scope="session")
def own_server(engine_name: str, worker_id: str) -> Iterator[str]:
    """A second database on PostgreSQL, for tests that commit; SQLite makes a file for each."""
    if engine_name == "sqlite":
        yield ""
        return
    with postgresql_url(f"{worker_id}_record") as url:
        yield url


@pytest.fixture
def own_app(own_server: str, tmp_path: Path, app: Flask) -> Iterator[Flask]:
    """An application over an empty database of its own, where commits are real and others can see them."""
    url = own_server or f"sqlite:///{tmp_path / 'record.sqlite3'}"
    own = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": url})
    with own.app_context():
        engine = db.engine
        make_tables(engine)
        yield own
        db.session.remove()
    if own_server:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def signing_app(own_app: Flask, tmp_path: Path) -> Flask:
    """As `own_app`, with a key to sign with."""
    make_key(tmp_path / "audit-key")
    own_app.extensions[EXTENSION] = Background(own_app, Signer(tmp_path / "audit-key"))
    return own_app
