"""Adding the contacts an agency sends, all of a file at once; those it sent before are not added again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, delete, insert, literal, select, update

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused, new_audit_id
from psg.demand.imports.bulk import insert_rows, parts
from psg.demand.imports.checking import ContactCheck, Tally, Waiting
from psg.demand.imports.models import Act, ImportAct, ImportFile, ImportPart, WaitingContact
from psg.demand.imports.sheet import ContactRow, RowProblem
from psg.demand.models import Contact, DemandImport, ImportState, SuppliedMonth
from psg.extensions import db

KEPT_FOR = timedelta(hours=24)
"""How long an import may wait to be completed."""
TAKEN_BACK = "Withdrawn by the agency"
WAITING = (
    "import_id", "audit_id", "subject_id", "kind", "role", "happened_at", "happened_on", "source_reference",
    "summary", "is_crisis", "is_withdrawn",
)  # fmt: skip
AS_THEY_ARE = WAITING[1:-1]
"""What a contact takes over from the row that waited."""


@dataclass(frozen=True)
class Imported:
    """What an import did. `differing` are rows already held with other details, which were left as they are."""

    added: int
    held: int
    withdrawn: int
    differing: tuple[int, ...]
    problems: tuple[RowProblem, ...]

    @classmethod
    def of(cls, tally: Tally) -> "Imported":
        """What an import would do."""
        return cls(
            added=tally.added,
            held=tally.held,
            withdrawn=tally.withdrawn,
            differing=tuple(tally.differing),
            problems=tuple(sorted(tally.problems)),
        )


class BadRows(Refused):
    """Rows that cannot be imported. Nothing was."""

    def __init__(self, problems: Iterable[RowProblem], total: int) -> None:
        self.problems = sorted(problems)
        super().__init__(
            f"Nothing was imported: {len(self.problems)} of {total} rows cannot be. "
            "Mend them, or import the others with --skip-bad-rows."
        )


def import_contacts(
    rows: Sequence[ContactRow],
    *,
    agency: Agency,
    file_hash: str,
    problems: Sequence[RowProblem] = (),
    skip_bad_rows: bool = False,
    by: User | None,
    now: datetime,
) -> Imported:
    """Add these contacts of an agency, in the transaction under way. Those it sent before are not added again.

    Raises `BadRows` where a row cannot be imported, unless bad rows are to be left out and others remain.
    """
    check = ContactCheck(agency.id, by)
    check.tally.problems += problems
    waiting = [found for part in parts(rows) for found in check.take(part)]
    refuse_bad_rows(check.tally, skip_bad_rows=skip_bad_rows)
    source = new_import(agency.id, file_hash, by=by, now=now)
    for part in parts(waiting):
        stage(source.id, part)
    return complete(source, check.tally, by=by, now=now)


def refuse_bad_rows(tally: Tally, *, skip_bad_rows: bool) -> None:
    if tally.problems and not (skip_bad_rows and tally.good):
        raise BadRows(tally.problems, tally.total)


def new_import(agency_id: int, file_hash: str, *, by: User | None, now: datetime) -> DemandImport:
    source = DemandImport(agency_id=agency_id, file_hash=file_hash, created_at=now)
    db.session.add(source)
    db.session.flush()
    by_id = by.id if by else None
    db.session.execute(insert(ImportAct).values(import_id=source.id, act=Act.BROUGHT, by_id=by_id, at=now))
    return source


def import_by_id(import_id: int) -> DemandImport:
    return db.session.get_one(DemandImport, import_id)


def forget(import_id: int) -> None:
    """An import that does not come about leaves nothing."""
    discard_waiting(import_id)
    forget_file(import_id)
    db.session.execute(delete(ImportAct).where(ImportAct.import_id == import_id))
    db.session.execute(delete(DemandImport).where(DemandImport.id == import_id))


def forget_file(import_id: int) -> None:
    db.session.execute(delete(ImportPart).where(ImportPart.import_id == import_id))
    db.session.execute(delete(ImportFile).where(ImportFile.import_id == import_id))


def forget_old(now: datetime) -> None:
    """Imports that nobody completed, be it that a process was ended in the middle of one; and files kept long enough."""
    for import_id in db.session.scalars(
        select(ImportFile.import_id).where(ImportFile.expires_at < now)
    ).all():
        forget_file(import_id)
    for import_id in db.session.scalars(_given_up(now)).all():
        forget(import_id)


def is_anything_old(now: datetime) -> bool:
    files = select(ImportFile.import_id).where(ImportFile.expires_at < now)
    return any(db.session.scalar(one.limit(1)) is not None for one in (files, _given_up(now)))


def _given_up(now: datetime) -> Select[int]:
    return select(DemandImport.id).where(
        DemandImport.completed_at.is_(None), DemandImport.created_at < now - KEPT_FOR
    )


def stage(import_id: int, waiting: Sequence[Waiting]) -> None:
    """Put rows that were found good where they wait for the rest of their file."""
    ids = sorted(new_audit_id() for _ in waiting)  # in the order of their index, which is quicker to write
    insert_rows(
        WaitingContact,
        WAITING,
        [
            (
                import_id, audit_id, subject_id, row.kind, row.role, row.happened_at, row.happened_on,
                row.source_reference, row.summary, row.is_crisis, row.is_withdrawn,
            )
            for audit_id, (row, subject_id) in zip(ids, waiting, strict=True)
        ],
    )  # fmt: skip


def complete(source: DemandImport, tally: Tally, *, by: User | None, now: datetime) -> Imported:
    """Make contacts of the rows that wait, all of them in this transaction, with one entry in the record.

    Imports of one agency take their turn: what another added since the rows were checked counts as held.
    An import that changed nothing leaves no trace but its entry.
    """
    agency_id = source.agency_id
    db.session.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update())
    withdrawn = _withdraw(source, now)
    added = _add(source, now)
    _note_months(agency_id, tally.months)
    outcome = Imported(
        added=added,
        held=tally.good - added - withdrawn,
        withdrawn=withdrawn,
        differing=tuple(tally.differing),
        problems=tuple(sorted(tally.problems)),
    )
    changed = bool(added or withdrawn)
    if changed:
        source.state, source.completed_at = ImportState.COMPLETE, now
        source.added, source.held, source.withdrawn = added, outcome.held, withdrawn
        source.differing, source.left_out = len(tally.differing), len(tally.problems)
    audit.record(
        Operation.COLLECTION,
        "demand.import",
        by=by,
        obj=source if changed else None,
        at=now,
        agency=source.agency.record_id,
        file=source.file_hash,
        added=added,
        held=outcome.held,
        withdrawn=withdrawn,
        left_out=len(tally.problems),
    )
    db.session.flush()
    if changed:
        discard_waiting(source.id)
    else:
        forget(source.id)
    return outcome


def discard_waiting(import_id: int) -> None:
    db.session.execute(delete(WaitingContact).where(WaitingContact.import_id == import_id))


def _withdraw(source: DemandImport, now: datetime) -> int:
    taken_back = select(WaitingContact.source_reference).where(
        WaitingContact.import_id == source.id, WaitingContact.is_withdrawn
    )
    result: Any = db.session.execute(
        update(Contact)
        .where(
            Contact.agency_id == source.agency_id,
            Contact.withdrawn_at.is_(None),
            Contact.source_reference.in_(taken_back),
        )
        .values(withdrawn_at=now, withdrawn_reason=TAKEN_BACK)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def _add(source: DemandImport, now: datetime) -> int:
    waits, moment = WaitingContact, literal(now, Contact.recorded_at.type)
    held = select(Contact.id).where(
        Contact.agency_id == source.agency_id, Contact.source_reference == waits.source_reference
    )
    values: dict[str, Any] = {name: getattr(waits, name) for name in AS_THEY_ARE} | {
        "agency_id": literal(source.agency_id),
        "import_id": waits.import_id,
        "recorded_at": moment,
        "withdrawn_at": case((waits.is_withdrawn, moment)),
        "withdrawn_reason": case((waits.is_withdrawn, TAKEN_BACK), else_=""),
    }
    rows = select(*values.values()).where(waits.import_id == source.id, ~held.exists()).order_by(waits.id)
    result: Any = db.session.execute(
        insert(Contact).from_select(list(values), rows), execution_options={"preserve_rowcount": True}
    )
    return int(result.rowcount)


def _note_months(agency_id: int, months: Iterable[date]) -> None:
    """Remember for which months the agency has sent data, so that a gap is never shown as a nought."""
    known = db.session.scalars(select(SuppliedMonth.month).where(SuppliedMonth.agency_id == agency_id))
    new = sorted(set(months).difference(known))
    if new:
        db.session.execute(insert(SuppliedMonth), [{"agency_id": agency_id, "month": month} for month in new])
