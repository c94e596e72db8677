"""Fixtures for every test: an application on either engine, a savepoint a test, browsers' forms."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import scoped_session

from psg import create_app
from psg.accounts import passwords, sessions
from psg.accounts.guard import SID
from psg.accounts.models import User
from psg.accounts.sign_in_models import Factor
from psg.extensions import db
from psg.web.dates import now
from tests.browser import Browser
from tests.models import make_tables
from tests.postgres import postgresql_url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database to test on"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `only_on` the other engine: it has nothing to say here, so it is no skip.

    And what is marked `long`, where it is not asked for with `-m long`: the suite has a short form of each.
    And on PostgreSQL what is marked `crawl`: what it asks of the views is the same there, and thousands of requests
    in the one transaction of a test take minutes; what the rules say as SQL is asked on both engines.
    """
    engine = config.getoption("--engine")
    meant = [item for item in items if all(engine in mark.args for mark in item.iter_markers("only_on"))]
    if "long" not in config.option.markexpr:
        meant = [item for item in meant if not item.get_closest_marker("long")]
    if engine == "postgresql" and "crawl" not in config.option.markexpr:
        meant = [item for item in meant if not item.get_closest_marker("crawl")]
    if len(meant) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in meant])
        items[:] = meant


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--engine"))


@pytest.fixture(scope="session")
def database_url(engine_name: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database of this run's own, empty."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'psg.sqlite3'}"
        return
    with postgresql_url(worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def app(database_url: str) -> Iterator[Flask]:
    settings = {"TESTING": True, "PSG_ENV": "test", "PSG_READ_FILES_ASIDE": False}
    app = create_app({**settings, "SQLALCHEMY_DATABASE_URI": database_url})
    app.test_client_class = Browser
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64)  # a test is no place to wait
    with app.app_context():
        make_tables(db.engine)
        engine = db.engine
    app.test_client().get(
        "/sign-in"
    )  # a process asks once whether the record is sound, and counts as a statement
    yield app
    engine.dispose()


@contextmanager
def undone(app: Flask) -> Iterator[scoped_session[Any]]:
    """The database inside one transaction: everything that is written is undone at the end."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        yield db.session
        db.session.remove()
        db.engines[None] = engine
        transaction.rollback()
        connection.close()


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Any]]:
    """The database as one test sees it."""
    with undone(app) as session:
        yield session


@pytest.fixture
def client(app: Flask, session: scoped_session[Any]) -> Browser:
    """A browser nobody has signed in with."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def sign_in(app: Flask, session: scoped_session[Any]) -> Callable[..., Browser]:
    """A browser for each person, signed in; a browser that is given is signed in again and keeps its cookie."""

    def signed_in(user: User, browser: Browser | None = None) -> Browser:
        return signed_in_at(app, user, browser)

    return signed_in


def signed_in_at(app: Flask, user: User, browser: Browser | None = None) -> Browser:
    token = sessions.begin(user, factor=Factor.CODE, device="A browser", now=now())
    db.session.commit()
    browser = browser or app.test_client()
    assert isinstance(browser, Browser)
    with browser.session_transaction() as cookie:
        cookie[SID] = token
    return browser


@dataclass
class Statements:
    """What was sent to the database while it was watched."""

    texts: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.texts)


@pytest.fixture
def queries(session: scoped_session[Any]) -> Callable[[], Any]:
    """`with queries() as sent: …` then `sent.count`; savepoints, which only tests have, are not counted."""

    @contextmanager
    def watch() -> Iterator[Statements]:
        sent = Statements()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "SAVEPOINT" not in statement.upper():
                sent.texts.append(statement)

        connection = db.engines[None]
        event.listen(connection, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return watch


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "worker_id" in metafunc.fixturenames and not metafunc.config.pluginmanager.hasplugin("xdist"):
        metafunc.parametrize("worker_id", ["master"], scope="session")
