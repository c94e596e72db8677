"""What a person decides about contacts: that one counts towards nothing, and whether two tell of one incident."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.demand import exclusions, forms, matching, policy, queries
from psg.demand.models import ExclusionReason
from psg.subjects.addresses import PEOPLE, PLACES, subject_at
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("contacts", __name__)


@bp.route("/people/<reference>/contacts/<int:number>/exclude", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/contacts/<int:number>/exclude", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def exclude(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    contact = queries.contact_of(subject, number)
    form = forms.ExcludeForm.offering(policy.reasons_for(current_user, today()))
    if form.validate_on_submit():
        reason = ExclusionReason(form.reason.data)
        try:
            exclusions.exclude_contact(contact, reason=reason, why=form.why.data, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The contact is left out. It stays in the list, marked, and counts towards nothing.")
            return see_other(f"{subject.path}/contacts")
    audit.seen("contact.exclude_form", by=current_user, obj=contact)
    return render_page("demand/exclude_contact.html", form=form, subject=subject, contact=contact)


@bp.route("/people/<reference>/contacts/<int:number>/include", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/contacts/<int:number>/include", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def include(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    contact = queries.contact_of(subject, number)
    form = forms.IncludeForm()
    if form.validate_on_submit():
        try:
            exclusions.lift_exclusion(contact, why=form.why.data, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The contact counts again.")
            return see_other(f"{subject.path}/contacts")
    audit.seen("contact.include_form", by=current_user, obj=contact)
    history = exclusions.history_of(contact)
    return render_page(
        "demand/include_contact.html", form=form, subject=subject, contact=contact, history=history
    )


@bp.route(
    "/people/<reference>/incidents/suggested/<int:one>/<int:other>", defaults=PEOPLE, methods=["GET", "POST"]
)
@bp.route(
    "/places/<reference>/incidents/suggested/<int:one>/<int:other>", defaults=PLACES, methods=["GET", "POST"]
)
@requires(Permission.OPEN_CASES)
@transactional
def suggested(kind: str, reference: str, one: int, other: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    pair = matching.suggestion_of(subject, one, other, today())
    form = forms.SuggestionForm()
    if form.validate_on_submit():
        answer = matching.confirm if form.answer.data == "same" else matching.keep_apart
        try:
            answer(subject, pair, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("Your answer is kept: these two are not suggested again.")
            return see_other(f"{subject.path}/contacts")
    audit.seen(f"{subject.record_kind}.incident_form", by=current_user, obj=subject)
    return render_page("demand/suggested.html", form=form, subject=subject, pair=pair)
