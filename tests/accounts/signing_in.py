"""What a person does at the door, in tests: password, code, and what the record says of it."""

from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from psg.accounts.models import User
from psg.audit.models import Leaf
from psg.audit.queries import latest
from psg.extensions import db
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, App

CODE = "/sign-in/second-factor"


def give_password(
    browser: Browser, user: User | str, password: str = PASSWORD, **kwargs: Any
) -> TestResponse:
    email = user if isinstance(user, str) else user.email
    return browser.send("/sign-in", {"email": email, "password": password}, **kwargs)


def give_code(browser: Browser, code: str, **kwargs: Any) -> TestResponse:
    return browser.send(CODE, {"code": code}, **kwargs)


def sign_in_with(browser: Browser, user: User, app: App) -> None:
    assert give_password(browser, user).status_code == 303
    assert give_code(browser, app.code()).status_code == 303
    assert browser.get("/").status_code == 200


def entries() -> int:
    """Past the session, which would open a savepoint around what the page writes."""
    return int(db.engines[None].execute(select(func.count()).select_from(Leaf)).scalar())  # type: ignore[attr-defined]


def newest() -> dict[str, Any]:
    """What the newest entry says, with who did it and what it is about."""
    entry = latest(limit=1)[0]
    return {**(entry.detail or {}), "op": entry.op, "actor": entry.actor, "obj": entry.obj}
