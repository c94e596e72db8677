from collections.abc import Iterator

import pytest
from flask import Flask

from psg import create_app
from psg.extensions import db
from tests.browser import Browser
from tests.models import make_tables
from tests.postgres import postgresql_url


@pytest.fixture(scope="module")
def own_app(
    engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory, app: Flask
) -> Iterator[Flask]:
    """An application over a database of its own, where commits are real and others can see them."""
    if engine_name == "sqlite":
        yield from _over(f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'psg.sqlite3'}")
        return
    with postgresql_url(f"{worker_id}_accounts") as url:
        yield from _over(url)


def _over(url: str) -> Iterator[Flask]:
    own = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": url})
    own.test_client_class = Browser
    with own.app_context():
        engine = db.engine
        make_tables(engine)
    yield own
    engine.dispose()
