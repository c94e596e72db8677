from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from psg import create_app
from psg.extensions import db
from tests.models import import_models
from tests.postgres import postgresql_url


@pytest.fixture
def empty_app(engine_name: str, worker_id: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over an empty database of its own."""
    if engine_name == "sqlite":
        yield from _app_over(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        return
    with postgresql_url(f"{worker_id}_migrations") as url:
        yield from _app_over(url)


def _app_over(url: str) -> Iterator[Flask]:
    app = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": url})
    import_models()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
