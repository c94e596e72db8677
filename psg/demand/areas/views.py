"""Demand of areas, as the police publish it: how many crimes and incidents, where, when and of what kind."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.demand.areas import queries
from psg.demand.areas.queries import AreaFilter
from psg.web.htmx import render_page
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("areas", __name__, url_prefix="/demand/areas")


@bp.route("")
@requires(Permission.READ_TOTALS)
@transactional
def index() -> ResponseReturnValue:
    choices = queries.choices()
    wanted = AreaFilter.from_query(request.args, choices)
    return render_page(
        "demand/areas/index.html",
        fragment="demand/areas/_partials/counts.html",
        choices=choices,
        wanted=wanted,
        page=paginate(queries.by_area(wanted), requested_page()),
        months=queries.by_month(wanted),
        kinds=queries.by_kind(wanted),
        not_located=queries.NOT_LOCATED,
    )
