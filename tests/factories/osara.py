"""Cases taken through their stages for tests, through the services that take them in use."""

from datetime import date, datetime, timedelta
from typing import Any

from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.cases.models import Case, Party, PartyRole, Stage
from psg.cases.queries import parties_of
from psg.demand.screening import services as screening
from psg.osara import moves, queries, records, toolbox
from psg.osara.models import (
    AgencyReturn,
    BeforeAfter,
    Hypothesis,
    Lesson,
    Outcome,
    ReturnKind,
    Safeguarding,
    Scope,
    SmartObjective,
    Verdict,
)
from psg.responses import queries as ladder
from psg.responses import services as responses
from psg.responses.models import PatSide, Response
from psg.scoring.models import SCORED_BY_ROLE, MatrixKind
from psg.web.dates import london, now
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.plan import commitment, link, make_plan
from tests.factories.scoring import enter_matrices, make_score

FACTORS = {MatrixKind.VICTIM: 10, MatrixKind.RISK: 8, MatrixKind.NEED: 7, MatrixKind.PLACE: 10}
HIGH_RISK, LOW_RISK = "3 2 2 2 1 2 0 1", "1 0 0 1 0 0 0 0"
HIGH_NEED, LOW_NEED = "3 2 2 1 2 1 0", "1 0 0 0 0 0 0"


def enter_reference_data() -> None:
    enter_matrices()
    responses.load_reference_data(now())
    screening.load_reference_data(now())
    make_plan()


def a_chair(name: str = "Chair") -> User:
    return make_user(role=Role.COORDINATOR, name=name)


def make_objective(case: Case, *, by: User, at: datetime | None = None, **values: Any) -> SmartObjective:
    at = at or now()
    values = {
        "measure": "Calls about shouting at night",
        "baseline": 24,
        "window_days": 90,
        "target": 12,
        "due_on": london(at).date() + timedelta(days=90),
        "data_owner_id": case.lead_agency_id,
        **values,
    }
    objective: SmartObjective = records.add_to_record(case, SmartObjective, by=by, now=at, **values)
    return objective


def make_return(
    case: Case, *, by: User, agency: Agency | None = None, at: datetime | None = None, **values: Any
) -> AgencyReturn:
    at = at or now()
    agency = agency or make_agency(kind=AgencyKind.HOUSING)
    values = {
        "kind": ReturnKind.DATA,
        "window_days": 90,
        "window_until": london(at).date(),
        "figure": 12,
        **values,
    }
    returned: AgencyReturn = records.add_to_record(
        case, AgencyReturn, by=by, now=at, agency_id=agency.id, **values
    )
    return returned


def make_hypothesis(case: Case, *, by: User, at: datetime | None = None, **values: Any) -> Hypothesis:
    values = {
        "because": "the door does not lock",
        "expect": "most calls come after ten at night",
        "evidence_for": "19 of 24 calls came after ten",
        "verdict": Verdict.SUPPORTED,
        **values,
    }
    hypothesis: Hypothesis = records.add_to_record(case, Hypothesis, by=by, now=at or now(), **values)
    return hypothesis


def make_before(
    case: Case, *, by: User, objective: SmartObjective, at: datetime | None = None, **values: Any
) -> BeforeAfter:
    at = at or now()
    values = {
        "window_days": 90,
        "before_until": london(at).date() - timedelta(days=1),
        "before_count": 24,
        "source": "Police contacts",
        **values,
    }
    measure: BeforeAfter = records.add_to_record(
        case, BeforeAfter, by=by, now=at, objective_id=objective.id, **values
    )
    return measure


def make_response(
    case: Case,
    *,
    by: User,
    step: str = "place_measures",
    hypothesis: Hypothesis | None = None,
    at: datetime | None = None,
    **values: Any,
) -> Response:
    at = at or now()
    values = {
        "pat_side": PatSide.PLACE,
        "summary": "Fit a lock to the door",
        "owner_agency": case.lead_agency,
        "due_on": london(at).date() + timedelta(days=14),
        "ladder_reason": "Advice was given twice and did not help",
        **values,
    }
    return toolbox.plan_response(
        case,
        hypothesis=hypothesis or make_hypothesis(case, by=by, at=at),
        step=ladder.step_by_code(step),
        by=by,
        now=at,
        **values,
    )


