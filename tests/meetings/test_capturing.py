"""What is captured while a meeting is open, and how the minutes tell it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from psg.actions.models import Action, ActionStatus
from psg.audit.entries import Entry
from psg.base import Refused
from psg.cases.models import Event, EventKind
from psg.extensions import db
from psg.meetings import capturing, queries, services
from psg.meetings.minutes import minutes_of
from psg.meetings.models import AgendaItem, Captured, CapturedKind, Outcome
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_place, make_case
from tests.factories.meetings import first_item, make_meeting, make_open_meeting

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def item(session: object) -> AgendaItem:
    make_case()
    return first_item(make_open_meeting())


def _capture(
    item: AgendaItem, text: str = "Move to Response", kind: CapturedKind = CapturedKind.DECISION
) -> Captured:
    return capturing.capture(item, kind=kind, text=text, by=item.meeting.chair, now=now())


def _titles(item: AgendaItem) -> list[str]:
    return list(
        db.session.scalars(
            select(Event.title).where(Event.case_id == item.case_id, Event.kind == EventKind.MEETING)
        )
    )


def test_captured_line_stands_in_the_chronology_of_its_case(item: AgendaItem) -> None:
    _capture(item)
    assert _titles(item) == [f"Decision at {item.meeting.reference}: Move to Response"]
    assert _last_entry().case == item.case.record_id
    assert "Move to Response" not in _last_entry().body.decode()


def test_long_line_is_kept_whole_and_shortened_only_in_the_chronology(item: AgendaItem) -> None:
    text = "word " * 99 + "end"
    captured = _capture(item, text)
    assert captured.text == text
    assert _titles(item)[0].endswith("…")


def test_action_raised_in_the_meeting_is_an_action_of_the_case(item: AgendaItem) -> None:
    agency = make_agency()
    captured = capturing.raise_action(
        item, title="Joint visit", agency=agency, owner=None, due_on=today(), by=item.meeting.chair, now=now()
    )
    action = db.session.scalars(select(Action)).one()
    assert (captured.action, action.case_id, action.agency_id) == (action, item.case_id, agency.id)
    assert _last_entry().obj == action.record_id


def test_line_taken_back_leaves_chronology_and_minutes_and_is_kept_in_the_record(item: AgendaItem) -> None:
    chair = item.meeting.chair
    captured = _capture(item)
    capturing.take_back(captured, by=chair, now=now())
    assert _titles(item) == []
    assert minutes_of(chair, item.meeting).heard == []
    assert db.session.get(Captured, captured.id) is not None
    with pytest.raises(Refused, match="taken back already"):
        capturing.take_back(captured, by=chair, now=now())


def test_action_taken_back_is_dropped_with_the_reason(item: AgendaItem) -> None:
    chair = item.meeting.chair
    captured = capturing.raise_action(
        item, title="Joint visit", agency=chair.agency, owner=chair, due_on=today(), by=chair, now=now()
    )
    capturing.take_back(captured, by=chair, now=now())
    assert captured.action is not None
    assert captured.action.status is ActionStatus.DROPPED
    assert captured.action.outcome == f"Taken back at {item.meeting.reference}"


def test_nobody_takes_back_the_line_of_another(item: AgendaItem) -> None:
    captured = _capture(item)
    with pytest.raises(Refused, match="Only the person who captured this"):
        capturing.take_back(captured, by=make_user(), now=now())


def test_outcome_may_be_changed_and_leaves_one_line(item: AgendaItem) -> None:
    chair = item.meeting.chair
    capturing.record_outcome(item, outcome=Outcome.KEEP, note="", by=chair, now=now())
    capturing.record_outcome(item, outcome=Outcome.REFER, note="To MARAC", by=chair, now=now())
    assert (item.outcome, item.outcome_note) == (Outcome.REFER, "To MARAC")
    assert _titles(item) == [f"{item.meeting.reference}: Refer on. To MARAC"]


def test_outcome_moves_no_stage_by_itself(item: AgendaItem) -> None:
    before = item.case.stage
    capturing.record_outcome(item, outcome=Outcome.MOVE_STAGE, note="", by=item.meeting.chair, now=now())
    capturing.record_outcome(item, outcome=Outcome.CLOSE, note="", by=item.meeting.chair, now=now())
    assert (item.case.stage, item.case.is_open) == (before, True)


@pytest.mark.parametrize("is_closed", [False, True])
def test_nothing_is_captured_before_or_after_the_meeting(is_closed: bool) -> None:
    make_case()
    meeting = make_open_meeting() if is_closed else make_meeting()
    item = first_item(meeting)
    chair = meeting.chair
    captured = _capture(item) if is_closed else None
    if is_closed:
        services.close_meeting(meeting, by=chair, now=now())
    with pytest.raises(Refused, match="captured while it is open"):
        _capture(item)
    with pytest.raises(Refused, match="captured while it is open"):
        capturing.record_outcome(item, outcome=Outcome.KEEP, note="", by=chair, now=now())
    with pytest.raises(Refused, match="captured while it is open"):
        capturing.raise_action(
            item, title="Visit", agency=chair.agency, owner=None, due_on=today(), by=chair, now=now()
        )
    if captured is not None:
        with pytest.raises(Refused, match="captured while it is open"):
            capturing.take_back(captured, by=chair, now=now())


def test_minutes_tell_decisions_first_and_people_by_initials() -> None:
    make_case()
    make_case(subject=a_place(name="Bittern Drove underpass"))
    meeting = make_open_meeting()
    chair = meeting.chair
    person, place = queries.items_of(meeting)
    _capture(person, "A note", CapturedKind.NOTE)
    _capture(person, "A decision")
    _capture(place, "About the light", CapturedKind.INFORMATION)
    capturing.raise_action(
        person, title="Visit", agency=chair.agency, owner=None, due_on=today(), by=chair, now=now()
    )
    capturing.record_outcome(place, outcome=Outcome.KEEP, note="", by=chair, now=now())
    told = minutes_of(chair, meeting)
    assert [minute.subject for minute in told.heard] == ["A.R.", "Bittern Drove underpass"]
    assert [line.text for line in told.heard[0].said] == ["A decision", "A note"]
    assert [line.title for line in told.heard[0].actions] == ["Visit"]
    assert [minute.item.place for minute in told.undecided] == [1]
    assert [line.title for line in told.nameless] == ["Visit"]


def test_minutes_cost_the_same_for_five_items_as_for_forty(queries: object) -> None:
    spent = []
    for more in (5, 35):
        for _ in range(more):
            make_case()
        meeting = make_open_meeting(at=now() - timedelta(minutes=1))
        with queries() as sent:  # type: ignore[operator]
            minutes_of(meeting.chair, meeting)
        spent.append(sent.count)
    assert spent[0] == spent[1] <= 4


def _last_entry() -> Entry:
    entry: Entry = db.session.info["audit_queue"][-1]
    return entry
