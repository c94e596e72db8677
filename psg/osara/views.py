"""The stage pages, and how a case passes from one to the next."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases.models import Case, Stage
from psg.cases.queries import case_for, case_to_change, case_to_work, may
from psg.osara import moves, queries
from psg.osara.addresses import STAGE
from psg.osara.gates import Requirement
from psg.osara.pages import impact_of, stage_page
from psg.osara.passage_forms import ClosureAnswerForm, ClosureForm, ReasonForm, ReopenForm, ReturnToForm
from psg.osara.rules import RULES
from psg.osara.sustained import scores_in_words
from psg.web.dates import now, today
from psg.web.errors import NotFound
from psg.web.forms import Confirmation, Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("osara", __name__)


@bp.route(f"/cases/<reference>/<{STAGE}:stage>")
@requires(Permission.READ_A_CASE)
@transactional
def show(reference: str, stage: str) -> ResponseReturnValue:
    case = case_for(current_user, reference)
    audit.seen(f"{stage}.view", by=current_user, case=case, obj=case)
    return _stage(case, Stage(stage), Confirmation())


@bp.route(f"/cases/<reference>/<{STAGE}:stage>/move", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def move(reference: str, stage: str) -> ResponseReturnValue:
    """The gate. Pressed early it answers with what is missing, and changes nothing."""
    case = case_to_work(current_user, reference)
    form = Confirmation()
    missing: list[Requirement] = []
    if form.validate_on_submit():
        try:
            change = moves.move_on(case, expected=Stage(stage), by=current_user, now=now())
            flash(f"{case.reference} is now at {change.to_stage.label}")
            return see_other(url_for("osara.show", reference=reference, stage=change.to_stage.value))
        except moves.GateShut as shut:
            missing = shut.gate.missing
            form.refuse(None, str(shut))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    audit.seen(f"{stage}.view", by=current_user, case=case, obj=case)
    return _stage(case, Stage(stage), form, missing)


@bp.route("/cases/<reference>/return", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def go_back(reference: str) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    if case.stage is Stage.OBJECTIVE:
        raise NotFound
    form = ReturnToForm.before(case.stage)
    if form.validate_on_submit():
        try:
            change = moves.go_back(
                case, to=Stage(form.to.data), reason=form.reason.data, by=current_user, now=now()
            )
            flash(f"{case.reference} is back at {change.to_stage.label}")
            return see_other(url_for("osara.show", reference=reference, stage=change.to_stage.value))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _page(case, form, "return to an earlier stage", "Return", "stage.return_form")


@bp.route("/cases/<reference>/waive/<key>", methods=["GET", "POST"])
@requires(Permission.APPROVE)
@transactional
def waive(reference: str, key: str) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    gates = (queries.gate_of(case, case.stage, today()), queries.closing_gate(case, today()))
    asked = next((found for gate in gates if (found := gate.requirement(key))), None)
    if asked is None:
        raise NotFound
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            moves.waive(case, key, reason=form.reason.data, by=current_user, now=now())
            flash("Waived, for this visit to the stage. It stands in the history with your reason")
            return see_other(url_for("osara.show", reference=reference, stage=case.stage.value))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return _page(case, form, "waive a requirement", "Waive it", "gate.waive_form", lead=asked.sentence)


@bp.route("/cases/<reference>/closure", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def closure(reference: str) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    form = ClosureForm()
    missing: list[Requirement] = []
    if form.validate_on_submit():
        try:
            moves.propose_closure(
                case, code=form.code.data, reason=form.reason.data, by=current_user, now=now()
            )
            flash("Closure is proposed. The chair or coordinator answers it")
            return see_other(url_for("osara.show", reference=reference, stage=case.stage.value))
        except moves.GateShut as shut:
            missing = shut.gate.missing
            form.refuse(None, str(shut))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    still = [] if missing else queries.closing_gate(case, today()).missing
    return _page(
        case, form, "propose closure", "Propose closure", "closure.form", missing=missing, still=still
    )


@bp.route("/cases/<reference>/closure/answer", methods=["GET", "POST"])
@requires(Permission.APPROVE)
@transactional
def answer_closure(reference: str) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    proposal = queries.pending_closure(case)
    if proposal is None:
        raise NotFound
    form = ClosureAnswerForm()
    if form.validate_on_submit():
        try:
            if form.answer.data == "confirm":
                moves.confirm_closure(case, by=current_user, now=now())
            else:
                moves.decline_closure(case, reason=form.reason.data, by=current_user, now=now())
            return see_other(url_for("osara.show", reference=reference, stage=case.stage.value))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    known = RULES.closure(proposal.code)
    facts = [("Why it closes", known.label if known else proposal.code), ("What shows it", proposal.reason)]
    facts += [("Before and after", words) for words in impact_of(case, queries.measures_of(case))]
    facts += [("Scores", words) for words in scores_in_words(case)]
    facts.append(("Proposed by", f"{proposal.by.name}, {proposal.by.agency.name}"))
    return _page(
        case, form, "answer the proposal to close", "Send your answer", "closure.answer_form", facts=facts
    )


@bp.route("/cases/<reference>/reopen", methods=["GET", "POST"])
@requires(Permission.APPROVE)
@transactional
def reopen(reference: str) -> ResponseReturnValue:
    case = case_to_change(current_user, reference, Permission.APPROVE)
    form = ReopenForm.upto(case.stage)
    if form.validate_on_submit():
        try:
            moves.reopen(case, to=Stage(form.to.data), reason=form.reason.data, by=current_user, now=now())
            flash(f"{case.reference} is open again, at {case.stage.label}")
            return see_other(url_for("osara.show", reference=reference, stage=case.stage.value))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _page(case, form, "reopen", "Reopen the case", "case.reopen_form")


def _stage(
    case: Case, stage: Stage, form: Form, missing: list[Requirement] | None = None
) -> ResponseReturnValue:
    return render_page(
        "osara/stage.html",
        fragment="osara/_partials/stage.html",
        form=form,
        case=case,
        page=stage_page(case, stage, current_user, today()),
        missing=missing or [],
        closure_code=RULES.closure(case.closure_code),
    )


def _page(
    case: Case, form: Form, heading: str, submit: str, seen: str, **context: Any
) -> ResponseReturnValue:
    """A page of one form about the case as a whole."""
    audit.seen(seen, by=current_user, case=case, obj=case)
    return render_page(
        "osara/passage.html",
        form=form,
        case=case,
        heading=heading,
        submit=submit,
        may_approve=may(current_user, Permission.APPROVE, case, now()),
        **context,
    )
