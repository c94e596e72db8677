"""Moving on, stepping back, waiving, closing and reopening, through the services."""

import pytest
from sqlalchemy import select

from psg.accounts.models import Role
from psg.audit.queries import latest
from psg.base import Refused
from psg.cases.models import Case, Event, EventKind, Stage
from psg.extensions import db
from psg.osara import moves, queries, records
from psg.osara.models import Verdict
from psg.osara.passages import Answer, ClosureProposal, Move
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import a_member, make_case
from tests.factories.osara import a_chair, case_at, closed_case, complete, make_hypothesis


@pytest.fixture(autouse=True)
def _session(session: object) -> None:
    """Each test has a database of its own."""


def _milestones(case: Case) -> list[str]:
    statement = select(Event.title).where(
        Event.case_id == case.id, Event.kind == EventKind.STAGE, Event.is_milestone
    )
    return list(db.session.scalars(statement.order_by(Event.id)))


def test_a_case_moves_past_an_open_gate_and_says_so_once() -> None:
    officer = make_user()
    case = make_case(by=officer)
    complete(case, Stage.OBJECTIVE, by=officer)
    db.session.commit()
    before = len(latest(limit=100))
    moves.move_on(case, by=officer, now=now())
    db.session.commit()
    assert case.stage is Stage.SCANNING
    assert _milestones(case) == ["Moved to Scanning"]
    assert len(latest(limit=100)) == before + 1
    (change,) = queries.history_of(case)
    assert (change.kind, change.from_stage, change.to_stage) == (Move.MOVED, Stage.OBJECTIVE, Stage.SCANNING)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.ASSESSMENT])
def test_an_early_move_says_what_is_missing_and_changes_nothing(stage: Stage) -> None:
    officer = make_user()
    case = case_at(stage, by=officer)
    version = case.version
    with pytest.raises(moves.GateShut) as shut:
        moves.move_on(case, by=officer, now=now())
    assert shut.value.gate.missing == queries.gate_of(case, stage, today()).missing
    assert (case.stage, case.version) == (stage, version)


def test_assessment_has_no_stage_after_it() -> None:
    case = case_at(Stage.ASSESSMENT)
    with pytest.raises(Refused, match="last stage"):
        moves.move_on(case, by=make_user(), now=now())


def test_a_second_press_does_not_move_the_case_twice() -> None:
    officer = make_user()
    case = case_at(Stage.SCANNING, by=officer)
    complete(case, Stage.SCANNING, by=officer)
    moves.move_on(case, expected=Stage.SCANNING, by=officer, now=now())
    with pytest.raises(Refused, match="already at Analysis"):
        moves.move_on(case, expected=Stage.SCANNING, by=officer, now=now())


def test_returning_keeps_the_reason_in_the_history() -> None:
    officer = make_user()
    case = case_at(Stage.ANALYSIS, by=officer)
    moves.go_back(case, to=Stage.OBJECTIVE, reason="The problem is another", by=officer, now=now())
    assert case.stage is Stage.OBJECTIVE
    assert queries.history_of(case)[0].reason == "The problem is another"
    assert _milestones(case)[-1] == "Returned to Objective: The problem is another"
    with pytest.raises(Refused, match="before Objective"):
        moves.go_back(case, to=Stage.OBJECTIVE, reason="Again", by=officer, now=now())


def test_the_chair_waives_one_requirement_for_one_visit() -> None:
    officer, chair = make_user(), a_chair()
    case = case_at(Stage.ANALYSIS, by=officer)
    complete(case, Stage.ANALYSIS, by=officer)
    records.write_record(case, Stage.ANALYSIS, voice="", by=officer, now=now())
    with pytest.raises(Refused, match="chair or coordinator"):
        moves.waive(case, "voice", reason="Cannot be traced", by=officer, now=now())
    for key in ("voice", "review"):
        moves.waive(case, key, reason="Cannot be traced", by=chair, now=now())
    moves.move_on(case, by=officer, now=now())
    moves.go_back(case, to=Stage.ANALYSIS, reason="More to learn", by=officer, now=now())
    assert {one.key for one in queries.gate_of(case, Stage.ANALYSIS, today()).missing} == {"voice", "review"}
    assert len(queries.waivers_of(case)) == 2


