"""Home, which differs with the role, and the board of open cases."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.administration import queries as administration
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission, permits
from psg.audit import services as audit
from psg.cases.access_queries import restricted_count
from psg.cases.models import Case
from psg.overview import board as boards
from psg.overview import oversight, queries
from psg.overview.filters import BoardFilter
from psg.overview.work import work_of
from psg.plan.policy import count_in_words
from psg.sharing.models import Disclosure
from psg.web.dates import today
from psg.web.htmx import render_page, wants_fragment
from psg.web.pagination import requested_page
from psg.web.transaction import transactional

bp = Blueprint("overview", __name__)


@bp.route("/")
@requires(Permission.USE)
@transactional
def home() -> ResponseReturnValue:
    """No role lands on an empty page: those who read no cases have homes of their own."""
    if _may(Permission.READ_CASES):
        return _work()
    if _may(Permission.READ_RECORD):
        return _audited()
    if _may(Permission.MANAGE_ACCOUNTS):
        return _administered()
    return render_page(
        "overview/delivery.html", seen=oversight.overseen(current_user), in_words=_count_in_words
    )


@bp.route("/board")
@requires(Permission.READ_CASES)
@transactional
def board() -> ResponseReturnValue:
    wanted = BoardFilter.from_query(request.args)
    shown = boards.board_of(current_user, wanted, today(), requested_page())
    offered = {**queries.choices(), **boards.FIXED_CHOICES}
    audit.seen("board.view", by=current_user, ids=[f"case_{row.audit_id}" for row in shown.rows])
    response = render_page(
        "overview/board.html",
        fragment="overview/_partials/board.html",
        board=shown,
        wanted=wanted,
        offered=offered,
        heading=boards.heading_of(shown),
        tags=boards.tags_of(wanted, offered),
        reference_for=Case.reference_for,
        restricted=restricted_count(current_user),
    )
    if wants_fragment():
        response.headers["HX-Push-Url"] = wanted.address()
    return response


def _work() -> ResponseReturnValue:
    runs_group = _may(Permission.RUN_MEETINGS)
    work = work_of(current_user, today(), runs_group=runs_group)
    audit.seen("home.view", by=current_user, ids=work.record_ids)
    return render_page(
        "overview/home.html", work=work, runs_group=runs_group, reference_for=Case.reference_for
    )


def _administered() -> ResponseReturnValue:
    return render_page(
        "accounts/administration/index.html",
        agencies=administration.agency_rows(),
        waiting=administration.waiting(),
    )


def _audited() -> ResponseReturnValue:
    seen = oversight.audited(current_user, today())
    audit.seen("home.view", by=current_user, ids=seen.record_ids)
    return render_page(
        "overview/auditor.html",
        seen=seen,
        reference_for=Disclosure.reference_for,
        case_reference_for=Case.reference_for,
    )


def _may(permission: Permission) -> bool:
    return permits(current_user, permission, today())


def _count_in_words(count: int) -> str:
    return count_in_words(count, current_user)
