"""The outlines under maps, which administrators load: areas of the district, no case and nobody's name."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.subjects.outlines import queries, services
from psg.subjects.outlines.forms import LoadForm
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("outlines", __name__, url_prefix="/administration/outlines")
LIST = "/administration/outlines"


@bp.route("")
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def index() -> ResponseReturnValue:
    versions = queries.versions()
    used = next((version for version in versions if version.is_in_use), None)
    return render_page(
        "outlines/index.html",
        versions=versions,
        used=used,
        missing=queries.wards_without(used.set) if used else (),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def new() -> ResponseReturnValue:
    form = LoadForm()
    if form.validate_on_submit():
        try:
            loaded = services.load_outlines(
                form.content,
                source=form.source.data,
                licence=form.licence.data,
                name_property=form.name_property.data,
                by=current_user,
                now=now(),
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(" ".join(loaded.sentences))
            return see_other(LIST)
    return render_page("outlines/new.html", form=form)


@bp.route("/<int:number>/take-back", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def take_back(number: int) -> ResponseReturnValue:
    version = queries.version_in_use(number)
    form = Confirmation()
    if form.validate_on_submit():
        services.take_back(version, by=current_user, now=now())
        flash("Those outlines are taken back")
        return see_other(LIST)
    return render_page("outlines/take_back.html", form=form, version=version)
