"""Reads of actions. Each starts from the cases a person may see, and none grows with the number of rows."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from psg.accounts.models import Agency, User
from psg.actions.models import Action, ActionStatus
from psg.cases.models import Case
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.subjects.models import Subject

Rows = Select[*tuple[Any, ...]]
SOON = timedelta(days=7)


class Whose(StrEnum):
    """Whose actions a list is about."""

    MINE = "mine"
    AGENCY = "agency"
    UNNAMED = "unnamed"
    EVERYONE = "everyone"

    @property
    def label(self) -> str:
        return {
            Whose.MINE: "Mine",
            Whose.AGENCY: "My agency’s",
            Whose.UNNAMED: "My agency’s, with no name",
            Whose.EVERYONE: "Everyone’s",
        }[self]


class Standing(StrEnum):
    """How an action stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    DUE_SOON = "due"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return "Due in 7 days" if self is Standing.DUE_SOON else self.value.capitalize()


_IS_OPEN = Action.status == ActionStatus.OPEN


def stands(standing: Standing, day: date) -> ColumnElement[bool]:
    return {
        Standing.OPEN: _IS_OPEN,
        Standing.OVERDUE: and_(_IS_OPEN, Action.due_on < day),
        Standing.DUE_SOON: and_(_IS_OPEN, Action.due_on >= day, Action.due_on <= day + SOON),
        Standing.DONE: Action.status == ActionStatus.DONE,
        Standing.DROPPED: Action.status == ActionStatus.DROPPED,
    }[standing]


def belongs(whose: Whose, user: User) -> ColumnElement[bool]:
    return {
        Whose.MINE: Action.owner_id == user.id,
        Whose.AGENCY: Action.agency_id == user.agency_id,
        Whose.UNNAMED: and_(Action.agency_id == user.agency_id, Action.owner_id.is_(None)),
        Whose.EVERYONE: true(),
    }[whose]


def action_rows(
    user: User,
    *,
    day: date,
    of: Case | None = None,
    whose: Whose = Whose.EVERYONE,
    standing: Standing | None = None,
) -> Rows:
    """Actions on cases this person may see: open ones first by due date, then the newest ended."""
    statement = (
        select(
            Action.id,
            Action.audit_id,
            Action.case_id,
            Action.title,
            Action.due_on,
            Action.status,
            Action.outcome,
            Action.closed_at,
            User.name.label("owner"),
            Agency.name.label("agency"),
            Subject.name.label("subject"),
        )
        .join(Case, Case.id == Action.case_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(Agency, Agency.id == Action.agency_id)
        .join(User, User.id == Action.owner_id, isouter=True)
        .where(is_visible(user), belongs(whose, user))
        .order_by(
            case((_IS_OPEN, 0), else_=1),
            case((_IS_OPEN, Action.due_on)),
            Action.closed_at.desc(),
            Action.id,
        )
    )
    if of is not None:
        statement = statement.where(Action.case_id == of.id)
    if standing is not None:
        statement = statement.where(stands(standing, day))
    return statement


def open_actions_of(user: User, day: date) -> Rows:
    """What this person has still to do, the longest overdue first."""
    return action_rows(user, day=day, whose=Whose.MINE, standing=Standing.OPEN)


def overdue_actions(user: User, day: date) -> Rows:
    """Every action past its day on the cases this person may see."""
    return action_rows(user, day=day, standing=Standing.OVERDUE)


def action_counts(day: date) -> Subquery:
    """Per case `open_actions`, `overdue_actions` and `oldest_due`; a case without an open action has no row."""
    return (
        select(
            Action.case_id,
            func.count().label("open_actions"),
            func.count(case((Action.due_on < day, 1))).label("overdue_actions"),
            func.min(Action.due_on).label("oldest_due"),
        )
        .where(_IS_OPEN)
        .group_by(Action.case_id)
        .subquery("action_counts")
    )


def counts_of_case(of: Case, day: date) -> dict[Standing, int]:
    """How many actions of a case stand in each way, in one statement."""
    columns = [func.count(case((stands(standing, day), 1))) for standing in Standing]
    row = db.session.execute(select(*columns).where(Action.case_id == of.id)).one()
    return dict(zip(Standing, row, strict=True))


def counts_for(user: User, day: date) -> dict[str, int]:
    """The counts of a person's work list, each equal to the list it opens, in one statement."""
    kinds = {
        "mine_open": (Whose.MINE, Standing.OPEN),
        "mine_overdue": (Whose.MINE, Standing.OVERDUE),
        "mine_due": (Whose.MINE, Standing.DUE_SOON),
        "agency_open": (Whose.AGENCY, Standing.OPEN),
        "agency_overdue": (Whose.AGENCY, Standing.OVERDUE),
        "unnamed": (Whose.UNNAMED, Standing.OPEN),
    }
    columns = [
        func.count(case((and_(belongs(whose, user), stands(standing, day)), 1))).label(name)
        for name, (whose, standing) in kinds.items()
    ]
    statement = (
        select(*columns)
        .select_from(Action)
        .join(Case, Case.id == Action.case_id)
        .where(is_visible(user), or_(belongs(Whose.MINE, user), belongs(Whose.AGENCY, user)))
    )
    return dict(db.session.execute(statement).one()._mapping)


def action_of(of: Case, number: int) -> Action:
    """One action of this case; `NotFound` where it belongs to another."""
    action = db.session.scalars(
        select(Action)
        .where(Action.case_id == of.id, Action.id == number)
        .options(joinedload(Action.owner), joinedload(Action.agency, innerjoin=True))
    ).one_or_none()
    if action is None:
        raise NotFound
    return action
