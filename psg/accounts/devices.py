"""The cookie by which a browser is known to the accounts that signed in at it. It opens nothing."""

from datetime import datetime

from flask import Response, current_app, request

from psg.accounts import throttle
from psg.accounts.models import User
from psg.accounts.throttle import Origin

LONGEST = 64


def origin() -> Origin:
    """Where this request comes from, for `throttle`."""
    return Origin(request.remote_addr or "", request.cookies.get(_name(), "")[:LONGEST])


def remember(response: Response, user: User, *, now: datetime) -> Response:
    """Let this browser count for itself at the next sign-in of this person."""
    token = throttle.know_device(user, origin(), now=now)
    response.set_cookie(
        _name(),
        token,
        max_age=throttle.KNOWN_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _name() -> str:
    return "__Host-psg_device" if current_app.config["SESSION_COOKIE_SECURE"] else "psg_device"
