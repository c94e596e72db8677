"""When the record is signed: beside the requests, never in one.

A disclosure, a meeting that closed or 64 entries wake the signer at once, anything else within a minute.
If it fails, what was recorded stands; the proof is pending and the next signature covers it too.
"""

import logging
import os
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import Final

from flask import Flask, current_app, has_request_context
from sqlalchemy import Engine

from psg.audit import services
from psg.audit.keys import KeyFileError, make_key
from psg.audit.signer import Signed, Signer, SigningError
from psg.extensions import db

EVERY_ENTRIES: Final = 64
EVERY_SECONDS: Final = 60.0
EXTENSION: Final = "psg_signing"

log = logging.getLogger(__name__)


class Background:
    """The signer of one process, asleep until there is something to sign.

    Processes share the key and its lock, so each size is signed once, whoever comes first.
    """

    def __init__(self, app: Flask, signer: Signer) -> None:
        self.signer = signer
        self._app = app
        self._changed = Condition()
        self._due: float | None = None
        self._signed = 0
        self._process = 0

    def wake(self, size: int, at_once: bool) -> None:
        """Say how far the record has come. Costs the request that calls it no more than a moment."""
        with self._changed:
            if size < self._signed:
                self._signed = 0
            is_due = at_once or size - self._signed >= EVERY_ENTRIES
            self._set_due(monotonic() + (0 if is_due else EVERY_SECONDS))
            if self._process != os.getpid():
                self._process = os.getpid()
                Thread(target=self._run, name="psg-signer", daemon=True).start()
            self._changed.notify()

    def _set_due(self, due: float) -> None:
        self._due = due if self._due is None else min(self._due, due)

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._due is None or self._due > monotonic():
                    self._changed.wait(None if self._due is None else self._due - monotonic())
                self._due = None
            size = self._sign()
            with self._changed:
                if size is None:
                    self._set_due(monotonic() + EVERY_SECONDS)
                else:
                    self._signed = max(self._signed, size)

    def _sign(self) -> int | None:
        """How many entries are signed now; None where it failed, which is tried again."""
        try:
            with self._app.app_context():
                signed = self.signer.sign(db.engine, lambda before, size: size > before)
        except SigningError as error:
            log.error("The record is not signed: %s", error)
            return None
        except Exception:
            log.exception("The record is not signed")
            return None
        return signed.size if signed else 0


def init_app(app: Flask) -> None:
    """Without a key file nothing is signed. Tests run over databases of their own, which the key of this
    installation has not signed."""
    path = Path(app.config["PSG_AUDIT_KEY_FILE"] or ".")
    is_test = app.config["PSG_ENV"] == "test"
    if not path.name or (is_test and path.parent == Path(app.instance_path)):
        return
    if app.config["PSG_ENV"] != "production" and not path.exists():
        try:
            make_key(path)
        except KeyFileError:
            log.info("Another process made the key first")
    app.extensions[EXTENSION] = Background(app, Signer(path))


def sign_after_upgrade(begun: str | None) -> None:
    """`psg db upgrade` has the rights to list the key of the generation, which the server may not have.

    `begun` names the record, where it was opened just now. In development a database may have been thrown
    away under the same name: its signer begins anew too. No transaction may be open: the signer has its own.
    """
    if EXTENSION not in current_app.extensions:
        return
    try:
        if begun and current_app.config["PSG_ENV"] != "production":
            the_signer().forget(begun)
        sign_now()
    except SigningError as error:
        log.error("The record is not signed: %s", error)


def the_signer() -> Signer:
    background: Background | None = current_app.extensions.get(EXTENSION)
    if background is None:
        raise SigningError("Set PSG_AUDIT_KEY_FILE: without a key nothing is signed.")
    return background.signer


def sign_now(engine: Engine | None = None) -> Signed:
    """Sign what there is, now, in the caller's own time; `SigningError` where that cannot be."""
    signed = the_signer().sign(engine or db.engine)
    if signed is None:
        raise SigningError("There is no record to sign: run psg db upgrade.")
    return signed


def _committed(size: int, at_once: bool) -> None:
    if has_request_context() and EXTENSION in current_app.extensions:
        current_app.extensions[EXTENSION].wake(size, at_once)


services.on_committed.append(_committed)
