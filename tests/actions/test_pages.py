"""The pages of actions, as a browser without JavaScript meets them, and as htmx does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from psg.accounts.models import Role
from psg.actions.models import Action, ActionStatus
from psg.audit.queries import RecordedEntry, latest
from psg.cases.models import Case
from psg.cases.services import close_case
from psg.extensions import db
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action, make_overdue_action
from tests.factories.cases import a_member, join, make_case

SignIn = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}


def _typed(case: Case, **changes: str) -> dict[str, str]:
    due = today() + timedelta(days=10)
    typed = {
        "title": "Joint visit",
        "doer": f"agency-{case.lead_agency_id}",
        "due_on-day": str(due.day),
        "due_on-month": str(due.month),
        "due_on-year": str(due.year),
    }
    return {**typed, **changes}


def _at(case: Case, action: Action | None = None, step: str = "") -> str:
    return f"/cases/{case.reference}/actions" + (f"/{action.id}/{step}" if action else step)


def test_action_is_added_to_a_case(sign_in: SignIn) -> None:
    me, case = make_user(), make_case()
    join(case, me)
    browser = sign_in(me)
    answer = browser.send(_at(case, step="/new"), _typed(case, doer=f"user-{me.id}"))
    assert (answer.status_code, answer.location) == (303, _at(case))
    action = db.session.scalars(select(Action)).one()
    assert (action.title, action.owner_id, action.agency_id) == ("Joint visit", me.id, me.agency_id)
    assert "Joint visit" in browser.get(_at(case)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Enter what will be done"),
        ({"title": "x" * 201}, "must be 200 characters or fewer; you have 201"),
        ({"title": "a\x00b"}, "has a character that cannot be stored"),
        ({"doer": ""}, "Choose the agency or person who will do it"),
        ({"doer": "agency-999999"}, "Choose the agency or person who will do it"),
        ({"doer": "user-1 OR 1=1"}, "Choose the agency or person who will do it"),
        ({"due_on-day": "", "due_on-month": "", "due_on-year": ""}, "Enter the date the action is due"),
        ({"due_on-month": ""}, "Due date must include a month"),
        ({"due_on-day": "31", "due_on-month": "2"}, "Due date must be a real date"),
        ({"due_on-year": "26"}, "enter the year in four figures"),
        ({"due_on-day": "soon"}, "Due date must be a real date"),
        ({"due_on-year": "2001"}, "The due date must be today or later"),
        ({"due_on-year": "2999"}, "The due date must be within two years"),
        ({"csrf_token": "stale"}, "This page was open for too long"),
    ],
)
def test_bad_answer_is_refused_in_words_and_nothing_typed_is_lost(
    sign_in: SignIn, changes: dict[str, str], sentence: str
) -> None:
    case = make_case()
    typed = _typed(case, **changes)
    answer = sign_in(a_member(case)).send(_at(case, step="/new"), typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "There is a problem" in page
    assert f'value="{typed["due_on-day"]}"' in page
    if typed["title"].isalpha() or " " in typed["title"]:
        assert f'value="{typed["title"]}"' in page
    assert db.session.scalars(select(Action)).all() == []


def test_same_form_sent_twice_adds_one_action(sign_in: SignIn) -> None:
    case = make_case()
    browser = sign_in(a_member(case))
    form = {**browser.hidden_fields(_at(case, step="/new")), **_typed(case)}
    first, second = (browser.post(_at(case, step="/new"), data=form) for _ in range(2))
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert len(db.session.scalars(select(Action)).all()) == 1


def test_two_people_editing_meet_both_texts(sign_in: SignIn) -> None:
    action = make_action(title="Joint visit")
    page = _at(action.case, action, "edit")
    mine, theirs = sign_in(a_member(action.case)), sign_in(a_member(action.case))
    opened = mine.hidden_fields(page)
    assert theirs.send(page, _typed(action.case, title="Visit with Fire")).status_code == 303
    answer = mine.post(page, data={**opened, **_typed(action.case, title="Visit with Housing")})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Visit with Fire" in text
    assert "Visit with Housing" in text
    db.session.expire_all()
    assert action.title == "Visit with Fire"


def test_two_people_ending_one_action_lose_no_words(sign_in: SignIn) -> None:
    action = make_action()
    page = _at(action.case, action, "complete")
    mine, theirs = sign_in(a_member(action.case)), sign_in(a_member(action.case))
    opened = mine.hidden_fields(page)
    assert theirs.send(page, {"outcome": "Door guard fitted"}).status_code == 303
    answer = mine.post(page, data={**opened, "outcome": "Nobody at home"})
    assert answer.status_code == 409
    assert "Door guard fitted" in answer.get_data(as_text=True)
    assert "Nobody at home" in answer.get_data(as_text=True)


def test_action_is_done_reopened_and_dropped(sign_in: SignIn) -> None:
    action = make_action()
    browser = sign_in(a_member(action.case))
    assert browser.send(_at(action.case, action, "complete"), {"outcome": "Fitted"}).status_code == 303
    assert "Fitted" in browser.get(_at(action.case)).get_data(as_text=True)
    assert browser.send(_at(action.case, action, "reopen")).status_code == 303
    assert browser.send(_at(action.case, action, "drop"), {"outcome": "Tenant moved"}).status_code == 303
    db.session.expire_all()
    assert (action.status, action.outcome) == (ActionStatus.DROPPED, "Tenant moved")


@pytest.mark.parametrize("step", ["complete", "drop"])
def test_action_is_not_ended_without_words(sign_in: SignIn, step: str) -> None:
    action = make_action()
    answer = sign_in(a_member(action.case)).send(_at(action.case, action, step), {"outcome": "  "})
    assert answer.status_code == 422
    assert action.is_open


def test_step_that_does_not_fit_is_refused_in_words(sign_in: SignIn) -> None:
    action = make_action()
    answer = sign_in(a_member(action.case)).send(_at(action.case, action, "reopen"))
    assert answer.status_code == 422
    assert "This action is open already" in answer.get_data(as_text=True)


def test_closed_case_says_why_no_action_is_added(sign_in: SignIn) -> None:
    case = make_case()
    browser = sign_in(case.lead)
    close_case(case, code="deceased", reason="Died", by=case.lead, now=now())
    answer = browser.send(_at(case, step="/new"), _typed(case))
    assert answer.status_code == 422
    assert "This case is closed: reopen it" in answer.get_data(as_text=True)
    assert "Joint visit" in answer.get_data(as_text=True)


@pytest.mark.parametrize("step", ["edit", "complete", "drop", "reopen"])
def test_action_of_another_case_is_not_found(sign_in: SignIn, step: str) -> None:
    action, other = make_action(), make_case()
    member = a_member(action.case)
    join(other, member)
    browser = sign_in(member)
    wrong = browser.get(_at(other, action, step))
    missing = browser.get(f"{_at(other)}/999999/{step}")
    assert wrong.status_code == missing.status_code == 404
    assert wrong.data == missing.data


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_actions_are_closed_to_those_who_read_no_cases(sign_in: SignIn, role: Role) -> None:
    action = make_action()
    browser = sign_in(make_user(role=role))
    assert browser.get("/actions").status_code == 403
    for page in (_at(action.case), _at(action.case, step="/new"), _at(action.case, action, "edit")):
        assert browser.get(page).status_code == 404


def test_work_list_shows_mine_and_opens_on_my_agency(sign_in: SignIn) -> None:
    me = make_user()
    case = make_case()
    make_action(case, owner=me, title="Mine to do")
    make_action(case, owner=make_user(agency=me.agency), title="My colleague’s")
    make_action(case, agency=make_agency(), title="Somebody else’s")
    browser = sign_in(me)
    mine, agency = (
        browser.get(path).get_data(as_text=True) for path in ("/actions", "/actions?whose=agency")
    )
    assert "Mine to do" in mine
    assert "My colleague’s" not in mine
    assert "My colleague’s" in agency
    assert "Somebody else’s" not in agency


@pytest.mark.parametrize("query", ["whose=nobody", "status=%00", "page=0", "page=99999999", "whose=&status="])
def test_odd_filters_are_answered_as_none(sign_in: SignIn, query: str) -> None:
    assert sign_in(make_user()).get(f"/actions?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/actions", "/actions?whose=everyone&status=all", "{case}", "{case}?status=overdue"]
)
def test_htmx_gets_the_very_part_that_the_page_holds(sign_in: SignIn, path: str) -> None:
    action = make_overdue_action(by=make_user())
    browser = sign_in(make_user())
    path = path.replace("{case}", _at(action.case))
    whole, part = browser.get(path), browser.get(path, headers=HTMX)
    assert "<html" not in part.get_data(as_text=True)
    assert part.get_data(as_text=True).strip() in whole.get_data(as_text=True)


def test_each_page_leaves_exactly_one_entry(sign_in: SignIn) -> None:
    action = make_action()
    browser = sign_in(a_member(action.case))
    for path in (
        "/actions?whose=everyone",
        _at(action.case),
        _at(action.case, step="/new"),
        _at(action.case, action, "edit"),
    ):
        before = len(_entries())
        assert browser.get(path).status_code == 200
        assert len(_entries()) == before + 1, path
    before = len(_entries())
    browser.send(_at(action.case, action, "complete"), {"outcome": "Done"})
    assert [entry.op for entry in _entries()[before:]] == ["consultation", "alteration"]


def test_list_of_forty_costs_what_a_list_of_five_does(sign_in: SignIn, queries: Callable[[], Any]) -> None:
    me = make_user()
    browser = sign_in(me)
    spent = []
    for more in (5, 35):
        cases = [make_case(by=me) for _ in range(more)]
        for case in cases:
            make_action(case, owner=me)
        for _ in range(more):
            make_action(cases[0], owner=make_user())
        db.session.commit()
        db.session.expire_all()
        for path in ("/actions", _at(cases[0])):
            with queries() as sent:
                assert browser.get(path).status_code == 200
            spent.append(sent.count)
    assert spent[:2] == spent[2:]
    assert max(spent) <= 12


def _entries() -> list[RecordedEntry]:
    return latest(limit=1000)[::-1]
