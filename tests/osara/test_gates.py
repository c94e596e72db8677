"""The gates and the lock as pure functions: facts in, what is missing out."""

from datetime import date, timedelta
from typing import Any

import pytest

from psg.cases.models import PartyRole, Stage
from psg.osara import gates, lock
from psg.osara.answers import is_answered, is_not_applicable
from psg.osara.gates import (
    AnalysisFacts,
    AssessmentFacts,
    Facts,
    ObjectiveFacts,
    ResponseFact,
    ResponseFacts,
    ScanningFacts,
)
from psg.osara.lock import Answers, Offer, Proposal
from psg.osara.tasks import TASKS
from psg.responses.models import OfferOutcome, SupportRoute
from psg.scoring.arithmetic import Quadrant

TODAY = date(2026, 8, 12)
SIDES = {"Victim and guardian": "Neighbours", "Offender and handler": "n/a because unknown", "Place": "Door"}
WHOLE: dict[Stage, Facts] = {
    Stage.OBJECTIVE: ObjectiveFacts(
        baselines=[False, True], has_commitment=True, sharing_basis="Section 115"
    ),
    Stage.SCANNING: ScanningFacts(
        returned=frozenset({1, 2}),
        cheers=["said"] * 6,
        safeguarding=True,
        duplicates="Searched",
        has_scope=True,
    ),
    Stage.ANALYSIS: AnalysisFacts(SIDES, 1, "Age weighed", "Lives alone", "They want sleep", True),
    Stage.RESPONSE: ResponseFacts([ResponseFact("Lock", True, True, True)], before_measures=1),
    Stage.ASSESSMENT: AssessmentFacts([], 1, "Fitted", "Fell", [], TODAY, True, "Locks work"),
}
LACKING: list[tuple[Facts, str]] = [
    (ObjectiveFacts([False], True, True, "Section 115"), "measures"),
    (ObjectiveFacts([], True, True, "Section 115"), "measures"),
    (ObjectiveFacts([True], False, True, "Section 115"), "lead"),
    (ObjectiveFacts([True], True, False, "Section 115"), "commitment"),
    (ObjectiveFacts([True], True, True, "n/a"), "sharing"),
    (ScanningFacts(frozenset({1}), ["said"], (), True, True, "Searched", True), "returns"),
    (ScanningFacts(frozenset({1, 2}), ["said", ""], (), True, True, "Searched", True), "problem"),
    (ScanningFacts(frozenset({1, 2}), ["said"], ["P-0001 (Risk)"], True, True, "Searched", True), "scores"),
    (ScanningFacts(frozenset({1, 2}), ["said"], (), False, True, "Searched", True), "scores"),
    (ScanningFacts(frozenset({1, 2}), ["said"], (), True, False, "Searched", True), "safeguarding"),
    (ScanningFacts(frozenset({1, 2}), ["said"], (), True, True, "", True), "duplicates"),
    (ScanningFacts(frozenset({1, 2}), ["said"], (), True, True, "Searched", False), "duplicates"),
    (AnalysisFacts({**SIDES, "Place": "n/a"}, 1, "Yes", "Yes", "Yes", True), "triangle"),
    (AnalysisFacts({}, 1, "Yes", "Yes", "Yes", True), "triangle"),
    (AnalysisFacts(SIDES, 0, "Yes", "Yes", "Yes", True), "hypothesis"),
    (AnalysisFacts(SIDES, 1, "Yes", "", "Yes", True), "equality"),
    (AnalysisFacts(SIDES, 1, "Yes", "Yes", "none", True), "voice"),
    (AnalysisFacts(SIDES, 1, "Yes", "Yes", "Yes", False), "review"),
    (ResponseFacts([ResponseFact("Lock", False, True, True)], 1), "owners"),
    (ResponseFacts([ResponseFact("Lock", True, False, True)], 1), "owners"),
    (ResponseFacts([ResponseFact("Lock", True, True, False)], 1), "owners"),
    (ResponseFacts([ResponseFact("Lock", True, True, True)], 0), "before"),
    (ResponseFacts([ResponseFact("Order", True, True, True, ["Say why"])], 1), "lock"),
    (AssessmentFacts(["Calls"], 1, "Yes", "Yes", [], TODAY, True, "Yes"), "outcomes"),
    (AssessmentFacts([], 0, "Yes", "Yes", [], TODAY, True, "Yes"), "outcomes"),
    (AssessmentFacts([], 1, "", "Yes", [], TODAY, True, "Yes"), "process"),
    (AssessmentFacts([], 1, "Yes", "-", [], TODAY, True, "Yes"), "outcome"),
    (AssessmentFacts([], 1, "Yes", "Yes", ["P-0001 (Need)"], TODAY, True, "Yes"), "scores"),
    (AssessmentFacts([], 1, "Yes", "Yes", [], None, True, "Yes"), "follow_up"),
    (AssessmentFacts([], 1, "Yes", "Yes", [], TODAY, False, "Yes"), "lesson"),
    (AssessmentFacts([], 1, "Yes", "Yes", [], TODAY, True, ""), "lesson"),
]


