"""Between the password and the first page: the app's code, a recovery code, or setting the app up.

A session that waits for its second factor opens these pages and no other.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, request, session, url_for
from flask.typing import ResponseReturnValue

from psg.accounts import credentials, devices, factors, sessions
from psg.accounts.attempts import answer, tried
from psg.accounts.forms import CodeForm, RecoveryCodeForm, SetUpForm
from psg.accounts.guard import SID, current_session, public
from psg.accounts.landing import landing
from psg.accounts.models import User
from psg.accounts.sessions import State
from psg.accounts.sign_in_models import SignedIn
from psg.web.dates import now
from psg.web.hosts import local_path
from psg.web.htmx import see_other
from psg.web.transaction import transactional

bp = Blueprint("second_factor", __name__, url_prefix="/sign-in")
WRONG_CODE = "That is not the code of now: enter the six figures that your app shows, each code once"
WRONG_SET_UP = "That is not this app’s code of now: scan the picture or type the key below, then enter the six figures it shows"
WRONG_RECOVERY = "That is none of your recovery codes, or it was used: enter another"
View = Callable[[SignedIn], ResponseReturnValue]


def awaited(view: View) -> Callable[[], ResponseReturnValue]:
    """Opens the page to a session whose password was right and whose second factor is still to come."""

    @wraps(view)
    def wrapper() -> ResponseReturnValue:
        signed_in = current_session()
        state = State.OVER if signed_in is None else sessions.state_of(signed_in, now())
        if signed_in is None or state is not State.PENDING:
            return see_other(wanted() if state is State.OPEN else url_for("accounts.sign_in"))
        return view(signed_in)

    return wrapper


def wanted() -> str:
    """The page that somebody was on the way to."""
    return local_path(request.args.get("next"))


def next_page(user: User) -> str:
    """Where the second factor of this person is asked for, or set up."""
    page = "second_factor.code" if factors.of_user(user) else "second_factor.set_up"
    return url_for(page, next=request.args.get("next"))


@bp.route("/second-factor", methods=["GET", "POST"])
@public
@transactional
@awaited
def code(signed_in: SignedIn) -> ResponseReturnValue:
    form = CodeForm()
    if factors.of_user(signed_in.user) is None:
        return see_other(next_page(signed_in.user))
    if form.validate_on_submit():
        token = tried(
            form,
            lambda: credentials.meet_with_code(signed_in, form.code.data, origin=devices.origin(), now=now()),
            "code",
            WRONG_CODE,
        )
        if token:
            return _opened(see_other(landing(signed_in.user, wanted())), token, signed_in)
    return answer("accounts/second_factor.html", form)


@bp.route("/recovery-code", methods=["GET", "POST"])
@public
@transactional
@awaited
def recovery_code(signed_in: SignedIn) -> ResponseReturnValue:
    form = RecoveryCodeForm()
    if form.validate_on_submit():
        token = tried(
            form,
            lambda: credentials.meet_with_recovery_code(
                signed_in, form.code.data, origin=devices.origin(), now=now()
            ),
            "code",
            WRONG_RECOVERY,
        )
        if token:
            left = factors.codes_left(signed_in.user)
            flash(f"You have {left} recovery codes left. Replace a lost app in your account.", "warning")
            return _opened(see_other(landing(signed_in.user, wanted())), token, signed_in)
    return answer("accounts/recovery_code.html", form)


@bp.route("/set-up", methods=["GET", "POST"])
@public
@transactional
@awaited
def set_up(signed_in: SignedIn) -> ResponseReturnValue:
    form = SetUpForm()
    if factors.of_user(signed_in.user) is not None:
        return see_other(next_page(signed_in.user))
    if form.validate_on_submit():
        done = tried(
            form,
            lambda: credentials.set_up_app(
                signed_in, form.sealed.data, form.code.data, origin=devices.origin(), now=now()
            ),
            "code",
            WRONG_SET_UP,
        )
        if done:
            token, codes = done
            page = answer("accounts/codes.html", form, codes=codes, onward=landing(signed_in.user, wanted()))
            return _opened(page, token, signed_in)
    return show_offer("accounts/set_up.html", form, signed_in.user)


def show_offer(template: str, form: SetUpForm, user: User, **context: Any) -> Response:
    """The page with the picture and the key: the same again where a wrong code was typed."""
    offer = factors.offer(user, form.sealed.data or "")
    form.sealed.data = offer.sealed
    return answer(template, form, offer=offer, **context)


def _opened(response: Response, token: str, signed_in: SignedIn) -> Response:
    session[SID] = token
    return devices.remember(response, signed_in.user, now=now())