@pytest.mark.parametrize(
    ("stage", "key", "sentence"),
    [
        (Stage.SCANNING, "safeguarding", "cannot be waived by anyone"),
        (Stage.RESPONSE, "lock", "cannot be waived by anyone"),
        (Stage.SCANNING, "voice", "does not ask for that"),
        (Stage.OBJECTIVE, "lead", "nothing to waive"),
    ],
)
def test_some_things_are_not_waived(stage: Stage, key: str, sentence: str) -> None:
    case = case_at(stage)
    with pytest.raises(Refused, match=sentence):
        moves.waive(case, key, reason="Hurry", by=a_member(case, role=Role.COORDINATOR), now=now())


def test_writing_in_the_analysis_takes_its_review_away() -> None:
    officer, reviewer = make_user(), make_user()
    case = case_at(Stage.ANALYSIS, by=officer)
    complete(case, Stage.ANALYSIS, by=officer, reviewer=reviewer)
    assert queries.gate_of(case, Stage.ANALYSIS, today()).is_open
    hypothesis = make_hypothesis(case, by=reviewer, verdict=Verdict.OPEN)
    assert [one.key for one in queries.gate_of(case, Stage.ANALYSIS, today()).missing] == ["review"]
    for author in (officer, reviewer):
        with pytest.raises(Refused, match="You wrote in this analysis"):
            records.review_analysis(case, note="Fine", by=author, now=now())
    records.review_analysis(case, note="Fine", by=make_user(), now=now())
    records.amend(hypothesis, case, evidence_against="None seen after ten", by=officer, now=now())
    assert not queries.gate_of(case, Stage.ANALYSIS, today()).is_open


def test_the_scores_of_assessment_are_those_since_response_began() -> None:
    officer = make_user()
    case = case_at(Stage.ASSESSMENT, by=officer)
    missing = {one.key for one in queries.gate_of(case, Stage.ASSESSMENT, today()).missing}
    assert "scores" in missing
    complete(case, Stage.ASSESSMENT, by=officer)
    assert queries.gate_of(case, Stage.ASSESSMENT, today()).is_open
    moves.go_back(case, to=Stage.RESPONSE, reason="One more step", by=officer, now=now())
    moves.move_on(case, by=officer, now=now())
    assert queries.gate_of(case, Stage.ASSESSMENT, today()).is_open


def test_an_officer_proposes_and_the_chair_closes() -> None:
    officer, chair = make_user(), a_chair()
    case = case_at(Stage.ASSESSMENT, by=officer)
    with pytest.raises(moves.GateShut):
        moves.propose_closure(case, code="objective_met", reason="Down", by=officer, now=now())
    complete(case, Stage.ASSESSMENT, by=officer)
    with pytest.raises(Refused, match="Choose why"):
        moves.propose_closure(case, code="bored", reason="Down", by=officer, now=now())
    moves.propose_closure(case, code="objective_met", reason="Down by half", by=officer, now=now())
    with pytest.raises(Refused, match="proposed already"):
        moves.propose_closure(case, code="deceased", reason="Down", by=officer, now=now())
    with pytest.raises(Refused, match="chair or coordinator"):
        moves.confirm_closure(case, by=officer, now=now())
    db.session.commit()
    before = len(latest(limit=200))
    moves.confirm_closure(case, by=chair, now=now())
    db.session.commit()
    assert len(latest(limit=200)) == before + 1
    assert (case.closure_code, case.closure_reason, case.next_review_on) == (
        "objective_met",
        "Down by half",
        None,
    )
    assert queries.history_of(case)[0].kind is Move.CLOSED


def test_who_proposed_closure_does_not_confirm_it() -> None:
    chair = a_chair()
    case = case_at(Stage.ASSESSMENT, by=chair)
    complete(case, Stage.ASSESSMENT, by=chair)
    moves.propose_closure(case, code="objective_met", reason="Down", by=chair, now=now())
    with pytest.raises(Refused, match="You proposed this"):
        moves.confirm_closure(case, by=chair, now=now())


def test_a_gate_that_shut_since_the_proposal_keeps_the_case_open() -> None:
    officer = make_user()
    case = case_at(Stage.ASSESSMENT, by=officer)
    complete(case, Stage.ASSESSMENT, by=officer)
    moves.propose_closure(case, code="objective_met", reason="Down", by=officer, now=now())
    records.write_record(case, Stage.ASSESSMENT, work_done="", by=officer, now=now())
    with pytest.raises(moves.GateShut):
        moves.confirm_closure(case, by=a_member(case, role=Role.COORDINATOR), now=now())
    assert case.is_open


