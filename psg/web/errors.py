"""What an officer reads when something was refused or broke: plain words, what to do, whether the text was kept.

No answer here touches the database, so that each can be given while the database is away. A page that
is missing and a page that is hidden get the same words: nobody learns that a case exists from its error.
"""

import logging
import secrets
from typing import Any

from flask import Flask, Response, make_response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable

from psg.web.htmx import wants_fragment

__all__ = ["NotFound", "init_app"]

EXPLAINED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    is_demo = app.config.get("PSG_ENV") == "development"

    def page(error: HTTPException, status: int, **words: Any) -> Response:
        """Rendered past the context processors: they ask the database who is signed in."""
        template = app.jinja_env.get_template("errors/alert.html" if wants_fragment() else "errors/page.html")
        words |= {"status": status, "description": _own_words(error), "demo_mode": is_demo}
        response = make_response(template.render(words), status)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                response.headers[name] = value
        return response

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or status < 400:
            return make_response(error.get_response())
        return page(error, status if status in EXPLAINED else (400 if status < 500 else 500))

    @app.errorhandler(SQLAlchemyError)
    def away(error: SQLAlchemyError) -> Response:
        """Met before a view began its transaction: while finding out who is signed in."""
        log.error("%s at %s: %s", type(error).__name__, request.endpoint, _where(error))
        return page(ServiceUnavailable(), 503)

    @app.errorhandler(Exception)
    def broke(error: Exception) -> Response:
        if _is_for_the_developer(app):
            raise error
        reference = secrets.token_hex(4).upper()
        log.error("%s: %s at %s: %s", reference, type(error).__name__, request.endpoint, _where(error))
        return page(HTTPException(), 500, reference=reference)


def _is_for_the_developer(app: Flask) -> bool:
    """Flask's own rule: a test and the debugger want the exception, not the page."""
    told = app.config["PROPAGATE_EXCEPTIONS"]
    return bool(app.testing or app.debug) if told is None else bool(told)


def _own_words(error: HTTPException) -> str:
    """A sentence one of our own views gave with `abort(403, "…")`; werkzeug's standing texts are left out."""
    given = error.description or ""
    return "" if given == type(error).description else given


def _where(error: Exception) -> list[str]:
    """File and line of each step, without the values that stood in them: those may be personal data."""
    steps, trace = [], error.__traceback__
    while trace is not None:
        place = "/".join(trace.tb_frame.f_code.co_filename.split("/")[-2:])
        steps.append(f"{place}:{trace.tb_lineno}")
        trace = trace.tb_next
    return steps[-8:]
