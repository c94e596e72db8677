"""The ladder as it ships, and the rules of responses and offers by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from psg.base import Refused
from psg.cases.models import Case, PartyRole
from psg.extensions import db
from psg.responses import queries, services
from psg.responses.models import LadderStep, OfferOutcome, PatSide, Response, ResponseStatus
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_place, make_case
from tests.factories.osara import enter_reference_data, make_hypothesis, make_response
from tests.factories.scoring import make_party


@pytest.fixture(autouse=True)
def _ladder(session: object) -> None:
    enter_reference_data()


def _offer(case: Case, **values: Any) -> Any:
    by = make_user()
    return services.offer_support(
        case,
        **{
            "party": case.parties[0],
            "agency": by.agency,
            "what": "Key worker",
            "why_suitable": "Lives alone",
            "offered_on": today(),
            "by": by,
            "now": now(),
            **values,
        },
    )


def test_loading_the_ladder_twice_adds_nothing() -> None:
    before = db.session.scalar(select(func.count(LadderStep.id)))
    services.load_reference_data(now())
    assert db.session.scalar(select(func.count(LadderStep.id))) == before


def test_every_step_has_a_dated_source_and_what_is_not_in_force_says_so() -> None:
    steps = queries.ladder()
    assert len(steps) > 18
    assert all(step.source and step.source_date and step.in_force for step in steps)
    assert [step.code for step in steps if not step.is_in_force] == ["respect_order"]
    assert all("verify before live use" in step.verify for step in steps if step.verify)


def test_enforcement_is_every_legal_step_and_the_warning_that_leads_to_one() -> None:
    flagged = {step.code for step in queries.ladder() if step.is_enforcement}
    legal = {step.code for step in queries.ladder() if step.legal == "yes"}
    assert flagged == legal | {"cpw"}
    assert {step.code for step in queries.ladder() if step.is_place_power} == {
        "pspo",
        "closure",
        "licence_review",
    }
    assert not any(step.is_support and step.is_enforcement for step in queries.ladder())


def test_a_step_that_is_not_in_force_is_not_planned() -> None:
    officer = make_user()
    with pytest.raises(Refused, match="not in force"):
        make_response(make_case(by=officer), by=officer, step="respect_order")


def test_an_owner_works_for_the_agency_that_does_it() -> None:
    officer = make_user()
    case = make_case(by=officer)
    assert make_response(case, by=officer, owner=officer, owner_agency=None).owner_agency == officer.agency
    with pytest.raises(Refused, match="works for"):
        make_response(case, by=officer, owner=officer, owner_agency=make_agency())


def test_a_party_of_another_case_is_refused() -> None:
    officer = make_user()
    case, other = make_case(by=officer), make_case()
    with pytest.raises(Refused, match="part of this case"):
        make_response(case, by=officer, party=other.parties[0])
    with pytest.raises(Refused, match="part of this case"):
        _offer(case, party=other.parties[0])


def test_an_offer_is_made_to_a_person_and_not_in_the_future() -> None:
    case = make_case()
    place = make_party(case, PartyRole.PLACE, subject=a_place())
    with pytest.raises(Refused, match="Choose the person"):
        _offer(case, party=place)
    with pytest.raises(Refused, match="future"):
        _offer(case, offered_on=today() + timedelta(days=1))


def test_an_outcome_has_the_day_it_was_known() -> None:
    case, officer = make_case(), make_user()
    offer = _offer(case, offered_on=today() - timedelta(days=5))
    for day in (None, today() - timedelta(days=6), today() + timedelta(days=1)):
        with pytest.raises(Refused):
            services.record_outcome(
                offer, case, outcome=OfferOutcome.DECLINED, outcome_on=day, by=officer, now=now()
            )
    services.record_outcome(
        offer, case, outcome=OfferOutcome.ACCEPTED, outcome_on=today(), by=officer, now=now()
    )
    services.record_outcome(
        offer, case, outcome=OfferOutcome.WAITING, outcome_on=today(), by=officer, now=now()
    )
    assert offer.outcome_on is None


def _end(response: Response, case: Case, status: ResponseStatus) -> None:
    services.end_response(
        response, case, status=status, ended_on=today(), result="Fitted", by=make_user(), now=now()
    )


def test_a_response_starts_once_and_ends_once() -> None:
    officer = make_user()
    case = make_case(by=officer)
    response = make_response(
        case, by=officer, hypothesis=make_hypothesis(case, by=officer), pat_side=PatSide.PLACE
    )
    with pytest.raises(Refused, match="done after it has started"):
        _end(response, case, ResponseStatus.DONE)
    start = {"started_on": today(), "lock_is_open": True, "by": officer, "now": now()}
    with pytest.raises(Refused, match="future"):
        services.start_response(response, case, **{**start, "started_on": today() + timedelta(days=1)})
    services.start_response(response, case, **start)
    with pytest.raises(Refused, match="not waiting"):
        services.start_response(response, case, **start)
    _end(response, case, ResponseStatus.DONE)
    with pytest.raises(Refused, match="already ended"):
        _end(response, case, ResponseStatus.DROPPED)


def test_an_enforcement_step_does_not_start_with_the_lock_shut() -> None:
    officer = make_user()
    case = make_case(by=officer)
    response = make_response(case, by=officer, step="cpw", party=case.parties[0])
    with pytest.raises(Refused, match="lock is closed"):
        services.start_response(response, case, started_on=today(), lock_is_open=False, by=officer, now=now())
