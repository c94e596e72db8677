"""The toolbox: the ladder of responses, with the source and date of each step."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.responses import queries
from psg.web.htmx import render_page
from psg.web.transaction import transactional

bp = Blueprint("responses", __name__)


@bp.route("/toolbox")
@requires(Permission.READ_PLAN)
@transactional
def index() -> ResponseReturnValue:
    """Reference data, of no case and no person, for anyone who works with the plan."""
    return render_page("responses/index.html", steps=queries.ladder())
