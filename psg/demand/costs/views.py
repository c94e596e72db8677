"""The unit costs of contacts: every version, and a new one."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.demand.costs import forms, queries, services
from psg.demand.costs.arithmetic import in_pounds
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("costs", __name__, url_prefix="/demand/costs")


@bp.route("")
@requires(Permission.SET_RULES)
@transactional
def index() -> ResponseReturnValue:
    return render_page(
        "costs/index.html",
        sets=queries.sets(),
        in_force=queries.set_in_force(today()),
        today=today(),
        in_pounds=in_pounds,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SET_RULES)
@transactional
def new() -> ResponseReturnValue:
    last = next(iter(queries.sets()), None)
    form = forms.costs_form(last)
    if form.validate_on_submit():
        try:
            made = services.enter_version(
                form.pence(),
                effective_from=form.effective_from.data or today(),
                price_year=form.price_year.data or 0,
                source=form.source.data,
                by=current_user,
                now=now(),
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"Version {made.number} of the unit costs is entered.")
            return see_other("/demand/costs")
    return render_page("costs/new.html", form=form, last=last)
