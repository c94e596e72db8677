"""The cautions of a person or a place: all of them, a new one, one looked at again, one ended."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.subjects import cautions
from psg.subjects.addresses import PEOPLE, PLACES, subject_at
from psg.subjects.history_forms import EndCautionForm, NewCautionForm, ReviewCautionForm
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("cautions", __name__)


@bp.route("/people/<reference>/cautions", defaults=PEOPLE)
@bp.route("/places/<reference>/cautions", defaults=PLACES)
@requires(Permission.READ_CASES)
@transactional
def index(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    audit.seen("caution.list", by=current_user, obj=subject)
    return render_page(
        "subjects/cautions/index.html", subject=subject, cautions=cautions.with_authors(subject)
    )


@bp.route("/people/<reference>/cautions/new", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/cautions/new", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    form = NewCautionForm(subject)
    if form.validate_on_submit():
        try:
            cautions.add_caution(subject, **form.answers(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The caution is recorded. It stands at the head of this page.")
            return see_other(subject.path)
    audit.seen("caution.form", by=current_user, obj=subject)
    return render_page("subjects/cautions/new.html", form=form, subject=subject)


@bp.route("/people/<reference>/cautions/<int:number>/review", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/cautions/<int:number>/review", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def review(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    caution = cautions.caution_of(subject, number)
    form = ReviewCautionForm()
    if form.validate_on_submit():
        try:
            cautions.review_caution(
                caution, review_on=form.review_on.data or today(), by=current_user, now=now()
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The caution stays, with the day it is looked at again.")
            return see_other(subject.path)
    audit.seen("caution.form", by=current_user, obj=subject)
    return render_page("subjects/cautions/review.html", form=form, subject=subject, caution=caution)


@bp.route("/people/<reference>/cautions/<int:number>/end", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/cautions/<int:number>/end", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def end(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    caution = cautions.caution_of(subject, number)
    form = EndCautionForm()
    if form.validate_on_submit():
        try:
            cautions.end_caution(caution, reason=form.reason.data, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The caution is ended. It stays among the earlier ones, with your reason.")
            return see_other(f"{subject.path}/cautions")
    audit.seen("caution.form", by=current_user, obj=subject)
    return render_page("subjects/cautions/end.html", form=form, subject=subject, caution=caution)
