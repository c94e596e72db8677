"""Signing in and out."""

from urllib.parse import unquote

from flask import Blueprint, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries, services, sessions
from psg.accounts.forms import SignInForm
from psg.accounts.guard import SID, current_session, public, requires
from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.accounts.sign_in_models import Factor
from psg.web.dates import now
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@transactional
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        user = services.authenticate(email=form.email.data, password=form.password.data, now=now())
        if user is not None:
            wanted = local_path(request.args.get("next", ""))
            _begin(user)
            return see_other(wanted)
        form.refuse("email", "Check your e-mail address and password: one of them is not right")
    demo = queries.demo_users() if current_app.config["PSG_ENV"] == "development" else []
    return render_page("accounts/sign_in.html", form=form, demo_users=demo)


@bp.route("/sign-out", methods=["POST"])
@requires(Permission.USE)
@transactional
def sign_out() -> ResponseReturnValue:
    services.record_sign_out(current_user, now=now())
    _leave()
    response = see_other(url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _begin(user: User) -> None:
    """A token of its own for what begins here: one that this browser had before is worth nothing."""
    is_waived = user.is_demo and current_app.config["PSG_DEMO_SKIP_SECOND_FACTOR"]
    _leave()
    session[SID] = sessions.begin(
        user,
        factor=Factor.WAIVED_DEMO if is_waived else Factor.PENDING,
        device=sessions.device_of(request.user_agent.string),
        now=now(),
    )


def _leave() -> None:
    signed_in = current_session()
    if signed_in is not None:
        sessions.end(signed_in, now=now())
    session.clear()


def local_path(wanted: str) -> str:
    """A path on this site, or home: never another host, however it is spelled."""
    plain = unquote(unquote(wanted))
    odd = "\\" in plain or any(ord(character) < 32 for character in plain)
    if not plain.startswith("/") or plain.startswith("//") or odd:
        return url_for("overview.home")
    return wanted
