"""Agencies, and what waits for a second person. No page here shows a case, a person or a place."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import services as accounts
from psg.accounts.administration import queries, requests, services
from psg.accounts.administration.forms import AgencyForm, DecideForm, NewAgencyForm
from psg.accounts.guard import requires
from psg.accounts.models import AgencyKind
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("administration", __name__, url_prefix="/administration")
HOME = "/administration"


@bp.route("")
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def index() -> ResponseReturnValue:
    return render_page(
        "accounts/administration/index.html",
        agencies=queries.agency_rows(),
        waiting=queries.waiting(),
    )


@bp.route("/agencies/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def new_agency() -> ResponseReturnValue:
    form = NewAgencyForm()
    if form.validate_on_submit():
        try:
            made = accounts.create_agency(
                code=form.code.data,
                name=form.name.data,
                kind=AgencyKind(form.kind.data),
                agreement_from=form.agreement_from.data or today(),
                agreement_until=form.agreement_until.data or today(),
                by=current_user,
                now=now(),
            )
            flash(f"{made.name} is added")
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("accounts/administration/new_agency.html", form=form)


@bp.route("/agencies/<int:number>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def edit_agency(number: int) -> ResponseReturnValue:
    agency = queries.agency(number)
    form = AgencyForm.over(agency)
    if form.validate_on_submit() and not form.is_stale(agency):
        try:
            services.edit_agency(
                agency,
                name=form.name.data,
                agreement_from=form.agreement_from.data,
                agreement_until=form.agreement_until.data,
                by=current_user,
                now=now(),
            )
            flash(f"{agency.name} is saved")
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("accounts/administration/edit_agency.html", form=form, agency=agency)


@bp.route("/requests/<int:number>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@transactional
def decide(number: int) -> ResponseReturnValue:
    asked, form = queries.request(number), DecideForm()
    if form.validate_on_submit():
        is_granted = form.decision.data == "granted"
        try:
            requests.decide(asked, is_granted=is_granted, by=current_user, now=now())
            flash("It is granted" if is_granted else "It is refused")
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return render_page(
        "accounts/administration/request.html",
        form=form,
        asked=asked,
        may_decide=requests.may_decide(asked, current_user),
    )