def _missing(facts: Facts) -> list[str]:
    return [one.key for one in gates.requirements(facts) if not one.is_met]


@pytest.mark.parametrize("stage", Stage)
def test_a_gate_that_has_everything_is_open(stage: Stage) -> None:
    assert _missing(WHOLE[stage]) == []


@pytest.mark.parametrize(("facts", "key"), LACKING)
def test_a_gate_says_the_one_thing_that_is_missing(facts: Facts, key: str) -> None:
    assert _missing(facts) == [key]


@pytest.mark.parametrize("stage", Stage)
def test_every_requirement_leads_to_a_task_of_its_stage(stage: Stage) -> None:
    paths = {task.path for task in TASKS[stage]}
    asked = gates.requirements(WHOLE[stage])
    assert {one.path for one in asked} <= paths
    assert len({one.key for one in asked}) == len(asked)


def test_only_safeguarding_and_the_lock_cannot_be_waived() -> None:
    kept = [one.key for facts in WHOLE.values() for one in gates.requirements(facts) if not one.is_waivable]
    assert kept == ["safeguarding", "lock"]


@pytest.mark.parametrize(
    "text", ["", " ", "n/a", "N/A.", "na", "not applicable", "none", "-", "…", "n/a because", "tbc", None]
)
def test_a_bare_answer_does_not_pass(text: str | None) -> None:
    assert not is_answered(text)


@pytest.mark.parametrize(
    "text", ["Neighbours", "n/a because nobody lives there", "Not applicable, since it is a lay-by", "nation"]
)
def test_an_answer_with_a_reason_passes(text: str) -> None:
    assert is_answered(text)


def test_only_a_reasoned_not_applicable_is_told_apart() -> None:
    assert is_not_applicable("n/a because nobody lives there")
    assert not is_not_applicable("n/a")
    assert not is_not_applicable("Neighbours, because they are near")


# The lock ----------------------------------------------------------------------

WRITTEN = Answers(
    route=SupportRoute.DECLINED,
    proportionality="A lesser step failed",
    capacity="Asked adult care",
    equality="Weighed",
    victims_views="They agree",
)
DECLINED = Offer(TODAY - timedelta(days=14), OfferOutcome.DECLINED)


def _proposal(**changes: Any) -> Proposal:
    return Proposal(
        **{
            "today": TODAY,
            "answers": WRITTEN,
            "ladder_reason": "Advice failed twice",
            "role": PartyRole.PERPETRATOR,
            "quadrant": Quadrant.HIGH_RISK_LOW_NEED,
            "offers": [DECLINED],
            **changes,
        }
    )


def _answers(**changes: Any) -> Answers:
    return Answers(**{**WRITTEN.__dict__, **changes})


