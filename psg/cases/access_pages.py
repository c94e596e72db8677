"""The Access page of a case: who can see it and by what right, and how somebody comes to belong to it."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases import access_forms as forms
from psg.cases import access_queries, membership, queries, standing
from psg.cases.looked import place_from
from psg.cases.models import Case, Visibility
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("access", __name__)
STEPS = {
    "suspend": (membership.suspend, "Suspend", "They stop working in this case at once, until somebody reinstates them."),
    "reinstate": (membership.reinstate, "Reinstate", "They work in this case again at once."),
    "remove": (membership.remove, "Remove", "Their part in this case ends at once. What they wrote stays."),
}  # fmt: skip


@bp.route("/cases/<reference>/access")
@requires(Permission.SEE_POINTER)
@transactional
def index(reference: str) -> ResponseReturnValue:
    """Inside for those who may read the case; at its door for those who may know that it exists."""
    case = queries.case_to_read(current_user, reference)
    if case is None:
        return _door(_at_the_door(reference))
    audit.seen("case.access", by=current_user, case=case, obj=case)
    before = place_from(request.args.get("before", ""))
    access = standing.access_to(case, current_user, now(), before=before)
    return render_page("cases/access/index.html", case=case, access=access)


@bp.route("/cases/restricted")
@requires(Permission.READ_CASES)
@transactional
def restricted() -> ResponseReturnValue:
    """The pointers: which cases there are that this person would have to ask for."""
    page = paginate(access_queries.restricted_rows(current_user), requested_page())
    audit.seen("cases.restricted", by=current_user, ids=[f"case_{row.audit_id}" for row in page.rows])
    return render_page("cases/access/restricted.html", page=page, reference=Case.reference_for)


@bp.route("/cases/<reference>/access/ask", methods=["GET", "POST"])
@requires(Permission.ASK_TO_JOIN)
@transactional
def ask(reference: str) -> ResponseReturnValue:
    case, form = _at_the_door(reference), forms.AskForm()
    if form.validate_on_submit():
        try:
            membership.ask_to_join(case, reason=form.reason.data, by=current_user, now=now())
            flash("The case’s lead has your request. The answer will stand on this page.")
            return _back(case)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("access.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/ask.html", form=form, pointer=case)


@bp.route("/cases/<reference>/access/invitation", methods=["GET", "POST"])
@requires(Permission.ASK_TO_JOIN)
@transactional
def invitation(reference: str) -> ResponseReturnValue:
    case, form = _at_the_door(reference), forms.InvitationForm()
    if form.validate_on_submit():
        try:
            accepts = form.answer.data == "accept"
            membership.answer_invitation(case, accept=accepts, by=current_user, now=now())
            flash("You have joined the case." if accepts else "You have declined the invitation.")
            return _back(case)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("access.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/invitation.html", form=form, pointer=case)


@bp.route("/cases/<reference>/access/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS)
@transactional
def invite(reference: str) -> ResponseReturnValue:
    case = standing.case_to_manage(current_user, reference, now())
    people = standing.people_to_invite(case, current_user, now())
    form = forms.InviteForm()
    form.person.choices = standing.choices_of_people(people)
    if form.validate_on_submit():
        person = next(one for one in people if str(one.id) == form.person.data)
        try:
            membership.invite(case, person, until=form.until.data, by=current_user, now=now())
            flash(f"{person.name} is {'a member' if case.visibility is Visibility.SEALED else 'invited'}.")
            return _back(case)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("member.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/invite.html", form=form, case=case)


@bp.route(
    "/cases/<reference>/access/members/<int:number>/<any(suspend,reinstate,remove):step>",
    methods=["GET", "POST"],
)
@requires(Permission.MANAGE_MEMBERS)
@transactional
def member(reference: str, number: int, step: str) -> ResponseReturnValue:
    case = standing.case_to_manage(current_user, reference, now())
    one, form = access_queries.member_of(case, number), Confirmation()
    act, verb, meaning = STEPS[step]
    if form.validate_on_submit():
        try:
            act(case, one.user, by=current_user, now=now())
            return _back(case)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    audit.seen("member.form", by=current_user, case=case, obj=one)
    return render_page(
        "cases/access/confirm.html",
        form=form,
        case=case,
        heading=f"{verb} {one.user.name}",
        meaning=meaning,
        button=verb,
    )


@bp.route("/cases/<reference>/access/leave", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def leave(reference: str) -> ResponseReturnValue:
    case, form = queries.case_to_change(current_user, reference), Confirmation()
    if form.validate_on_submit():
        try:
            membership.leave(case, by=current_user, now=now())
            flash(f"You have left {case.reference}.")
            return see_other(url_for("cases.index"))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    audit.seen("member.form", by=current_user, case=case, obj=case)
    meaning = "Your part in this case ends at once. What you wrote stays."
    if case.visibility is not Visibility.PARTNERSHIP:
        meaning += " You will not be able to open the case any more."
    return render_page(
        "cases/access/confirm.html",
        form=form,
        case=case,
        heading="Leave the case",
        meaning=meaning,
        button="Leave",
    )


@bp.route("/cases/<reference>/access/requests/<int:number>", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS)
@transactional
def answer(reference: str, number: int) -> ResponseReturnValue:
    case = standing.case_to_manage(current_user, reference, now())
    asked, form = access_queries.request_of(case, number), forms.AnswerRequestForm()
    if form.validate_on_submit():
        try:
            grant = form.answer.data == forms.GRANT
            membership.answer_request(
                asked, case, grant=grant, until=form.until.data, by=current_user, now=now()
            )
            return _back(case)
        except Refused as refusal:
            form.refuse(refusal.field if refusal.field in form else None, str(refusal))
    audit.seen("access.form", by=current_user, case=case, obj=asked)
    return render_page("cases/access/answer.html", form=form, case=case, asked=asked)


@bp.route("/cases/<reference>/access/visibility", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS)
@transactional
def visibility(reference: str) -> ResponseReturnValue:
    case = standing.case_to_manage(current_user, reference, now())
    form = forms.VisibilityForm(data={"wanted": case.visibility.value})
    if form.validate_on_submit():
        try:
            proposal = membership.change_visibility(
                case, Visibility(form.wanted.data), reason=form.reason.data, by=current_user, now=now()
            )
            flash("Proposed: another member has to agree." if proposal else f"Now: {case.visibility.label}.")
            return _back(case)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("visibility.form", by=current_user, case=case, obj=case)
    return render_page("cases/access/visibility.html", form=form, case=case)


@bp.route("/cases/<reference>/access/visibility/answer", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS)
@transactional
def answer_visibility(reference: str) -> ResponseReturnValue:
    case = standing.case_to_manage(current_user, reference, now())
    form, proposal = forms.AnswerVisibilityForm(), access_queries.visibility_proposal(case)
    if proposal is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            grant = form.answer.data == forms.GRANT
            membership.answer_visibility(case, grant=grant, by=current_user, now=now())
            return _back(case)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    audit.seen("visibility.form", by=current_user, case=case, obj=proposal)
    return render_page("cases/access/answer_visibility.html", form=form, case=case, proposal=proposal)


def _door(case: Case) -> ResponseReturnValue:
    audit.seen("case.pointer", by=current_user, case=case, obj=case)
    return render_page(
        "cases/access/door.html", pointer=case, own=standing.own_part(case, current_user, now())
    )


def _at_the_door(reference: str) -> Case:
    case = queries.case_at_the_door(current_user, reference)
    if case is None:
        raise NotFound
    return case


def _back(case: Case) -> ResponseReturnValue:
    return see_other(url_for("access.index", reference=case.reference))
