"""What production must find in its database and on its machine before it takes a request.

`psg/config.py` refuses what the settings alone can tell. Here the database is asked. The commands of
`psg` do not run these checks: they are how most of what is refused here is mended.
"""

import logging
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from psg.accounts.models import User
from psg.audit.soundness import faults
from psg.config import UnsafeSetting
from psg.extensions import db
from psg.overview.health import schema_is_newest

Check = Callable[[], str | None]
"""The sentence that refuses to start, naming what to mend; None where all is well."""

PATIENCE, PAUSE = 30, 1
SYNCHRONOUS_FULL = 2
PRIVATE = stat.S_IRWXG | stat.S_IRWXO
log = logging.getLogger(__name__)


def debugger() -> str | None:
    if current_app.debug or current_app.testing:
        return "Unset FLASK_DEBUG: production does not start with the debugger on."
    return None


def audit_key() -> str | None:
    """Whoever reads it can sign a record of their own making."""
    name, path = "PSG_AUDIT_KEY_FILE", Path(current_app.config["PSG_AUDIT_KEY_FILE"])
    try:
        found = path.stat()
    except OSError:
        return f"Set {name} to the file of the key that signs the record: there is none that PSG can find."
    if not stat.S_ISREG(found.st_mode):
        return f"Set {name} to the file of the key that signs the record: it names no file."
    if found.st_mode & PRIVATE:
        return f"Make the file of {name} readable to its owner alone (chmod 600): others can read the key that signs the record."
    return None


def schema() -> str | None:
    if schema_is_newest():
        return None
    return "Run psg db upgrade: the database of PSG_DATABASE_URL is behind this version of PSG."


def record() -> str | None:
    """Its guards may be missing where a database was copied or mended by hand."""
    found = faults(db.session.connection())
    if not found:
        return None
    return (
        "Run psg audit verify on the database of PSG_DATABASE_URL, then psg db upgrade, which puts missing guards"
        f" back: {found[0]}."
    )


def demo_accounts() -> str | None:
    if db.session.scalar(select(User.id).where(User.is_demo).limit(1)) is None:
        return None
    return (
        "Point PSG_DATABASE_URL at another database: this one holds demo accounts, whose password is public."
    )


def sqlite_durability() -> str | None:
    """Every connection is prepared so by `psg/extensions.py`; a file system may refuse the log all the same."""
    if db.engine.dialect.name != "sqlite":
        return None
    held = {name: _asked(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")}
    if held["journal_mode"] != "wal":
        return "Put the database of PSG_DATABASE_URL on a local disk: SQLite cannot keep a write-ahead log (WAL) there."
    if held["synchronous"] < SYNCHRONOUS_FULL:
        return "Leave SQLite’s synchronous at FULL for PSG_DATABASE_URL: below it a saved change can be lost."
    if held["foreign_keys"] != 1:
        return "Use an SQLite with foreign keys for PSG_DATABASE_URL: without them a record can lose what it names."
    return None


def postgresql_durability() -> str | None:
    if db.engine.dialect.name != "postgresql":
        return None
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if _asked(f"SHOW {name}") == "off":
            return f"Turn {name} on in the PostgreSQL of PSG_DATABASE_URL: without it a saved change can be lost."
    return None


def postgresql_role() -> str | None:
    """Whoever owns the record's tables, or is above owners, can take their guards away."""
    if db.engine.dialect.name != "postgresql":
        return None
    if _asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        return "Use another role in PSG_DATABASE_URL: this one is a superuser, whom no guard of the record stops."
    owned = _asked(
        "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'audit\\_%'"
        " AND schemaname <> 'pg_catalog' AND pg_has_role(current_user, tableowner, 'MEMBER')"
    )
    if owned:
        return "Use another role in PSG_DATABASE_URL: this one owns the record’s tables (audit_*), and could take their guards away."
    return None


CHECKS: tuple[Check, ...] = (
    debugger,
    audit_key,
    schema,
    record,
    demo_accounts,
    sqlite_durability,
    postgresql_durability,
    postgresql_role,
)
"""Asked in this order; the first refusal ends it. Each finds the schema as this version expects it once
`schema` has passed."""


def check(app: Flask) -> None:
    """Refuse to start production on what would be unsafe. A database that is away is waited for."""
    if app.config["PSG_ENV"] != "production":
        return
    with app.app_context():
        _wait_for_the_database()
        for one in CHECKS:
            refusal = one()
            db.session.rollback()
            if refusal:
                raise UnsafeSetting(refusal)
        db.session.remove()


def _wait_for_the_database() -> None:
    """A worker that starts while the database restarts must not take the whole server down with it: it
    ends alone, with a status that has the server start it again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            _asked("SELECT 1")
        except OperationalError as error:
            db.session.rollback()
            if time.monotonic() > deadline:
                log.error("database", extra={"facts": {"error": type(error).__name__}})
                sys.exit("The database of PSG_DATABASE_URL does not answer.")
            time.sleep(PAUSE)
        else:
            db.session.rollback()
            return


def _asked(statement: str) -> Any:
    return db.session.execute(text(statement)).scalar_one()
