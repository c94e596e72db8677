"""Combining two records, and taking that back; and where an old reference leads."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.subjects.addresses import PEOPLE, PLACES, subject_at
from psg.subjects.merging import queries, services, undoing
from psg.subjects.merging.fields import compare
from psg.subjects.merging.forms import merge_form
from psg.subjects.merging.pairs import pair_at
from psg.subjects.merging.preview import what_moves
from psg.subjects.queries import Combined
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("merging", __name__)


@bp.app_errorhandler(Combined)
def to_the_one_that_stayed(combined: Combined) -> ResponseReturnValue:
    """The same page of the record that stayed. What was typed goes along, and is met there as by any other edit."""
    path, query = request.path.split("/"), request.query_string.decode()
    address = "/".join(combined.reference if part == combined.named else part for part in path)
    return redirect(f"{address}?{query}" if query else address, code=307 if request.method == "POST" else 303)


@bp.route("/people/<reference>/merge/<other>", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/merge/<other>", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.MERGE_RECORDS, step_up=True)
@transactional
def merge(kind: str, reference: str, other: str) -> ResponseReturnValue:
    kept, gone = pair_at(current_user, kind, reference, other)
    form = merge_form(kept, gone, compare(kept, gone, current_user))
    if form.validate_on_submit():
        try:
            services.merge_records(kept, gone, **form.answers(kept, gone), by=current_user, now=now())
        except Refused as refusal:
            form.refuse_choice(refusal, kept, gone)
        else:
            flash(
                f"{gone.reference} is combined with {kept.reference}. It can be undone at the end of this page."
            )
            return see_other(kept.path)
    audit.seen(f"{kept.record_kind}.merge_form", by=current_user, obj=kept, ids=[gone])
    moves = what_moves(current_user, gone)
    return render_page("merging/merge.html", form=form, kept=kept, gone=gone, moves=moves)


@bp.route("/people/<reference>/merges/<int:number>/undo", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/merges/<int:number>/undo", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.MERGE_RECORDS, step_up=True)
@transactional
def undo(kind: str, reference: str, number: int) -> ResponseReturnValue:
    kept = subject_at(current_user, kind, reference)
    combined = queries.merge_into(kept, number)
    form = Confirmation()
    if form.validate_on_submit():
        try:
            undoing.undo_merge(combined, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"{kept.reference} and {combined.gone.reference} are two records again.")
            return see_other(kept.path)
    audit.seen(f"{kept.record_kind}.unmerge_form", by=current_user, obj=kept, ids=[combined.gone])
    why_not = undoing.why_it_cannot_be_undone(combined, by=current_user)
    return render_page("merging/undo.html", form=form, kept=kept, merge=combined, why_not=why_not)
