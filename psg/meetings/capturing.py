"""What is captured while a meeting is open. The minutes are these lines and nothing else."""

from datetime import date, datetime

from psg.accounts.models import Agency, User
from psg.actions.services import add_action, drop_action
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases.models import EventKind
from psg.cases.services import add_event
from psg.extensions import db
from psg.meetings.models import AgendaItem, Captured, CapturedKind, Meeting, Outcome

LONGEST = 500


def capture(item: AgendaItem, *, kind: CapturedKind, text: str, by: User, now: datetime) -> Captured:
    """Keep one line about a case: a decision, a piece of information or a note. The chronology shows it too."""
    _check_open(item.meeting)
    if kind is CapturedKind.ACTION:
        raise ValueError("an action is raised with its owner and its day")
    if not text.strip():
        raise Refused("Type what was said or decided", field="text")
    title = f"{kind.label} at {item.meeting.reference}: {text}"
    event = add_event(
        item.case,
        kind=EventKind.MEETING,
        title=title,
        by=by,
        now=now,
        milestone=kind is CapturedKind.DECISION,
    )
    captured = _keep(item, kind, text, by, now)
    captured.event = event
    db.session.flush()
    audit.record(
        Operation.COLLECTION, "meeting.capture", by=by, case=item.case, obj=captured, at=now, kind=kind.value
    )
    return captured


def raise_action(
    item: AgendaItem, *, title: str, agency: Agency, owner: User | None, due_on: date, by: User, now: datetime
) -> Captured:
    """Agree an action in the meeting. Its own entry in the record and line of the chronology speak for it."""
    _check_open(item.meeting)
    action = add_action(item.case, title=title, agency=agency, owner=owner, due_on=due_on, by=by, now=now)
    captured = _keep(item, CapturedKind.ACTION, "", by, now)
    captured.action = action
    db.session.flush()
    return captured


def take_back(captured: Captured, *, by: User, now: datetime) -> None:
    """Its author may take back a line while the meeting is open. An action is dropped, which says so itself."""
    _check_open(captured.item.meeting)
    if captured.author_id != by.id:
        raise Refused("Only the person who captured this may take it back")
    if captured.undone_at is not None:
        raise Refused("This was taken back already")
    captured.undone_at = now
    event, captured.event = captured.event, None
    db.session.flush()
    if event is not None:
        db.session.delete(event)
    if captured.action is not None and captured.action.is_open:
        reason = f"Taken back at {captured.item.meeting.reference}"
        drop_action(captured.action, reason=reason, by=by, now=now)
    else:
        audit.record(
            Operation.ALTERATION, "meeting.take_back", by=by, case=captured.item.case, obj=captured, at=now
        )


def record_outcome(item: AgendaItem, *, outcome: Outcome, note: str, by: User, now: datetime) -> None:
    """What the meeting decided about the case. It may be changed until the meeting closes.

    The decision is minuted here; moving a stage or closing a case is done on the case's own page,
    where the gate stands.
    """
    _check_open(item.meeting)
    title = f"{item.meeting.reference}: {outcome.label}{'. ' if note else ''}{note}"[:300]
    if item.event is None:
        item.event = add_event(item.case, kind=EventKind.MEETING, title=title, by=by, now=now, milestone=True)
    else:
        item.event.title, item.event.actor_id, item.event.happened_at = title, by.id, now
    item.outcome, item.outcome_note, item.outcome_by_id = outcome, note, by.id
    item.started_at, item.ended_at = item.started_at or now, now
    db.session.flush()
    audit.record(
        Operation.ALTERATION,
        "meeting.outcome",
        by=by,
        case=item.case,
        obj=item,
        at=now,
        outcome=outcome.value,
    )


def _keep(item: AgendaItem, kind: CapturedKind, text: str, by: User, now: datetime) -> Captured:
    item.started_at = item.started_at or now
    captured = Captured(item=item, kind=kind, text=text, author=by, captured_at=now)
    db.session.add(captured)
    return captured


def _check_open(meeting: Meeting) -> None:
    if not meeting.is_open:
        raise Refused(f"This meeting is {meeting.status.value}: things are captured while it is open")
