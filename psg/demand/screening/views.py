"""What the rules propose to the coordinator, and the rules themselves. Nobody is referred by a rule."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.demand.filters import WhenAsked
from psg.demand.screening import forms, queries, rules, services
from psg.subjects import queries as subjects
from psg.web.dates import now, today
from psg.web.errors import NotFound
from psg.web.htmx import render_page, see_other
from psg.web.pagination import requested_page
from psg.web.transaction import transactional

bp = Blueprint("screening", __name__, url_prefix="/demand")
CANDIDATES = "/demand/candidates"


@bp.route("/candidates")
@requires(Permission.SCREEN)
@transactional
def candidates() -> ResponseReturnValue:
    asked = WhenAsked.from_query(request.args, today())
    in_force = queries.set_in_force(asked.when.as_at)
    matches = queries.matches_of(current_user, in_force, asked.when)
    page = queries.candidates(matches, requested_page())
    dismissed = queries.dismissed(current_user, asked.when.as_at)
    ids = [row.record_id for row in page.rows] + [row.subject.record_id for row in dismissed]
    audit.seen("candidates.list", by=current_user, ids=ids)
    return render_page(
        "screening/candidates.html",
        page=page,
        asked=asked,
        in_force=in_force,
        dismissed=dismissed,
    )


@bp.route("/candidates/<reference>/dismiss", methods=["GET", "POST"])
@requires(Permission.SCREEN)
@transactional
def dismiss(reference: str) -> ResponseReturnValue:
    subject = subjects.subject_by_reference(current_user, reference)
    if subject is None:
        raise NotFound
    form = forms.DismissForm()
    if form.validate_on_submit():
        try:
            services.dismiss(
                subject, reason=form.reason.data, until=form.until.data or today(), by=current_user, now=now()
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"{subject.reference} is not proposed again before that day ends.")
            return see_other(CANDIDATES)
    audit.seen("candidate.dismiss_form", by=current_user, obj=subject)
    return render_page("screening/dismiss.html", form=form, subject=subject)


@bp.route("/rules")
@requires(Permission.SET_RULES)
@transactional
def index() -> ResponseReturnValue:
    return render_page(
        "screening/rules.html",
        sets=queries.sets(),
        in_force=queries.set_in_force(today()),
        in_words=rules.in_words,
    )


@bp.route("/rules/new", methods=["GET", "POST"])
@requires(Permission.SET_RULES)
@transactional
def new() -> ResponseReturnValue:
    form = forms.rules_form(queries.set_in_force(today()))
    if form.validate_on_submit():
        try:
            made = services.enter_version(
                form.answers(),
                in_force_from=form.in_force_from.data or today(),
                source=form.source.data,
                by=current_user,
                now=now(),
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"Version {made.number} of the rules is entered.")
            return see_other("/demand/rules")
    return render_page("screening/new_rules.html", form=form, label_of=rules.label_of)
