"""The pages of one response: its start and end, the enforcement lock, and the chair's approval."""

from datetime import date
from typing import cast

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases.models import Case
from psg.cases.queries import case_to_work, may
from psg.osara import toolbox
from psg.osara.addresses import NUMBER
from psg.osara.cards import response_card
from psg.osara.locks import lock_of
from psg.osara.passage_forms import ReasonForm
from psg.osara.typed import shown, values_of
from psg.responses import enforcement as tests
from psg.responses import queries, services
from psg.responses.forms import EnforcementForm, ProgressForm
from psg.responses.models import EnforcementTest, Response, ResponseStatus
from psg.web.dates import now, today
from psg.web.errors import NotFound
from psg.web.forms import Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("conduct", __name__)
RESPONSE = f"/cases/<reference>/response/responses/<{NUMBER}:number>"


@bp.route(f"{RESPONSE}/progress", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def progress(reference: str, number: int) -> ResponseReturnValue:
    """Start it, or say that it is done or dropped. An enforcement step starts only past its lock."""
    case = case_to_work(current_user, reference)
    response = _response(case, number)
    form = ProgressForm.of(response)
    if form.validate_on_submit():
        try:
            _take(
                response, case, status=form.status.data, on=cast(date, form.day.data), result=form.result.data
            )
            flash(f"Response {response.status.label.lower()}")
            return _to_list(reference)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _page("osara/progress.html", case, response, form)


@bp.route(f"{RESPONSE}/enforcement", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def enforcement(reference: str, number: int) -> ResponseReturnValue:
    """What the lock asks, with the questions only an officer can answer."""
    case = case_to_work(current_user, reference)
    response = _response(case, number)
    if not response.step.is_enforcement:
        raise NotFound
    held = queries.test_for(response)
    saved = shown(held, EnforcementForm)
    form = EnforcementForm.over(saved)
    if form.validate_on_submit() and not form.is_stale(saved):
        try:
            answers = values_of(form, EnforcementTest)
            tests.answer_test(response, case, is_first=held is None, by=current_user, now=now(), **answers)
            flash("Enforcement test saved")
            return see_other(url_for("conduct.enforcement", reference=reference, number=number))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _page("osara/enforcement.html", case, response, form)


@bp.route(f"{RESPONSE}/enforcement/approval", methods=["GET", "POST"])
@requires(Permission.APPROVE)
@transactional
def approve(reference: str, number: int) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    response = _response(case, number)
    if not response.step.is_enforcement:
        raise NotFound
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            toolbox.approve_enforcement(response, case, reason=form.reason.data, by=current_user, now=now())
            flash("Enforcement is approved")
            return see_other(url_for("conduct.enforcement", reference=reference, number=number))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return _page("osara/approval.html", case, response, form)


def _take(response: Response, case: Case, *, status: str, on: date, result: str) -> None:
    if status == ResponseStatus.UNDER_WAY:
        toolbox.start_response(response, case, started_on=on, by=current_user, now=now())
    else:
        ended = ResponseStatus(status)
        services.end_response(
            response, case, status=ended, ended_on=on, result=result, by=current_user, now=now()
        )


def _response(case: Case, number: int) -> Response:
    response = queries.response_by_id(case, number)
    if response is None:
        raise NotFound
    return response


def _to_list(reference: str) -> ResponseReturnValue:
    return see_other(url_for("worksheets.index", reference=reference, stage="response", key="responses"))


def _page(template: str, case: Case, response: Response, form: Form) -> ResponseReturnValue:
    audit.seen("response.form", by=current_user, case=case, obj=response)
    return render_page(
        template,
        case=case,
        response=response,
        card=response_card(response),
        conditions=lock_of(case, response, today()),
        form=form,
        may_approve=may(current_user, Permission.APPROVE, case, now()),
    )
