"""Signing in and out."""

from urllib.parse import unquote

from flask import Blueprint, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from psg.accounts import queries, services
from psg.accounts.forms import SignInForm
from psg.accounts.guard import public, requires
from psg.accounts.permissions import Permission
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
            session.clear()
            login_user(user)
            return see_other(wanted)
        form.refuse("email", "Check your e-mail address and password: one of them is not right")
    demo = queries.demo_users() if current_app.config["PSG_ENV"] == "development" else []
    return render_page("accounts/sign_in.html", form=form, demo_users=demo)


@bp.route("/sign-out", methods=["POST"])
@requires(Permission.USE)
@transactional
def sign_out() -> ResponseReturnValue:
    services.record_sign_out(current_user, now=now())
    logout_user()
    session.clear()
    response = see_other(url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def local_path(wanted: str) -> str:
    """A path on this site, or home: never another host, however it is spelled."""
    plain = unquote(unquote(wanted))
    odd = "\\" in plain or any(ord(character) < 32 for character in plain)
    if not plain.startswith("/") or plain.startswith("//") or odd:
        return url_for("overview.home")
    return wanted
