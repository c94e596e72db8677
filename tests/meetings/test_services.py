"""Calling a meeting, its running order, attendance and end."""

from datetime import time, timedelta

import pytest

from psg.accounts.models import Role, User
from psg.audit.entries import Entry
from psg.base import Refused
from psg.cases.models import PartyRole
from psg.cases.services import close_case
from psg.extensions import db
from psg.meetings import capturing, facts, queries, services
from psg.meetings.models import AgendaItem, AgendaReason, Meeting, MeetingStatus, Outcome, Presence
from psg.meetings.quorum import quorum_of
from psg.scoring.models import MatrixKind
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action, make_overdue_action
from tests.factories.cases import make_case
from tests.factories.meetings import (
    first_item,
    make_chair,
    make_meeting,
    make_open_meeting,
    make_past_meeting,
)
from tests.factories.scoring import enter_matrices, make_party, make_score

pytestmark = pytest.mark.usefixtures("session")


def test_running_order_holds_every_open_case_with_its_reason() -> None:
    quiet, late, closed = make_case(), make_case(), make_case()
    make_overdue_action(late, days=3)
    close_case(closed, code="deceased", reason="Died", by=closed.lead, now=now())
    meeting = make_meeting()
    items = queries.items_of(meeting)
    assert [(item.sequence, item.case_id, item.reason) for item in items] == [
        (1, late.id, AgendaReason.OVERDUE_ACTIONS),
        (2, quiet.id, AgendaReason.NO_CHANGE),
    ]
    assert items[0].words == "1 action overdue by 3 days"


def test_score_that_rose_since_the_last_meeting_is_heard_early() -> None:
    enter_matrices()
    case, other = make_case(), make_case()
    for scored, later in ((case, "3 2 2 2 1 1 2 2 2 2"), (other, "1 1 1 1 1 1 1 1 1 1")):
        party = make_party(scored, PartyRole.VICTIM)
        make_score(party, MatrixKind.VICTIM, "1 1 1 1 1 1 1 1 1 1", at=now() - timedelta(days=60))
        if scored is case:
            make_past_meeting(days=28)
        make_score(party, MatrixKind.VICTIM, later, at=now() - timedelta(days=3))
    known = {row.case_id: row for row in facts.agenda_facts(make_chair(), make_meeting(), as_at=today())}
    assert known[case.id].score_rise > 0
    assert known[other.id].score_rise == 0


def test_case_without_an_outcome_comes_back() -> None:
    decided, deferred, missed = (make_case(now=now() - timedelta(days=40)) for _ in range(3))
    chair = make_chair()
    before = make_open_meeting(by=chair, at=now() - timedelta(days=28))
    items = {item.case_id: item for item in queries.items_of(before)}
    for case, outcome in ((decided, Outcome.KEEP), (deferred, Outcome.DEFER)):
        capturing.record_outcome(
            items[case.id], outcome=outcome, note="", by=chair, now=now() - timedelta(days=28)
        )
    services.close_meeting(before, by=chair, now=now() - timedelta(days=28))
    words = {item.case_id: item.words for item in queries.items_of(make_meeting())}
    assert words[decided.id] == "No change since the last meeting"
    assert words[deferred.id] == words[missed.id] == "Not decided at the last meeting"


def test_overseer_who_calls_no_meeting_would_find_no_case() -> None:
    make_case()
    auditor = make_user(role=Role.AUDITOR)
    assert facts.agenda_facts(auditor, make_meeting(), as_at=today()) == []
    assert queries.agenda_rows(auditor, make_meeting()) == []


def test_case_moves_up_and_down_and_no_further() -> None:
    first, second = make_case(), make_case()
    chair = make_chair()
    meeting = make_meeting(by=chair)
    services.move_item(_nth(chair, meeting, 2), up=True, by=chair, now=now())
    assert [item.case_id for item in queries.items_of(meeting)] == [second.id, first.id]
    with pytest.raises(Refused, match="already at the top"):
        services.move_item(_nth(chair, meeting, 1), up=True, by=chair, now=now())
    with pytest.raises(Refused, match="already at the end"):
        services.move_item(_nth(chair, meeting, 2), up=False, by=chair, now=now())


def test_case_taken_off_comes_back_when_the_order_is_built_again() -> None:
    for _ in range(3):
        make_case()
    chair = make_chair()
    meeting = make_meeting(by=chair)
    services.remove_item(_nth(chair, meeting, 2), by=chair, now=now())
    assert [item.sequence for item in queries.items_of(meeting)] == [1, 2]
    services.rebuild_agenda(meeting, by=chair, now=now())
    assert [item.sequence for item in queries.items_of(meeting)] == [1, 2, 3]


