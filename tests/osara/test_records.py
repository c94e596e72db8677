"""Writing in the stage records and lists: rules in words, one entry and one line of the chronology each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from psg.accounts.models import Role
from psg.audit.queries import latest
from psg.base import Refused
from psg.cases.models import Case, Event, PartyRole, Stage
from psg.extensions import db
from psg.osara import queries, records, toolbox
from psg.osara.cards import measure_card, with_warning
from psg.osara.facts import record_of
from psg.osara.locks import lock_of
from psg.osara.models import AgencyReturn, AimType, Outcome, ReturnKind, SmartObjective, Verdict
from psg.responses import enforcement, services
from psg.responses import queries as responses
from psg.responses.models import OfferOutcome, PatSide, ResponseStatus, SupportRoute
from psg.scoring.models import MatrixKind
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_member, make_case
from tests.factories.osara import (
    HIGH_NEED,
    HIGH_RISK,
    LOW_NEED,
    LOW_RISK,
    a_chair,
    case_at,
    make_before,
    make_hypothesis,
    make_objective,
    make_response,
    make_return,
    perpetrator_of,
)
from tests.factories.scoring import make_party, make_score


@pytest.fixture(autouse=True)
def _session(session: object) -> None:
    """Each test has a database of its own."""


def _lines(case: Case) -> int:
    return db.session.scalar(select(func.count(Event.id)).where(Event.case_id == case.id)) or 0


def test_every_service_leaves_one_entry_and_one_line_of_the_chronology() -> None:
    officer, other, chair = make_user(), make_user(), a_chair()
    case = make_case(by=officer)
    party = perpetrator_of(case)
    kept: dict[str, Any] = {}
    yesterday = today() - timedelta(days=1)

    def keep(name: str, made: Callable[[], Any]) -> Callable[[], None]:
        return lambda: kept.__setitem__(name, made())

    acts: list[Callable[[], Any]] = [
        lambda: records.write_record(case, Stage.OBJECTIVE, why="Calls", by=officer, now=now()),
        lambda: records.write_record(case, Stage.OBJECTIVE, why="More calls", by=officer, now=now()),
        keep("objective", lambda: make_objective(case, by=officer)),
        lambda: records.amend(kept["objective"], case, target=10, by=officer, now=now()),
        lambda: make_return(case, by=officer, agency=other.agency),
        keep("hypothesis", lambda: make_hypothesis(case, by=officer)),
        lambda: records.write_record(case, Stage.ANALYSIS, voice="Sleep", by=officer, now=now()),
        lambda: records.review_analysis(case, note="Read", by=other, now=now()),
        lambda: make_before(case, by=officer, objective=kept["objective"]),
        keep("response", lambda: make_response(case, by=officer, step="cpw", party=party, hypothesis=kept["hypothesis"])),
        lambda: toolbox.edit_response(
            kept["response"], case, hypothesis=kept["hypothesis"], step=kept["response"].step,
            pat_side=PatSide.OFFENDER, summary="Write", party=party, by=officer, now=now(),
        ),
        keep("offer", lambda: services.offer_support(
            case, party=party, agency=other.agency, what="Tenancy support", why_suitable="Arrears", offered_on=yesterday,
            by=officer, now=now(),
        )),
        lambda: services.record_outcome(
            kept["offer"], case, outcome=OfferOutcome.DECLINED, outcome_on=today(), by=officer, now=now()
        ),
        lambda: enforcement.answer_test(kept["response"], case, proportionality="Least step", by=officer, now=now()),
        lambda: toolbox.approve_enforcement(kept["response"], case, reason="Agreed", by=chair, now=now()),
        lambda: services.end_response(
            kept["response"], case, status=ResponseStatus.DROPPED, ended_on=today(), result="Moved", by=officer, now=now()
        ),
    ]  # fmt: skip
    for act in acts:
        db.session.commit()
        entries, lines = len(latest(limit=500)), _lines(case)
        act()
        db.session.commit()
        assert (len(latest(limit=500)), _lines(case)) == (entries + 1, lines + 1)
        assert latest(limit=1)[0].case == case.record_id


def test_the_record_says_which_fields_changed_and_never_the_words() -> None:
    officer = make_user()
    case = make_case(by=officer)
    records.write_record(case, Stage.OBJECTIVE, why="Calls", harmed="Mrs Peatwright", by=officer, now=now())
    db.session.commit()
    detail = latest(limit=1)[0].detail
    assert detail is not None
    assert detail["fields"] == ["harmed", "why"]
    assert "Peatwright" not in str(detail)


@pytest.mark.parametrize(
    ("stage", "answers", "sentence"),
    [
        (Stage.OBJECTIVE, {"aim_type": AimType.REDUCE, "reduce_by": None}, "by how much"),
        (Stage.SCANNING, {"safeguarding_on": today() + timedelta(days=1)}, "cannot be in the future"),
        (Stage.ASSESSMENT, {"follow_up_on": today() - timedelta(days=1)}, "today or later"),
        (Stage.ANALYSIS, {"place_side": "n/a"}, "not applicable because"),
    ],
)
def test_an_answer_that_cannot_stand_is_refused_and_nothing_is_written(
    stage: Stage, answers: dict[str, Any], sentence: str
) -> None:
    case = make_case()
    with pytest.raises(Refused, match=sentence):
        records.write_record(case, stage, by=make_user(), now=now(), **answers)
    assert record_of(case, stage) is None


def test_a_review_is_not_written_like_an_answer() -> None:
    officer = make_user()
    with pytest.raises(TypeError, match="reviewed_by_id"):
        records.write_record(make_case(), Stage.ANALYSIS, reviewed_by_id=officer.id, by=officer, now=now())


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (SmartObjective, {"baseline": None, "baseline_reason": "n/a"}, "starts from"),
        (SmartObjective, {"outcome": Outcome.MET, "outcome_data": ""}, "Enter the data"),
        (AgencyReturn, {"kind": ReturnKind.NIL, "figure": 3}, "no figure"),
        (AgencyReturn, {"kind": ReturnKind.DATA, "figure": None}, "figure or a summary"),
        (AgencyReturn, {"window_until": today() + timedelta(days=1)}, "future"),
    ],
)
def test_a_row_that_cannot_stand_is_refused(kind: type[Any], values: dict[str, Any], sentence: str) -> None:
    officer = make_user()
    make = make_objective if kind is SmartObjective else make_return
    with pytest.raises(Refused, match=sentence):
        make(make_case(by=officer), by=officer, **values)


def test_an_objective_may_start_without_a_number_where_the_reason_is_given() -> None:
    officer = make_user()
    case = make_case(by=officer)
    make_objective(case, by=officer, baseline=None, baseline_reason="Nobody has counted until now")
    missing = [one.key for one in queries.gate_of(case, Stage.OBJECTIVE, today()).missing]
    assert "measures" not in missing


@pytest.mark.parametrize(
    ("verdict", "field"), [(Verdict.SUPPORTED, "evidence_for"), (Verdict.NOT_SUPPORTED, "evidence_against")]
)
def test_a_verdict_needs_its_evidence(verdict: Verdict, field: str) -> None:
    officer = make_user()
    with pytest.raises(Refused) as refused:
        make_hypothesis(
            make_case(by=officer), by=officer, verdict=verdict, evidence_for="", evidence_against=""
        )
    assert refused.value.field == field


def test_nil_returns_of_one_agency_count_once() -> None:
    officer, agency = make_user(), make_agency()
    case = make_case(by=officer)
    for _ in range(2):
        make_return(case, by=officer, agency=agency, kind=ReturnKind.NIL, figure=None)
    returns = queries.gate_of(case, Stage.SCANNING, today()).requirement("returns")
    assert returns is not None
    assert (returns.is_met, returns.lacking) == (False, ("1 more to come",))


def test_before_and_after_have_equal_windows_on_either_side_of_the_first_response() -> None:
    officer = make_user()
    begin = now() - timedelta(days=40)
    case = case_at(Stage.RESPONSE, by=officer, at=begin)
    objective = queries.objectives_of(case)[0]
    started = (begin + timedelta(days=1)).date()
    with pytest.raises(Refused, match="once a response has started"):
        make_before(
            case,
            by=officer,
            objective=objective,
            at=begin,
            window_days=30,
            after_from=started,
            after_count=11,
        )
    measure = make_before(case, by=officer, objective=objective, at=begin, window_days=30)
    response = make_response(case, by=officer, hypothesis=queries.hypotheses_of(case)[0], at=begin)
    with pytest.raises(Refused, match="The before-measure runs to"):
        toolbox.start_response(response, case, started_on=measure.before_until, by=officer, now=now())
    toolbox.start_response(response, case, started_on=started, by=officer, now=now())
    with pytest.raises(Refused, match="must end before the first response"):
        records.amend(measure, case, before_until=started, by=officer, now=now())
    with pytest.raises(Refused, match="not over: count it from"):
        records.amend(
            measure, case, after_from=today() - timedelta(days=28), after_count=11, by=officer, now=now()
        )
    records.amend(measure, case, after_from=started, after_count=11, by=officer, now=now())
    facts = dict(measure_card(measure).facts)
    assert facts["Change"] == "24 → 11 (−54%), beyond ordinary variation"


def test_a_before_window_that_holds_the_peak_carries_its_warning() -> None:
    officer = make_user()
    case = make_case(by=officer)
    measure = make_before(case, by=officer, objective=make_objective(case, by=officer))
    facts = dict(with_warning(measure_card(measure), measure, today()).facts)
    assert "expect some fall without help" in facts["Caution"]
    assert "Caution" not in dict(
        with_warning(measure_card(measure), measure, today() + timedelta(days=200)).facts
    )


def test_an_objective_is_measured_once_and_belongs_to_its_case() -> None:
    officer = make_user()
    case = make_case(by=officer)
    objective = make_objective(case, by=officer)
    make_before(case, by=officer, objective=objective)
    with pytest.raises(Refused, match="change that one"):
        make_before(case, by=officer, objective=objective)
    with pytest.raises(Refused, match="this case's objectives"):
        make_before(make_case(by=officer), by=officer, objective=objective)


def test_no_response_rests_on_a_hypothesis_that_is_open_or_of_another_case() -> None:
    officer = make_user()
    case = make_case(by=officer)
    for hypothesis in (
        make_hypothesis(case, by=officer, verdict=Verdict.OPEN),
        make_hypothesis(make_case(), by=officer),
    ):
        with pytest.raises(Refused, match="a hypothesis that the analysis supports"):
            make_response(case, by=officer, hypothesis=hypothesis)


# The lock on a case ---------------------------------------------------------------


def _enforcement(risk: str, need: str, *, role: PartyRole = PartyRole.PERPETRATOR) -> tuple[Any, Any, Any]:
    officer = make_user()
    case = make_case(by=officer, role=role)
    party = case.parties[0]
    if role is PartyRole.PERPETRATOR:
        make_score(party, MatrixKind.RISK, risk, by=officer)
    make_score(party, MatrixKind.NEED, need, by=officer)
    response = make_response(
        case, by=officer, step="injunction", party=party, pat_side=PatSide.OFFENDER, summary="Apply"
    )
    offered = now() - timedelta(days=20)
    offer = services.offer_support(
        case, party=party, agency=officer.agency, what="Tenancy support", why_suitable="Arrears",
        offered_on=offered.date(), by=officer, now=now(),
    )  # fmt: skip
    services.record_outcome(
        offer, case, outcome=OfferOutcome.DECLINED, outcome_on=today(), by=officer, now=now()
    )
    enforcement.answer_test(
        response, case, route=SupportRoute.DECLINED, proportionality="Least step", capacity="Asked", equality="Weighed",
        victims_views="They agree", by=officer, now=now(),
    )  # fmt: skip
    return officer, case, response


def _shut(case: Case, response: Any) -> list[str]:
    return [one.key for one in toolbox.locked_by(lock_of(case, response, today()))]


def test_enforcement_starts_where_risk_is_high_need_is_low_and_support_was_declined() -> None:
    officer, case, response = _enforcement(HIGH_RISK, LOW_NEED)
    assert _shut(case, response) == []
    toolbox.start_response(response, case, started_on=today(), by=officer, now=now())
    assert response.status is ResponseStatus.UNDER_WAY


def test_nothing_opens_the_lock_for_low_risk_with_high_need() -> None:
    officer, case, response = _enforcement(LOW_RISK, HIGH_NEED)
    toolbox.approve_enforcement(
        response, case, reason="We must", by=a_member(case, role=Role.COORDINATOR), now=now()
    )
    assert _shut(case, response) == ["quadrant"]
    with pytest.raises(Refused, match="lock is closed"):
        toolbox.start_response(response, case, started_on=today(), by=officer, now=now())


def test_low_risk_with_low_need_takes_the_chair_and_a_new_answer_takes_the_approval_away() -> None:
    officer, case, response = _enforcement(LOW_RISK, LOW_NEED)
    assert _shut(case, response) == ["approval"]
    with pytest.raises(Refused, match="chair or coordinator"):
        toolbox.approve_enforcement(response, case, reason="Go on", by=officer, now=now())
    toolbox.approve_enforcement(
        response, case, reason="Go on", by=a_member(case, role=Role.COORDINATOR), now=now()
    )
    assert _shut(case, response) == []
    enforcement.answer_test(response, case, route=SupportRoute.DECLINED, by=officer, now=now())
    assert "approval" in _shut(case, response)


def test_high_risk_with_high_need_asks_for_support_beside_it() -> None:
    officer, case, response = _enforcement(HIGH_RISK, HIGH_NEED)
    assert _shut(case, response) == ["beside"]
    make_response(case, by=officer, step="support", summary="Key worker", party=case.parties[0])
    assert _shut(case, response) == []


def test_enforcement_is_closed_to_a_person_of_concern() -> None:
    officer, case, response = _enforcement("", LOW_NEED, role=PartyRole.PERSON_OF_CONCERN)
    assert _shut(case, response) == ["perpetrator", "scores"]
    with pytest.raises(Refused, match="lock is closed"):
        toolbox.start_response(response, case, started_on=today(), by=officer, now=now())


def test_an_offer_to_someone_else_does_not_count() -> None:
    officer, case, response = _enforcement(HIGH_RISK, LOW_NEED)
    offer = responses.offers_of(case)[0]
    offer.party = make_party(case, PartyRole.WITNESS, by=officer)
    db.session.flush()
    assert _shut(case, response) == ["support"]


def test_a_response_that_started_is_not_turned_into_enforcement() -> None:
    officer = make_user()
    case = case_at(Stage.ASSESSMENT, by=officer)
    response = responses.responses_of(case)[0]
    hypothesis = queries.hypotheses_of(case)[0]
    with pytest.raises(Refused, match="keeps its step"):
        toolbox.edit_response(
            response, case, hypothesis=hypothesis, step=responses.step_by_code("cbo"), pat_side=PatSide.OFFENDER,
            summary="Apply", by=officer, now=now(),
        )  # fmt: skip
    assert response.step.code == "place_measures"


def test_what_somebody_began_since_one_looked_is_not_written_over() -> None:
    case = case_at(Stage.SCANNING)
    terms = {"by": case.lead, "now": now()}
    records.write_record(case, Stage.SCANNING, is_first=True, harm="As I see it", **terms)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        records.write_record(case, Stage.SCANNING, is_first=True, harm="As another sees it", **terms)
    assert record_of(case, Stage.SCANNING).harm == "As I see it"
