"""The operating log: one JSON object a line, for whoever keeps the service running. It names nobody.

A line tells which part of the product answered, how and how fast, never what was asked of it: no path,
no query, no address, nothing that was typed. Who saw what stands in the record of access, which is kept
by other rules. A reference ties a line to the error page that an officer reads out.
"""

import json
import logging
import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.wrappers import Response

from psg.web import headers

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REFERENCE, ENDPOINT = "psg.reference", "psg.endpoint"
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Read out over a telephone: no vowel makes a word of them, no figure looks like a letter."""
REFERENCE_LENGTH = 8
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DEEPEST = 8
BROKEN = "Something went wrong here, not with you. What you just sent was not saved.\n"
log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Our own lines carry their `facts`. In another library's line only numbers are filled in: what else
    belongs there may be a path, a parameter or an address."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": _event_of(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "where": steps_of(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=True, default=str).replace("\x7f", "\\u007f")


def _event_of(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    filled = record.args if isinstance(record.args, tuple) else ()
    is_ours = record.name.startswith("psg.")  # plain “psg” is Flask, which writes paths
    return record.getMessage() if is_ours or all(isinstance(one, int) for one in filled) else record.msg


class RequestLog:
    """Outermost: times each request and gives it its reference. The last resort where all else failed."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun, statuses = time.perf_counter(), ["500"]
        environ[REFERENCE] = new_reference()

        def answering(status: str, sent: list[tuple[str, str]], exc_info: Any = None) -> Any:
            statuses.append(status.partition(" ")[0])
            return start_response(status, sent, exc_info) if exc_info else start_response(status, sent)

        try:
            return self._inner(environ, answering)
        except Exception as error:
            if self._app.testing or self._app.debug:
                raise
            log.error("broke", extra={"facts": facts_of(error, environ)})
            refusal = Response(BROKEN, 500, headers.of_refusal(self._app.config), mimetype="text/plain")
            return refusal(environ, start_response)
        finally:
            spent = round((time.perf_counter() - begun) * 1000)
            method = environ.get("REQUEST_METHOD", "")
            facts = {
                "reference": environ[REFERENCE],
                "endpoint": environ.get(ENDPOINT),
                "method": method if method in METHODS else "other",
                "status": int(statuses[-1]),
                "ms": spent,
            }
            log.info("request", extra={"facts": facts})


def new_reference() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(REFERENCE_LENGTH))


def reference() -> str:
    """Of the request that is being answered."""
    return str(request.environ.setdefault(REFERENCE, new_reference()))


def facts_of(error: BaseException, environ: "WSGIEnvironment") -> dict[str, Any]:
    """What broke and where in the code; never the values that stood there, which may be personal data."""
    return {
        "reference": environ.setdefault(REFERENCE, new_reference()),
        "endpoint": environ.get(ENDPOINT),
        "error": type(error).__name__,
        "where": steps_of(error.__traceback__),
    }


def steps_of(trace: "TracebackType | None") -> list[str]:
    steps = []
    while trace is not None:
        place = "/".join(trace.tb_frame.f_code.co_filename.split("/")[-2:])
        steps.append(f"{place}:{trace.tb_lineno}")
        trace = trace.tb_next
    return steps[-DEEPEST:]


def init_app(app: Flask) -> None:
    app.wsgi_app = RequestLog(app)  # type: ignore[method-assign]
    app.before_request(_note_endpoint)
    if not app.testing:
        _write_json_lines(logging.INFO if app.config["PSG_ENV"] == "production" else logging.WARNING)


def _note_endpoint() -> None:
    request.environ[ENDPOINT] = request.endpoint


def _write_json_lines(level: int) -> None:
    """Every library's warnings too. Requests are written in production; in development they would hide the rest."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
    logging.getLogger("psg").setLevel(level)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its server writes paths and addresses
