"""The wards of the district, which administrators keep. Each is reference data: no case and nobody's name."""

from datetime import datetime

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select

from psg.accounts import passwords
from psg.accounts.guard import requires
from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects import queries
from psg.subjects.models import Ward
from psg.web.dates import now
from psg.web.errors import NotFound
from psg.web.fields import Line
from psg.web.forms import Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("wards", __name__, url_prefix="/administration/wards")
LIST = "/administration/wards"
LONGEST = 80


class WardForm(Form):
    name = Line("Name", required="Enter the ward’s name", maximum=LONGEST)


@bp.route("")
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def index() -> ResponseReturnValue:
    return render_page("subjects/wards/index.html", wards=queries.wards())


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def new() -> ResponseReturnValue:
    form = WardForm()
    if form.validate_on_submit():
        try:
            add(form.name.data, by=current_user, now=now())
            flash(f"{form.name.data} is added")
            return see_other(LIST)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("subjects/wards/edit.html", form=form)


@bp.route("/<int:number>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def edit(number: int) -> ResponseReturnValue:
    ward = db.session.get(Ward, number)
    if ward is None:
        raise NotFound
    form = WardForm(obj=ward)
    if form.validate_on_submit():
        try:
            rename(ward, form.name.data, by=current_user, now=now())
            flash(f"{ward.name} is saved")
            return see_other(LIST)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("subjects/wards/edit.html", form=form, ward=ward)


def add(name: str, *, by: User, now: datetime) -> Ward:
    _refuse_twice(name)
    ward = Ward(name=name)
    db.session.add(ward)
    db.session.flush()
    audit.record(Operation.COLLECTION, "ward.add", by=by, at=now, ward=ward.id)
    return ward


def rename(ward: Ward, name: str, *, by: User, now: datetime) -> None:
    """Everything recorded in the ward stays in it, under its new name."""
    _refuse_twice(name, but=ward)
    before, ward.name = ward.name, name
    db.session.flush()
    changed = audit.changes({"name": before}, {"name": name})
    audit.record(Operation.ALTERATION, "ward.rename", by=by, at=now, ward=ward.id, **changed)


def _refuse_twice(name: str, *, but: Ward | None = None) -> None:
    held = db.session.scalar(select(Ward.id).where(func.lower(Ward.name) == name.lower()))
    if held and (but is None or held != but.id):
        raise Refused(f"There is already a ward with the name {name}: choose another name.", "name")


passwords.take_places_from(lambda: [ward.name for ward in queries.wards()])
