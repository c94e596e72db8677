"""Reads of links. A link is there for somebody who may see both of its ends, and for nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select
from sqlalchemy.orm import aliased, joinedload

from psg.accounts.models import Agency, User
from psg.extensions import db
from psg.subjects.links.models import PAST, Link, LinkKind
from psg.subjects.models import Subject, SubjectKind, subject_path
from psg.subjects.visibility import is_visible
from psg.web.errors import NotFound

MOST_SHOWN = 12
LARGEST_NUMBER = 2**31 - 1
STATES = ("standing", "ended", "all")
Recorder = aliased(User)
SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": Subject.name.expression,
    "kind": Link.kind.expression,
    "since": Link.since.expression,
}


@dataclass(frozen=True)
class LinkLine:
    """One link as it reads from a record's own page."""

    number: int
    words: str
    reference: str
    path: str
    record_id: str
    name: str
    since: date | None
    until: date | None
    source: str
    agency: str
    recorded_by: str
    recorded_on: date
    ended_reason: str
    is_over: bool


def is_over(day: date) -> ColumnElement[bool]:
    """Links that were ended, and those whose last day has gone by."""
    has_gone_by = and_(Link.until.is_not(None), Link.until < day)
    return or_(Link.ended_at.is_not(None), and_(has_gone_by, Link.kind.not_in(PAST)))


def links_of(
    user: User,
    subject: Subject,
    *,
    as_at: date,
    state: str = "all",
    sort: str = "name",
    descending: bool = False,
) -> Select[*tuple[Any, ...]]:
    """A record's links as rows for a list, of those whose other end this person may see."""
    other = case((Link.from_id == subject.id, Link.to_id), else_=Link.from_id)
    order = SORTS[sort].desc() if descending else SORTS[sort].asc()
    statement = (
        select(
            Link.id,
            Link.kind,
            (Link.from_id == subject.id).label("is_from"),
            Link.since,
            Link.until,
            Link.source,
            Link.recorded_at,
            Link.ended_reason,
            is_over(as_at).label("is_over"),
            Agency.name.label("agency"),
            Recorder.name.label("recorded_by"),
            Subject.id.label("other_id"),
            Subject.audit_id.label("other_audit_id"),
            Subject.kind.label("other_kind"),
            Subject.name,
        )
        .join(Subject, Subject.id == other)
        .join(Agency, Agency.id == Link.source_agency_id)
        .join(Recorder, Recorder.id == Link.recorded_by_id)
        .where(or_(Link.from_id == subject.id, Link.to_id == subject.id), is_visible(user))
        .order_by(is_over(as_at), order.nulls_last(), Link.id)
    )
    if state == "all":
        return statement
    return statement.where(is_over(as_at) if state == "ended" else ~is_over(as_at))


def lines(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[LinkLine]:
    return [_line(row) for row in rows]


def first_links_of(user: User, subject: Subject, *, as_at: date) -> list[LinkLine]:
    """What stands on the record's page: links that hold before those that do not, and one more than is shown."""
    return lines(db.session.execute(links_of(user, subject, as_at=as_at).limit(MOST_SHOWN + 1)).all())


def link_of(user: User, subject: Subject, number: int) -> Link:
    """A link of this record, where this person may see its other end too."""
    other = case((Link.from_id == subject.id, Link.to_id), else_=Link.from_id)
    link = (
        db.session.scalars(
            select(Link)
            .join(Subject, Subject.id == other)
            .options(joinedload(Link.from_subject), joinedload(Link.to_subject))
            .where(
                Link.id == number,
                or_(Link.from_id == subject.id, Link.to_id == subject.id),
                is_visible(user),
            )
        ).one_or_none()
        if number <= LARGEST_NUMBER
        else None
    )
    if link is None:
        raise NotFound
    return link


def standing_between(one: Subject, other: Subject, kind: LinkKind) -> Sequence[Link]:
    """Links of a kind that hold between two records, whichever they begin at."""
    ends = (one.id, other.id)
    return db.session.scalars(
        select(Link)
        .where(Link.from_id.in_(ends), Link.to_id.in_(ends), Link.kind == kind, Link.ended_at.is_(None))
        .order_by(Link.id)
    ).all()


def _line(row: Row[*tuple[Any, ...]]) -> LinkLine:
    kind = SubjectKind(row.other_kind)
    path = subject_path(kind, row.other_id)
    return LinkLine(
        number=row.id,
        words=row.kind.label if row.is_from else row.kind.back,
        reference=path.rpartition("/")[2],
        path=path,
        record_id=f"{kind.value}_{row.other_audit_id}",
        name=row.name,
        since=row.since,
        until=row.until,
        source=row.source,
        agency=row.agency,
        recorded_by=row.recorded_by,
        recorded_on=row.recorded_at.date(),
        ended_reason=row.ended_reason,
        is_over=bool(row.is_over),
    )
