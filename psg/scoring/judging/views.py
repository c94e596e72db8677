"""Pages of what people add to a score: the second person, the override, the hand-over; and the list of what waits."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Recorded
from psg.cases.models import Band, Case
from psg.cases.queries import case_to_work
from psg.scoring import queries
from psg.scoring.attempts import is_done
from psg.scoring.judging import services as judgements
from psg.scoring.judging import waiting
from psg.scoring.judging.forms import (
    ConfirmationForm,
    HandoverForm,
    OverrideAnswerForm,
    OverrideForm,
    ReceiptForm,
)
from psg.scoring.models import Score
from psg.web.dates import now, today
from psg.web.forms import Form
from psg.web.htmx import render_page, see_other
from psg.web.pagination import requested_page
from psg.web.transaction import transactional

bp = Blueprint("judging", __name__)
ONE = "/cases/<reference>/scores/<int:number>"


@bp.route("/scoring/waiting")
@requires(Permission.WORK_CASES)
@transactional
def index() -> ResponseReturnValue:
    found, page = waiting.waiting_for(current_user, today(), requested_page())
    audit.seen("score.waiting", by=current_user, ids=[one.record_id for one in found])
    return render_page("scoring/waiting.html", waiting=found, page=page)


@bp.route(f"{ONE}/confirm", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def confirm(reference: str, number: int) -> ResponseReturnValue:
    case, score = _score(reference, number)
    form = ConfirmationForm()
    agrees = form.answer.data == "agree"
    if form.validate_on_submit() and is_done(
        form,
        lambda: judgements.confirm_score(
            score, agrees=agrees, note=form.note.data, by=current_user, now=now()
        ),
    ):
        return _back(score, "The score is confirmed" if agrees else "The score is to be made again")
    return _page("confirm", form, case, score)


@bp.route(f"{ONE}/override", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def override(reference: str, number: int) -> ResponseReturnValue:
    case, score = _score(reference, number)
    form = OverrideForm.of(score)
    if form.validate_on_submit() and is_done(
        form,
        lambda: judgements.override_band(
            score, band=Band(form.band.data), reason=form.reason.data, by=current_user, now=now()
        ),
    ):
        waits = score.pending_override is not None
        return _back(score, "The chair or a coordinator is asked" if waits else "The band is overridden")
    return _page("override", form, case, score)


@bp.route(f"{ONE}/override/answer", methods=["GET", "POST"])
@requires(Permission.APPROVE)
@transactional
def answer_override(reference: str, number: int) -> ResponseReturnValue:
    case, score = _score(reference, number)
    pending = score.pending_override
    if pending is None:
        raise NotFound
    form = OverrideAnswerForm()
    grant = form.answer.data == "agree"
    if form.validate_on_submit() and is_done(
        form,
        lambda: judgements.answer_override(
            pending, score, grant=grant, note=form.note.data, by=current_user, now=now()
        ),
    ):
        return _back(score, "The override stands" if grant else "The override is declined")
    return _page("answer", form, case, score, pending)


@bp.route(f"{ONE}/handover", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def hand_over(reference: str, number: int) -> ResponseReturnValue:
    case, score = _score(reference, number)
    if not any(row.handover is None for row in score.floor_rows):
        raise NotFound
    form = HandoverForm.of(score)
    if form.validate_on_submit() and is_done(
        form,
        lambda: judgements.hand_over(
            score,
            floors=form.floors.data,
            panel=form.panel.data,
            handed_at=form.handed_at,
            received_by=form.received_by.data,
            note=form.note.data,
            by=current_user,
            now=now(),
        ),
    ):
        return _back(score, "The hand-over is recorded")
    return _page("handover", form, case, score)


@bp.route(f"{ONE}/handover/<int:handover>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def receipt(reference: str, number: int, handover: int) -> ResponseReturnValue:
    case, score = _score(reference, number)
    given = next((row.handover for row in score.floor_rows if row.handover_id == handover), None)
    if given is None:
        raise NotFound
    form = ReceiptForm()
    received_by = form.received_by.data
    if form.validate_on_submit() and is_done(
        form,
        lambda: judgements.acknowledge(given, score, received_by=received_by, by=current_user, now=now()),
    ):
        return _back(score, "The receipt is recorded")
    return _page("receipt", form, case, score, given)


def _score(reference: str, number: int) -> tuple[Case, Score]:
    case = case_to_work(current_user, reference)
    return case, queries.score_of(case, number)


def _back(score: Score, sentence: str) -> ResponseReturnValue:
    flash(f"{sentence}.")
    return see_other(url_for("scoring.show", reference=score.case.reference, number=score.id))


def _page(
    kind: str, form: Form, case: Case, score: Score, about: Recorded | None = None
) -> ResponseReturnValue:
    audit.seen(f"score.{kind}_form", by=current_user, case=case, obj=score)
    return render_page(f"scoring/judging/{kind}.html", form=form, case=case, score=score, about=about)
