"""A file that somebody brings: kept sealed until it is imported, matched, imported or put away. Only they can go on with it."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO

from sqlalchemy import insert, select

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.imports import importing, reading
from psg.demand.imports.columns import Columns, is_ours
from psg.demand.imports.files import LARGEST_FILE, open_table
from psg.demand.imports.importing import KEPT_FOR, Imported
from psg.demand.imports.models import ImportFile, ImportPart
from psg.demand.imports.table import Table
from psg.demand.imports.work import Work
from psg.demand.models import DemandImport, ImportState
from psg.extensions import db, hold
from psg.web.dates import now as clock
from psg.web.sealing import seal_much, unseal_much

PIECE = 1_000_000
GONE = "The file is no longer kept, since a day has passed: bring it again."
DONE = "This file is imported already, perhaps from another page: nothing is left to do."


def bring(content: bytes, name: str, *, agency: Agency, by: User, now: datetime) -> DemandImport:
    """Keep the file, if it is one that can be read. Where its columns are known already it is read next."""
    if len(content) > LARGEST_FILE:
        raise Refused(
            f"The file is larger than {LARGEST_FILE // 1_000_000} MB: send it in parts.", field="file"
        )
    table = open_table(lambda: BytesIO(content))
    next(table.rows())
    importing.forget_old(now)
    source = importing.new_import(agency.id, sha256(content).hexdigest(), by=by, now=now)
    work = Work(
        name=name, file_hash=source.file_hash, about=0 if table.is_ragged else content.count(b"\n") - 1
    )
    work.recognise(table)
    _match_what_is_known(source, work)
    file = ImportFile(import_id=source.id, body=work.sealed(), expires_at=now + KEPT_FOR)
    db.session.add(file)
    db.session.flush()
    pieces = (content[start : start + PIECE] for start in range(0, len(content), PIECE))
    db.session.execute(
        insert(ImportPart),
        [
            {"import_id": source.id, "number": number, "body": seal_much(piece)}
            for number, piece in enumerate(pieces)
        ],
    )
    audit.record(
        Operation.COLLECTION,
        "demand.file",
        by=by,
        obj=source,
        at=now,
        agency=agency.record_id,
        file=source.file_hash,
    )
    return source


def file_of(source: DemandImport) -> ImportFile | None:
    return db.session.get(ImportFile, source.id)


def work_of(source: DemandImport) -> Work:
    """What is known of the file. Raises `Refused` where it is no longer kept."""
    file = file_of(source)
    work = Work.unsealed(file.body) if file and file.expires_at > clock() else None
    if work is None:
        raise Refused(GONE)
    return work


def rows_read(source: DemandImport) -> int:
    """How far the file is read."""
    file = file_of(source)
    return file.rows_read if file else 0


def save_work(source: DemandImport, work: Work) -> None:
    file = file_of(source)
    if file is None:
        raise Refused(GONE)
    file.body = work.sealed()
    db.session.flush()


def table_of(source: DemandImport, sheet: str) -> Table:
    """The file itself, as a table."""
    statement = select(ImportPart.body).where(ImportPart.import_id == source.id).order_by(ImportPart.number)
    pieces = [unseal_much(sealed) for sealed in db.session.scalars(statement)]
    content = b"".join(piece for piece in pieces if piece is not None)
    if not content or None in pieces:
        raise Refused(GONE)
    return open_table(lambda: BytesIO(content), sheet=sheet)


def choose_sheet(source: DemandImport, work: Work, sheet: str, *, by: User, now: datetime) -> None:
    """Read another sheet of the workbook."""
    work.recognise(table_of(source, sheet))
    source.state = ImportState.RECEIVED
    _match_what_is_known(source, work)
    save_work(source, work)
    audit.record(Operation.ALTERATION, "demand.sheet", by=by, obj=source, at=now, fields=["sheet"])


def settle_columns(source: DemandImport, work: Work, columns: Columns, *, by: User, now: datetime) -> None:
    """Read this file like this, and the agency's files from now on."""
    if columns.missing:
        raise Refused("Choose a column for everything that is needed", field=columns.missing[0])
    if len(set(columns.names.values())) != len(columns.names):
        raise Refused("Choose each column for one thing only")
    reading.remember(source.agency, columns, by=by, now=now)
    work.columns = columns.stored()
    _read_anew(source, work)
    audit.record(
        Operation.ALTERATION,
        "demand.columns",
        by=by,
        obj=source,
        at=now,
        agency=source.agency.record_id,
        fields=sorted([*columns.names, *columns.fixed]),
        codes=len(columns.kinds) + len(columns.roles),
    )


def put_away(source: DemandImport, *, by: User, now: datetime) -> None:
    """Import nothing of it, and keep nothing of it."""
    hold(source)
    if source.state is ImportState.COMPLETE:
        raise Refused(DONE)
    audit.record(
        Operation.ERASURE,
        "demand.put_away",
        by=by,
        obj=source,
        at=now,
        agency=source.agency.record_id,
        file=source.file_hash,
    )
    importing.forget(source.id)


def import_file(source: DemandImport, *, mark: str, leave_out_bad: bool, by: User, now: datetime) -> Imported:
    """Add the contacts of a file that was checked. What cannot be imported is kept for a day, to be fetched.

    `mark` is that of what the person saw.
    """
    hold(source)
    if source.state is ImportState.COMPLETE:
        raise Refused(DONE)
    if source.state is not ImportState.CHECKED:
        raise Refused("This file has not been read to its end yet: wait, then look at what was found.")
    work = work_of(source)
    if work.mark != mark:
        raise Refused(
            "What was found has changed since you opened this page: look at it again, then import it."
        )
    if work.problems and not leave_out_bad:
        raise Refused(
            "Tick that the rows which cannot be imported are left out, or mend the file", "leave_out"
        )
    import_id = source.id
    outcome = importing.complete(source, work.tally, by=by, now=now)
    file = db.session.get(ImportFile, import_id)
    if file is not None and work.problems:
        file.expires_at = now + KEPT_FOR
    elif file is not None:
        importing.forget_file(import_id)
    db.session.flush()
    return outcome


def earlier_import(source: DemandImport) -> DemandImport | None:
    """The same file, byte for byte, imported for the same agency before."""
    return db.session.scalars(
        select(DemandImport)
        .where(
            DemandImport.file_hash == source.file_hash,
            DemandImport.agency_id == source.agency_id,
            DemandImport.completed_at.is_not(None),
            DemandImport.undone_at.is_(None),
            DemandImport.id != source.id,
        )
        .order_by(DemandImport.id.desc())
        .limit(1)
    ).one_or_none()


def _match_what_is_known(source: DemandImport, work: Work) -> None:
    known = reading.remembered(source.agency_id)
    if is_ours(work.header):
        work.columns = {}
        _read_anew(source, work)
    elif known is not None and not known.missing and known.fits(work.header):
        work.columns = known.stored()
        _read_anew(source, work)


def _read_anew(source: DemandImport, work: Work) -> None:
    """What was found before no longer holds; its rows that wait are put away by whoever reads it."""
    if source.state is ImportState.COMPLETE:
        raise Refused(DONE)
    work.begin()
    source.state = ImportState.READING
    file = file_of(source)
    if file is not None:
        file.worker, file.worked_at, file.rows_read = "", None, 0
        save_work(source, work)
