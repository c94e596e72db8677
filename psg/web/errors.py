"""What an officer reads when something was refused or broke: plain words, what to do, whether the text was kept.

No answer here touches the database, so that each can be given while the database is away. A page that
is missing and a page that is hidden get the same bytes, so that nobody learns that a case exists from
its error; every other page gives the reference of its request in the operating log.
"""

import logging

from flask import Flask, Response, make_response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from psg.web import logs
from psg.web.htmx import wants_fragment

__all__ = ["NotFound", "init_app"]

EXPLAINED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    is_demo = app.config.get("PSG_ENV") == "development"

    def page(error: HTTPException, status: int) -> Response:
        """Rendered past the context processors: they ask the database who is signed in."""
        template = app.jinja_env.get_template("errors/alert.html" if wants_fragment() else "errors/page.html")
        words = {
            "status": status,
            "description": _own_words(error),
            "reference": None if status == NotFound.code else logs.reference(),
            "demo_mode": is_demo,
        }
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
        log.error("database", extra={"facts": logs.facts_of(error, request.environ)})
        return page(ServiceUnavailable(), 503)

    @app.errorhandler(InternalServerError)
    def broke_outside(error: InternalServerError) -> Response:
        """Met outside every view: while the session was opened, or kept after the answer was made."""
        cause = error.original_exception
        if isinstance(cause, SQLAlchemyError):
            return away(cause)
        return broke(cause) if isinstance(cause, Exception) else page(error, 500)

    @app.errorhandler(Exception)
    def broke(error: Exception) -> Response:
        if _is_for_the_developer(app):
            raise error
        log.error("broke", extra={"facts": logs.facts_of(error, request.environ)})
        return page(HTTPException(), 500)


def _is_for_the_developer(app: Flask) -> bool:
    """Flask's own rule: a test and the debugger want the exception, not the page."""
    told = app.config["PROPAGATE_EXCEPTIONS"]
    return bool(app.testing or app.debug) if told is None else bool(told)


def _own_words(error: HTTPException) -> str:
    """A sentence one of our own views gave with `abort(403, "…")`; werkzeug's standing texts are left out."""
    given = error.description or ""
    return "" if given == type(error).description else given
