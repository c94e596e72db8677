"""Reads of the board: plain rows, a fixed number of statements, by the indexes that lead with the state.

The rows of a page are found first, by the case table alone; names and actions are then read for those.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    case,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from psg.accounts.models import Agency, AgencyKind, User
from psg.actions.models import Action, ActionStatus
from psg.cases.models import Aim, Band, Case, CaseAim, Stage
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.overview.filters import NOT_SCORED, BoardFilter, Review, Sort
from psg.plan.models import AreaOfFocus, Commitment, Plan
from psg.plan.queries import case_ids_serving
from psg.subjects.models import Subject, Ward

Rows = Sequence[Row[*tuple[Any, ...]]]
Ids = Select[int] | CompoundSelect[int]
SOON = timedelta(days=7)
_IS_OPEN = Action.status == ActionStatus.OPEN
_STAGE_NUMBER = case({stage: stage.number for stage in Stage}, value=Case.stage)
_BAND_LEVEL = case({band: band.level for band in Band}, value=Case.headline_band)
_REVIEW_FIRST: tuple[ColumnElement[Any], ...] = (
    # `closed_at` is the same for all; named, it lets PostgreSQL read the board's index in order
    Case.closed_at.expression,
    Case.stage.expression,
    Case.next_review_on.expression.nulls_last(),
    Case.id.expression,
)


@dataclass(frozen=True)
class Slice:
    """A run of one stage's cases, the next review first."""

    stage: Stage
    start: int
    length: int


def stage_counts(user: User, wanted: BoardFilter, day: date) -> dict[Stage, int]:
    """How many cases stand at each stage, whatever stage the list shows; each number equals its list."""
    statement = _open_cases(user, wanted, day, select(Case.stage, func.count()), skip="stage")
    found = {row[0]: row[1] for row in db.session.execute(statement.group_by(Case.stage))}
    return {stage: found.get(stage, 0) for stage in Stage}


def sliced_rows(user: User, wanted: BoardFilter, day: date, slices: Iterable[Slice]) -> Rows:
    """The cases of these runs, in the order of the stages."""
    chosen = [
        _open_cases(user, wanted, day, select(Case.id), skip="stage")
        .where(Case.stage == part.stage)
        .order_by(*_REVIEW_FIRST)
        .limit(part.length)
        .offset(part.start)
        for part in slices
    ]
    if not chosen:
        return []
    runs = [select(run.subquery().c.id) for run in chosen]
    return _rows(union_all(*runs), day, [_STAGE_NUMBER, *_REVIEW_FIRST[2:]])


def sorted_rows(user: User, wanted: BoardFilter, day: date, *, start: int, length: int) -> Rows:
    """A page of the list in the order that a heading asks for."""
    order = _order(wanted)
    ids = _open_cases(user, wanted, day, select(Case.id))
    if wanted.key is Sort.WARD:
        ids = ids.join(Ward, Ward.id == Case.ward_id, isouter=True)
    return _rows(ids.order_by(*order).limit(length).offset(start), day, order)


def choices() -> Mapping[str, list[tuple[str, str]]]:
    """What the filters of the board offer, in one statement: wards, lead agencies, commitments."""
    offered: dict[str, list[tuple[Any, ...]]] = {"ward": [], "agency": [], "commitment": []}
    for name, number, words, *place in db.session.execute(_CHOICES):
        offered[name].append((*place, words, str(number)))
    return {name: [(number, words) for *_, words, number in sorted(found)] for name, found in offered.items()}


def _all_choices() -> CompoundSelect[*tuple[Any, ...]]:
    newest = select(Plan.id).order_by(Plan.year.desc()).limit(1).scalar_subquery()
    commitment = Commitment.reference + literal_column("' '") + func.substr(Commitment.text, 1, 40)
    first = literal(0, Integer)
    parts: tuple[Select[*tuple[Any, ...]], ...] = (
        select(literal("ward"), Ward.id, Ward.name, first, first),
        select(literal("agency"), Agency.id, Agency.name, first, first).where(
            Agency.kind != AgencyKind.OVERSIGHT
        ),
        select(literal("commitment"), Commitment.id, commitment, AreaOfFocus.sequence, Commitment.sequence)
        .join(AreaOfFocus, AreaOfFocus.id == Commitment.area_id)
        .where(Commitment.plan_id == newest),
    )
    return union_all(*parts)


