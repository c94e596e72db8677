"""The people with an account, for administrators."""

from collections.abc import Callable

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import invitations
from psg.accounts.administration import queries, requests, services
from psg.accounts.administration.forms import InviteForm, RoleForm, UserForm
from psg.accounts.administration.queries import STATES, UsersFilter
from psg.accounts.administration.services import TWO_PEOPLE
from psg.accounts.guard import requires
from psg.accounts.models import Role, User
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.web.dates import now
from psg.web.forms import Confirmation, Form
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("users", __name__, url_prefix="/administration/users")
LIST = "/administration/users"
WAITS = "It is asked for. A second administrator decides."
ROLES = {role.value: role.label for role in Role}


@bp.route("")
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def index() -> ResponseReturnValue:
    agencies = {str(agency.id): agency.name for agency in queries.agencies()}
    wanted = UsersFilter.from_query(request.args, agencies)
    return render_page(
        "accounts/administration/users.html",
        fragment="accounts/administration/_partials/users.html",
        page=paginate(queries.user_rows(wanted), requested_page()),
        wanted=wanted,
        agencies=agencies,
        roles=ROLES,
        states=STATES,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@transactional
def invite() -> ResponseReturnValue:
    form = InviteForm()
    form.offer(queries.agencies())
    if form.validate_on_submit() and _done(form, lambda: _invite(form)):
        return see_other(LIST)
    return render_page("accounts/administration/invite.html", form=form)


@bp.route("/<int:number>")
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def show(number: int) -> ResponseReturnValue:
    person = queries.user(number)
    return render_page(
        "accounts/administration/user.html",
        person=person,
        has_app=queries.has_app(person),
        waiting=queries.waiting_about(person),
        form=Confirmation(formdata=None),
    )


@bp.route("/<int:number>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@transactional
def edit(number: int) -> ResponseReturnValue:
    person = queries.user(number)
    form = UserForm(obj=person, agency=person.agency_id)
    form.offer(queries.agencies())
    saved = {"name": person.name, "agency": str(person.agency_id)}
    if form.validate_on_submit() and not form.is_stale(person, saved):

        def save() -> str:
            terms = {"name": form.name.data, "agency": form.chosen_agency}
            services.edit_user(person, **terms, by=current_user, now=now())
            return f"{person.name} is saved"

        if _done(form, save):
            return see_other(f"{LIST}/{number}")
    return render_page("accounts/administration/edit_user.html", form=form, person=person)


@bp.route("/<int:number>/role", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@transactional
def role(number: int) -> ResponseReturnValue:
    person = queries.user(number)
    form = RoleForm(role=person.role.value)
    if form.validate_on_submit() and _done(form, lambda: _give_role(person, form)):
        return see_other(f"{LIST}/{number}")
    return render_page("accounts/administration/role.html", form=form, person=person)


@bp.route("/<int:number>/<any(suspend, reinstate, invite, sign_out):act>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@transactional
def act_on(number: int, act: str) -> ResponseReturnValue:
    person, form = queries.user(number), Confirmation()
    if form.validate_on_submit() and _done(form, lambda: ACTS[act](person)):
        return see_other(f"{LIST}/{number}")
    return render_page("accounts/administration/act.html", form=form, person=person, act=act)


def _invite(form: InviteForm) -> str:
    chosen = Role(form.role.data)
    terms = {"email": form.email.data, "name": form.name.data, "role": chosen, "agency": form.chosen_agency}
    if chosen in TWO_PEOPLE:
        requests.ask_for_account(**terms, reason=form.reason.data, by=current_user, now=now())
        return WAITS
    services.invite_user(**terms, by=current_user, now=now())
    return "The invitation is on its way"


def _give_role(person: User, form: RoleForm) -> str:
    chosen = Role(form.role.data)
    if chosen in TWO_PEOPLE:
        requests.ask_for_role(person, chosen, reason=form.reason.data, by=current_user, now=now())
        return WAITS
    services.give_role(person, chosen, by=current_user, now=now())
    return f"{person.name} now has the role {chosen.label.lower()}"


def _suspend(person: User) -> str:
    services.suspend(person, by=current_user, now=now())
    return f"{person.name} is suspended"


def _reinstate(person: User) -> str:
    services.reinstate(person, by=current_user, now=now())
    return f"{person.name} is reinstated"


def _invite_again(person: User) -> str:
    invitations.invite_again(person, by=current_user, now=now())
    return "The invitation is on its way"


def _sign_out(person: User) -> str:
    services.sign_out_everywhere(person, by=current_user, now=now())
    return f"{person.name} is signed out everywhere"


ACTS: dict[str, Callable[[User], str]] = {
    "suspend": _suspend,
    "reinstate": _reinstate,
    "invite": _invite_again,
    "sign_out": _sign_out,
}


def _done(form: Form, act: Callable[[], str]) -> bool:
    """Whether the act was done, and says so; else the form says why not."""
    try:
        flash(act())
    except Refused as refusal:
        form.refuse(refusal.field if refusal.field in form else None, str(refusal))
        return False
    return True
