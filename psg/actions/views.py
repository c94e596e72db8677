"""Pages of actions: those of a case, and those of a person and their agency."""

from typing import TypeVar

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.actions import queries, services
from psg.actions.forms import ActionForm, CompleteForm, DropForm, ReopenForm
from psg.actions.models import Action
from psg.actions.queries import Standing, Whose
from psg.audit import services as audit
from psg.base import Refused
from psg.cases.models import Case
from psg.cases.queries import case_for, case_to_change, may_work
from psg.scoring import queries as scoring
from psg.web.dates import now, today
from psg.web.forms import Form
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("actions", __name__)
Chosen = TypeVar("Chosen", Standing, Whose)
STANDINGS = [(standing.value, standing.label) for standing in Standing]


@bp.route("/actions")
@requires(Permission.READ_CASES)
@transactional
def index() -> ResponseReturnValue:
    whose = _chosen(Whose, "whose") or Whose.MINE
    standing = _chosen(Standing, "status") or (None if request.args.get("status") == "all" else Standing.OPEN)
    page = paginate(
        queries.action_rows(current_user, day=today(), whose=whose, standing=standing), requested_page()
    )
    audit.seen("action.list", by=current_user, ids=[f"action_{row.audit_id}" for row in page.rows])
    return render_page(
        "actions/index.html",
        fragment="actions/_partials/work_list.html",
        page=page,
        whose=whose,
        standing=standing,
        numbers=queries.counts_for(current_user, today()),
        whose_choices=[(member.value, member.label) for member in Whose],
        standing_choices=[*STANDINGS, ("all", "All")],
        reference_for=Case.reference_for,
    )


@bp.route("/cases/<reference>/actions")
@requires(Permission.READ_A_CASE)
@transactional
def of_case(reference: str) -> ResponseReturnValue:
    case = case_for(current_user, reference)
    standing = _chosen(Standing, "status")
    audit.seen("action.list", by=current_user, case=case, obj=case)
    return render_page(
        "actions/of_case.html",
        fragment="actions/_partials/case_list.html",
        case=case,
        active_tab="actions",
        standing=standing,
        numbers=queries.counts_of_case(case, today()),
        page=paginate(
            queries.action_rows(current_user, day=today(), of=case, standing=standing), requested_page()
        ),
        may_work=may_work(current_user, case, now()),
        standing_choices=STANDINGS,
    )


@bp.route("/cases/<reference>/actions/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def new(reference: str) -> ResponseReturnValue:
    case = case_to_change(current_user, reference)
    form = ActionForm(data={"title": _to_find_out(case)})
    form.offer(accounts.partner_agencies(), accounts.case_workers())
    if form.validate_on_submit():
        try:
            services.add_action(
                case,
                title=form.title.data,
                agency=form.agency,
                owner=form.owner,
                due_on=form.due,
                by=current_user,
                now=now(),
            )
            return see_other(url_for("actions.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form_page("new", case, form)


@bp.route("/cases/<reference>/actions/<int:number>/edit", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def edit(reference: str, number: int) -> ResponseReturnValue:
    case = case_to_change(current_user, reference)
    action = queries.action_of(case, number)
    form = ActionForm.over(action)
    form.offer(accounts.partner_agencies(), accounts.case_workers(), kept=action)
    if form.validate_on_submit() and not form.is_stale(action):
        try:
            services.edit_action(
                action,
                title=form.title.data,
                agency=form.agency,
                owner=form.owner,
                due_on=form.due,
                by=current_user,
                now=now(),
            )
            return see_other(url_for("actions.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form_page("edit", case, form, action)


@bp.route("/cases/<reference>/actions/<int:number>/complete", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def complete(reference: str, number: int) -> ResponseReturnValue:
    case = case_to_change(current_user, reference)
    action = queries.action_of(case, number)
    form = CompleteForm.over(action)
    if form.validate_on_submit() and not form.is_stale(action):
        try:
            services.complete_action(action, outcome=form.outcome.data, by=current_user, now=now())
            return see_other(url_for("actions.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form_page("complete", case, form, action)


@bp.route("/cases/<reference>/actions/<int:number>/drop", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def drop(reference: str, number: int) -> ResponseReturnValue:
    case = case_to_change(current_user, reference)
    action = queries.action_of(case, number)
    form = DropForm.over(action)
    if form.validate_on_submit() and not form.is_stale(action):
        try:
            services.drop_action(action, reason=form.outcome.data, by=current_user, now=now())
            return see_other(url_for("actions.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form_page("drop", case, form, action)


@bp.route("/cases/<reference>/actions/<int:number>/reopen", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def reopen(reference: str, number: int) -> ResponseReturnValue:
    case = case_to_change(current_user, reference)
    action = queries.action_of(case, number)
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            services.reopen_action(action, by=current_user, now=now())
            return see_other(url_for("actions.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form_page("reopen", case, form, action)


def _form_page(name: str, case: Case, form: Form, action: Action | None = None) -> Response:
    audit.seen(f"action.{name}.form", by=current_user, case=case, obj=action or case)
    return render_page(f"actions/{name}.html", form=form, case=case, action=action)


def _chosen(kind: type[Chosen], name: str) -> Chosen | None:
    """The value of a filter in the URL; anything else means none."""
    return next((member for member in kind if member.value == request.args.get(name)), None)


def _to_find_out(case: Case) -> str:
    """The action that a score page offers for what was left unknown, without a name."""
    number, code = request.args.get("score", ""), request.args.get("factor")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return ""
    for answer in scoring.unknowns_of(case, int(number)):
        if answer.factor.code == code:
            party = answer.score.party.subject.reference
            return f"Find out for the {answer.score.kind.label} score of {party}: {answer.factor.name}"
    return ""
