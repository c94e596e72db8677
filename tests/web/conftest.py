"""A small application with the look and none of the features: the components stand on their own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, abort, render_template_string
from flask_wtf.csrf import generate_csrf

from psg.web import dates, errors, headers, static_files
from psg.web.htmx import own_address

ROOT = Path(__file__).parents[2]


def build(**settings: Any) -> Flask:
    app = Flask("look", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    told = {"SECRET_KEY": "only for tests", "PSG_ENV": "test", "PROPAGATE_EXCEPTIONS": False}
    app.config.update(told | settings)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(csrf_token=generate_csrf, own_address=own_address, is_waived=lambda: False)
    for part in (dates, headers, static_files, errors):
        part.init_app(app)
    app.add_url_rule("/broken", view_func=lambda: 1 / 0, endpoint="broken")
    app.add_url_rule("/refused/<int:status>", view_func=lambda status: abort(status), endpoint="refused")
    app.add_url_rule(
        "/explained", view_func=lambda: abort(403, "Only the chair may close."), endpoint="explained"
    )
    app.add_url_rule("/nothing", view_func=lambda: ("", 204), endpoint="nothing")
    return app


@pytest.fixture
def look() -> Iterator[Flask]:
    app = build()
    with app.test_request_context():
        yield app


@pytest.fixture
def render(look: Flask) -> Any:
    """The HTML of a piece of template, with macros imported as a page would."""

    def rendered(source: str, **values: Any) -> str:
        return render_template_string(source, today=date(2026, 8, 12), **values)

    return rendered


@pytest.fixture
def officer() -> SimpleNamespace:
    return SimpleNamespace(
        is_authenticated=True, name="Alex Reedmace", agency=SimpleNamespace(name="Fen Constabulary")
    )
