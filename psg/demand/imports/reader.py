"""Reading a file beside the requests: parts of it in short transactions, so that nobody waits and a page can say how far it is.

What was read is only rows that wait; contacts are made of them when somebody says so. A process that ends in
the middle leaves nothing by halves: whoever next asks for the page has the file read again from its beginning.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Lock, Thread
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from psg.accounts.models import User
from psg.base import Refused
from psg.demand.imports import importing
from psg.demand.imports.checking import ContactCheck, Waiting
from psg.demand.imports.columns import layout_of
from psg.demand.imports.models import Act, ImportAct, ImportFile
from psg.demand.imports.reading import check_rows
from psg.demand.imports.services import save_work, table_of, work_of
from psg.demand.imports.sheet import RowReader
from psg.demand.models import DemandImport, ImportState
from psg.extensions import db, reading
from psg.web.dates import now
from psg.web.transaction import aside

EXTENSION = "psg_import_reader"
ASIDE = "PSG_READ_FILES_ASIDE"
"""Setting: false in tests, whose database is one transaction that no other thread sees."""
SILENT = timedelta(seconds=60)
"""A worker that said nothing for so long is taken for ended."""
AT_ONCE = 1.5
"""Seconds that a page waits for a short file, so that it need not ask again."""

log = logging.getLogger(__name__)


class Reader:
    """The readers of one process: one file at a time, whoever brought it."""

    def __init__(self, app: Flask) -> None:
        self._app, self._turn, self._door = app, Lock(), Lock()
        self._threads: dict[int, Thread] = {}

    def read(self, import_id: int) -> None:
        with self._door:
            thread = self._threads.get(import_id)
            if thread is None or not thread.is_alive():
                self._threads = {number: one for number, one in self._threads.items() if one.is_alive()}
                thread = Thread(target=self._run, args=(import_id,), name="psg-import", daemon=True)
                self._threads[import_id] = thread
                thread.start()
        thread.join(AT_ONCE)

    def _run(self, import_id: int) -> None:
        with self._turn, self._app.app_context():
            try:
                read_file(import_id)
            except SQLAlchemyError as error:  # the database is away: the next who asks begins anew
                log.error("The file of an import waits to be read again: %s", type(error).__name__)
            finally:
                db.session.remove()


def see_to(source: DemandImport) -> None:
    """Have the file read, if nobody is reading it. Gives back at once, or as soon as a short file is read."""
    import_id = source.id
    if source.state is not ImportState.READING:
        return
    db.session.rollback()  # the page goes on with what there is then
    if not current_app.config.get(ASIDE, True):
        read_file(import_id)
    elif _is_free(import_id):
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        app.extensions.setdefault(EXTENSION, Reader(app)).read(import_id)


def forget_old_files() -> None:
    """Files are kept for a day: whoever looks at the pages of imports after that has them deleted first."""
    moment = now()
    old = importing.is_anything_old(moment)
    db.session.rollback()
    if old:
        aside(partial(importing.forget_old, moment))


def read_file(import_id: int) -> None:
    """Read the file from its beginning to its end, unless somebody else is."""
    worker = secrets.token_hex(16)
    if not aside(partial(_claim, import_id, worker, now())):
        return
    try:
        _read(import_id, worker)
    except Refused as refusal:
        aside(partial(_conclude, import_id, worker, refusal=str(refusal)))
    except OperationalError as error:
        # somebody wrote for longer than we wait, or the database was away: that says nothing of the file
        log.warning("The file of an import is read again: %s", type(error).__name__)
        aside(partial(_let_go, import_id, worker))
    except Exception as error:
        # no trace of it: that quotes what was being read
        log.error("The file of an import was not read: %s", type(error).__name__)
        aside(partial(_conclude, import_id, worker, refusal="The file could not be read: bring it again."))


def _read(import_id: int, worker: str) -> None:
    aside(partial(importing.discard_waiting, import_id))
    with _reading():
        source = importing.import_by_id(import_id)
        work, agency_id, user = work_of(source), source.agency_id, _who_brought(import_id)
        table = table_of(source, work.sheet)
        reader = RowReader(layout_of(table.header, work.matched), now=now())
        check = ContactCheck(agency_id, user)
        parts = check_rows(table, reader, check)
        waiting = next(parts, None)
    while waiting is not None:
        if not aside(partial(_stage, import_id, worker, waiting, check.tally.total)):
            return
        with _reading():
            waiting = next(parts, None)
    aside(partial(_conclude, import_id, worker, check=check, reader=reader))


@contextmanager
def _reading() -> Iterator[None]:
    """Looking things up keeps nobody from writing."""
    before = reading.set(True)
    try:
        yield
    finally:
        reading.reset(before)


def _is_free(import_id: int) -> bool:
    free = select(ImportFile.import_id).where(ImportFile.import_id == import_id, _unattended(now()))
    is_free = db.session.scalar(free) is not None
    db.session.rollback()
    return is_free


def _unattended(moment: datetime) -> ColumnElement[bool]:
    return or_(ImportFile.worker == "", ImportFile.worked_at < moment - SILENT)


def _claim(import_id: int, worker: str, moment: datetime) -> bool:
    source = db.session.get(DemandImport, import_id)
    if source is None or source.state is not ImportState.READING:
        return False
    claimed = update(ImportFile).where(ImportFile.import_id == import_id, _unattended(moment))
    return _one(claimed.values(worker=worker, worked_at=moment, rows_read=0))


def _stage(import_id: int, worker: str, found: list[Waiting], rows_read: int) -> bool:
    """False where the file was put away, or is to be read otherwise, since."""
    ours = update(ImportFile).where(ImportFile.import_id == import_id, ImportFile.worker == worker)
    if not _one(ours.values(worked_at=now(), rows_read=rows_read)):
        return False
    importing.stage(import_id, found)
    return True


def _conclude(
    import_id: int,
    worker: str,
    *,
    check: ContactCheck | None = None,
    reader: RowReader | None = None,
    refusal: str = "",
) -> None:
    ours = update(ImportFile).where(ImportFile.import_id == import_id, ImportFile.worker == worker)
    if not _one(ours.values(worker="", worked_at=None)):
        return
    source = importing.import_by_id(import_id)
    source.state = ImportState.REFUSED if refusal else ImportState.CHECKED
    try:
        work = work_of(source)
    except Refused:
        return  # what cannot be opened can only be put away
    work.refusal = refusal
    if check is not None and reader is not None:
        work.conclude(check.tally, reader)
    save_work(source, work)


def _let_go(import_id: int, worker: str) -> None:
    """Whoever asks next begins anew, and need not wait until we are taken for ended."""
    ours = update(ImportFile).where(ImportFile.import_id == import_id, ImportFile.worker == worker)
    _one(ours.values(worker="", worked_at=None))


def _one(statement: Update) -> bool:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)


def _who_brought(import_id: int) -> User | None:
    brought = select(ImportAct.by_id).where(ImportAct.import_id == import_id, ImportAct.act == Act.BROUGHT)
    return db.session.get(User, db.session.scalar(brought) or 0)
