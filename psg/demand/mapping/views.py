"""The map of places, drawn from outlines that an administrator loaded: no tile and nobody else's server."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.demand.filters import WINDOW_CHOICES
from psg.demand.mapping.filters import KIND_CHOICES, PATH, MapFilter
from psg.demand.mapping.page import map_page
from psg.web.dates import now, today
from psg.web.htmx import render_page
from psg.web.transaction import transactional

bp = Blueprint("mapping", __name__)


@bp.route(PATH)
@requires(Permission.READ_MAP)
@transactional
def show() -> ResponseReturnValue:
    asked = MapFilter.from_query(request.args, today())
    page = map_page(current_user, asked, today())
    audit.seen("places.map", by=current_user, ids=[dot.record_id for dot in page.dots])
    return render_page(
        "mapping/show.html",
        fragment="mapping/_partials/map.html",
        page=page,
        asked=asked,
        windows=WINDOW_CHOICES,
        kinds=KIND_CHOICES,
        printed_at=now(),
    )