_CHOICES = _all_choices()


def is_late(day: date) -> ColumnElement[bool]:
    """Whether a case has an action past its day."""
    return select(Action.id).where(Action.case_id == Case.id, _IS_OPEN, Action.due_on < day).exists()


def _open_cases(
    user: User, wanted: BoardFilter, day: date, statement: Select[*tuple[Any, ...]], *, skip: str = ""
) -> Select[*tuple[Any, ...]]:
    meaning = _meaning(user, day)
    said = [meaning[name](value) for name, value in wanted.narrowing().items() if value and name != skip]
    return statement.where(is_visible(user), Case.closed_at.is_(None), *said)


def _meaning(user: User, day: date) -> Mapping[str, Callable[[str], ColumnElement[bool]]]:
    """What each filter says of a case."""
    reviews = {
        Review.OVERDUE: Case.next_review_on < day,
        Review.DUE: Case.next_review_on <= day + SOON,
        Review.UNSET: Case.next_review_on.is_(None),
    }
    return {
        "stage": lambda value: Case.stage == Stage(value),
        "ward": lambda value: Case.ward_id == int(value),
        "band": lambda value: Case.headline_band.is_not_distinct_from(
            None if value == NOT_SCORED else Band(value)
        ),
        "agency": lambda value: Case.lead_agency_id == int(value),
        "aim": lambda value: Case.id.in_(select(CaseAim.case_id).where(CaseAim.aim == Aim(value))),
        "commitment": lambda value: Case.id.in_(case_ids_serving(int(value))),
        "review": lambda value: reviews[Review(value)],
        "mine": lambda _: Case.lead_id == user.id,
        "late": lambda _: is_late(day),
    }


def _order(wanted: BoardFilter) -> list[ColumnElement[Any]]:
    """The heading's column, then the next review and the case, so that equal rows keep their order."""
    columns: dict[Sort, ColumnElement[Any]] = {
        Sort.STAGE: _STAGE_NUMBER,
        Sort.REFERENCE: Case.id.expression,
        Sort.WARD: Ward.name.expression,
        Sort.BAND: _BAND_LEVEL,
        Sort.DAYS: Case.stage_since.expression,
        Sort.REVIEW: Case.next_review_on.expression,
    }
    column = columns[wanted.key]
    # the longest in a stage came to it first
    descending = wanted.is_descending is not (wanted.key is Sort.DAYS)
    chosen = column.desc() if descending else column.asc()
    return [chosen.nulls_last(), *_REVIEW_FIRST[2:]]


def _rows(ids: Ids, day: date, order: Sequence[ColumnElement[Any]]) -> Rows:
    shown = ids.subquery("shown")
    of_case = Action.case_id == Case.id
    columns: tuple[Any, ...] = (
        Case.id,
        Case.audit_id,
        Case.stage,
        Case.stage_since,
        Case.headline_band,
        Case.next_review_on,
        Subject.name.label("subject"),
        Ward.name.label("ward"),
        Agency.name.label("agency"),
        select(func.count()).where(of_case, _IS_OPEN).scalar_subquery().label("open_actions"),
        select(func.count())
        .where(of_case, _IS_OPEN, Action.due_on < day)
        .scalar_subquery()
        .label("overdue_actions"),
    )
    return db.session.execute(
        select(*columns)
        .select_from(shown)
        .join(Case, Case.id == shown.c.id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(Agency, Agency.id == Case.lead_agency_id)
        .join(Ward, Ward.id == Case.ward_id, isouter=True)
        .order_by(*order)
    ).all()
