"""No sound record, no answer: a process that finds the record unsound answers 503 to everything.

It stays shut until it is started again, for somebody must have looked. Whether the process lives, and
the style sheet of the page that says so, are answered all the same: neither holds any data.
"""

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from psg.audit.soundness import faults
from psg.extensions import db, reading

View = Callable[..., Any]

SENTENCE = (
    "The record of who saw and changed what is not as it was left, so nothing is shown and nothing is taken. "
    "Tell whoever runs this product and your data protection officer."
)
log = logging.getLogger(__name__)


class Gate:
    """What one process knows of the record: not asked yet, sound, or shut."""

    def __init__(self) -> None:
        self.was_asked = False
        self.is_shut = False
        self._one_at_a_time = Lock()

    def pass_or_refuse(self) -> None:
        if not self.was_asked:
            with self._one_at_a_time:
                if not self.was_asked:
                    self.ask()
        if self.is_shut:
            raise ServiceUnavailable(SENTENCE)

    def ask(self) -> bool:
        """Whether the record is sound now. A database that does not answer is no answer either way."""
        held = reading.set(True)
        try:
            found = faults(db.session.connection())
        finally:
            db.session.rollback()
            reading.reset(held)
        self.was_asked = True
        if found:
            self.is_shut = True
            log.critical("The record is not sound", extra={"facts": {"faults": found}})
        return not found


def always_answered(view: View) -> View:
    """Marks a route without data, which whoever runs the product needs most when the record is unsound."""
    view.is_always_answered = True  # type: ignore[attr-defined]
    return view


def the_gate() -> Gate:
    gate: Gate = current_app.extensions["psg_gate"]
    return gate


def _at_the_door() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint != "static" and not getattr(view, "is_always_answered", False):
        the_gate().pass_or_refuse()


def init_app(app: Flask) -> None:
    app.extensions["psg_gate"] = Gate()
    app.before_request(_at_the_door)
