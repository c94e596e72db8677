"""Giving kept words back: the page is sent once more inside the server, as a post that carries no token.

Such a post changes nothing, and every form answers it by showing what was typed in its own boxes, behind
its own door: who may no longer open the form does not reach it this way either.
"""

from typing import NamedTuple

from flask import Response, current_app, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from psg.web.kept import Typed

MARK = "psg.given_back"
SAME = ("HTTP_COOKIE", "HTTP_HOST", "HTTP_USER_AGENT", "REMOTE_ADDR", "SERVER_PORT", "wsgi.url_scheme")


class GivenBack(NamedTuple):
    """What the page inside must know: the address a person sees it under, and the sentence it opens with."""

    address: str
    sentence: str


def give_back(path: str, typed: Typed, given: GivenBack) -> Response:
    """The answer of that form, seen from the same browser at the same place. Both requests share one cookie."""
    posted = EnvironBuilder(path=path, method="POST", data=MultiDict(typed)).get_environ()
    same = {name: request.environ[name] for name in SAME if name in request.environ}
    cookie = dict(session)
    with current_app.request_context({**posted, **same, MARK: given}):
        session.clear()
        session.update(cookie)
        answer = current_app.full_dispatch_request()
        cookie = dict(session)
    answer.headers.pop("Set-Cookie", None)
    session.clear()
    session.update(cookie)
    return answer


def being_given_back() -> GivenBack | None:
    """Set while a page is shown with words that were kept."""
    given: GivenBack | None = request.environ.get(MARK)
    return given
