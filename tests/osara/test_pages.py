"""The stage pages, as a browser without JavaScript meets them, and as htmx does."""

from collections.abc import Callable
from typing import Any

import pytest

from psg.accounts.models import Role, User
from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.cases.models import Case, Stage
from psg.extensions import db
from psg.osara import queries
from psg.osara.facts import record_of
from psg.osara.models import SmartObjective
from psg.osara.tasks import TASKS
from psg.responses import queries as responses
from psg.web.dates import today
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import a_member, make_case
from tests.factories.osara import (
    a_chair,
    case_at,
    closed_case,
    complete,
    make_hypothesis,
    make_objective,
    make_response,
    make_return,
    perpetrator_of,
)

SignIn = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}
LATER = {"due_on-day": "1", "due_on-month": "2", "due_on-year": str(today().year + 1)}


@pytest.fixture(autouse=True)
def _session(session: object) -> None:
    """Each test has a database of its own."""


def _at(case: Case, path: str) -> str:
    return f"/cases/{case.reference}/{path}"


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_page_shows_its_tasks_and_writes_one_entry(sign_in: SignIn, stage: Stage) -> None:
    case = case_at(Stage.RESPONSE)
    browser = sign_in(a_member(case))
    before = len(latest(limit=500))
    page = _text(browser.get(_at(case, stage.value)))
    for task in TASKS[stage]:
        assert f'href="{_at(case, task.path)}"' in page
    (entry,) = latest(limit=500)[: len(latest(limit=500)) - before]
    assert (entry.op, entry.case) == (Operation.CONSULTATION, case.record_id)


def test_an_early_move_answers_422_with_a_link_to_each_missing_thing(sign_in: SignIn) -> None:
    case = make_case()
    browser = sign_in(a_member(case))
    page = _at(case, "objective")
    answer = browser.send(_at(case, "objective/move"), page=page)
    text = _text(answer)
    assert answer.status_code == 422
    assert "There is a problem" in text
    for one in queries.gate_of(case, Stage.OBJECTIVE, today()).missing:
        assert f'<li><a href="{_at(case, one.path)}">{one.sentence}</a></li>' in text
    db.session.expire_all()
    assert case.stage is Stage.OBJECTIVE
    assert queries.history_of(case) == []


def test_htmx_gets_the_part_of_the_page_that_the_whole_page_includes(sign_in: SignIn) -> None:
    case = make_case()
    browser = sign_in(a_member(case))
    for path, status in (("objective", 200), ("objective/move", 422)):
        hidden = browser.hidden_fields(_at(case, "objective"), _at(case, "objective/move"))
        send = browser.get if status == 200 else browser.post
        part = send(_at(case, path), headers=HTMX, data=None if status == 200 else hidden)
        assert part.status_code == status
        assert "<html" not in _text(part)
        assert 'id="gate"' in _text(part)


def test_a_case_is_moved_on_with_one_press_and_not_twice(sign_in: SignIn) -> None:
    officer = make_user()
    case = make_case(by=officer)
    complete(case, Stage.OBJECTIVE, by=officer)
    browser = sign_in(officer)
    action = _at(case, "objective/move")
    hidden = browser.hidden_fields(_at(case, "objective"), action)
    first, second = (browser.post(action, data=hidden) for _ in range(2))
    assert (first.status_code, first.location) == (303, _at(case, "scanning"))
    assert second.status_code == 303
    late = browser.post(action, data={**hidden, "request_key": "another"})
    assert late.status_code == 422
    assert "already at Scanning" in _text(late)
    db.session.expire_all()
    assert len(queries.history_of(case)) == 1


