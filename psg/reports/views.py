"""The partnership's totals: what the Delivery Group sees, with no person and no case in it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.reports import queries, totals
from psg.web.dates import now
from psg.web.htmx import render_page
from psg.web.transaction import transactional

bp = Blueprint("reports", __name__)


@bp.route("/reports")
@requires(Permission.READ_TOTALS)
@transactional
def index() -> ResponseReturnValue:
    commitments = queries.commitment_counts(current_user)
    served = [row for row in commitments if row.open or row.closed]
    return render_page(
        "reports/index.html",
        breakdowns=totals.breakdowns(queries.case_counts(current_user), queries.wards()),
        commitments=commitments,
        served=[(row, totals.figure(row.open), totals.figure(row.closed)) for row in served],
        as_at=now(),
    )
