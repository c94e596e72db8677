"""Who and where draws most: people or places by contacts in a window, and where one stands among the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, case, func, select, true

from psg.accounts.models import User
from psg.cases.models import Case, Party
from psg.cases.visibility import is_visible
from psg.demand.conditions import When, is_counted, is_in_window, number_in
from psg.demand.counting import WINDOWS, window_start
from psg.demand.models import Contact
from psg.extensions import db
from psg.subjects.models import Place, PlaceKind, Subject, SubjectKind, Ward
from psg.subjects.visibility import is_visible as subject_is_visible

Rows: TypeAlias = Select[*tuple[Any, ...]]
SORTS = (*map(str, WINDOWS), "agencies", "name", "last")
FEWEST_FOR_PERCENTILE = 20
_MEASURES: Mapping[str, ColumnElement[Any]] = {
    "agencies": func.count(Contact.agency_id.distinct()),
    "last": func.max(Contact.happened_on),
}


@dataclass(frozen=True)
class Wanted:
    """What a ranking is of. With an agency, every figure is of the contacts with that agency alone."""

    kind: SubjectKind
    when: When
    window: int = WINDOWS[0]
    sort: str = str(WINDOWS[0])
    descending: bool = True
    agency_id: int | None = None
    ward_id: int | None = None
    place_kind: PlaceKind | None = None
    has_open_case: bool | None = None

    @property
    def ranked_by(self) -> int:
        """The longest window that the order of the list asks for."""
        if self.sort in _MEASURES:
            return self.window if self.sort == "agencies" else max(WINDOWS)
        return int(self.sort) if self.sort.isdigit() else self.window


@dataclass(frozen=True)
class Figures:
    """One subject's counts in each of the windows. `agencies`: how many had a contact that counts."""

    counts: tuple[int, ...] = (0,) * len(WINDOWS)
    agencies: tuple[int, ...] = (0,) * len(WINDOWS)
    last_on: date | None = None

    def count_in(self, window: int) -> int:
        return self.counts[WINDOWS.index(window)]

    def agencies_in(self, window: int) -> int:
        return self.agencies[WINDOWS.index(window)]


NOTHING = Figures()


def mid_rank(fewer: int, same: int, size: int) -> int | None:
    """Of a hundred: those with fewer contacts and half of those with as many, rounded half up.

    None for a group under 20, where a rank would say more about the others than about anyone's demand.
    """
    if size < FEWEST_FOR_PERCENTILE:
        return None
    return (200 * fewer + 100 * same + size) // (2 * size)


@dataclass(frozen=True)
class Spread:
    """How many subjects of one kind had how many contacts in a window; who had none is no part of it."""

    subjects: Mapping[int, int]

    @property
    def size(self) -> int:
        return sum(self.subjects.values())

    @property
    def is_large_enough(self) -> bool:
        return self.size >= FEWEST_FOR_PERCENTILE

    def percentile(self, count: int) -> int | None:
        if count not in self.subjects:
            return None
        fewer = sum(subjects for number, subjects in self.subjects.items() if number < count)
        return mid_rank(fewer, self.subjects[count], self.size)


@dataclass(frozen=True)
class Standing:
    """One subject's percentile in one window, and of how many subjects."""

    percentile: int | None
    among: int

    @property
    def words(self) -> str:
        return "–" if self.percentile is None else str(self.percentile)


def ranked(user: User, wanted: Wanted) -> Rows:
    """Every person or place this person may see, in the order wanted, as rows for a list."""
    statement = (
        select(Subject.id, Subject.audit_id, Subject.name, Ward.name.label("ward"))
        .join(Ward, Ward.id == Subject.ward_id, isouter=True)
        .where(Subject.kind == wanted.kind, subject_is_visible(user), *_narrowed(user, wanted))
    )
    key: ColumnElement[Any] = Subject.name.expression
    if wanted.sort != "name":
        numbers = _counted_by_subject(
            wanted.when, wanted.ranked_by, wanted.agency_id, _MEASURES.get(wanted.sort, func.count())
        ).subquery()
        statement = statement.join(numbers, numbers.c.subject_id == Subject.id, isouter=True)
        key = numbers.c.measure
    order = key.desc() if wanted.descending else key.asc()
    # who had none comes last when the most come first, and first otherwise
    nothing_last = wanted.descending or wanted.sort in ("name", "last")
    return statement.order_by(order.nulls_last() if nothing_last else order.nulls_first(), Subject.id)


