"""The lead of an agency: the accounts of their own people, and nobody else's."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.administration import queries, requests, services
from psg.accounts.administration.forms import AskForAccountForm, AskForFactorsForm
from psg.accounts.guard import requires
from psg.accounts.models import Role
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("own_agency", __name__, url_prefix="/agency")
HOME = "/agency"
ASKED = "It is asked for. An administrator decides."


@bp.route("")
@requires(Permission.LEAD_AGENCY)
@transactional
def index() -> ResponseReturnValue:
    return render_page(
        "accounts/agency/index.html",
        people=queries.people_of(current_user.agency),
        asked=queries.asked_for(current_user.agency),
    )


@bp.route("/request", methods=["GET", "POST"])
@requires(Permission.LEAD_AGENCY)
@transactional
def ask() -> ResponseReturnValue:
    form = AskForAccountForm()
    if form.validate_on_submit():
        try:
            requests.ask_for_account(
                email=form.email.data,
                name=form.name.data,
                role=Role(form.role.data),
                agency=current_user.agency,
                reason=form.reason.data,
                by=current_user,
                now=now(),
            )
            flash(ASKED)
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("accounts/agency/ask.html", form=form)


@bp.route("/users/<int:number>/suspend", methods=["GET", "POST"])
@requires(Permission.LEAD_AGENCY, step_up=True)
@transactional
def suspend(number: int) -> ResponseReturnValue:
    person, form = queries.own_user(current_user, number), Confirmation()
    if form.validate_on_submit():
        try:
            services.suspend(person, by=current_user, now=now())
            flash(f"{person.name} is suspended")
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return render_page("accounts/agency/suspend.html", form=form, person=person)


@bp.route("/users/<int:number>/factors", methods=["GET", "POST"])
@requires(Permission.LEAD_AGENCY, step_up=True)
@transactional
def factors(number: int) -> ResponseReturnValue:
    person, form = queries.own_user(current_user, number), AskForFactorsForm()
    if form.validate_on_submit():
        try:
            requests.ask_for_factors(person, reason=form.reason.data, by=current_user, now=now())
            flash(ASKED)
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return render_page("accounts/agency/factors.html", form=form, person=person)
