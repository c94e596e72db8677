"""The pages of a meeting, without JavaScript and as htmx asks for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from psg.accounts.models import Role, User
from psg.actions.models import Action
from psg.audit.queries import RecordedEntry, latest
from psg.cases.models import Case
from psg.extensions import db
from psg.meetings import queries as meetings
from psg.meetings import services
from psg.meetings.forms import read_time
from psg.meetings.models import Captured, CapturedKind, Meeting, Outcome, Presence
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action
from tests.factories.cases import make_case
from tests.factories.meetings import first_item, make_chair, make_meeting, make_open_meeting

SignIn = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def chair(session: object) -> User:
    return make_chair()


@pytest.fixture
def cases(chair: User) -> list[Case]:
    return [make_case(by=chair) for _ in range(3)]


@pytest.fixture
def meeting(chair: User, cases: list[Case]) -> Meeting:
    return make_open_meeting(by=chair)


def _nth(meeting: Meeting, place: int) -> int:
    """The number of the case that stands at this place, by which addresses name it."""
    return meetings.items_of(meeting)[place - 1].case_id


def _run(meeting: Meeting, place: int = 1) -> str:
    return f"/meetings/{meeting.reference}/run?item={_nth(meeting, place)}"


def _to(meeting: Meeting, what: str, place: int = 1) -> str:
    return f"/meetings/{meeting.reference}/items/{_nth(meeting, place)}/{what}"


def _call(**changes: str) -> dict[str, str]:
    day = today() + timedelta(days=7)
    typed = {"held_on-day": str(day.day), "held_on-month": str(day.month), "held_on-year": str(day.year)}
    return {**typed, "starts_at": "14:00", "place": "Council chamber", **changes}


def test_chair_calls_a_meeting_and_finds_its_running_order(
    sign_in: SignIn, chair: User, cases: list[Case]
) -> None:
    browser = sign_in(chair)
    answer = browser.send("/meetings/new", _call(chair=str(chair.id), starts_at="2.30pm"))
    assert answer.status_code == 303
    page = browser.get(answer.location).get_data(as_text=True)
    assert "at 14:30" in page
    assert all(case.reference in page for case in cases)
    assert "Council chamber" in browser.get("/meetings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place": ""}, "Enter where the meeting is held"),
        ({"place": "x" * 121}, "must be 120 characters or fewer"),
        ({"starts_at": ""}, "Enter the time the meeting starts"),
        ({"starts_at": "soon"}, "Enter the start time as hours and minutes"),
        ({"starts_at": "25:00"}, "Enter the start time as hours and minutes"),
        ({"held_on-day": "32"}, "Date must be a real date"),
        ({"held_on-year": "2001"}, "The date of the meeting must be today or later"),
        ({"held_on-day": "", "held_on-month": "", "held_on-year": ""}, "Enter the date of the meeting"),
        ({"chair": "999999"}, "Choose who chairs the meeting"),
        ({"chair": ""}, "Choose who chairs the meeting"),
        ({"csrf_token": "stale"}, "This page was open for too long"),
    ],
)
def test_bad_call_is_refused_in_words_with_all_that_was_typed(
    sign_in: SignIn, chair: User, changes: dict[str, str], sentence: str
) -> None:
    typed = _call(**{"chair": str(chair.id), **changes})
    answer = sign_in(chair).send("/meetings/new", typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{typed["starts_at"]}"' in page
    assert db.session.scalars(select(Meeting)).all() == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14:00", "14:00"),
        ("9.05", "09:05"),
        ("1400", "14:00"),
        ("2pm", "14:00"),
        ("12 am", "00:00"),
        ("12:15pm", "12:15"),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, read: str) -> None:
    moment = read_time(typed)
    assert moment is not None
    assert f"{moment:%H:%M}" == read


@pytest.mark.parametrize("typed", ["", "24:00", "14:60", "13pm", "0pm", "noon", "1:2:3", "٣:٠٠", "-1"])
def test_what_is_no_time_is_not_read_as_one(typed: str) -> None:
    assert read_time(typed) is None


def test_two_people_moving_a_meeting_meet_both_texts(sign_in: SignIn, chair: User) -> None:
    page = f"/meetings/{make_meeting(by=chair).reference}/edit"
    mine, theirs = sign_in(chair), sign_in(make_chair())
    opened = mine.hidden_fields(page)
    assert theirs.send(page, _call(place="Room 2", chair=str(chair.id))).status_code == 303
    answer = mine.post(page, data={**opened, **_call(place="Room 3", chair=str(chair.id))})
    assert answer.status_code == 409
    assert "Room 2" in answer.get_data(as_text=True)
    assert "Room 3" in answer.get_data(as_text=True)


def test_running_order_is_changed_by_buttons(sign_in: SignIn, chair: User, cases: list[Case]) -> None:
    meeting = make_meeting(by=chair)
    browser = sign_in(chair)
    page = f"/meetings/{meeting.reference}"
    order = [item.case_id for item in meetings.items_of(meeting)]
    assert "change" not in browser.hidden_fields(page, f"{page}/agenda")  # the button alone says which
    answer = browser.send(f"{page}/agenda", {"change": f"down-{order[0]}"}, page=page)
    assert (answer.status_code, answer.location) == (303, f"{page}#item-{order[0]}")
    db.session.expire_all()
    assert [item.case_id for item in meetings.items_of(meeting)] == [order[1], order[0], order[2]]
    browser.send(f"{page}/agenda", {"change": f"off-{order[2]}"}, page=page)
    assert len(meetings.items_of(meeting)) == 2
    browser.send(f"{page}/agenda", {"change": "build-0"}, page=page)
    db.session.expire_all()
    assert [item.case_id for item in meetings.items_of(meeting)] == order


@pytest.mark.parametrize(
    ("verb", "place", "status"),
    [("up-", 1, 422), ("down-", 3, 422), ("up-9", 1, 404), ("sideways-", 1, 422), ("", 0, 422)],
)
def test_change_that_cannot_be_made_changes_nothing(
    sign_in: SignIn, chair: User, cases: list[Case], verb: str, place: int, status: int
) -> None:
    meeting = make_meeting(by=chair)
    page = f"/meetings/{meeting.reference}"
    order = [item.case_id for item in meetings.items_of(meeting)]
    change = f"{verb}{order[place - 1]}" if verb else ""
    for headers in ({}, HTMX):
        answer = sign_in(chair).send(f"{page}/agenda", {"change": change}, page=page, headers=headers)
        assert answer.status_code == status
        assert status == 404 or "There is a problem" in answer.get_data(as_text=True)
    db.session.expire_all()
    assert [item.case_id for item in meetings.items_of(meeting)] == order


def test_htmx_moves_a_case_in_place_and_keeps_the_button(
    sign_in: SignIn, chair: User, cases: list[Case]
) -> None:
    meeting = make_meeting(by=chair)
    page, first = f"/meetings/{meeting.reference}", _nth(meeting, 1)
    browser = sign_in(chair)
    answer = browser.send(f"{page}/agenda", {"change": f"down-{first}"}, page=page, headers=HTMX)
    part = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<html" not in part
    assert f'value="down-{first}" title="Move down" data-focus' in part
    assert "is now number 2" in part


def test_meeting_is_opened_from_its_page(sign_in: SignIn, chair: User, cases: list[Case]) -> None:
    meeting = make_meeting(by=chair)
    page = f"/meetings/{meeting.reference}"
    browser = sign_in(chair)
    late = browser.hidden_fields(page, f"{page}/open")
    answer = browser.send(f"{page}/open", page=page)
    assert (answer.status_code, answer.location) == (303, f"{page}/run")
    again = browser.post(f"{page}/open", data=late)
    assert again.status_code == 422
    assert "This meeting is open" in again.get_data(as_text=True)


def test_each_step_shows_its_case_and_leaves_one_entry(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    for item in meetings.items_of(meeting):
        before = len(_entries())
        page = browser.get(_run(meeting, item.sequence)).get_data(as_text=True)
        assert f"Item {item.sequence} of 3" in page
        entries = _entries()[before:]
        assert [(entry.op, entry.case, entry.obj) for entry in entries] == [
            ("consultation", item.case.record_id, item.record_id)
        ]


def test_walk_goes_on_at_the_first_case_without_an_outcome(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    browser.send(_to(meeting, "outcome"), {"outcome": "keep"}, page=_run(meeting))
    assert "Item 2 of 3" in browser.get(f"/meetings/{meeting.reference}/run").get_data(as_text=True)


def test_steps_are_links_that_keys_and_htmx_can_follow(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    page = sign_in(chair).get(_run(meeting, 2)).get_data(as_text=True)
    for place, key in ((1, "data-key-prev"), (3, "data-key-next")):
        at = _run(meeting, place)
        assert (
            f'href="{at}" hx-get="{at}" hx-target="#console" hx-swap="innerHTML" hx-push-url="true" {key}'
            in page
        )


@pytest.mark.parametrize("item", ["0", "99", "-1", "x", "1e3", "%00", "99999999999"])
def test_item_that_is_not_there_is_not_found(
    sign_in: SignIn, meeting: Meeting, chair: User, item: str
) -> None:
    assert sign_in(chair).get(f"/meetings/{meeting.reference}/run?item={item}").status_code == 404


@pytest.mark.parametrize("reference", ["M-9999", "9999", "PSG-0001", "M-", "x", "0"])
def test_meeting_that_is_not_there_is_not_found(sign_in: SignIn, chair: User, reference: str) -> None:
    browser = sign_in(chair)
    for path in ("", "/run", "/minutes", "/edit", "/attendance", "/close"):
        assert browser.get(f"/meetings/{reference}{path}").status_code == 404


def test_meeting_is_found_by_its_bare_number_too(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    assert sign_in(chair).get(f"/meetings/{meeting.id}").status_code == 200


def test_line_is_captured_and_stands_in_console_and_minutes(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    answer = browser.send(
        _to(meeting, "capture"), {"kind": "decision", "text": "Two agencies agree"}, page=_run(meeting)
    )
    assert (answer.status_code, answer.location) == (303, f"{_run(meeting)}#captured")
    assert "Two agencies agree" in browser.get(answer.location).get_data(as_text=True)
    assert "Two agencies agree" in browser.get(f"/meetings/{meeting.reference}/minutes").get_data(
        as_text=True
    )


def test_action_is_captured_with_owner_and_day(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    due = today() + timedelta(days=9)
    typed = {
        "kind": "action",
        "text": "Joint visit",
        "doer": f"user-{chair.id}",
        "due_on-day": str(due.day),
        "due_on-month": str(due.month),
        "due_on-year": str(due.year),
    }
    browser = sign_in(chair)
    assert browser.send(_to(meeting, "capture"), typed, page=_run(meeting)).status_code == 303
    action = db.session.scalars(select(Action)).one()
    assert (action.title, action.owner_id, action.due_on) == ("Joint visit", chair.id, due)
    assert "Joint visit" in browser.get(f"/cases/{action.case.reference}/actions").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "Type what was said or decided"),
        ({"text": "x" * 501}, "must be 500 characters or fewer; you have 501"),
        ({"text": "a\x00b"}, "has a character that cannot be stored"),
        ({"kind": "rumour"}, "Choose what kind of line it is"),
        ({"kind": "action"}, "Choose the agency or person who will do it"),
        ({"kind": "action", "doer": "user-999999"}, "Choose who will do it from the list"),
        ({"kind": "action", "text": "x" * 201}, "An action must be 200 characters or fewer; you have 201"),
        (
            {"kind": "action", "due_on-day": "31", "due_on-month": "2", "due_on-year": "2027"},
            "must be a real date",
        ),
        ({"kind": "action", "due_on-year": "2001", "due_on-day": "1", "due_on-month": "1"}, "today or later"),
        ({"csrf_token": "stale"}, "This page was open for too long"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_capture_keeps_the_words_and_captures_nothing(
    sign_in: SignIn,
    meeting: Meeting,
    chair: User,
    changes: dict[str, str],
    sentence: str,
    headers: dict[str, str],
) -> None:
    typed = {"kind": "note", "text": "A neighbour called twice", **changes}
    if "today or later" in sentence:
        typed["doer"] = f"agency-{chair.agency_id}"
    answer = sign_in(chair).send(_to(meeting, "capture"), typed, page=_run(meeting), headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert ("<html" in page) is not bool(headers)
    if "\x00" not in typed["text"]:
        assert f'value="{typed["text"]}"' in page
    assert db.session.scalars(select(Captured)).all() == []
    assert db.session.scalars(select(Action)).all() == []


def test_same_capture_sent_sixteen_times_makes_one_line(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    form = browser.hidden_fields(_run(meeting), _to(meeting, "capture")) | {"kind": "note", "text": "Once"}
    answers = {browser.post(_to(meeting, "capture"), data=form).status_code for _ in range(16)}
    assert answers == {303}
    assert len(db.session.scalars(select(Captured)).all()) == 1


def test_htmx_capture_answers_with_an_empty_line_and_the_list(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    first = browser.hidden_fields(_run(meeting), _to(meeting, "capture"))
    answer = browser.post(
        _to(meeting, "capture"), data={**first, "kind": "note", "text": "A neighbour called"}, headers=HTMX
    )
    part = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'id="captured" aria-labelledby="captured-title" hx-swap-oob="true"' in part
    assert 'value="A neighbour called"' not in part
    assert "A neighbour called" in part
    assert first["request_key"] not in part
    assert 'name="text" type="text" value="" autocomplete="off" data-focus' in part


def test_outcome_is_one_button_and_ticks_the_order(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    browser = sign_in(chair)
    typed = {"outcome": "move_stage", "note": "Two agencies agree"}
    answer = browser.send(_to(meeting, "outcome"), typed, page=_run(meeting), headers=HTMX)
    part = answer.get_data(as_text=True)
    assert "1 of 3 settled" in part
    assert 'id="rail" aria-labelledby="rail-title" hx-swap-oob="true"' in part
    db.session.expire_all()
    item = first_item(meeting)
    assert (item.outcome, item.outcome_note) == (Outcome.MOVE_STAGE, "Two agencies agree")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome": ""}, "Choose an outcome: press one of the buttons"),
        ({"outcome": "shelve"}, "Choose an outcome: press one of the buttons"),
        ({"outcome": "keep", "note": "x" * 251}, "must be 250 characters or fewer"),
    ],
)
def test_bad_outcome_is_refused_in_words(
    sign_in: SignIn, meeting: Meeting, chair: User, typed: dict[str, str], sentence: str
) -> None:
    answer = sign_in(chair).send(_to(meeting, "outcome"), typed, page=_run(meeting))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert first_item(meeting).outcome is None


def test_two_chairs_who_differ_meet_both_outcomes(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    mine, theirs = sign_in(chair), sign_in(make_chair())
    opened = mine.hidden_fields(_run(meeting), _to(meeting, "outcome"))
    page = _run(meeting)
    assert (
        theirs.send(_to(meeting, "outcome"), {"outcome": "keep", "note": "As before"}, page=page).status_code
        == 303
    )
    answer = mine.post(_to(meeting, "outcome"), data={**opened, "outcome": "close", "note": "All done"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "As before" in text
    assert "All done" in text
    db.session.expire_all()
    assert first_item(meeting).outcome is Outcome.KEEP


def test_line_is_taken_back_by_its_author_alone(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    mine, theirs = sign_in(chair), sign_in(make_chair())
    mine.send(_to(meeting, "capture"), {"kind": "note", "text": "A slip"}, page=_run(meeting))
    captured = db.session.scalars(select(Captured)).one()
    address = f"/meetings/{meeting.reference}/captured/{captured.id}/take-back"
    hidden = theirs.hidden_fields(_run(meeting), _to(meeting, "capture"))
    refused = theirs.post(address, data=hidden)
    assert refused.status_code == 422
    assert "Only the person who captured this" in refused.get_data(as_text=True)
    assert mine.send(address, page=_run(meeting)).status_code == 303
    assert "A slip" not in mine.get(_run(meeting)).get_data(as_text=True)


def test_line_of_another_meeting_is_not_found(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    browser = sign_in(chair)
    browser.send(_to(meeting, "capture"), {"kind": "note", "text": "A slip"}, page=_run(meeting))
    captured = db.session.scalars(select(Captured)).one()
    other = make_meeting(by=chair)
    db.session.commit()
    hidden = browser.hidden_fields(_run(meeting), _to(meeting, "capture"))
    assert (
        browser.post(f"/meetings/{other.reference}/captured/{captured.id}/take-back", data=hidden).status_code
        == 404
    )


def test_attendance_is_saved_for_everyone_at_once(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    officer = make_user(name="Mo Teasleton")
    browser = sign_in(chair)
    page = f"/meetings/{meeting.reference}/attendance"
    typed = {f"person_{chair.id}": "present", f"person_{officer.id}": "remote"}
    assert browser.send(page, typed).status_code == 303
    assert {row.who: row.status for row in meetings.attendance_of(meeting)} == {
        chair.name: Presence.PRESENT,
        "Mo Teasleton": Presence.REMOTE,
    }
    guest = {"name": "Dr P. Reedling", "agency": str(make_agency().id), "presence": "substitute"}
    db.session.commit()
    assert browser.send(f"{page}/guest", guest).status_code == 303
    assert "Dr P. Reedling" in browser.get(page).get_data(as_text=True)


def test_two_people_taking_attendance_lose_nothing(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    officer = make_user()
    page = f"/meetings/{meeting.reference}/attendance"
    mine, theirs = sign_in(chair), sign_in(make_chair())
    opened = mine.hidden_fields(page)
    assert theirs.send(page, {f"person_{officer.id}": "apologies"}).status_code == 303
    answer = mine.post(page, data={**opened, f"person_{officer.id}": "present"})
    assert answer.status_code == 409
    assert "Saved by someone else: Apologies" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"name": "x" * 121}, {"agency": "999999"}, {"presence": "asleep"}]
)
def test_bad_guest_is_refused_in_words(
    sign_in: SignIn, meeting: Meeting, chair: User, typed: dict[str, str]
) -> None:
    guest = {"name": "Dr P. Reedling", "agency": str(chair.agency_id), "presence": "remote", **typed}
    answer = sign_in(chair).send(f"/meetings/{meeting.reference}/attendance/guest", guest)
    assert answer.status_code == 422
    assert meetings.attendance_of(meeting) == []


def test_unknown_presence_is_refused_in_words(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    answer = sign_in(chair).send(
        f"/meetings/{meeting.reference}/attendance", {f"person_{chair.id}": "asleep"}
    )
    assert answer.status_code == 422
    assert meetings.attendance_of(meeting) == []


def test_closing_names_what_is_undecided_and_leads_to_the_minutes(
    sign_in: SignIn, meeting: Meeting, chair: User
) -> None:
    browser = sign_in(chair)
    browser.send(_to(meeting, "outcome"), {"outcome": "keep"}, page=_run(meeting))
    page = f"/meetings/{meeting.reference}/close"
    told = browser.get(page).get_data(as_text=True)
    settled, *undecided = (item.case.reference for item in meetings.items_of(meeting))
    assert "1 of 3 with an outcome" in told
    assert settled not in told
    assert all(reference in told for reference in undecided)
    answer = browser.send(page)
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.reference}/minutes")
    minutes = browser.get(answer.location).get_data(as_text=True)
    assert "closed" in minutes
    again = browser.send(page)
    assert again.status_code == 422
    assert "only an open meeting is closed" in again.get_data(as_text=True)


def test_minutes_name_no_person_the_case_is_about(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    browser = sign_in(chair)
    browser.send(_to(meeting, "capture"), {"kind": "decision", "text": "Keep"}, page=_run(meeting))
    page = browser.get(f"/meetings/{meeting.reference}/minutes").get_data(as_text=True)
    item = first_item(meeting)
    assert item.case.reference in page
    assert item.case.name not in page


def test_member_reads_but_does_not_run(sign_in: SignIn, meeting: Meeting) -> None:
    browser = sign_in(make_user())
    for path in ("/meetings", f"/meetings/{meeting.reference}", f"/meetings/{meeting.reference}/minutes"):
        assert browser.get(path).status_code == 200
    assert browser.get("/meetings/new").status_code == 403
    for path in ("/run", "/edit", "/attendance", "/close"):
        assert browser.get(f"/meetings/{meeting.reference}{path}").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_overseer_meets_no_meeting(sign_in: SignIn, meeting: Meeting, role: Role) -> None:
    browser = sign_in(make_user(role=role))
    assert browser.get("/meetings").status_code == 403
    assert browser.get(f"/meetings/{meeting.reference}").status_code == 404


def test_console_of_a_planned_or_closed_meeting_captures_nothing(
    sign_in: SignIn, chair: User, cases: list[Case]
) -> None:
    meeting = make_meeting(by=chair)
    browser = sign_in(chair)
    planned = browser.get(_run(meeting)).get_data(as_text=True)
    assert "Open the meeting" in planned
    assert "/capture" not in planned
    services.open_meeting(meeting, by=chair, now=now())
    services.close_meeting(meeting, by=chair, now=now())
    db.session.commit()
    closed = browser.get(_run(meeting)).get_data(as_text=True)
    assert "This meeting was closed" in closed
    assert "/capture" not in closed
    hidden = browser.hidden_fields("/meetings/new")
    for what, typed in (("capture", {"kind": "note", "text": "Late"}), ("outcome", {"outcome": "keep"})):
        answer = browser.post(_to(meeting, what), data={**hidden, **typed})
        assert answer.status_code == 422
        assert "captured while it is open" in answer.get_data(as_text=True)
        assert typed.get("text", "") in answer.get_data(as_text=True)


def test_meeting_with_no_case_has_nothing_to_run(sign_in: SignIn, chair: User) -> None:
    meeting = make_meeting(by=chair)
    answer = sign_in(chair).get(f"/meetings/{meeting.reference}/run")
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.reference}")


def test_htmx_gets_the_very_part_that_the_page_holds(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    browser = sign_in(chair)
    part = browser.get(_run(meeting, 2), headers=HTMX).get_data(as_text=True)
    assert "<html" not in part
    assert '<h1 class="psg-console__title" tabindex="-1" data-focus>' in part
    assert "Item 2 of 3" in part


def test_pages_cost_the_same_for_five_items_as_for_forty(
    sign_in: SignIn, chair: User, queries: Callable[[], Any]
) -> None:
    browser = sign_in(chair)
    spent: list[list[int]] = []
    for more in (5, 35):
        for _ in range(more):
            make_action(make_case(by=chair), by=chair)
        meeting = make_open_meeting(by=chair)
        db.session.commit()
        db.session.expire_all()
        counts = []
        for path in (
            f"/meetings/{meeting.reference}",
            _run(meeting, 3),
            f"/meetings/{meeting.reference}/minutes",
            "/meetings",
        ):
            with queries() as sent:
                assert browser.get(path).status_code == 200
            counts.append(sent.count)
        spent.append(counts)
    assert spent[0] == spent[1]
    assert max(spent[0]) <= 30


def test_every_kind_has_a_chip(sign_in: SignIn, meeting: Meeting, chair: User) -> None:
    page = sign_in(chair).get(_run(meeting)).get_data(as_text=True)
    assert all(f'value="{kind.value}"' in page for kind in CapturedKind)
    assert all(f'value="{outcome.value}"' in page for outcome in Outcome)


def _entries() -> list[RecordedEntry]:
    return latest(limit=1000)[::-1]