def test_a_proposal_lapses_when_the_case_steps_back_and_can_be_declined() -> None:
    officer, chair = make_user(), a_chair()
    case = case_at(Stage.ASSESSMENT, by=officer)
    complete(case, Stage.ASSESSMENT, by=officer)
    moves.propose_closure(case, code="objective_met", reason="Down", by=officer, now=now())
    moves.decline_closure(case, reason="Too early to say", by=chair, now=now())
    moves.propose_closure(case, code="objective_met", reason="Down", by=officer, now=now())
    moves.go_back(case, to=Stage.RESPONSE, reason="Calls again", by=officer, now=now())
    answers = list(db.session.scalars(select(ClosureProposal.answer).order_by(ClosureProposal.id)))
    assert answers == [Answer.DECLINED, Answer.LAPSED]
    assert queries.pending_closure(case) is None


def test_closing_before_assessment_takes_the_chairs_leave() -> None:
    officer, chair = make_user(), a_chair()
    case = make_case(by=officer)
    with pytest.raises(moves.GateShut):
        moves.propose_closure(case, code="opened_in_error", reason="Wrong person", by=officer, now=now())
    moves.waive(case, "assessment", reason="Opened in error", by=chair, now=now())
    with pytest.raises(moves.GateShut):
        moves.move_on(case, by=officer, now=now())
    moves.propose_closure(case, code="opened_in_error", reason="Wrong person", by=officer, now=now())
    moves.confirm_closure(case, by=chair, now=now())
    assert not case.is_open


def test_a_closed_case_is_not_worked_on_until_it_is_reopened_with_a_reason() -> None:
    officer, chair = make_user(), a_chair()
    case = closed_case(by=officer, chair=chair)
    for act in (
        lambda: moves.move_on(case, by=officer, now=now()),
        lambda: moves.go_back(case, to=Stage.OBJECTIVE, reason="Why", by=officer, now=now()),
        lambda: moves.waive(case, "process", reason="Why", by=chair, now=now()),
        lambda: moves.propose_closure(case, code="deceased", reason="Why", by=officer, now=now()),
        lambda: records.write_record(case, Stage.ASSESSMENT, work_done="More", by=officer, now=now()),
        lambda: make_hypothesis(case, by=officer),
        lambda: records.review_analysis(case, note="Late", by=chair, now=now()),
    ):
        with pytest.raises(Refused, match="closed"):
            act()
    with pytest.raises(Refused, match="chair or coordinator"):
        moves.reopen(case, to=Stage.SCANNING, reason="Calls again", by=officer, now=now())
    moves.reopen(case, to=Stage.SCANNING, reason="Calls again", by=chair, now=now())
    assert (case.is_open, case.stage) == (True, Stage.SCANNING)
    assert [change.kind for change in queries.history_of(case)][:2] == [Move.REOPENED, Move.CLOSED]
    with pytest.raises(Refused, match="open already"):
        moves.reopen(case, to=Stage.SCANNING, reason="Calls again", by=chair, now=now())


def test_a_reopened_case_repeats_its_scores_before_it_closes_again() -> None:
    chair = a_chair()
    case = closed_case(chair=chair)
    moves.reopen(case, to=Stage.ASSESSMENT, reason="Calls again", by=chair, now=now())
    assert [one.key for one in queries.gate_of(case, Stage.ASSESSMENT, today()).missing] == ["scores"]
    assert case.next_review_on is not None


def test_a_case_is_not_reopened_beyond_the_stage_it_had() -> None:
    officer, chair = make_user(), a_chair()
    case = make_case(by=officer)
    moves.waive(case, "assessment", reason="Opened in error", by=chair, now=now())
    moves.propose_closure(case, code="opened_in_error", reason="Wrong person", by=officer, now=now())
    moves.confirm_closure(case, by=chair, now=now())
    with pytest.raises(Refused, match="Objective or an earlier stage"):
        moves.reopen(case, to=Stage.RESPONSE, reason="Calls again", by=chair, now=now())


def test_an_administrator_is_no_approver() -> None:
    case = case_at(Stage.SCANNING)
    with pytest.raises(Refused, match="chair or coordinator"):
        moves.waive(case, "scores", reason="Hurry", by=make_user(role=Role.ADMINISTRATOR), now=now())
