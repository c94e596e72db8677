"""Arranging a meeting. What happens in one is the business of `capturing`. Each service flushes, none commits."""

from collections.abc import Mapping
from datetime import date, datetime, time

from psg.accounts.models import Agency, User
from psg.accounts.permissions import PERMITS, Permission
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.meetings import facts, queries
from psg.meetings.agenda import propose
from psg.meetings.models import AgendaItem, Attendance, Meeting, MeetingStatus, Presence
from psg.web.dates import london


def create_meeting(
    *, held_on: date, starts_at: time, place: str, chair: User, by: User, now: datetime
) -> Meeting:
    """Call a meeting. Its running order is proposed at once from the open cases that `by` may see."""
    _check_day(held_on, now)
    _check_chair(chair)
    meeting = Meeting(
        held_on=held_on,
        starts_at=starts_at,
        place=place,
        chair=chair,
        status=MeetingStatus.PLANNED,
        created_at=now,
    )
    db.session.add(meeting)
    db.session.flush()
    cases = _propose(meeting, by, now)
    audit.record(Operation.COLLECTION, "meeting.create", by=by, obj=meeting, at=now, items=cases)
    return meeting


def edit_meeting(
    meeting: Meeting, *, held_on: date, starts_at: time, place: str, chair: User, by: User, now: datetime
) -> None:
    """Move a planned meeting, or change who chairs it."""
    _check_planned(meeting)
    if held_on != meeting.held_on:
        _check_day(held_on, now)
    _check_chair(chair)
    before = _described(meeting)
    meeting.held_on, meeting.starts_at, meeting.place, meeting.chair = held_on, starts_at, place, chair
    db.session.flush()
    changed = audit.changes(before, _described(meeting))
    audit.record(Operation.ALTERATION, "meeting.edit", by=by, obj=meeting, at=now, **changed)


def rebuild_agenda(meeting: Meeting, *, by: User, now: datetime) -> None:
    """Propose the running order anew. What was moved or taken off by hand is forgotten.

    A case that `by` does not see stays on, after those: it is not theirs to take off.
    """
    _check_planned(meeting)
    seen = {row.id for row in queries.agenda_rows(by, meeting)}
    unseen = [item for item in queries.items_of(meeting) if item.id not in seen]
    for item in queries.items_of(meeting):
        if item.id in seen:
            db.session.delete(item)
    db.session.flush()
    cases = _propose(meeting, by, now)
    for place, item in enumerate(unseen, start=cases + 1):
        item.sequence = place
    db.session.flush()
    audit.record(Operation.ALTERATION, "agenda.rebuild", by=by, obj=meeting, at=now, items=cases)


def move_item(item: AgendaItem, *, up: bool, by: User, now: datetime) -> None:
    """Change places with the item before or after, of those that `by` sees. At either end nothing moves."""
    _check_planned(item.meeting)
    neighbour = queries.neighbour_of(by, item, up=up)
    if neighbour is None:
        raise Refused("This case is already at the top" if up else "This case is already at the end")
    item.sequence, neighbour.sequence = neighbour.sequence, item.sequence
    db.session.flush()
    audit.record(
        Operation.ALTERATION, "agenda.move", by=by, case=item.case, obj=item, at=now, to=item.sequence
    )


def remove_item(item: AgendaItem, *, by: User, now: datetime) -> None:
    """Take a case off this agenda; proposing the order anew brings it back."""
    _check_planned(item.meeting)
    for later in queries.items_of(item.meeting):
        if later.sequence > item.sequence:
            later.sequence -= 1
    db.session.delete(item)
    db.session.flush()
    audit.record(Operation.ALTERATION, "agenda.remove", by=by, case=item.case, obj=item, at=now)


def open_meeting(meeting: Meeting, *, by: User, now: datetime) -> None:
    """Begin. From now on the running order stands and things may be captured."""
    _check_planned(meeting)
    if not queries.agenda_rows(by, meeting):
        raise Refused("There is no case in the running order: build it again first")
    meeting.status, meeting.opened_at = MeetingStatus.OPEN, now
    db.session.flush()
    audit.record(Operation.ALTERATION, "meeting.open", by=by, obj=meeting, at=now)


