"""Where a person lives and lived: all addresses, a new one, one corrected, one left."""

from types import SimpleNamespace

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.subjects import queries, residences
from psg.subjects.history_forms import EditResidenceForm, EndResidenceForm, NewResidenceForm, as_typed
from psg.subjects.models import Residence
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("residences", __name__)


@bp.route("/people/<reference>/addresses")
@requires(Permission.READ_CASES)
@transactional
def index(reference: str) -> ResponseReturnValue:
    person = queries.person_for(current_user, reference)
    audit.seen("residence.list", by=current_user, obj=person)
    return render_page(
        "subjects/residences/index.html",
        subject=person,
        residences=residences.in_order(person),
        around=queries.around(current_user, person),
    )


@bp.route("/people/<reference>/addresses/new", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new(reference: str) -> ResponseReturnValue:
    person = queries.person_for(current_user, reference)
    form = NewResidenceForm(is_first=residences.present(person) is None)
    if form.validate_on_submit():
        try:
            residences.add_residence(
                person, form.stay(), has_left_others=form.is_move, by=current_user, now=now()
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The address is added.")
            return see_other(f"{person.path}/addresses")
    audit.seen("residence.form", by=current_user, obj=person)
    return render_page("subjects/residences/new.html", form=form, subject=person)


@bp.route("/people/<reference>/addresses/<int:number>/edit", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def edit(reference: str, number: int) -> ResponseReturnValue:
    person = queries.person_for(current_user, reference)
    residence = residences.residence_of(person, number)
    typed = SimpleNamespace(version=residence.version, **as_typed(residence, _place(residence)))
    form = EditResidenceForm(obj=typed)
    if form.validate_on_submit() and not form.is_stale(typed):
        try:
            residences.correct_residence(residence, form.stay(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The address is corrected.")
            return see_other(f"{person.path}/addresses")
    audit.seen("residence.form", by=current_user, obj=person)
    return render_page("subjects/residences/edit.html", form=form, subject=person, residence=residence)


@bp.route("/people/<reference>/addresses/<int:number>/end", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def end(reference: str, number: int) -> ResponseReturnValue:
    person = queries.person_for(current_user, reference)
    residence = residences.residence_of(person, number)
    form = EndResidenceForm()
    if form.validate_on_submit():
        try:
            residences.end_residence(residence, until=form.until.data or today(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The address is kept as one they have left.")
            return see_other(f"{person.path}/addresses")
    audit.seen("residence.form", by=current_user, obj=person)
    return render_page("subjects/residences/end.html", form=form, subject=person, residence=residence)


def _place(residence: Residence) -> str:
    """The reference of the place, where the reader may find it."""
    held = residence.place
    place = queries.place_by_reference(current_user, held.reference) if held else None
    return place.reference if place else ""
