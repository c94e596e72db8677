"""A person's own account: password, authenticator app, recovery codes."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import credentials, devices, factors
from psg.accounts.attempts import answer, tried
from psg.accounts.forms import ChangePasswordForm, SetUpForm
from psg.accounts.guard import current_session, requires
from psg.accounts.permissions import Permission
from psg.accounts.second_factor import WRONG_SET_UP, show_offer
from psg.accounts.sign_in_models import SignedIn
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("profile", __name__, url_prefix="/account")
HOME = "/account"


@bp.route("")
@requires(Permission.USE)
@transactional
def show() -> ResponseReturnValue:
    return render_page(
        "accounts/profile/show.html",
        app=factors.of_user(current_user),
        codes_left=factors.codes_left(current_user),
    )


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.USE, step_up=True)
@transactional
def password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        done = tried(
            form,
            lambda: credentials.change_password(
                _own_session(),
                old=form.password.data,
                new=form.new_password.data,
                origin=devices.origin(),
                now=now(),
            ),
            "password",
            "Check the password you have now: it is not right",
        )
        if done:
            flash("Your password is changed. You are signed out everywhere else.")
            return see_other(HOME)
    return answer("accounts/profile/password.html", form)


@bp.route("/second-factor", methods=["GET", "POST"])
@requires(Permission.USE, step_up=True)
@transactional
def second_factor() -> ResponseReturnValue:
    form = SetUpForm()
    if form.validate_on_submit():
        codes = tried(
            form,
            lambda: credentials.replace_app(
                _own_session(), form.sealed.data, form.code.data, origin=devices.origin(), now=now()
            ),
            "code",
            WRONG_SET_UP,
        )
        if codes:
            return answer("accounts/codes.html", form, codes=codes, onward=HOME)
    has_app = factors.of_user(current_user) is not None
    return show_offer("accounts/profile/second_factor.html", form, current_user, has_app=has_app)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@requires(Permission.USE, step_up=True)
@transactional
def recovery_codes() -> ResponseReturnValue:
    form = Confirmation()
    if form.validate_on_submit():
        codes = credentials.renew_codes(_own_session(), now=now())
        return answer("accounts/codes.html", form, codes=codes, onward=HOME)
    return render_page(
        "accounts/profile/recovery_codes.html", form=form, codes_left=factors.codes_left(current_user)
    )


def _own_session() -> SignedIn:
    signed_in = current_session()
    if signed_in is None:
        raise RuntimeError("the door of this page lets in nobody without a session")
    return signed_in
