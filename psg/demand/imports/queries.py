"""Reads of imports: those that were completed, for the agency; one that is under way, for whoever brought it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from psg.accounts.models import Agency, User
from psg.demand.imports.models import Act, ImportAct, ImportFile
from psg.demand.models import DemandImport
from psg.demand.policy import agencies_for
from psg.extensions import db
from psg.web.dates import now
from psg.web.errors import NotFound

SORTS: Mapping[str, ColumnElement[Any]] = {
    "when": DemandImport.completed_at.expression,
    "agency": Agency.name.expression,
    "added": DemandImport.added.expression,
}
USUAL = "-when"
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class ImportFilter:
    """Anything the URL says that is not one of the choices counts as not said."""

    agency: str = ""
    sort: str = USUAL

    @classmethod
    def from_query(cls, query: Mapping[str, str], agencies: Mapping[str, str]) -> "ImportFilter":
        agency, sort = query.get("agency", ""), query.get("sort", "")
        return cls(
            agency=agency if agency in agencies else "",
            sort=sort if sort.removeprefix("-") in SORTS else USUAL,
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def query(self) -> dict[str, str]:
        return {"agency": self.agency} if self.agency else {}

    def whole_query(self) -> dict[str, str]:
        return self.query() | ({"sort": self.sort} if self.sort != USUAL else {})


def completed(user: User, wanted: ImportFilter, today: date) -> Rows:
    """What was imported of the agencies whose files this person may bring."""
    brought = ImportAct.act == Act.BROUGHT
    order = SORTS[wanted.key].desc() if wanted.descending else SORTS[wanted.key].asc()
    statement = (
        select(
            DemandImport.id,
            DemandImport.completed_at,
            DemandImport.file_hash,
            DemandImport.added,
            DemandImport.held,
            DemandImport.withdrawn,
            DemandImport.left_out,
            DemandImport.undone_at,
            Agency.name.label("agency"),
            User.name.label("by"),
        )
        .join(Agency, Agency.id == DemandImport.agency_id)
        .join(ImportAct, and_(ImportAct.import_id == DemandImport.id, brought), isouter=True)
        .join(User, User.id == ImportAct.by_id, isouter=True)
        .where(DemandImport.completed_at.is_not(None), _is_theirs(user, today))
        .order_by(order.nulls_last(), DemandImport.id.desc())
    )
    return statement.where(DemandImport.agency_id == int(wanted.agency)) if wanted.agency else statement


def under_way(user: User) -> Sequence[Row[*tuple[Any, ...]]]:
    """The files that this person brought and has not imported yet."""
    return db.session.execute(
        select(
            DemandImport.id,
            DemandImport.created_at,
            DemandImport.state,
            DemandImport.file_hash,
            Agency.name.label("agency"),
        )
        .join(Agency, Agency.id == DemandImport.agency_id)
        .where(DemandImport.completed_at.is_(None), _brought_by(user))
        .order_by(DemandImport.id.desc())
    ).all()


def import_for(user: User, number: int, today: date) -> DemandImport:
    """The import behind this number. Raises `NotFound` alike where there is none and where it is not theirs to see."""
    done = and_(DemandImport.completed_at.is_not(None), _is_theirs(user, today))
    found = db.session.scalars(
        select(DemandImport).where(
            DemandImport.id == number,
            or_(done, and_(DemandImport.completed_at.is_(None), _brought_by(user))),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_import_for(user: User, number: int, today: date) -> DemandImport:
    """One that is under way, to go on with."""
    found = import_for(user, number, today)
    if found.completed_at is not None or found.agency_id not in {one.id for one in agencies_for(user, today)}:
        raise NotFound
    return found


def acts_of(source: DemandImport) -> dict[Act, Row[*tuple[Any, ...]]]:
    """Who did what to it, when and why."""
    rows = db.session.execute(
        select(ImportAct.act, ImportAct.at, ImportAct.reason, User.name.label("by"))
        .join(User, User.id == ImportAct.by_id, isouter=True)
        .where(ImportAct.import_id == source.id)
    )
    return {row.act: row for row in rows}


def has_bad_rows(user: User, source: DemandImport) -> bool:
    """Whether rows of it that could not be imported are still kept, for this person."""
    theirs = (
        select(ImportFile.import_id)
        .join(DemandImport)
        .where(DemandImport.id == source.id, ImportFile.expires_at > now(), _brought_by(user))
    )
    return bool(source.left_out) and db.session.scalar(theirs) is not None


def bad_rows_of(user: User, number: int, today: date) -> DemandImport:
    """An import whose file is still kept, for whoever brought it."""
    found = import_for(user, number, today)
    if found.completed_at is not None and not has_bad_rows(user, found):
        raise NotFound
    return found


def _brought_by(user: User) -> ColumnElement[bool]:
    return DemandImport.id.in_(
        select(ImportAct.import_id).where(ImportAct.act == Act.BROUGHT, ImportAct.by_id == user.id)
    )


def _is_theirs(user: User, today: date) -> ColumnElement[bool]:
    return DemandImport.agency_id.in_([agency.id for agency in agencies_for(user, today)])
