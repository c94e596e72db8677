"""Pages that shut a case to somebody, a conflict of interest, and that open it, an emergency."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases import access_forms as forms
from psg.cases import access_queries, emergency, queries, standing
from psg.cases.access_models import Finding, Urgency
from psg.cases.models import Case
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("emergency", __name__)


@bp.route("/cases/<reference>/conflict", methods=["GET", "POST"])
@requires(Permission.DECLARE_CONFLICT)
@transactional
def declare(reference: str) -> ResponseReturnValue:
    """One's own conflict of interest, open to everybody who may know that the case exists."""
    case, form = _at_the_door(reference), forms.OwnConflictForm()
    if form.validate_on_submit():
        try:
            emergency.declare_conflict(
                case, current_user, reason=form.reason.data, by=current_user, now=now()
            )
            flash("Your conflict of interest is declared. That case is not shown to you any more.")
            return see_other(url_for("overview.home"))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    audit.seen("conflict.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/conflict.html", form=form, pointer=case)


@bp.route("/cases/<reference>/conflict/none", methods=["GET", "POST"])
@requires(Permission.DECLARE_CONFLICT)
@transactional
def deny(reference: str) -> ResponseReturnValue:
    """The answer to the hint that somebody in the case has one's family name."""
    case, form = queries.case_for(current_user, reference), Confirmation()
    if form.validate_on_submit():
        emergency.deny_conflict(case, by=current_user, now=now())
        return see_other(url_for("cases.show", reference=case.reference))
    audit.seen("conflict.form", by=current_user, case=case, obj=case)
    return render_page(
        "cases/access/confirm.html",
        form=form,
        case=case,
        heading="No conflict of interest",
        meaning="You are not related to anybody in this case and have no interest in it. The question is not asked again.",
        button="I have no conflict of interest",
        back=url_for("cases.show", reference=case.reference),
    )


@bp.route("/cases/<reference>/access/conflicts/new", methods=["GET", "POST"])
@requires(Permission.SET_CONFLICTS)
@transactional
def set_conflict(reference: str) -> ResponseReturnValue:
    case = queries.case_to_change(current_user, reference, Permission.SET_CONFLICTS)
    people, form = standing.people_to_shut_out(case, current_user), forms.ConflictForm()
    form.person.choices = standing.choices_of_people(people)
    if form.validate_on_submit():
        person = next(one for one in people if str(one.id) == form.person.data)
        try:
            emergency.declare_conflict(case, person, reason=form.reason.data, by=current_user, now=now())
            return _to_access(case)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("conflict.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/set_conflict.html", form=form, case=case)


@bp.route("/cases/<reference>/access/conflicts/<int:number>/lift", methods=["GET", "POST"])
@requires(Permission.SET_CONFLICTS)
@transactional
def lift_conflict(reference: str, number: int) -> ResponseReturnValue:
    case = queries.case_to_change(current_user, reference, Permission.SET_CONFLICTS)
    conflict, form = access_queries.conflict_of(case, number), Confirmation()
    if form.validate_on_submit():
        try:
            emergency.lift_conflict(conflict, case, by=current_user, now=now())
            return _to_access(case)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    audit.seen("conflict.form", by=current_user, case=case, obj=conflict)
    return render_page(
        "cases/access/confirm.html",
        form=form,
        case=case,
        heading=f"Lift the conflict of {conflict.user.name}",
        meaning="The case is no longer hidden from them. It makes them no member again.",
        button="Lift the conflict",
    )


@bp.route("/cases/<reference>/emergency")
@requires(Permission.BREAK_GLASS)
@transactional
def card(reference: str) -> ResponseReturnValue:
    """What emergency access is, before anybody asks for it."""
    case = _at_the_door(reference)
    reads = queries.may(current_user, Permission.READ_A_CASE, case, now())
    audit.seen("emergency.card", by=current_user, case=case, obj=case)
    return render_page("cases/access/card.html", pointer=case, reads=reads)


@bp.route("/cases/<reference>/emergency/reason", methods=["GET", "POST"])
@requires(Permission.BREAK_GLASS, step_up=True)
@transactional
def break_glass(reference: str) -> ResponseReturnValue:
    """The reason, with the password given again; then the case is open to read for four hours."""
    case, form = _at_the_door(reference), forms.EmergencyForm()
    if form.validate_on_submit():
        try:
            emergency.break_glass(
                case, urgency=Urgency(form.urgency.data), reason=form.reason.data, by=current_user, now=now()
            )
            return see_other(url_for("cases.show", reference=case.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("emergency.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/emergency.html", form=form, pointer=case)


@bp.route("/emergency-access")
@requires(Permission.REVIEW_EMERGENCIES)
@transactional
def index() -> ResponseReturnValue:
    page = paginate(access_queries.emergency_rows(current_user), requested_page())
    audit.seen("emergency.list", by=current_user, ids=[f"glass_{row.audit_id}" for row in page.rows])
    return render_page(
        "cases/access/emergencies.html",
        page=page,
        reviews=not current_user.agency.is_oversight,
        reference=Case.reference_for,
    )


@bp.route("/emergency-access/<int:number>", methods=["GET", "POST"])
@requires(Permission.REVIEW_EMERGENCIES)
@transactional
def review(number: int) -> ResponseReturnValue:
    """Another person's look at it afterwards: who, when and why, and nothing of the case."""
    glass, form = access_queries.emergency_to_oversee(current_user, number), forms.ReviewForm()
    may_review = emergency.may_review(current_user, glass, now()) and glass.finding is Finding.PENDING
    if request.method == "POST" and not may_review:
        raise Forbidden("Another coordinator, or the person’s agency lead, reviews this, and once only.")
    if form.validate_on_submit():
        finding, note = Finding(form.finding.data), form.note.data
        emergency.review_emergency(glass, glass.case, finding=finding, note=note, by=current_user, now=now())
        flash("The review is recorded.")
        return see_other(url_for("emergency.index"))
    audit.seen("emergency.view", by=current_user, case=glass.case, obj=glass)
    return render_page("cases/access/review.html", form=form, glass=glass, may_review=may_review)


def _at_the_door(reference: str) -> Case:
    case = queries.case_at_the_door(current_user, reference)
    if case is None:
        raise NotFound
    return case


def _to_access(case: Case) -> ResponseReturnValue:
    return see_other(url_for("access.index", reference=case.reference))
