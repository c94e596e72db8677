"""PSG: case management for a Community Safety Partnership's Problem Solving Group."""

from pathlib import Path
from typing import Any

from flask import Flask

from psg import blueprints, config
from psg.accounts import guard
from psg.audit import gate, signing
from psg.audit import services as audit
from psg.extensions import db, migrate
from psg.web import dates, errors, headers, hosts, limits, logs, routing, static_files, transaction, uploads

ROOT = Path(__file__).parent.parent


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application, from the environment; `settings` overrule it in tests."""
    app = Flask(
        "psg",
        root_path=str(ROOT / "psg"),
        instance_path=str(ROOT / "instance"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.from_mapping(config.load(Path(app.instance_path)))
    app.config.from_mapping(settings or {})
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    for part in (
        hosts,
        logs,
        limits,
        uploads,
        routing,
        transaction,
        dates,
        headers,
        static_files,
        errors,
        gate,
        audit,
        signing,
        guard,
        blueprints,
    ):
        part.init_app(app)
    return app
