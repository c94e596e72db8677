"""The door of every route: who is signed in, and whether the role permits this kind of work."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, Request, Response, current_app, g, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts import attempts, sessions
from psg.accounts.forms import UnlockForm
from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.accounts.sessions import State
from psg.accounts.sign_in_models import Factor, SignedIn
from psg.extensions import db, login_manager
from psg.web import kept
from psg.web.dates import now, today
from psg.web.hosts import HOME
from psg.web.htmx import own_address, page_before, wants_fragment
from psg.web.kept import KeptText
from psg.web.replay import being_given_back
from psg.web.transaction import aside

DOORS = {
    State.LOCKED: "/locked",
    State.PENDING: "/sign-in/second-factor",
    State.OVER: "/sign-in",
    State.OPEN: "/step-up",
}
"""Where each state of a session is mended. An open one comes here only to prove itself again."""
SID = "sid"
"""Where the signed cookie holds the token."""
WITH_FILES = "multipart/form-data"
WAIVED = "waived"
"""Says on every page, also where the database is away, that no second factor was met."""
View = Callable[..., ResponseReturnValue]


class _Seen(NamedTuple):
    """The open session of this request, as plain values that outlive its transaction."""

    number: int
    at: datetime


def requires(
    permission: Permission, *, step_up: bool = False, largest: int | None = None
) -> Callable[[View], View]:
    """Lets in who is signed in and permitted.

    Where the URL names a record the refusal is the 404 of a record that does not exist: whether it
    does is not for everyone to know. `step_up`: the password, and the second factor where it is not
    waived, were given within ten minutes, or are asked for again. `largest`: how many bytes they may send,
    where that is more than anybody else may.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(**values: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return turned_away()
            if not permits(current_user, permission, today()):
                raise (
                    NotFound
                    if "reference" in values
                    else Forbidden(f"You need permission to {permission.value}.")
                )
            if step_up and not _is_proved_again():
                return turned_away()
            if largest is not None:
                request.max_content_length = largest
            return view(**values)

        wrapper.permission = permission  # type: ignore[attr-defined]
        wrapper.step_up = step_up  # type: ignore[attr-defined]
        return wrapper

    return decorate


def public(view: View) -> View:
    """Marks a route that anyone may call, so that the list of routes can say so."""
    view.permission = None  # type: ignore[attr-defined]
    return view


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


def turned_away() -> ResponseReturnValue:
    """To where the session is opened again. What a post brought is kept for whoever typed it, and waits there."""
    signed_in = current_session()
    state = State.OVER if signed_in is None else sessions.state_of(signed_in, now())
    wanted = _on_the_way_to(signed_in)
    address = DOORS[state] + (f"?{urlencode({'next': wanted})}" if wanted else "")
    if wants_fragment() or request.accept_mimetypes.best == "application/json":
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    if signed_in is not None and state is State.LOCKED and request.method != "POST":
        return lock_page(signed_in, UnlockForm(formdata=None), address)
    return redirect(address, code=303)


def lock_page(signed_in: SignedIn, form: UnlockForm, address: str) -> Response:
    """In place of whatever was asked for; nothing of it is on this page."""
    status = {} if form.errors else {"status": 401}
    return attempts.answer("accounts/locked.html", form, action=address, name=signed_in.user.name, **status)


def _on_the_way_to(signed_in: SignedIn | None) -> str:
    given = being_given_back()
    if given is not None:
        return given.address
    if request.method != "POST":
        return page_before() if wants_fragment() else own_address()
    if request.mimetype == WITH_FILES:
        return page_before()  # a file is too much to be kept for whoever may not send it now
    number = _keep_post(signed_in.user.get_id()) if signed_in else None
    return f"/kept/{number}" if number else page_before()


def _keep_post(person: str) -> int | None:
    """Only what a page of ours sent: words that another site put into somebody's browser are not theirs."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return None
    typed, path, page = request.form.to_dict(flat=False), own_address(), page_before()

    def keep() -> int | None:
        held = kept.keep(person, path, typed, page=page, now=now())
        return held.id if held else None

    return aside(keep) if kept.worth_keeping(typed) else None


def _is_proved_again() -> bool:
    signed_in = current_session()
    return signed_in is not None and sessions.is_stepped_up(signed_in, now())


def _load(_request: Request) -> User | None:
    """Somebody is signed in while their session is open, and in no other state of it."""
    signed_in = current_session()
    if signed_in is None or sessions.state_of(signed_in, now()) is not State.OPEN:
        return None
    g.seen = _Seen(signed_in.id, signed_in.seen_at)
    if signed_in.factor is Factor.WAIVED_DEMO:
        session.setdefault(WAIVED, True)
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
    app.jinja_env.globals["is_waived"] = lambda: session.get(WAIVED, False)
    app.context_processor(lambda: {"can": _can, "kept_here": _kept_here})


def _can(permission: str) -> bool:
    return current_user.is_authenticated and permits(current_user, Permission[permission], today())


def _kept_here(has_forms: bool = False) -> list[KeptText]:
    """What is offered on a page with forms when it is opened, not while one is being answered; all of it on the first page.

    `has_forms`: they are sent to other addresses than the page's own.
    """
    rule = request.url_rule
    has_form = has_forms or (rule is not None and "POST" in (rule.methods or ()))
    if request.method == "POST" or not current_user.is_authenticated:
        return []
    if request.path == HOME:
        return kept.all_of(current_user.get_id())
    return kept.on_page(current_user.get_id(), own_address()) if has_form else []