def score_everyone(case: Case, *, by: User, at: datetime | None = None) -> None:
    for party in parties_of(case):
        for kind in SCORED_BY_ROLE.get(party.role, ()):
            make_score(party, kind, " ".join("1" * FACTORS[kind]), by=by, at=at)


def perpetrator_of(case: Case) -> Party:
    return next(party for party in parties_of(case) if party.role is PartyRole.PERPETRATOR)


def complete(
    case: Case, stage: Stage, *, by: User, reviewer: User | None = None, at: datetime | None = None
) -> None:
    """Supply everything that the gate of one stage asks for."""
    at = at or now()
    day = london(at).date()

    def write(**answers: Any) -> None:
        records.write_record(case, stage, by=by, now=at, **answers)

    match stage:
        case Stage.OBJECTIVE:
            make_objective(case, by=by, at=at)
            write(sharing_basis="Section 115, to prevent crime and disorder here")
            link(commitment("ASB-1"), case=case, by=by)
        case Stage.SCANNING:
            make_return(case, by=by, at=at)
            make_return(case, by=by, at=at, kind=ReturnKind.NIL, figure=None)
            score_everyone(case, by=by, at=at)
            write(
                **dict.fromkeys(
                    ("community", "harm", "expectation", "events", "recurring", "similarity"), "Said"
                )
            )
            write(
                safeguarding=Safeguarding.NO_CONCERN,
                safeguarding_on=day,
                safeguarding_note="Asked both services",
            )
            write(duplicates="Searched by name and address: one case", scope=Scope.ONE)
        case Stage.ANALYSIS:
            write(
                victim_side="Neighbours on both sides",
                offender_side="Not applicable because nobody is known",
                place_side="The door does not lock",
                equality="Age was weighed",
                vulnerability="One neighbour lives alone",
                voice="They want to sleep",
            )
            make_hypothesis(case, by=by, at=at)
            records.review_analysis(case, note="The evidence carries it", by=reviewer or make_user(), now=at)
        case Stage.RESPONSE:
            response = make_response(case, by=by, at=at, hypothesis=queries.hypotheses_of(case)[0])
            objective = queries.objectives_of(case)[0]
            make_before(case, by=by, at=at, objective=objective)
            toolbox.start_response(response, case, started_on=day, by=by, now=at)
        case Stage.ASSESSMENT:
            for objective in queries.objectives_of(case):
                data = "24 before, 11 after"
                records.amend(objective, case, outcome=Outcome.MET, outcome_data=data, by=by, now=at)
            write(work_done="The lock was fitted on the day", outcome="24 calls fell to 11")
            score_everyone(case, by=by, at=at)
            write(follow_up_on=_later(day), lesson=Lesson.OFFERED, lesson_text="Locks keep doors shut")


def case_at(
    stage: Stage,
    *,
    by: User | None = None,
    reviewer: User | None = None,
    at: datetime | None = None,
    **values: Any,
) -> Case:
    """A case that has come to a stage through every gate before it."""
    by = by or make_user()
    case = make_case(by=by, **values)
    while case.stage is not stage:
        complete(case, case.stage, by=by, reviewer=reviewer, at=at)
        moves.move_on(case, by=by, now=at or now())
    return case


def closed_case(*, by: User | None = None, chair: User | None = None) -> Case:
    by, chair = by or make_user(), chair or a_chair()
    case = case_at(Stage.ASSESSMENT, by=by)
    complete(case, Stage.ASSESSMENT, by=by)
    moves.propose_closure(case, code="objective_met", reason="Down by half", by=by, now=now())
    moves.confirm_closure(case, by=chair, now=now())
    return case


def _later(day: date) -> date:
    return day + timedelta(days=90)