def _unmet(proposal: Proposal) -> list[str]:
    return [one.key for one in lock.conditions(proposal) if not one.is_met]


def test_the_lock_opens_when_everything_holds() -> None:
    assert _unmet(_proposal()) == []


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"role": PartyRole.PERSON_OF_CONCERN, "quadrant": None}, ["perpetrator", "scores"]),
        ({"role": None}, ["perpetrator"]),
        ({"role": PartyRole.VICTIM}, ["perpetrator"]),
        ({"quadrant": None}, ["scores"]),
        ({"is_provisional": True}, ["scores"]),
        ({"quadrant": Quadrant.LOW_RISK_HIGH_NEED}, ["quadrant"]),
        ({"quadrant": Quadrant.LOW_RISK_LOW_NEED}, ["approval"]),
        ({"quadrant": Quadrant.HIGH_RISK_HIGH_NEED}, ["beside"]),
        ({"quadrant": Quadrant.HIGH_RISK_HIGH_NEED, "has_support_beside": True}, []),
        ({"is_child": True}, ["youth"]),
        ({"ladder_reason": "n/a"}, ["ladder"]),
        ({"offers": []}, ["support"]),
        ({"offers": [Offer(TODAY - timedelta(days=13), OfferOutcome.DECLINED)]}, ["support"]),
        ({"offers": [Offer(TODAY - timedelta(days=90), OfferOutcome.WAITING)]}, ["support"]),
        ({"offers": [Offer(TODAY - timedelta(days=90), OfferOutcome.ACCEPTED)]}, ["support"]),
        (
            {"offers": [Offer(TODAY - timedelta(days=90), OfferOutcome.DECLINED, is_clinical=True)]},
            ["support"],
        ),
        ({"offers": [Offer(TODAY - timedelta(days=14), OfferOutcome.NO_ENGAGEMENT)]}, []),
        ({"answers": _answers(route=None)}, ["support"]),
        ({"answers": _answers(route=SupportRoute.COMMUNITY_HARM), "offers": []}, ["support"]),
        ({"answers": _answers(proportionality="")}, ["proportionality"]),
        ({"answers": _answers(capacity="n/a")}, ["capacity"]),
        ({"answers": _answers(equality="")}, ["equality"]),
        ({"answers": _answers(victims_views="")}, ["victims"]),
    ],
)
def test_the_lock_stays_shut_on_each_missing_condition(changes: dict[str, Any], keys: list[str]) -> None:
    assert _unmet(_proposal(**changes)) == keys


def test_harm_to_the_community_needs_evidence_and_the_reason() -> None:
    shown = _answers(
        route=SupportRoute.COMMUNITY_HARM, harm_evidence="41 false alarms", harm_reason="Fires in a block"
    )
    assert _unmet(_proposal(answers=shown, offers=[])) == []


def test_the_chair_opens_low_risk_with_low_need_and_nothing_else() -> None:
    approved = _answers(is_approved=True)
    assert _unmet(_proposal(quadrant=Quadrant.LOW_RISK_LOW_NEED, answers=approved)) == []
    for quadrant in (Quadrant.LOW_RISK_HIGH_NEED, Quadrant.HIGH_RISK_HIGH_NEED):
        assert _unmet(_proposal(quadrant=quadrant, answers=approved)) != []


def test_a_place_power_has_no_quadrant_and_every_other_condition() -> None:
    power = _proposal(is_place_power=True, role=PartyRole.PLACE, quadrant=None)
    assert _unmet(power) == []
    assert "support" in _unmet(_proposal(is_place_power=True, quadrant=None, offers=[]))


def test_a_person_of_concern_is_told_why_enforcement_is_closed() -> None:
    shut = lock.unmet(_proposal(role=PartyRole.PERSON_OF_CONCERN, quadrant=None))
    assert shut[0] == "Enforcement is closed to a person of concern, who has no Risk score"
