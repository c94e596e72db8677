"""The door of every route: who is signed in, and whether the role permits this kind of work."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple

from flask import Flask, Request, Response, current_app, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts import sessions
from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.accounts.sessions import State
from psg.accounts.sign_in_models import SignedIn
from psg.extensions import db, login_manager
from psg.web.dates import now, today
from psg.web.htmx import wants_fragment
from psg.web.transaction import aside

SID = "sid"
"""Where the signed cookie holds the token."""
View = Callable[..., ResponseReturnValue]


class _Seen(NamedTuple):
    """The open session of this request, as plain values that outlive its transaction."""

    number: int
    at: datetime


def requires(permission: Permission) -> Callable[[View], View]:
    """Lets in who is signed in and permitted.

    Where the URL names a record the refusal is the 404 of a record that does not exist: whether it
    does is not for everyone to know.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(**values: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not permits(current_user, permission, today()):
                raise (
                    NotFound
                    if "reference" in values
                    else Forbidden(f"You need permission to {permission.value}.")
                )
            return view(**values)

        wrapper.permission = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate


def public(view: View) -> View:
    """Marks a route that anyone may call, so that the list of routes can say so."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def _to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("accounts.sign_in", next=wanted)
    if wants_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, code=303)


def polled(view: View) -> View:
    """Marks a route that a page asks by itself: it does not count as somebody being there."""
    view.is_polled = True  # type: ignore[attr-defined]
    return view


def current_session() -> SignedIn | None:
    """The session behind this browser's token, in whatever state it is; asked of the database once."""
    if "signed_in" not in g:
        token = session.get(SID)
        g.signed_in = sessions.known_by(token) if token else None
    signed_in: SignedIn | None = g.signed_in
    return signed_in


def carry_session() -> None:
    """A meeting is under way at this console: its end is also the end of this session."""
    g.is_carried = True


def _load(_request: Request) -> User | None:
    """Somebody is signed in while their session is open, and in no other state of it."""
    signed_in = current_session()
    if signed_in is None or sessions.state_of(signed_in, now()) is not State.OPEN:
        return None
    g.seen = _Seen(signed_in.id, signed_in.seen_at)
    return signed_in.user


def _note_activity(response: Response) -> Response:
    """Written after the page's own transaction, and not at all rather than at the cost of the page."""
    seen: _Seen | None = g.get("seen")
    view = current_app.view_functions.get(request.endpoint or "")
    if seen is None or getattr(view, "is_polled", False) or now() - seen.at < sessions.TOUCHED:
        return response
    try:
        aside(lambda: sessions.touch(seen.number, now=now(), is_carried=g.get("is_carried", False)))
    except SQLAlchemyError:
        db.session.rollback()
    return response


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.request_loader(_load)
    login_manager.session_protection = None
    app.after_request(_note_activity)
    app.context_processor(
        lambda: {
            "can": lambda permission: (
                current_user.is_authenticated and permits(current_user, Permission[permission], today())
            )
        }
    )
