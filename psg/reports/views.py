"""The partnership's totals: what the Delivery Group sees, with no person and no case in it."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.demand.costs import queries as costs
from psg.demand.mapping.page import settled_quarter
from psg.reports import calibration, queries, totals
from psg.scoring.matrices.models import MatrixKind
from psg.web.dates import now, today
from psg.web.htmx import render_page
from psg.web.transaction import transactional

bp = Blueprint("reports", __name__)


@bp.route("/reports")
@requires(Permission.READ_TOTALS)
@transactional
def index() -> ResponseReturnValue:
    commitments = queries.commitment_counts(current_user)
    served = [row for row in commitments if row.open or row.closed]
    unit_costs, quarter = costs.set_in_force(today()), settled_quarter(today())
    return render_page(
        "reports/index.html",
        breakdowns=totals.breakdowns(queries.case_counts(current_user), queries.wards()),
        commitments=commitments,
        served=[(row, totals.figure(row.open), totals.figure(row.closed)) for row in served],
        costs=unit_costs,
        cost_when=quarter,
        cost_lines=costs.totals(current_user, unit_costs, quarter) if unit_costs else [],
        as_at=now(),
    )


@bp.route("/reports/calibration")
@requires(Permission.READ_TOTALS)
@transactional
def scores() -> ResponseReturnValue:
    """How evenly the partnership scores, for one quarter that is over."""
    offered = calibration.ended_quarters(today())
    wanted = request.args.get("quarter")
    quarter = next((one for one in offered if one.key == wanted), offered[0])
    return render_page(
        "reports/calibration.html",
        quarter=quarter,
        offered=offered,
        agencies=calibration.bands_by_agency(current_user, quarter),
        second=calibration.second_person(current_user, quarter),
        overrides=calibration.overrides(current_user, quarter),
        suggestions=calibration.suggestions(current_user, quarter),
        ages=[
            (kind, *calibration.by_age(current_user, quarter, kind))
            for kind in (MatrixKind.RISK, MatrixKind.VICTIM)
        ],
        as_at=now(),
    )
