"""Every table of the product, and the empty database that every test starts from."""

import importlib
import pkgutil
from datetime import UTC, datetime

from sqlalchemy import Engine

import psg
from psg.audit.append import open_record
from psg.base import Base

ORIGIN = "psg.localhost/audit"
BEFORE_ANY_TEST = datetime(2000, 1, 1, tzinfo=UTC)


def import_models() -> None:
    for module in pkgutil.walk_packages(psg.__path__, "psg."):
        importlib.import_module(module.name)


def make_tables(engine: Engine) -> None:
    """As `psg db upgrade` leaves them, guards and opening of the record included, in a moment."""
    import_models()
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        open_record(connection, origin=ORIGIN, at=BEFORE_ANY_TEST)
