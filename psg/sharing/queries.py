"""Reads of the log. An entry is open to who may open its case, and all of them to who tests the log."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Row, Select, exists, func, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload
from werkzeug.exceptions import NotFound

from psg.accounts.models import Agency, User
from psg.cases.models import Case
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.sharing import policy
from psg.sharing.log import LogFilter
from psg.sharing.models import (
    Disclosure,
    DisclosureCategory,
    DisclosureRecipient,
    DisclosureSubject,
    GroundFamily,
    LegalGround,
)
from psg.subjects.models import Subject
from psg.web.dates import start_of, today

Matched = TypeVar("Matched", bound=Select[*tuple[Any, ...]])
Rows: TypeAlias = Select[*tuple[Any, ...]]
Line: TypeAlias = Row[*tuple[Any, ...]]
Some: TypeAlias = Sequence[int] | Select[int]
Correction = aliased(Disclosure)
ORDERS: Mapping[str, ColumnElement[Any]] = {
    "when": Disclosure.disclosed_at.expression,
    "reference": Disclosure.id.expression,
}
ROW: tuple[Any, ...] = (
    Disclosure.id,
    Disclosure.audit_id,
    Disclosure.case_id,
    Disclosure.disclosed_at,
    Disclosure.recorded_at,
    Disclosure.channel,
    Disclosure.purpose,
    Disclosure.corrects_id,
    Agency.name.label("source"),
    User.name.label("recorded_by"),
    exists().where(Correction.corrects_id == Disclosure.id).correlate(Disclosure).label("is_corrected"),
)
Basis, Condition = aliased(LegalGround), aliased(LegalGround)
IN_FULL: tuple[Any, ...] = (
    Disclosure.description,
    Disclosure.why_necessary,
    Disclosure.why_proportionate,
    Disclosure.policy_document,
    Disclosure.what_was_wrong,
    Basis.name.label("basis"),
    Condition.name.label("condition"),
)


def may_be_read(user: User) -> ColumnElement[bool]:
    """Which entries, joined to their cases, this person may read."""
    return true() if policy.reads_whole_log(user, today()) else is_visible(user)


def log_rows(user: User, wanted: LogFilter, *columns: Any) -> Rows:
    """The entries that match, in the order asked for, as rows."""
    statement = _matching(select(*ROW, *columns), user, wanted)
    order = ORDERS[wanted.sort.removeprefix("-")]
    is_descending = wanted.sort.startswith("-")
    last = Disclosure.id.desc() if is_descending else Disclosure.id
    return statement.order_by(order.desc() if is_descending else order.asc(), last)


def rows_in_full(user: User, wanted: LogFilter) -> Sequence[Line]:
    """The same with all that each entry says, for the export."""
    rows = log_rows(user, wanted, *IN_FULL).join(Basis, Basis.id == Disclosure.basis_id)
    return db.session.execute(
        rows.join(Condition, Condition.id == Disclosure.condition_id, isouter=True)
    ).all()


def matching_ids(user: User, wanted: LogFilter) -> Select[int]:
    return _matching(select(Disclosure.id), user, wanted)


def rows_of(case: Case) -> Rows:
    """The entries of one case, newest first. The case was opened by who may open it."""
    return (
        select(*ROW)
        .join(Agency, Agency.id == Disclosure.agency_id)
        .join(User, User.id == Disclosure.recorded_by_id)
        .where(Disclosure.case_id == case.id)
        .order_by(Disclosure.disclosed_at.desc(), Disclosure.id.desc())
    )


def recipients_of(some: Some) -> Mapping[int, list[Line]]:
    """Who received each of these, in one statement: agency, person and gateway."""
    return _by_entry(
        select(
            DisclosureRecipient.disclosure_id,
            Agency.name.label("agency"),
            DisclosureRecipient.person,
            LegalGround.name.label("gateway"),
        )
        .join(Agency, Agency.id == DisclosureRecipient.agency_id)
        .join(LegalGround, LegalGround.id == DisclosureRecipient.gateway_id)
        .where(DisclosureRecipient.disclosure_id.in_(some))
        .order_by(DisclosureRecipient.id)
    )


def categories_of(some: Some) -> Mapping[int, list[Line]]:
    return _by_entry(
        select(DisclosureCategory.disclosure_id, DisclosureCategory.category)
        .where(DisclosureCategory.disclosure_id.in_(some))
        .order_by(DisclosureCategory.id)
    )


def subjects_of(some: Some) -> Mapping[int, list[Line]]:
    """About whom each of these was: kind and number, which make a reference, never a name."""
    return _by_entry(
        select(DisclosureSubject.disclosure_id, Subject.id, Subject.kind, DisclosureSubject.role)
        .join(Subject, Subject.id == DisclosureSubject.subject_id)
        .where(DisclosureSubject.disclosure_id.in_(some))
        .order_by(DisclosureSubject.id)
    )


def entry_for(user: User, reference: str) -> Disclosure:
    """One entry in full; `NotFound` alike where there is none and where it may not be read."""
    entry = db.session.scalars(
        select(Disclosure)
        .join(Disclosure.case)
        .where(Disclosure.id == Disclosure.id_from(reference), may_be_read(user))
        .options(
            joinedload(Disclosure.case),
            joinedload(Disclosure.agency),
            joinedload(Disclosure.recorded_by),
            joinedload(Disclosure.basis),
            joinedload(Disclosure.condition),
            selectinload(Disclosure.subjects).joinedload(DisclosureSubject.subject),
            selectinload(Disclosure.recipients).joinedload(DisclosureRecipient.agency),
            selectinload(Disclosure.recipients).joinedload(DisclosureRecipient.gateway),
            selectinload(Disclosure.categories),
        )
    ).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def corrections_of(entry: Disclosure) -> Sequence[Line]:
    """The entries that put this one right, oldest first."""
    return db.session.execute(
        select(Disclosure.id, Disclosure.recorded_at, Disclosure.what_was_wrong)
        .where(Disclosure.corrects_id == entry.id)
        .order_by(Disclosure.id)
    ).all()


def grounds(family: GroundFamily, day: date) -> Sequence[LegalGround]:
    """The newest version of each ground that is in force that day, in the order of the reference data."""
    held = db.session.scalars(
        select(LegalGround)
        .where(LegalGround.family == family)
        .options(selectinload(LegalGround.kinds))
        .order_by(LegalGround.code, LegalGround.version)
    )
    newest = {ground.code: ground for ground in held if ground.is_in_force_on(day)}
    return sorted(newest.values(), key=lambda ground: (ground.sequence, ground.id))


def gateway_names() -> dict[str, str]:
    """Every gateway there ever was, by code, for the filter of the log."""
    rows = db.session.execute(
        select(LegalGround.code, LegalGround.name)
        .where(LegalGround.family == GroundFamily.GATEWAY)
        .order_by(LegalGround.sequence, LegalGround.version)
    )
    return {row.code: row.name for row in rows}


def count_of(statement: Rows) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _matching(statement: Matched, user: User, wanted: LogFilter) -> Matched:
    statement = (
        statement.join(Case, Case.id == Disclosure.case_id)
        .join(Agency, Agency.id == Disclosure.agency_id)
        .join(User, User.id == Disclosure.recorded_by_id)
        .where(may_be_read(user))
    )
    if wanted.source:
        statement = statement.where(Agency.code == wanted.source)
    if wanted.to:
        statement = statement.where(_has_recipient(Agency, DisclosureRecipient.agency_id, wanted.to))
    if wanted.gateway:
        statement = statement.where(
            _has_recipient(LegalGround, DisclosureRecipient.gateway_id, wanted.gateway)
        )
    if wanted.channel:
        statement = statement.where(Disclosure.channel == wanted.channel)
    if wanted.since_day:
        statement = statement.where(Disclosure.disclosed_at >= start_of(wanted.since_day))
    if wanted.until_day:
        statement = statement.where(Disclosure.disclosed_at < start_of(wanted.until_day + timedelta(days=1)))
    if wanted.case:
        statement = statement.where(Disclosure.case_id == (Case.id_from(wanted.case) or 0))
    return statement


def _has_recipient(kind: type[Agency] | type[LegalGround], key: Any, code: str) -> ColumnElement[bool]:
    named = aliased(kind)
    found = select(DisclosureRecipient.id).join(named, named.id == key)
    return found.where(DisclosureRecipient.disclosure_id == Disclosure.id, named.code == code).exists()


def _by_entry(statement: Rows) -> Mapping[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.disclosure_id].append(row)
    return found