def figures_of(ids: Iterable[int], when: When, agency_id: int | None = None) -> Mapping[int, Figures]:
    """The counts of each of these subjects, in one statement."""
    counted = is_counted(when)
    rows = db.session.execute(
        select(
            Contact.subject_id,
            func.max(Contact.happened_on),
            *(number_in(counted, when, days) for days in WINDOWS),
            *(_agencies_in(when, days) for days in WINDOWS),
        )
        .where(
            Contact.subject_id.in_(sorted(ids)),
            counted,
            is_in_window(when, max(WINDOWS)),
            *_with_agency(agency_id),
        )
        .group_by(Contact.subject_id)
    )
    size = len(WINDOWS)
    return {
        subject: Figures(tuple(numbers[:size]), tuple(numbers[size:]), last_on)
        for subject, last_on, *numbers in rows
    }


def spread_of(user: User, kind: SubjectKind, when: When, window: int, agency_id: int | None = None) -> Spread:
    """The counts of everybody, or everywhere, that this person may see: what a percentile is read against."""
    numbers = _counted_by_subject(when, window, agency_id, func.count()).subquery()
    rows = db.session.execute(
        select(numbers.c.measure, func.count().label("subjects"))
        .join(Subject, Subject.id == numbers.c.subject_id)
        .where(Subject.kind == kind, subject_is_visible(user))
        .group_by(numbers.c.measure)
    )
    return Spread({row.measure: row.subjects for row in rows})


def standing_of(user: User, kind: SubjectKind, when: When, counts: Sequence[int]) -> tuple[Standing, ...]:
    """Where somebody with these counts stands among all of the kind, in each window; one statement."""
    numbers = (
        select(Contact.subject_id, *(number_in(true(), when, days).label(f"in_{days}") for days in WINDOWS))
        .where(is_counted(when), is_in_window(when, max(WINDOWS)))
        .group_by(Contact.subject_id)
        .subquery()
    )
    columns = [numbers.c[f"in_{days}"] for days in WINDOWS]
    found = db.session.execute(
        select(
            *(func.count(case((column > 0, 1))) for column in columns),
            *(
                func.count(case((column.between(1, own - 1), 1)))
                for column, own in zip(columns, counts, strict=True)
            ),
            *(func.count(case((column == own, 1))) for column, own in zip(columns, counts, strict=True)),
        )
        .join(Subject, Subject.id == numbers.c.subject_id)
        .where(Subject.kind == kind, subject_is_visible(user))
    ).one()
    size = len(WINDOWS)
    return tuple(
        Standing(mid_rank(fewer, same, among) if own else None, among)
        for own, among, fewer, same in zip(
            counts, found[:size], found[size : 2 * size], found[2 * size :], strict=True
        )
    )


def _counted_by_subject(when: When, window: int, agency_id: int | None, measure: ColumnElement[Any]) -> Rows:
    return (
        select(Contact.subject_id, measure.label("measure"))
        .where(is_counted(when), is_in_window(when, window), *_with_agency(agency_id))
        .group_by(Contact.subject_id)
    )


def _narrowed(user: User, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.ward_id is not None:
        yield Subject.ward_id == wanted.ward_id
    if wanted.place_kind is not None:
        yield Subject.id.in_(select(Place.id).where(Place.place_kind == wanted.place_kind))
    if wanted.has_open_case is not None:
        among = Subject.id.in_(on_open_cases(user))
        yield among if wanted.has_open_case else ~among


def on_open_cases(user: User) -> Select[int]:
    """Subjects with a part in an open case, of the cases this person may read: a hidden case is none."""
    return (
        select(Party.subject_id)
        .join(Case, Case.id == Party.case_id)
        .where(Case.closed_at.is_(None), is_visible(user))
    )


def _agencies_in(when: When, days: int) -> ColumnElement[int]:
    since = window_start(when.as_at, days)
    return func.count(case((Contact.happened_on >= since, Contact.agency_id)).distinct())


def _with_agency(agency_id: int | None) -> Iterable[ColumnElement[bool]]:
    """The sum keeps SQLite to the index of days: by that of an agency's references it reads all that agency ever sent."""
    return () if agency_id is None else (Contact.agency_id + 0 == agency_id,)
