"""Taking back everything that one import added: the wrong file, the wrong agency, columns matched wrongly.

The contacts stay, marked and no longer counted. Their references are free again, so that the right file can
be imported; what the import had withdrawn stands again; a month that nothing else was sent for is a gap again.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, delete, func, insert, null, select, update

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.counting import month_of
from psg.demand.imports.importing import TAKEN_BACK
from psg.demand.imports.models import Act, ImportAct
from psg.demand.models import Contact, DemandImport, SuppliedMonth
from psg.extensions import db, hold

UNDONE = "Import taken back: {reason}"


def undo_import(source: DemandImport, *, reason: str, by: User, now: datetime) -> int:
    """How many contacts no longer count. Refused while people rely on some of them."""
    hold(source)
    if source.completed_at is None or source.undone_at is not None:
        raise Refused("This import is taken back already: nothing is left to do")
    _refuse_if_relied_on(source)
    months = _months(select(Contact.happened_on).where(Contact.import_id == source.id))
    stood = select(func.count()).where(Contact.import_id == source.id, Contact.withdrawn_at.is_(None))
    count = db.session.scalar(stood) or 0
    _take_back(source, UNDONE.format(reason=reason)[:200], now)
    _let_stand_again(source)
    _forget_months(source, months)
    source.undone_at = now
    act = insert(ImportAct).values(import_id=source.id, act=Act.UNDONE, by_id=by.id, at=now, reason=reason)
    db.session.execute(act)
    db.session.flush()
    audit.record(
        Operation.ALTERATION,
        "demand.undo",
        by=by,
        obj=source,
        at=now,
        agency=source.agency.record_id,
        file=source.file_hash,
        contacts=count,
    )
    return count


def _refuse_if_relied_on(source: DemandImport) -> None:
    relied_on = select(func.count()).where(
        Contact.import_id == source.id,
        Contact.incident_id.is_not(None) | Contact.excluded_reason.is_not(None),
    )
    if number := db.session.scalar(relied_on):
        raise Refused(
            f"People have decided about {number:,} of its contacts, that they are of one incident or do not count: "
            "withdraw single contacts instead"
        )


def _take_back(source: DemandImport, reason: str, now: datetime) -> None:
    contacts = update(Contact).where(Contact.import_id == source.id)
    still = contacts.where(Contact.withdrawn_at.is_(None)).values(withdrawn_at=now, withdrawn_reason=reason)
    freed = contacts.values(former_reference=Contact.source_reference, source_reference=null())
    for statement in (still, freed):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _let_stand_again(source: DemandImport) -> None:
    """What this import withdrew, and nobody has since: its moment is that of the import."""
    db.session.execute(
        update(Contact)
        .where(
            Contact.agency_id == source.agency_id,
            Contact.withdrawn_at == source.completed_at,
            Contact.withdrawn_reason == TAKEN_BACK,
            Contact.import_id != source.id,
        )
        .values(withdrawn_at=null(), withdrawn_reason="")
        .execution_options(synchronize_session=False)
    )


def _forget_months(source: DemandImport, months: Iterable[date]) -> None:
    others = select(Contact.happened_on).where(
        Contact.agency_id == source.agency_id,
        Contact.import_id.is_not(None),
        Contact.source_reference.is_not(None),
    )
    gaps = set(months).difference(_months(others))
    db.session.execute(
        delete(SuppliedMonth).where(
            SuppliedMonth.agency_id == source.agency_id, SuppliedMonth.month.in_(gaps)
        )
    )


def _months(days: Select[date]) -> set[date]:
    return {month_of(day) for day in db.session.scalars(days.distinct())}