def close_meeting(meeting: Meeting, *, by: User, now: datetime) -> None:
    """End the meeting. What has no outcome stays so, and stands first among what the next one must hear."""
    if not meeting.is_open:
        raise Refused(f"This meeting is {meeting.status.value}: only an open meeting is closed")
    meeting.status, meeting.closed_at = MeetingStatus.CLOSED, now
    db.session.flush()
    undecided = sum(item.outcome is None for item in queries.items_of(meeting))
    audit.record(Operation.ALTERATION, "meeting.close", by=by, obj=meeting, at=now, undecided=undecided)


def take_attendance(
    meeting: Meeting,
    *,
    people: Mapping[User, Presence | None],
    guests: Mapping[int, Presence | None] | None = None,
    by: User,
    now: datetime,
) -> None:
    """Note how each of these people, and each guest by the number of their row, took part; None takes it back."""
    if meeting.is_closed:
        raise Refused("This meeting is closed: its attendance stands")
    rows = queries.attendance_of(meeting)
    by_person = {row.user_id: row for row in rows if row.user_id}
    for person, presence in people.items():
        _note(meeting, by_person.get(person.id), person, presence)
    for row in rows:
        if row.user_id is None and guests is not None and row.id in guests:
            _note(meeting, row, None, guests[row.id])
    _attendance_taken(meeting, by, now)


def add_guest(
    meeting: Meeting, *, name: str, agency: Agency, presence: Presence, by: User, now: datetime
) -> None:
    """Note somebody without an account, such as a substitute, for the agency they speak for."""
    if meeting.is_closed:
        raise Refused("This meeting is closed: its attendance stands")
    db.session.add(Attendance(meeting_id=meeting.id, name=name, agency=agency, status=presence))
    _attendance_taken(meeting, by, now)


def _note(meeting: Meeting, row: Attendance | None, person: User | None, presence: Presence | None) -> None:
    if row is not None and presence is None:
        db.session.delete(row)
    elif row is not None and presence is not None:
        row.status = presence
    elif person is not None and presence is not None:
        db.session.add(Attendance(meeting_id=meeting.id, user=person, agency=person.agency, status=presence))


def _attendance_taken(meeting: Meeting, by: User, now: datetime) -> None:
    """The time moves the meeting's version, so that two people at one list meet each other's answers."""
    meeting.attendance_at = now
    db.session.flush()
    audit.record(Operation.ALTERATION, "meeting.attendance", by=by, obj=meeting, at=now)


def _propose(meeting: Meeting, by: User, now: datetime) -> int:
    as_at = london(now).date()
    proposals = propose(facts.agenda_facts(by, meeting, as_at=as_at), as_at=as_at, held_on=meeting.held_on)
    db.session.add_all(
        AgendaItem(
            meeting_id=meeting.id,
            case_id=proposal.case_id,
            sequence=place,
            reason=proposal.reason,
            words=proposal.words,
        )
        for place, proposal in enumerate(proposals, start=1)
    )
    db.session.flush()
    return len(proposals)


def _check_day(held_on: date, now: datetime) -> None:
    if held_on < london(now).date():
        raise Refused("The date of the meeting must be today or later", field="held_on")


def _check_chair(chair: User) -> None:
    if Permission.RUN_MEETINGS not in PERMITS[chair.role]:
        raise Refused(f"{chair.name} may not run meetings: choose a chair or coordinator", field="chair")


def _check_planned(meeting: Meeting) -> None:
    if not meeting.is_planned:
        raise Refused(f"This meeting is {meeting.status.value}: its running order stands")


def _described(meeting: Meeting) -> dict[str, object]:
    return {
        "held_on": meeting.held_on.isoformat(),
        "starts_at": meeting.starts_at.isoformat("minutes"),
        "place": meeting.place,
        "chair": meeting.chair_id,
    }
