"""How a page answers somebody who types a password or a code: taken, wrong, or too often."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, g
from flask_wtf import FlaskForm

from psg.accounts.credentials import TooMany
from psg.accounts.throttle import WINDOW
from psg.base import Refused
from psg.web.forms import Form
from psg.web.htmx import render_page

Result = TypeVar("Result")
TOO_MANY_REQUESTS = 429


def tried(form: Form, act: Callable[[], Result | None], field: str, wrong: str) -> Result | None:
    """What came of it; where nothing did, the form says why, and `answer` with which status."""
    try:
        result = act()
    except TooMany as refusal:
        g.too_many = True
        form.refuse(None, str(refusal))
        return None
    except Refused as refusal:
        form.refuse(refusal.field, str(refusal))
        return None
    if not result:
        form.refuse(field, wrong)
    return result


def answer(template: str, form: FlaskForm, *, status: int | None = None, **context: Any) -> Response:
    """The page again, with all that was typed but passwords; 429 and how long to wait after too many."""
    if not g.get("too_many"):
        return render_page(template, form=form, status=status, **context)
    response = render_page(template, form=form, status=TOO_MANY_REQUESTS, **context)
    response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response
