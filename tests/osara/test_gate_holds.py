"""Whatever people press and in whatever order, no case passes a gate that is neither met nor waived.

A model keeps its own account of what was supplied; the product must agree with it at every press.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from psg.base import Refused
from psg.cases.models import Case, Stage
from psg.osara import moves, queries, records, toolbox
from psg.osara.models import Hypothesis, Lesson, Outcome, ReturnKind, Safeguarding, Scope, Verdict
from psg.plan.queries import links_of
from psg.plan.services import unlink_commitment
from psg.responses import queries as responses
from psg.responses import services
from psg.responses.models import ResponseStatus
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.osara import (
    a_chair,
    make_before,
    make_hypothesis,
    make_objective,
    make_response,
    make_return,
    perpetrator_of,
    score_everyone,
)
from tests.factories.plan import commitment, link

CHEERS = ("community", "harm", "expectation", "events", "recurring", "similarity")
SIDES = ("victim_side", "offender_side", "place_side")
ASKED = {
    Stage.OBJECTIVE: {"measures", "commitment", "sharing"},
    Stage.SCANNING: {"returns", "problem", "scores", "safeguarding", "duplicates"},
    Stage.ANALYSIS: {"triangle", "hypothesis", "equality", "voice", "review"},
    Stage.RESPONSE: {"responses", "owners", "before", "lock"},
    Stage.ASSESSMENT: {"outcomes", "process", "outcome", "scores_again", "follow_up", "lesson"},
}
KEPT = {"safeguarding", "lock"}


class Model:
    """A case, and beside it an account of what each gate has been given."""

    def __init__(self) -> None:
        self.officer, self.reviewer, self.chair = make_user(), make_user(), a_chair()
        self.case: Case = make_case(by=self.officer)
        self.given = {"lock"}
        self.waived: set[str] = set()
        self.agencies = [make_agency() for _ in range(2)]

    def write(self, stage: Stage, key: str, is_given: bool, **answers: Any) -> None:
        records.write_record(self.case, stage, by=self.officer, now=now(), **answers)
        if stage is Stage.ANALYSIS:
            self.given.discard("review")
        self.mark(key, is_given)

    def mark(self, key: str, is_given: bool) -> None:
        (self.given.add if is_given else self.given.discard)(key)

    @property
    def missing(self) -> set[str]:
        return ASKED[self.case.stage] - self.given - self.waived

    # What people do ---------------------------------------------------------

    def objective(self) -> None:
        make_objective(self.case, by=self.officer)
        self.given.add("measures")
        self.given.discard("outcomes")

    def sharing(self, yes: bool) -> None:
        self.write(Stage.OBJECTIVE, "sharing", yes, sharing_basis="Section 115" if yes else "n/a")

    def commit(self) -> None:
        for held in links_of(self.case):
            unlink_commitment(held, self.case, reason="Not this one", by=self.officer, now=now())
            self.given.discard("commitment")
            return
        link(commitment("ASB-1"), case=self.case, by=self.officer)
        self.given.add("commitment")

    def returned(self) -> None:
        held = {one.agency_id for one in queries.returns_of(self.case)}
        agency = random.choice(self.agencies)
        make_return(self.case, by=self.officer, agency=agency, kind=ReturnKind.NIL, figure=None)
        self.mark("returns", len(held | {agency.id}) == 2)

    def problem(self, yes: bool) -> None:
        self.write(
            Stage.SCANNING, "problem", yes, **{**dict.fromkeys(CHEERS, "Said"), "recurring": "Weekly" * yes}
        )

    def scores(self) -> None:
        score_everyone(self.case, by=self.officer)
        self.given |= {"scores", "scores_again"}

    def safeguarding(self) -> None:
        answer = {
            "safeguarding": Safeguarding.KNOWN,
            "safeguarding_on": today(),
            "safeguarding_note": "With MASH",
        }
        self.write(Stage.SCANNING, "safeguarding", True, **answer)

    def duplicates(self, yes: bool) -> None:
        self.write(Stage.SCANNING, "duplicates", yes, duplicates="Searched", scope=Scope.ONE if yes else None)

    def triangle(self, yes: bool) -> None:
        answers = {**dict.fromkeys(SIDES, "n/a because nobody is known"), "place_side": "The door" * yes}
        self.write(Stage.ANALYSIS, "triangle", yes, **answers)

    def hypothesis(self) -> None:
        make_hypothesis(self.case, by=self.officer)
        self.given.discard("review")
        self._hypotheses()

    def doubt(self) -> None:
        for one in queries.hypotheses_of(self.case)[:1]:
            records.amend(one, self.case, verdict=Verdict.OPEN, by=self.officer, now=now())
            self.given.discard("review")
        self._hypotheses()

    def equality(self, yes: bool) -> None:
        self.write(Stage.ANALYSIS, "equality", yes, equality="Weighed", vulnerability="Alone" if yes else "-")

    def voice(self, yes: bool) -> None:
        self.write(Stage.ANALYSIS, "voice", yes, voice="They want sleep" if yes else "none")

    def review(self) -> None:
        records.review_analysis(self.case, note="Read", by=self.reviewer, now=now())
        self.given.add("review")

    def respond(self) -> None:
        supported = self._supported()
        toolbox.plan_response(
            self.case,
            hypothesis=supported[0],
            step=responses.step_by_code("advice"),
            pat_side="place",
            summary="Write",
            owner_agency=random.choice([None, self.case.lead_agency]),
            due_on=today() + timedelta(days=7),
            by=self.officer,
            now=now(),
        )
        self._responses()

    def punish(self) -> None:
        party = perpetrator_of(self.case)
        make_response(self.case, by=self.officer, step="cbo", party=party, hypothesis=self._supported()[0])
        self._responses()

    def drop(self) -> None:
        live = [one for one in responses.responses_of(self.case) if one.is_live]
        services.end_response(
            live[-1],
            self.case,
            status=ResponseStatus.DROPPED,
            ended_on=today(),
            result="No",
            by=self.officer,
            now=now(),
        )
        self._responses()

    def before(self) -> None:
        make_before(self.case, by=self.officer, objective=queries.objectives_of(self.case)[0])
        self.given.add("before")

    def outcomes(self) -> None:
        for one in queries.objectives_of(self.case):
            records.amend(
                one, self.case, outcome=Outcome.UNKNOWN, outcome_data="No data", by=self.officer, now=now()
            )
            self.given.add("outcomes")

    def process(self, yes: bool) -> None:
        self.write(Stage.ASSESSMENT, "process", yes, work_done="Done as planned" * yes)

    def outcome(self, yes: bool) -> None:
        self.write(Stage.ASSESSMENT, "outcome", yes, outcome="Fell" if yes else "n/a")

    def follow_up(self, yes: bool) -> None:
        self.write(Stage.ASSESSMENT, "follow_up", yes, follow_up_on=today() if yes else None)

    def lesson(self, yes: bool) -> None:
        self.write(Stage.ASSESSMENT, "lesson", yes, lesson=Lesson.WITHHELD, lesson_text="Too few cases" * yes)

    def _supported(self) -> list[Hypothesis]:
        found = [one for one in queries.hypotheses_of(self.case) if one.is_supported]
        if not found:
            raise Refused("nothing is supported")
        return found

    def _hypotheses(self) -> None:
        self.mark("hypothesis", any(one.is_supported for one in queries.hypotheses_of(self.case)))
        self._responses()

    def _responses(self) -> None:
        supported = {one.id for one in queries.hypotheses_of(self.case) if one.is_supported}
        live = [one for one in responses.responses_of(self.case) if one.is_live]
        self.mark("responses", bool(live))
        self.mark(
            "owners", bool(live) and all(one.owner_agency and one.hypothesis_id in supported for one in live)
        )
        self.mark("lock", not any(one.step.code == "cbo" for one in live))

    # What they press ----------------------------------------------------------

    def move(self) -> None:
        before, missing = self.case.stage, self.missing
        onward = moves.next_stage(before)
        try:
            moves.move_on(self.case, by=self.officer, now=now())
        except moves.GateShut:
            assert missing, f"{before} refused a case that lacks nothing"
            assert self.case.stage is before
            return
        assert not missing, f"{before} let a case pass without {missing}"
        assert self.case.stage is onward
        self._arrive()
        if onward is Stage.RESPONSE:
            self.given.discard("scores_again")

    def back(self) -> None:
        moves.go_back(
            self.case, to=random.choice(list(Stage)), reason="Look again", by=self.officer, now=now()
        )
        self._arrive()

    def waive(self) -> None:
        key = random.choice(sorted(ASKED[self.case.stage]))
        moves.waive(self.case, key, reason="In a hurry", by=self.chair, now=now())
        assert key not in KEPT
        self.waived.add(key)

    def waive_alone(self) -> None:
        key = random.choice(sorted(ASKED[self.case.stage]))
        with pytest.raises(Refused):
            moves.waive(self.case, key, reason="In a hurry", by=self.officer, now=now())

    def close(self) -> None:
        missing = self.missing if self.case.stage is Stage.ASSESSMENT else {"assessment"}
        moves.propose_closure(self.case, code="deceased", reason="Died", by=self.officer, now=now())
        assert not missing, f"closed without {missing}"
        moves.confirm_closure(self.case, by=self.chair, now=now())
        moves.reopen(self.case, to=self.case.stage, reason="Not so", by=self.chair, now=now())
        self._arrive()
        self.given.discard("scores_again")

    def _arrive(self) -> None:
        self.waived = set()


Press = Callable[[Model], None]


def _mostly(answer: Callable[[Model, bool], None]) -> Press:
    """Answered well more often than badly."""
    return lambda model: answer(model, random.random() < 0.85)


WORK: dict[Stage, list[Press]] = {
    Stage.OBJECTIVE: [Model.objective, Model.commit, _mostly(Model.sharing)],
    Stage.SCANNING: [
        Model.returned, Model.scores, Model.safeguarding, _mostly(Model.problem), _mostly(Model.duplicates),
    ],
    Stage.ANALYSIS: [
        Model.hypothesis, Model.doubt, Model.review, Model.review,
        _mostly(Model.triangle), _mostly(Model.equality), _mostly(Model.voice),
    ],
    Stage.RESPONSE: [Model.respond, Model.respond, Model.punish, Model.drop, Model.before],
    Stage.ASSESSMENT: [
        Model.outcomes, Model.scores, _mostly(Model.process), _mostly(Model.outcome), _mostly(Model.follow_up),
        _mostly(Model.lesson),
    ],
}  # fmt: skip
ANYTHING = [press for presses in WORK.values() for press in presses]
PRESSED: list[Press] = [Model.move] * 6 + [Model.back, Model.waive, Model.waive_alone, Model.close]


@pytest.mark.parametrize("seed", [1, 2, 3, 5])
def test_no_sequence_of_presses_passes_a_gate_that_is_neither_met_nor_waived(session: Any, seed: int) -> None:
    random.seed(seed)
    model = Model()
    for _ in range(130):
        presses = random.choices([PRESSED, WORK[model.case.stage], ANYTHING], weights=[35, 50, 15])[0]
        with suppress(Refused, IndexError):
            random.choice(presses)(model)
        shown = {one.key for one in queries.gate_of(model.case, model.case.stage, today()).missing}
        assert shown == {"scores" if key == "scores_again" else key for key in model.missing}
    visited = {change.to_stage for change in queries.history_of(model.case)}
    assert Stage.RESPONSE in visited, "the case never came far: choose another seed"