def test_running_order_stands_once_the_meeting_is_open() -> None:
    make_case()
    make_case()
    chair = make_chair()
    meeting = make_open_meeting(by=chair)
    for change in (
        lambda: services.rebuild_agenda(meeting, by=chair, now=now()),
        lambda: services.move_item(first_item(meeting), up=False, by=chair, now=now()),
        lambda: services.remove_item(first_item(meeting), by=chair, now=now()),
        lambda: services.open_meeting(meeting, by=chair, now=now()),
    ):
        with pytest.raises(Refused, match="This meeting is open"):
            change()


def test_meeting_without_a_case_is_not_opened() -> None:
    meeting = make_meeting()
    with pytest.raises(Refused, match="no case in the running order"):
        services.open_meeting(meeting, by=meeting.chair, now=now())


def test_meeting_is_closed_once_with_what_was_undecided() -> None:
    make_case()
    meeting = make_open_meeting()
    services.close_meeting(meeting, by=meeting.chair, now=now())
    assert meeting.status is MeetingStatus.CLOSED
    assert '"undecided":1' in _last_entry().body.decode()
    with pytest.raises(Refused, match="only an open meeting is closed"):
        services.close_meeting(meeting, by=meeting.chair, now=now())


@pytest.mark.parametrize("days", [-1, -400])
def test_meeting_is_not_called_for_a_day_gone_by(days: int) -> None:
    with pytest.raises(Refused, match="today or later"):
        make_meeting(held_on=today() + timedelta(days=days))


def test_only_who_may_run_meetings_chairs_one() -> None:
    officer = make_user()
    with pytest.raises(Refused, match="may not run meetings"):
        services.create_meeting(
            held_on=today(), starts_at=time(14), place="Here", chair=officer, by=make_chair(), now=now()
        )


def test_attendance_is_noted_changed_and_taken_back() -> None:
    chair, officer = make_chair(), make_user()
    meeting = make_meeting(by=chair)
    services.take_attendance(
        meeting, people={chair: Presence.PRESENT, officer: Presence.REMOTE}, by=chair, now=now()
    )
    services.add_guest(
        meeting,
        name="Dr P. Reedling",
        agency=make_agency(),
        presence=Presence.SUBSTITUTE,
        by=chair,
        now=now(),
    )
    guest = next(row for row in queries.attendance_of(meeting) if row.user is None)
    services.take_attendance(
        meeting,
        people={chair: Presence.PRESENT, officer: None},
        guests={guest.id: Presence.APOLOGIES},
        by=chair,
        now=now(),
    )
    noted = {row.who: row.status for row in queries.attendance_of(meeting)}
    assert noted == {chair.name: Presence.PRESENT, "Dr P. Reedling": Presence.APOLOGIES}


def test_attendance_of_a_closed_meeting_stands() -> None:
    make_case()
    meeting = make_open_meeting()
    services.close_meeting(meeting, by=meeting.chair, now=now())
    with pytest.raises(Refused, match="its attendance stands"):
        services.take_attendance(meeting, people={}, by=meeting.chair, now=now())


def test_quorum_asks_for_the_chair_and_three_agencies() -> None:
    chair = make_chair()
    meeting = make_meeting(by=chair)
    officers = [make_user(), make_user()]
    assert quorum_of([]).words == "No quorum yet: needs a chair and 3 agencies (now 0)"
    services.take_attendance(meeting, people=dict.fromkeys(officers, Presence.PRESENT), by=chair, now=now())
    assert not quorum_of(queries.attendance_of(meeting)).is_met
    services.take_attendance(meeting, people={chair: Presence.REMOTE}, by=chair, now=now())
    assert quorum_of(queries.attendance_of(meeting)).words == "Quorum: 3 agencies and the chair"
    services.take_attendance(meeting, people={officers[0]: Presence.ABSENT}, by=chair, now=now())
    assert quorum_of(queries.attendance_of(meeting)).words == "No quorum yet: needs 3 agencies (now 2)"


def test_next_meeting_is_the_one_under_way_or_the_nearest_planned() -> None:
    make_case()
    make_meeting(held_on=today() + timedelta(days=28))
    nearest = make_meeting(held_on=today() + timedelta(days=2))
    assert queries.next_meeting(today()) == nearest
    running = make_open_meeting()
    assert queries.next_meeting(today()) == running
    make_past_meeting()
    assert queries.next_meeting(today()) == running


def test_building_the_order_costs_the_same_for_five_cases_as_for_forty(queries: object) -> None:
    spent = []
    chair = make_chair()
    for more in (5, 35):
        for _ in range(more):
            make_action(make_case(by=chair), by=chair)
        meeting = make_meeting(by=chair)
        with queries() as sent:  # type: ignore[operator]
            facts.agenda_facts(chair, meeting, as_at=today())
        spent.append(sent.count)
    assert spent[0] == spent[1] <= 7


def _nth(user: User, meeting: Meeting, place: int) -> AgendaItem:
    return queries.item_of(user, meeting, queries.items_of(meeting)[place - 1].case_id)


def _last_entry() -> Entry:
    entry: Entry = db.session.info["audit_queue"][-1]
    return entry