def test_a_task_is_filled_in_and_shows_on_the_stage_page(sign_in: SignIn) -> None:
    case = make_case()
    browser = sign_in(a_member(case))
    typed = {"sharing_basis": "Section 115 of the 1998 Act", "sharing_agreement": "PSG agreement, 2026"}
    answer = browser.send(_at(case, "objective/sharing"), typed)
    assert (answer.status_code, answer.location) == (303, _at(case, "objective"))
    page = _text(browser.get(_at(case, "objective")))
    assert "Section 115 of the 1998 Act" in page
    assert "Basis for sharing: saved" in page


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("objective/statement", {}, "Enter why this case is worked on"),
        ("objective/statement", {"why": "a", "harmed": "b", "aim_type": "win"}, "Choose what the work is to do"),
        ("objective/statement", {"why": "a", "harmed": "b", "aim_type": "reduce"}, "by how much"),
        ("objective/sharing", {"sharing_basis": "x" * 20_001}, "must be 20,000 characters or fewer"),
        ("objective/sharing", {"sharing_basis": "a\x00b"}, "has a character that cannot be stored"),
        ("objective/sharing", {"sharing_basis": "s.115", "csrf_token": "stale"}, "This page was open for too long"),
        ("objective/measures/new", {}, "Enter what is measured"),
        ("objective/measures/new", {"measure": "Calls", "baseline": "many"}, "must be a whole number"),
        ("objective/measures/new", {"measure": "Calls", "data_owner_id": "999999"}, "Choose the agency that counts it"),
        ("scanning/problem", {}, "Enter at least one answer"),
        ("scanning/returns/new", {"agency_id": "1 OR 1=1"}, "Choose the agency"),
        ("scanning/safeguarding", {"safeguarding": "maybe"}, "Choose the answer to the safeguarding question"),
        ("analysis/triangle", {"place_side": "n/a"}, "not applicable because"),
        ("analysis/hypotheses/new", {"because": "a", "expect": "b", "verdict": "supported"}, "Enter the evidence that supports it"),
        ("response/responses/new", {"summary": "Write"}, "Choose the hypothesis it rests on"),
        ("response/support/new", {"what": "Help"}, "Choose the person to whom support was offered"),
        ("response/before/new", {"before_count": "12"}, "Choose the objective it measures"),
        ("assessment/lesson", {"lesson": "offered"}, "Enter the lesson, or why it is withheld"),
        ("closure", {}, "Choose why the case is to close"),
        ("closure", {"code": "bored", "reason": "a"}, "Choose why the case is to close"),
        ("analysis/review", {"note": "Read"}, "There is no analysis to review yet"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_refused_in_words_and_nothing_typed_is_lost(
    sign_in: SignIn, path: str, typed: dict[str, str], sentence: str
) -> None:
    case = make_case()
    answer = sign_in(a_member(case)).send(_at(case, path), typed)
    page = _text(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "There is a problem" in page
    for text in typed.values():
        if (
            text.isalpha()
            and len(text) > 1
            and text not in ("win", "maybe", "reduce", "bored", "offered", "supported", "stale")
        ):
            assert text in page
    assert [record_of(case, stage) for stage in Stage] == [None] * 5
    assert queries.objectives_of(case) == []


def test_two_people_with_one_task_meet_both_texts(sign_in: SignIn) -> None:
    case = make_case()
    mine, theirs = sign_in(a_member(case)), sign_in(a_member(case))
    page = _at(case, "objective/sharing")
    opened = mine.hidden_fields(page)
    assert theirs.send(page, {"sharing_basis": "Their words"}).status_code == 303
    answer = mine.post(page, data={**opened, "sharing_basis": "My words"})
    assert answer.status_code == 409
    assert "Their words" in _text(answer)
    assert "My words" in _text(answer)
    db.session.expire_all()
    assert record_of(case, Stage.OBJECTIVE).sharing_basis == "Their words"


def test_two_people_with_two_tasks_of_one_stage_do_not_meet(sign_in: SignIn) -> None:
    case = make_case()
    mine, theirs = sign_in(a_member(case)), sign_in(a_member(case))
    opened = mine.hidden_fields(_at(case, "scanning/problem"))
    duplicates = {"duplicates": "Searched", "scope": "one"}
    assert theirs.send(_at(case, "scanning/duplicates"), duplicates).status_code == 303
    answer = mine.post(_at(case, "scanning/problem"), data={**opened, "harm": "Lost sleep"})
    assert answer.status_code == 303
    db.session.expire_all()
    record = record_of(case, Stage.SCANNING)
    assert (record.harm, record.duplicates) == ("Lost sleep", "Searched")


def test_two_people_with_one_row_meet_both_texts(sign_in: SignIn) -> None:
    officer = make_user()
    case = make_case(by=officer)
    hypothesis = make_hypothesis(case, by=officer)
    page = _at(case, f"analysis/hypotheses/{hypothesis.id}")
    mine, theirs = sign_in(a_member(case)), sign_in(a_member(case))
    opened = mine.hidden_fields(page)
    typed = {"because": "the door is open", "expect": "b", "evidence_for": "c", "verdict": "supported"}
    assert theirs.send(page, typed).status_code == 303
    answer = mine.post(page, data={**opened, **typed, "because": "the lamp is out"})
    assert answer.status_code == 409
    assert "the door is open" in _text(answer)
    assert "the lamp is out" in _text(answer)


def test_a_row_is_added_and_changed(sign_in: SignIn) -> None:
    officer = make_user()
    case = make_case(by=officer)
    browser = sign_in(officer)
    typed = {"measure": "Calls at night", "baseline": "24", "window_days": "90", "target": "12", **LATER}
    answer = browser.send(
        _at(case, "objective/measures/new"), {**typed, "data_owner_id": str(officer.agency_id)}
    )
    assert (answer.status_code, answer.location) == (303, _at(case, "objective/measures"))
    (objective,) = queries.objectives_of(case)
    page = _at(case, f"objective/measures/{objective.id}")
    assert (
        browser.send(page, {**typed, "target": "10", "data_owner_id": str(officer.agency_id)}).status_code
        == 303
    )
    db.session.expire_all()
    assert (objective.baseline, objective.target) == (24, 10)
    assert "10 by" in _text(browser.get(_at(case, "objective/measures")))


def test_a_row_of_another_case_is_the_same_404_as_none(sign_in: SignIn) -> None:
    officer = make_user()
    mine, other = make_case(by=officer), case_at(Stage.ASSESSMENT, by=officer)
    response = responses.responses_of(other)[0]
    browser = sign_in(officer)
    paths = [
        f"objective/measures/{queries.objectives_of(other)[0].id}",
        f"scanning/returns/{queries.returns_of(other)[0].id}",
        f"analysis/hypotheses/{queries.hypotheses_of(other)[0].id}",
        f"response/before/{queries.measures_of(other)[0].id}",
        f"response/responses/{response.id}",
        f"response/responses/{response.id}/progress",
        f"response/responses/{response.id}/enforcement",
        "response/responses/999999",
        "objective/nothing",
        "objective/problem",
        "scanning/measures",
        "waiting",
        "return",
        "closure/answer",
    ]
    for path in paths:
        assert browser.get(_at(mine, path)).status_code == 404, path
        assert browser.get(f"/cases/PSG-9999/{path}").status_code == 404, path


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_oversight_meets_the_404_of_no_case(sign_in: SignIn, role: Role) -> None:
    case = make_case()
    browser = sign_in(make_user(role=role))
    for path in (
        "objective",
        "objective/sharing",
        "objective/measures",
        "return",
        "closure",
        "reopen",
        "waive/measures",
    ):
        assert browser.get(_at(case, path)).status_code == 404
        assert browser.post(_at(case, path)).status_code in (404, 405)


def test_a_case_steps_back_to_a_stage_it_has_left(sign_in: SignIn) -> None:
    case = case_at(Stage.ANALYSIS)
    browser = sign_in(a_member(case))
    for typed in ({"to": "analysis", "reason": "a"}, {"to": "scanning"}, {"to": "nowhere", "reason": "a"}):
        assert browser.send(_at(case, "return"), typed).status_code == 422
    answer = browser.send(_at(case, "return"), {"to": "scanning", "reason": "The figures were wrong"})
    assert (answer.status_code, answer.location) == (303, _at(case, "scanning"))
    page = _text(browser.get(_at(case, "scanning")))
    assert "Returned to Scanning" in page
    assert "The figures were wrong" in page


def test_only_the_chair_or_coordinator_waives(sign_in: SignIn) -> None:
    case = make_case()
    path = _at(case, "waive/commitment")
    assert sign_in(a_member(case)).get(path).status_code == 404
    assert path not in _text(sign_in(make_user()).get(_at(case, "objective")))
    chair = sign_in(a_member(case, role=Role.COORDINATOR))
    assert path in _text(chair.get(_at(case, "objective")))
    assert chair.send(path, {"reason": ""}).status_code == 422
    assert chair.send(path, {"reason": "The plan has none for it"}).status_code == 303
    page = _text(chair.get(_at(case, "objective")))
    assert "Waived by Person" in page
    assert "The plan has none for it" in page
    assert chair.get(_at(case, "waive/voice")).status_code == 404


def test_safeguarding_offers_no_waiver(sign_in: SignIn) -> None:
    case = case_at(Stage.SCANNING)
    chair = sign_in(a_member(case, role=Role.COORDINATOR))
    page = _text(chair.get(_at(case, "scanning")))
    assert _at(case, "waive/problem") in page
    assert _at(case, "waive/safeguarding") not in page
    answer = chair.send(_at(case, "waive/safeguarding"), {"reason": "Hurry"})
    assert answer.status_code == 422
    assert "cannot be waived by anyone" in _text(answer)


def test_a_case_is_closed_by_two_people_and_reopened_with_a_reason(sign_in: SignIn) -> None:
    officer, chair = make_user(), a_chair()
    case = case_at(Stage.ASSESSMENT, by=officer)
    mine, theirs = sign_in(officer), sign_in(chair)
    early = mine.send(_at(case, "closure"), {"code": "objective_met", "reason": "Down by half"})
    assert early.status_code == 422
    assert "Down by half" in _text(early)
    assert _at(case, "assessment/lesson") in _text(early)
    complete(case, Stage.ASSESSMENT, by=officer)
    db.session.commit()
    proposed = mine.send(_at(case, "closure"), {"code": "objective_met", "reason": "Down by half"})
    assert (proposed.status_code, proposed.location) == (303, _at(case, "assessment"))
    assert "Waiting for the chair or coordinator" in _text(mine.get(_at(case, "assessment")))
    assert mine.get(_at(case, "closure/answer")).status_code == 404
    assert "Answer the proposal to close" in _text(theirs.get(_at(case, "assessment")))
    assert theirs.send(_at(case, "closure/answer"), {"answer": "decline"}).status_code == 422
    assert theirs.send(_at(case, "closure/answer"), {"answer": "confirm"}).status_code == 303
    db.session.expire_all()
    assert case.closure_code == "objective_met"
    assert mine.get(_at(case, "assessment/lesson")).status_code == 403
    assert "Objective met and sustained" in _text(mine.get(_at(case, "assessment")))
    assert mine.get(_at(case, "reopen")).status_code == 404
    assert theirs.send(_at(case, "reopen"), {"to": "scanning"}).status_code == 422
    assert theirs.send(_at(case, "reopen"), {"to": "scanning", "reason": "Calls again"}).status_code == 303
    page = _text(mine.get(_at(case, "scanning")))
    assert "Calls again" in page
    assert "Move to Analysis" in page


def test_a_response_is_planned_started_and_done(sign_in: SignIn) -> None:
    officer = make_user()
    case = case_at(Stage.RESPONSE, by=officer)
    browser = sign_in(officer)
    typed = {
        "summary": "Fit a lock",
        "step_id": str(responses.step_by_code("place_measures").id),
        "hypothesis_id": str(queries.hypotheses_of(case)[0].id),
        "pat_side": "place",
        "owner_id": str(officer.id),
        **LATER,
    }
    answer = browser.send(_at(case, "response/responses/new"), typed)
    assert (answer.status_code, answer.location) == (303, _at(case, "response/responses"))
    (response,) = responses.responses_of(case)
    page = _at(case, f"response/responses/{response.id}")
    day = {"day-day": str(today().day), "day-month": str(today().month), "day-year": str(today().year)}
    assert browser.send(f"{page}/progress", {"status": "under_way", **day}).status_code == 303
    assert browser.send(f"{page}/progress", {"status": "done", **day}).status_code == 422
    assert browser.send(f"{page}/progress", {"status": "done", "result": "Fitted", **day}).status_code == 303
    shown = _text(browser.get(_at(case, "response")))
    assert "No response works on this side of the triangle: victim and guardian" in shown
    db.session.expire_all()
    assert (response.owner_agency_id, response.result) == (officer.agency_id, "Fitted")


def test_an_enforcement_response_shows_its_lock_and_does_not_start(sign_in: SignIn) -> None:
    officer = make_user()
    case = case_at(Stage.RESPONSE, by=officer)
    response = make_response(
        case, by=officer, step="cpw", party=perpetrator_of(case), hypothesis=queries.hypotheses_of(case)[0]
    )
    browser = sign_in(officer)
    page = _at(case, f"response/responses/{response.id}")
    shown = _text(browser.get(f"{page}/enforcement"))
    assert "Low Risk with high Need: support only. Nothing opens this" in shown
    assert browser.send(f"{page}/enforcement", {"proportionality": "The least step"}).status_code == 303
    day = {"day-day": str(today().day), "day-month": str(today().month), "day-year": str(today().year)}
    answer = browser.send(f"{page}/progress", {"status": "under_way", **day})
    assert answer.status_code == 422
    assert "The enforcement lock is closed" in _text(answer)
    assert browser.get(f"{page}/enforcement/approval").status_code == 404
    chair = sign_in(a_member(case, role=Role.COORDINATOR))
    assert chair.send(f"{page}/enforcement/approval", {"reason": "Agreed"}).status_code == 303
    move = browser.send(_at(case, "response/move"), page=_at(case, "response"))
    assert move.status_code == 422
    assert "Complete what the enforcement lock asks for" in _text(move)


def test_the_number_of_statements_does_not_grow_with_the_rows(sign_in: SignIn, queries: Any) -> None:
    officer = make_user()
    small, large = case_at(Stage.RESPONSE, by=officer), case_at(Stage.RESPONSE, by=officer)
    hypothesis = make_hypothesis(large, by=officer)
    objective = make_objective(large, by=officer)
    for _ in range(12):
        make_return(large, by=officer)
        make_objective(large, by=officer)
    for case, count in ((small, 2), (large, 9)):
        for _ in range(count):
            party = perpetrator_of(case)
            make_response(
                case, by=officer, step="cpw", party=party, hypothesis=hypothesis if case is large else None
            )
    assert isinstance(objective, SmartObjective)
    browser = sign_in(officer)
    for stage in Stage:
        sent = []
        for case in (small, large):
            db.session.expire_all()
            with queries() as statements:
                assert browser.get(_at(case, stage.value)).status_code == 200
            sent.append(statements.count)
        assert sent[0] == sent[1] <= 45


def test_the_toolbox_shows_the_ladder_to_whoever_reads_the_plan(sign_in: SignIn) -> None:
    for user in (make_user(), make_user(role=Role.DELIVERY_GROUP)):
        assert isinstance(user, User)
        page = _text(sign_in(user).get("/toolbox"))
        assert "Community protection warning" in page
        assert "verify before live use" in page


def test_a_closed_case_is_read_and_not_changed(sign_in: SignIn) -> None:
    case = closed_case()
    browser = sign_in(case.lead)
    page = _text(browser.get(_at(case, "assessment")))
    assert "Closed on" in page
    assert "Move to" not in page
    assert browser.get(_at(case, "assessment/outcomes")).status_code == 200
    for path in (
        "assessment/process",
        "assessment/outcomes/1",
        "return",
        "closure",
        "objective/measures/new",
    ):
        assert browser.get(_at(case, path)).status_code == 403
