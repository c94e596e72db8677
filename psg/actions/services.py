"""What people do with actions. Each service flushes and queues its entry in the record; none commits."""

from datetime import date, datetime, timedelta

from psg.accounts.models import Agency, User
from psg.actions.models import Action, ActionStatus
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases.membership import take_part
from psg.cases.models import Case, EventKind
from psg.cases.services import add_event
from psg.extensions import db
from psg.web.dates import london, short_day

FURTHEST = timedelta(days=2 * 365)


def add_action(
    case: Case,
    *,
    title: str,
    agency: Agency,
    owner: User | None = None,
    due_on: date,
    by: User,
    now: datetime,
) -> Action:
    """Agree that an agency, and where known a person of it, does something by a day."""
    _check_case(case)
    _check_due(due_on, now)
    _check_owner(case, agency, owner, by, now)
    action = Action(
        case=case,
        title=title,
        agency=agency,
        owner=owner,
        due_on=due_on,
        status=ActionStatus.OPEN,
        raised_by=by,
        created_at=now,
    )
    db.session.add(action)
    db.session.flush()
    add_event(case, kind=EventKind.ACTION, title=f"Action for {agency.name}: {title}", by=by, now=now)
    audit.record(
        Operation.COLLECTION, "action.add", by=by, case=case, obj=action, at=now, given_to=agency.record_id
    )
    return action


def edit_action(
    action: Action, *, title: str, agency: Agency, owner: User | None, due_on: date, by: User, now: datetime
) -> None:
    """Change what is to be done, by whom or by when. What has ended is reopened first."""
    _check_case(action.case)
    _check_open(action)
    if due_on != action.due_on:
        _check_due(due_on, now)
    _check_owner(action.case, agency, owner, by, now)
    before = _described(action)
    moved_from = action.due_on
    action.title, action.agency, action.owner, action.due_on = title, agency, owner, due_on
    db.session.flush()
    moved = f", due {short_day(due_on)} instead of {short_day(moved_from)}" if due_on != moved_from else ""
    add_event(action.case, kind=EventKind.ACTION, title=f"Action changed{moved}: {title}", by=by, now=now)
    changed = audit.changes(before, _described(action))
    audit.record(Operation.ALTERATION, "action.edit", by=by, case=action.case, obj=action, at=now, **changed)


def complete_action(action: Action, *, outcome: str, by: User, now: datetime) -> None:
    """Say that it was done and what came of it."""
    _end(action, ActionStatus.DONE, outcome, by, now)


def drop_action(action: Action, *, reason: str, by: User, now: datetime) -> None:
    """Give it up, with the reason: an action that will not happen must not stay overdue for ever."""
    _end(action, ActionStatus.DROPPED, reason, by, now)


def reopen_action(action: Action, *, by: User, now: datetime) -> None:
    """Take up again what was ended by mistake or too early. What was said of it stays in the chronology."""
    if action.is_open:
        raise Refused("This action is open already")
    _check_case(action.case)
    action.status, action.closed_at = ActionStatus.OPEN, None
    db.session.flush()
    add_event(action.case, kind=EventKind.ACTION, title=f"Action reopened: {action.title}", by=by, now=now)
    audit.record(Operation.ALTERATION, "action.reopen", by=by, case=action.case, obj=action, at=now)


def _end(action: Action, status: ActionStatus, words: str, by: User, now: datetime) -> None:
    _check_open(action)
    if not words.strip():
        raise Refused("Say what came of it", field="outcome")
    action.status, action.outcome, action.closed_at = status, words, now
    db.session.flush()
    title = f"Action {status.value}: {action.title}. {words}"
    add_event(action.case, kind=EventKind.ACTION, title=title, by=by, now=now)
    audit.record(Operation.ALTERATION, f"action.{status.value}", by=by, case=action.case, obj=action, at=now)


def _check_open(action: Action) -> None:
    if not action.is_open:
        raise Refused(f"This action is {action.status.value} already: reopen it first")


def _check_case(case: Case) -> None:
    if not case.is_open:
        raise Refused("This case is closed: reopen it before you change what is to be done")


def _check_due(due_on: date, now: datetime) -> None:
    day = london(now).date()
    if due_on < day:
        raise Refused("The due date must be today or later", field="due_on")
    if due_on > day + FURTHEST:
        raise Refused("The due date must be within two years: check the year", field="due_on")


def _check_owner(case: Case, agency: Agency, owner: User | None, by: User, now: datetime) -> None:
    if agency.is_oversight:
        raise Refused(
            f"{agency.name} oversees the work and takes no actions: choose another agency", field="doer"
        )
    if owner is not None and owner.agency_id != agency.id:
        raise Refused(f"{owner.name} does not work for {agency.name}: choose again", field="doer")
    if owner is not None:
        take_part(case, owner, by=by, now=now)


def _described(action: Action) -> dict[str, object]:
    return {
        "title": action.title,
        "owner": action.owner_id,
        "agency": action.agency_id,
        "due_on": action.due_on.isoformat(),
    }
