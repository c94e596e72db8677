"""Signing in and out."""

from flask import Blueprint, current_app, request, session, url_for
from flask.typing import ResponseReturnValue

from psg.accounts import credentials, devices, queries, second_factor, services, sessions
from psg.accounts.attempts import answer, tried
from psg.accounts.forms import SignInForm
from psg.accounts.guard import SID, current_session, public
from psg.accounts.landing import landing
from psg.accounts.models import User
from psg.accounts.sessions import State
from psg.accounts.sign_in_models import Factor
from psg.web.dates import now
from psg.web.htmx import see_other
from psg.web.transaction import transactional

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@transactional
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        user = tried(
            form,
            lambda: credentials.authenticate(
                email=form.email.data, password=form.password.data, origin=devices.origin(), now=now()
            ),
            "email",
            "Check your e-mail address and password: one of them is not right",
        )
        if user:
            return _begin(user)
    demo = queries.demo_users() if current_app.config["PSG_ENV"] == "development" else []
    return answer("accounts/sign_in.html", form, demo_users=demo)


@bp.route("/sign-out", methods=["POST"])
@public
@transactional
def sign_out() -> ResponseReturnValue:
    """Also from a locked screen, and in the middle of signing in."""
    signed_in = current_session()
    if signed_in is not None and sessions.state_of(signed_in, now()) is not State.OVER:
        services.record_sign_out(signed_in.user, now=now())
    _leave()
    response = see_other(url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _begin(user: User) -> ResponseReturnValue:
    """A token of its own for what begins here: one that this browser had before is worth nothing."""
    is_waived = user.is_demo and current_app.config["PSG_DEMO_SKIP_SECOND_FACTOR"]
    _leave()
    session[SID] = sessions.begin(
        user,
        factor=Factor.WAIVED_DEMO if is_waived else Factor.PENDING,
        device=sessions.device_of(request.user_agent.string),
        now=now(),
    )
    if is_waived:
        credentials.waive_second_factor(user, now=now())
        return devices.remember(see_other(landing(user, second_factor.wanted())), user, now=now())
    credentials.await_second_factor(user, now=now())
    return see_other(second_factor.next_page(user))


def _leave() -> None:
    signed_in = current_session()
    if signed_in is not None:
        sessions.end(signed_in, now=now())
    session.clear()
