"""Pages of Track and Score: the scores of a case, one score in full, and scoring."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases.models import Case, Party
from psg.cases.queries import case_for, case_to_change, may, may_work, party_of
from psg.scoring import queries, services
from psg.scoring.as_if import as_if_under, other_versions
from psg.scoring.counted import suggestions_for
from psg.scoring.forms import ScoreForm, score_form
from psg.scoring.headline import headline_of
from psg.scoring.matrices.models import Matrix
from psg.scoring.models import Score
from psg.web.dates import now, today
from psg.web.errors import NotFound
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("scoring", __name__)


@bp.route("/cases/<reference>/scores")
@requires(Permission.READ_A_CASE)
@transactional
def index(reference: str) -> ResponseReturnValue:
    case = case_for(current_user, reference)
    parties = queries.scored_parties(case)
    latest = [track.latest.score for scored in parties for track in scored.tracks if track.latest]
    audit.seen("score.list", by=current_user, case=case, obj=case)
    return render_page(
        "scoring/index.html",
        case=case,
        active_tab="scores",
        parties=parties,
        headline=headline_of(latest),
        may_work=may_work(current_user, case, now()),
        may_approve=may(current_user, Permission.APPROVE, case, now()),
    )


@bp.route("/cases/<reference>/scores/<int:number>")
@requires(Permission.READ_A_CASE)
@transactional
def show(reference: str, number: int) -> ResponseReturnValue:
    case = case_for(current_user, reference)
    score = queries.score_of(case, number)
    audit.seen("score.view", by=current_user, case=case, obj=score)
    return render_page(
        "scoring/show.html",
        case=case,
        active_tab="scores",
        tab_title=f"{score.kind.label} score",
        step=queries.step_of(score),
        is_latest=queries.is_latest(score),
        others=other_versions(score),
        may_work=may_work(current_user, case, now()),
        may_approve=may(current_user, Permission.APPROVE, case, now()),
    )


@bp.route("/cases/<reference>/scores/<int:number>/as-if/<int:version>")
@requires(Permission.READ_A_CASE)
@transactional
def as_if(reference: str, number: int, version: int) -> ResponseReturnValue:
    """The same answers under another version of the matrix, for this page alone."""
    case = case_for(current_user, reference)
    score = queries.score_of(case, number)
    others = other_versions(score)
    matrix = next((one for one in others if one.number == version), None)
    if matrix is None:
        raise NotFound
    audit.seen("score.view", by=current_user, case=case, obj=score)
    return render_page(
        "scoring/as_if.html",
        case=case,
        active_tab="scores",
        tab_title=f"{score.kind.label} score as if under version {version}",
        score=score,
        others=others,
        found=as_if_under(score, matrix),
    )


@bp.route("/cases/<reference>/scores/new/<int:number>/<kind>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def new(reference: str, number: int, kind: str) -> ResponseReturnValue:
    case = case_to_change(current_user, reference)
    party = party_of(case, number)
    matrix = queries.matrix_for(party, kind, today())
    latest = queries.latest_score(party, matrix.kind)
    suggestions = suggestions_for(party, matrix, today())
    form, standing = score_form(matrix, accounts.partner_agencies(), latest, suggestions)
    if form.validate_on_submit() and not form.is_stale(standing):
        try:
            score = services.record_score(
                party,
                kind=matrix.kind,
                answers=form.answers,
                floors=form.floors.data,
                by=current_user,
                now=now(),
            )
            return _recorded(score)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form_page(form, case, party, matrix, latest)


def _recorded(score: Score) -> ResponseReturnValue:
    """Back to the scores; or, where a floor is not handed over yet, to the page that asks to whom."""
    told = " Somebody else in the case confirms it." if score.waits_for_confirmation else ""
    flash(f"{score.kind.label} score recorded.{told}")
    reference = score.case.reference
    if any(row.handover_id is None for row in score.floor_rows):
        return see_other(url_for("judging.hand_over", reference=reference, number=score.id))
    return see_other(url_for("scoring.index", reference=reference))


def _form_page(
    form: ScoreForm, case: Case, party: Party, matrix: Matrix, latest: Score | None
) -> ResponseReturnValue:
    audit.seen("score.form", by=current_user, case=case, obj=party)
    stale = {answer.factor.code for answer in latest.stale_answers(today())} if latest else set()
    return render_page(
        "scoring/new.html", form=form, case=case, party=party, matrix=matrix, latest=latest, stale=stale
    )
