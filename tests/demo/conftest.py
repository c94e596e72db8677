"""The demonstration, loaded once for these tests into a database of its own."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from psg import create_app
from psg.demo import loader
from psg.extensions import db
from psg.web.dates import today
from tests.models import make_tables
from tests.postgres import postgresql_url

PASSWORD = "three random words"
NewDatabase = Callable[[str], AbstractContextManager[str]]


@dataclass(frozen=True)
class Demonstration:
    app: Flask
    seconds: float
    """Time of the processor, so that a busy machine does not count."""


@pytest.fixture(scope="module")
def new_database(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    @contextmanager
    def made(name: str) -> Iterator[str]:
        if engine_name == "sqlite":
            place: Path = tmp_path_factory.mktemp("demonstration") / f"{name}.sqlite3"
            yield f"sqlite:///{place}"
            return
        with postgresql_url(f"{name}_{worker_id}") as url:
            yield url

    return made


@contextmanager
def loaded_into(url: str) -> Iterator[Demonstration]:
    made = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": url})
    with made.app_context():
        make_tables(db.engine)
        start = time.process_time()
        loader.load(today(), password=PASSWORD)
        db.session.commit()
        yield Demonstration(made, time.process_time() - start)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def demonstration(app: Flask, new_database: NewDatabase) -> Iterator[Demonstration]:
    """`app` comes first: it makes passwords cheap to hash."""
    with new_database("demo") as url, loaded_into(url) as made:
        yield made
