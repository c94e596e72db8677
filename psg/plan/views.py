"""The plan's pages, and the commitments of a case."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases import queries as cases
from psg.cases.models import Case
from psg.plan import policy, queries, services
from psg.plan.forms import LinkForm, UnlinkForm
from psg.plan.models import Commitment
from psg.plan.progress import Wanted
from psg.web.dates import now
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("plan", __name__)


@bp.route("/plan")
@requires(Permission.READ_PLAN)
@transactional
def index() -> ResponseReturnValue:
    """The heat map and the table, or the commitments that one of their counts counts."""
    year = request.args.get("year")
    plan = queries.plan_of(year) if year else queries.newest_plan()
    if plan is None and year:
        raise NotFound
    if plan is None:
        return render_page("plan/none.html")
    progress = queries.progress_of(plan, current_user)
    wanted = Wanted.from_query(request.args, progress)
    return render_page(
        "plan/index.html",
        plan=plan,
        years=queries.years(),
        progress=progress,
        wanted=wanted,
        lines=progress.lines(wanted),
        in_words=_in_words,
    )


@bp.route("/plan/<reference>")
@requires(Permission.READ_PLAN)
@transactional
def show(reference: str) -> ResponseReturnValue:
    commitment = queries.commitment_for(reference, request.args.get("year"))
    page = paginate(queries.cases_serving(commitment, current_user), requested_page())
    if policy.sees_cases(current_user):
        shown = [f"case_{row.audit_id}" for row in page.rows]
        audit.seen("commitment.view", by=current_user, obj=commitment, ids=shown)
    return render_page(
        "plan/show.html",
        commitment=commitment,
        repeats=[one for one in queries.repeats_of(commitment.root_id) if one.id != commitment.id],
        service=queries.service_of_one(commitment, current_user),
        page=page,
        sees_cases=policy.sees_cases(current_user),
        reference=Case.reference_for,
        in_words=_in_words,
    )


@bp.route("/cases/<reference>/commitments")
@requires(Permission.READ_A_CASE)
@transactional
def of_case(reference: str) -> ResponseReturnValue:
    case = cases.case_for(current_user, reference)
    audit.seen("case.commitments", by=current_user, case=case, obj=case)
    return render_page(
        "plan/of_case.html",
        case=case,
        links=queries.links_of(case),
        may_work=cases.may_work(current_user, case, now()),
    )


@bp.route("/cases/<reference>/commitments/link", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def link(reference: str) -> ResponseReturnValue:
    """One or several at a time. Narrowing to an area is a GET and keeps what is ticked."""
    case = _case_to_work(reference)
    offered = queries.commitments_to_link(case)
    form = LinkForm.offering(offered, data={"commitments": request.args.getlist("commitments")})
    if form.validate_on_submit():
        try:
            services.link_commitments(case, form.chosen, how=form.how.data, by=current_user, now=now())
            return see_other(url_for("plan.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("commitments.form", by=current_user, case=case, obj=case)
    return render_page(
        "plan/link.html",
        fragment="plan/_partials/choices.html" if request.method == "GET" else None,
        form=form,
        case=case,
        areas=_areas(offered),
        area=request.args.get("area", ""),
    )


@bp.route("/cases/<reference>/commitments/<int:number>/unlink", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def unlink(reference: str, number: int) -> ResponseReturnValue:
    case = _case_to_work(reference)
    link = queries.link_for(case, number)
    form = UnlinkForm()
    if form.validate_on_submit():
        services.unlink_commitment(link, case, reason=form.reason.data, by=current_user, now=now())
        return see_other(url_for("plan.of_case", reference=reference))
    audit.seen("commitment.unlink_form", by=current_user, case=case, obj=link)
    return render_page("plan/unlink.html", form=form, case=case, link=link)


def _case_to_work(reference: str) -> Case:
    return cases.case_to_work(current_user, reference)


def _areas(offered: list[Commitment]) -> list[tuple[str, str]]:
    return list({str(one.area_id): one.area.name for one in offered}.items())


def _in_words(count: int) -> str:
    return policy.count_in_words(count, current_user)
