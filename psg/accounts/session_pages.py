"""Unlocking, proving oneself again, staying signed in, and seeing where one is."""

from datetime import timedelta

from flask import Blueprint, Response, abort, jsonify, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import attempts, credentials, devices, sessions
from psg.accounts.forms import StepUpForm, UnlockForm
from psg.accounts.guard import SID, current_session, lock_page, polled, public, requires
from psg.accounts.landing import landing
from psg.accounts.permissions import Permission
from psg.accounts.sessions import State
from psg.accounts.sign_in_models import Factor, SignedIn
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.web.dates import now
from psg.web.forms import Confirmation
from psg.web.htmx import own_address, render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("sessions", __name__)
NOT_IT = "Check your password: it is not right"
NOT_NOW = "That is not the code of now: enter the six figures that your app shows, each code once"


@bp.route("/locked", methods=["GET", "POST"])
@public
@transactional
def locked() -> ResponseReturnValue:
    signed_in, wanted = current_session(), request.args.get("next")
    state = State.OVER if signed_in is None else sessions.state_of(signed_in, now())
    if signed_in is None or state in (State.OVER, State.PENDING):
        return see_other(url_for("accounts.sign_in", next=wanted))
    if state is State.OPEN:
        return see_other(landing(signed_in.user, wanted))
    form = UnlockForm()
    if form.validate_on_submit() and _has_password(form, signed_in, "session.unlock"):
        session[SID] = sessions.unlock(signed_in, now=now())
        audit.record(Operation.SECURITY, "session.unlock", by=signed_in.user, obj=signed_in.user, at=now())
        return see_other(landing(signed_in.user, wanted))
    return lock_page(signed_in, form, own_address())


@bp.route("/step-up", methods=["GET", "POST"])
@requires(Permission.USE)
@transactional
def step_up() -> ResponseReturnValue:
    """The password again, and the code where the second factor is not waived, before what cannot be taken back."""
    signed_in = _own()
    form = UnlockForm() if signed_in.factor is Factor.WAIVED_DEMO else StepUpForm()
    if form.validate_on_submit() and _is_proved(form, signed_in):
        session[SID] = sessions.renew(signed_in, stepped_up_at=now(), now=now())
        audit.record(
            Operation.SECURITY, "session.step_up", by=signed_in.user, obj=signed_in.user, at=now(),
            second_factor=signed_in.factor,
        )  # fmt: skip
        return see_other(landing(signed_in.user, request.args.get("next")))
    return attempts.answer("accounts/step_up.html", form)


@bp.route("/sessions")
@requires(Permission.USE)
@transactional
def index() -> ResponseReturnValue:
    rows = sessions.of_person(current_user, now=now())
    return render_page(
        "accounts/sessions.html", rows=rows, here=_own(), form=Confirmation(formdata=None), limits=sessions
    )


@bp.route("/sessions/<int:number>/end", methods=["POST"])
@requires(Permission.USE)
@transactional
def end(number: int) -> ResponseReturnValue:
    """One's own and nobody else's: the number of another's is the number of none."""
    found = next((row for row in sessions.of_person(current_user, now=now()) if row.id == number), None)
    if found is None or found is _own():
        abort(404)
    sessions.end(found, now=now())
    audit.record(Operation.SECURITY, "session.end", by=current_user, obj=current_user, at=now())
    return see_other(url_for("sessions.index"))


@bp.route("/sessions/end-others", methods=["POST"])
@requires(Permission.USE)
@transactional
def end_others() -> ResponseReturnValue:
    sessions.end_all(current_user, but=_own(), now=now())
    audit.record(Operation.SECURITY, "session.end_others", by=current_user, obj=current_user, at=now())
    return see_other(url_for("sessions.index"))


@bp.route("/sessions/left")
@polled
@requires(Permission.USE)
@transactional
def left() -> ResponseReturnValue:
    """How many seconds until the lock. The page asks by itself, so that asking is no sign of life."""
    return _in_seconds(sessions.lock_in(_own(), now()))


@bp.route("/sessions/stay", methods=["POST"])
@requires(Permission.USE)
@transactional
def stay() -> ResponseReturnValue:
    """“Stay signed in”: as much a sign of life as any other page, and nothing besides."""
    return _in_seconds(min(sessions.IDLE - sessions.TOUCHED, _own().ends_at - now()))


def _in_seconds(left: timedelta) -> Response:
    return jsonify(left=max(0, int(left.total_seconds())))


def _own() -> SignedIn:
    """The open session that `requires` has let in."""
    signed_in = current_session()
    if signed_in is None:
        abort(401)
    return signed_in


def _has_password(form: UnlockForm, signed_in: SignedIn, action: str) -> bool:
    return bool(
        attempts.tried(
            form,
            lambda: credentials.password_is_right(
                signed_in.user, form.password.data, origin=devices.origin(), action=action, now=now()
            ),
            "password",
            NOT_IT,
        )
    )


def _is_proved(form: UnlockForm, signed_in: SignedIn) -> bool:
    if not _has_password(form, signed_in, "session.step_up"):
        return False
    if signed_in.factor is Factor.WAIVED_DEMO:
        return True
    return bool(
        attempts.tried(
            form,
            lambda: credentials.code_is_right(
                signed_in.user,
                form["code"].data,
                origin=devices.origin(),
                action="session.step_up",
                now=now(),
            ),
            "code",
            NOT_NOW,
        )
    )
