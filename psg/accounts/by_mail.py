"""Forgotten passwords, and choosing one by the link of a letter. No answer here tells who has an account."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from psg.accounts import credentials, devices, links, services
from psg.accounts.attempts import answer, tried
from psg.accounts.forms import ChoosePasswordForm, ForgottenForm
from psg.accounts.guard import public
from psg.web.dates import now
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("by_mail", __name__)
ON_ITS_WAY = "If there is an account with that address, a letter is on its way to it. The link in it works once, for one hour."
CHOSEN = "Your password is saved. Sign in with it, and with your second factor."
GONE = 404


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
@transactional
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm()
    if form.validate_on_submit() and tried(form, lambda: _ask(form), "email", ""):
        flash(ON_ITS_WAY, "information")
        return see_other(url_for("accounts.sign_in"))
    return answer("accounts/forgotten.html", form)


@bp.route("/choose-password/<token>", methods=["GET", "POST"])
@public
@transactional
def choose(token: str) -> ResponseReturnValue:
    """A link that is used, over, made up or another account's: one answer for all."""
    link = links.find(token, now=now())
    if link is None:
        return render_page("accounts/link_gone.html", status=GONE)
    form = ChoosePasswordForm()
    if form.validate_on_submit():

        def save() -> bool:
            credentials.choose_password(link, form.new_password.data, now=now())
            return True

        if tried(form, save, "new_password", ""):
            flash(CHOSEN)
            return see_other(url_for("accounts.sign_in"))
    return answer("accounts/choose_password.html", form, purpose=link.purpose)


def _ask(form: ForgottenForm) -> bool:
    services.check_email(form.email.data)
    credentials.ask_for_reset(form.email.data, origin=devices.origin(), now=now())
    return True
