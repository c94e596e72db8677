"""Reads of the map: a fixed number of statements, whatever is known of however many places."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, case, func, select, true

from psg.accounts.models import User
from psg.cases.models import Case, Party
from psg.cases.visibility import as_member, is_visible
from psg.demand.conditions import When, is_counted, is_in_window
from psg.demand.models import Contact, ContactKind
from psg.extensions import db
from psg.subjects.models import Place, Subject, SubjectKind, Ward

Rows: TypeAlias = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class Wanted:
    """Incidents of which kind, in the days of which window."""

    when: When
    days: int
    kind: ContactKind | None = None


@dataclass(frozen=True)
class Site:
    """A place at which something happened, and where it is, if that is known."""

    number: int
    ward_id: int | None
    longitude: float | None
    latitude: float | None
    incidents: int

    @property
    def can_be_drawn(self) -> bool:
        return self.longitude is not None and self.latitude is not None


def sites(sees: ColumnElement[bool], wanted: Wanted) -> list[Site]:
    """Every place with an incident that counts, of those the condition lets through; most incidents first.

    Contacts are counted by an index alone; then those are taken off that tell of an incident once more.
    """
    contacts = (
        select(Contact.subject_id, func.count().label("number"))
        .where(*_are_wanted(wanted))
        .group_by(Contact.subject_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Place.id, Subject.ward_id, Place.longitude, Place.latitude, contacts.c.number)
        .select_from(contacts)
        .join(Subject, Subject.id == contacts.c.subject_id)
        .join(Place.__table__, Place.__table__.c.id == Subject.id)
        .where(Subject.kind == SubjectKind.PLACE, sees)
    )
    again = _told_again(wanted)
    found = [
        Site(place, ward, longitude, latitude, number - again[place])
        for place, ward, longitude, latitude, number in rows
    ]
    return sorted(found, key=lambda site: (-site.incidents, site.number))


def places_by_ward(sees: ColumnElement[bool]) -> Mapping[int | None, int]:
    rows = db.session.execute(
        select(Subject.ward_id, func.count().label("number"))
        .where(Subject.kind == SubjectKind.PLACE, sees)
        .group_by(Subject.ward_id)
    )
    return {row.ward_id: row.number for row in rows}


def named(numbers: Collection[int]) -> Mapping[int, Row[*tuple[Any, ...]]]:
    """What a list of these places says of each."""
    rows = db.session.execute(
        select(Subject.id, Subject.audit_id, Subject.name, Ward.name.label("ward"))
        .join(Ward, Ward.id == Subject.ward_id, isouter=True)
        .where(Subject.id.in_(sorted(numbers)))
    )
    return {row.id: row for row in rows}


def worked_on_by(user: User, numbers: Collection[int]) -> frozenset[int]:
    """Those of these places that are a part of an open case in which this person works."""
    return frozenset(
        db.session.scalars(
            select(Party.subject_id)
            .join(Case, Case.id == Party.case_id)
            .where(
                Party.subject_id.in_(sorted(numbers)),
                Case.closed_at.is_(None),
                Case.id.in_(as_member(user)),
                is_visible(user),
            )
        )
    )


def _are_wanted(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    yield is_counted(wanted.when)
    yield is_in_window(wanted.when, wanted.days)
    if wanted.kind is not None:
        yield Contact.kind == wanted.kind


def _told_again(wanted: Wanted) -> Counter[int]:
    """For each subject, by how many its contacts are more than its incidents.

    Grouped contacts are few, and have an index: whether one is wanted is asked of those alone, not the other way round.
    """
    cutoff = wanted.when.cutoff
    is_grouped = Contact.grouped_at < cutoff if cutoff else true()
    told = func.sum(case((and_(is_grouped, *_are_wanted(wanted)), 1), else_=0))
    rows = db.session.execute(
        select(Contact.subject_id, told)
        .where(Contact.incident_id.is_not(None))
        .group_by(Contact.incident_id, Contact.subject_id)
        .having(told > 1)
    )
    again: Counter[int] = Counter()
    for subject, number in rows:
        again[subject] += number - 1
    return again
