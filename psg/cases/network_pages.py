"""The picture of who and what is tied to a case, with the same as a table."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.cases import queries
from psg.cases.drawing import draw
from psg.cases.network import network_of
from psg.web.dates import today
from psg.web.htmx import render_page
from psg.web.transaction import transactional

bp = Blueprint("network", __name__)


@bp.route("/cases/<reference>/network")
@requires(Permission.READ_A_CASE)
@transactional
def show(reference: str) -> ResponseReturnValue:
    case = queries.case_for(current_user, reference)
    network = network_of(case, current_user, as_at=today())
    audit.seen("case.network", by=current_user, case=case, obj=case, ids=network.record_ids)
    return render_page(
        "cases/network.html",
        case=case,
        network=network,
        drawing=draw(network.nodes, network.drawn) if network.nodes else None,
    )
