"""The door of every route: who is signed in, and whether the role permits this kind of work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts import queries
from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.extensions import login_manager
from psg.web.dates import today
from psg.web.htmx import wants_fragment

View = Callable[..., ResponseReturnValue]


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


def _load(key: str) -> User | None:
    return queries.active_user(key)


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    login_manager.session_protection = None
    app.context_processor(
        lambda: {
            "can": lambda permission: (
                current_user.is_authenticated and permits(current_user, Permission[permission], today())
            )
        }
    )
