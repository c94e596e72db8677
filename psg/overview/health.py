"""Whether the product lives and is ready, for whoever keeps it running. Nothing here tells of a case."""

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from psg.accounts.guard import public
from psg.audit.gate import always_answered, the_gate
from psg.extensions import db

bp = Blueprint("health", __name__)


@bp.route("/health")
@public
@always_answered
def health() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.route("/ready")
@public
@always_answered
def ready() -> ResponseReturnValue:
    """The database answers, its schema is the newest, and the record is sound and guarded.

    Where the record is not, this process answers nothing else from now on.
    """
    try:
        gate = the_gate()
        is_sound = gate.ask() and not gate.is_shut
        answers = {"database": True, "schema": schema_is_newest(), "record": is_sound}
    except SQLAlchemyError:
        answers = {"database": False, "schema": False, "record": False}
    ready = all(answers.values())
    body = {"status": "ready" if ready else "not ready", **answers}
    return jsonify(body), 200 if ready else 503


def schema_is_newest() -> bool:
    scripts = Config()
    scripts.set_main_option("script_location", current_app.extensions["migrate"].directory)
    newest = ScriptDirectory.from_config(scripts).get_current_head()
    return MigrationContext.configure(db.session.connection()).get_current_revision() == newest
