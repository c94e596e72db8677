"""The pages of Track and Score, through a browser without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from psg.accounts.models import Role
from psg.audit.models import Detail
from psg.cases import services as cases
from psg.cases.models import Band, Case, Party, PartyRole
from psg.cases.queries import parties_of
from psg.extensions import db
from psg.scoring.models import MatrixKind, Score
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.scoring import make_party, make_score

FIRST, VISIT = "3 2 2 2 ? ? 2 2 2 2", "3 2 2 2 2 1 2 2 2 2"

pytestmark = pytest.mark.usefixtures("matrices")


def filled(values: str, **more: str) -> dict[str, str]:
    answers = ["unknown" if value == "?" else value for value in values.split()]
    return {**{f"V{number}": value for number, value in enumerate(answers, 1)}, **more}


@pytest.fixture
def case() -> Case:
    return make_case(role=PartyRole.VICTIM)


@pytest.fixture
def party(case: Case) -> Party:
    return parties_of(case)[0]


@pytest.fixture
def page(case: Case, party: Party) -> str:
    return f"/cases/{case.reference}/scores/new/{party.id}/victim"


@pytest.fixture
def browser(sign_in: Any, case: Case) -> Any:
    return sign_in(case.lead)


def scores() -> list[Score]:
    db.session.expire_all()
    return list(db.session.scalars(select(Score).order_by(Score.id)))


def test_scoring_a_victim_shows_the_interval_and_the_headline(browser: Any, case: Case, page: str) -> None:
    assert "Not scored yet" in browser.get(f"/cases/{case.reference}/scores").text
    answer = browser.send(page, filled(FIRST, V3_evidence="Threat by text message"))
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.reference}/scores")
    (score,) = scores()
    assert score.words == "51–78, High to Critical, 73% complete"
    assert score.case.headline_band is Band.CRITICAL
    shown = browser.get(answer.location).text
    assert "Victim score recorded." in shown
    assert "73% complete" in shown
    assert "From Victim 51–78, by its high end." in shown
    whole = browser.get(f"/cases/{case.reference}/scores/{score.id}").text
    assert "Threat by text message" in whole
    assert "Unknown: counted as 0 to 3" in whole
    assert "40 to 61 of 78" in whole


def test_rescoring_starts_from_the_standing_answers_and_says_why_it_changed(
    browser: Any, case: Case, party: Party, page: str
) -> None:
    make_score(party, MatrixKind.VICTIM, FIRST, at=now() - timedelta(days=7), floors=["dash_high"])
    db.session.commit()
    shown = browser.get(page).text
    assert 'name="V1" type="radio" value="3" checked' in shown
    assert 'name="V5" type="radio" value="unknown" checked' in shown
    assert 'value="dash_high" checked' in shown
    assert browser.send(page, filled(VISIT)).status_code == 303
    listed = browser.get(f"/cases/{case.reference}/scores").text
    assert "+14: Impact unknown → 2, Vulnerability unknown → 1, floor “DASH high risk” lifted" in listed
    assert '<title id="trend-' in listed
    assert listed.count("<tr class") == 3


def test_unanswered_factor_is_refused_and_everything_typed_is_kept(browser: Any, page: str) -> None:
    typed = filled(
        VISIT,
        V1_evidence="Seen by <Housing>",
        V2="9",
        **{"V3_on-day": "31", "V3_on-month": "2", "V3_on-year": "2026"},
        floors="child_at_risk",
    )
    del typed["V4"]
    answer = browser.send(page, typed)
    assert answer.status_code == 422
    assert "<title>Error: PSG-" in answer.text
    assert 'href="#V4-0">V4 Targeting: choose what fits, or Unknown' in answer.text
    assert 'href="#V2-0">V2 Frequency, last 28 days: choose what fits, or Unknown' in answer.text
    assert 'href="#V3_on-day">V3: date of the evidence must be a real date' in answer.text
    assert "Seen by &lt;Housing&gt;" in answer.text
    assert 'value="child_at_risk" checked' in answer.text
    assert 'name="V5" type="radio" value="2" checked' in answer.text
    assert 'name="V3_on-month" type="text" inputmode="numeric" autocomplete="off" value="2"' in answer.text
    assert scores() == []


@pytest.mark.parametrize(
    ("field", "days", "sentence"),
    [
        ("V1_on", 1, "V1: date of the evidence must be today or earlier"),
        ("V1_stale", -1, "V1 was to be confirmed by that day: check it, then change or clear the date"),
    ],
)
def test_days_that_cannot_be_are_refused(
    browser: Any, page: str, field: str, days: int, sentence: str
) -> None:
    day = today() + timedelta(days=days)
    typed = {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    answer = browser.send(page, filled(VISIT, **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert scores() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("V1_evidence", "x" * 2001), ("V1_agency", "999999"), ("floors", "flood")],
)
def test_too_long_or_unknown_values_are_refused(browser: Any, page: str, field: str, value: str) -> None:
    answer = browser.send(page, filled(VISIT, **{field: value}))
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text
    assert scores() == []


def test_sending_the_same_form_twice_records_one_score(browser: Any, page: str) -> None:
    data = {**browser.hidden_fields(page), **filled(VISIT)}
    answers = [browser.post(page, data=data).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(scores()) == 1


def test_stale_token_keeps_the_answers(browser: Any, page: str) -> None:
    answer = browser.send(page, filled(VISIT, csrf_token="old"))
    assert answer.status_code == 422
    assert 'name="V1" type="radio" value="3" checked' in answer.text
    assert scores() == []


def test_two_people_scoring_at_once_see_both_answers(browser: Any, party: Party, page: str) -> None:
    hidden = browser.hidden_fields(page)
    make_score(party, MatrixKind.VICTIM, "1 2 2 2 2 1 2 2 2 2")
    db.session.commit()
    answer = browser.post(page, data={**hidden, **filled(VISIT)})
    assert answer.status_code == 409
    assert "31 to 90 days ago (1)" in answer.text
    assert "Saved by someone else while you were typing" in answer.text
    assert 'name="V1" type="radio" value="3" checked' in answer.text
    assert len(scores()) == 1


def test_party_of_another_case_and_unknown_kind_are_not_found(browser: Any, case: Case, party: Party) -> None:
    other = make_case(role=PartyRole.VICTIM)
    witness = make_party(case, PartyRole.WITNESS)
    score = make_score(parties_of(other)[0], MatrixKind.VICTIM, VISIT)
    db.session.commit()
    at = f"/cases/{case.reference}/scores"
    for path in (
        f"{at}/new/{parties_of(other)[0].id}/victim",
        f"{at}/new/{party.id}/risk",
        f"{at}/new/{party.id}/astrology",
        f"{at}/new/{witness.id}/victim",
        f"{at}/new/2147483647/victim",
        f"{at}/new/{10**30}/victim",
        f"{at}/{score.id}",
        f"{at}/2147483647",
        f"{at}/{10**30}",
        "/cases/PSG-9999/scores",
    ):
        assert browser.get(path).status_code == 404, path


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_roles_without_case_work_get_the_404_of_a_case_that_does_not_exist(
    sign_in: Any, case: Case, page: str, role: Role
) -> None:
    browser = sign_in(make_user(role=role))
    for path in (f"/cases/{case.reference}/scores", page):
        assert browser.get(path).status_code == 404
        assert browser.post(path).status_code in (404, 405)


def test_signed_out_is_sent_to_sign_in(client: Any, case: Case) -> None:
    answer = client.get(f"/cases/{case.reference}/scores")
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


def test_closed_case_can_be_read_and_not_scored(browser: Any, case: Case, party: Party, page: str) -> None:
    make_score(party, MatrixKind.VICTIM, VISIT)
    cases.close_case(case, code="objective_met", reason="Quiet for 90 days", by=case.lead, now=now())
    db.session.commit()
    assert "Score again" not in browser.get(f"/cases/{case.reference}/scores").text
    answer = browser.send(page, filled(VISIT))
    assert answer.status_code == 422
    assert "reopen it before you score" in answer.text
    assert len(scores()) == 1


def test_each_page_writes_one_consultation_with_its_case(
    browser: Any, case: Case, party: Party, page: str
) -> None:
    score = make_score(party, MatrixKind.VICTIM, VISIT)
    db.session.commit()
    for path, action in (
        (f"/cases/{case.reference}/scores", b"score.list"),
        (f"/cases/{case.reference}/scores/{score.id}", b"score.view"),
        (page, b"score.form"),
    ):
        before = db.session.scalar(select(func.count()).select_from(Detail))
        assert browser.get(path).status_code == 200
        bodies = list(db.session.scalars(select(Detail.body).order_by(Detail.seq)))[before:]
        assert len(bodies) == 1
        assert action in bodies[0]


def test_risk_and_need_stand_side_by_side_with_what_the_quadrant_advises(sign_in: Any) -> None:
    case = make_case(role=PartyRole.PERPETRATOR)
    perpetrator = parties_of(case)[0]
    make_score(perpetrator, MatrixKind.RISK, "1 0 0 0 0 0 0 0")
    make_score(perpetrator, MatrixKind.NEED, "3 2 2 ? 2 1 0")
    shown = sign_in(case.lead).get(f"/cases/{case.reference}/scores").text
    assert "Low Risk, high Need." in shown
    assert "Support only: enforcement is locked." in shown
    assert "From Risk 3." in shown


def test_floor_without_a_hand_over_asks_for_one(browser: Any, case: Case, party: Party) -> None:
    make_score(party, MatrixKind.VICTIM, VISIT, floors=["suicidality"])
    db.session.commit()
    shown = browser.get(f"/cases/{case.reference}/scores").text
    assert "Critical by a floor: Disclosed suicidality" in shown
    assert "No hand-over is recorded" in shown


def test_case_with_nobody_to_score_says_what_will_appear(sign_in: Any) -> None:
    case = make_case(role=PartyRole.WITNESS)
    shown = sign_in(case.lead).get(f"/cases/{case.reference}/scores").text
    assert "Scores appear here once the case has a victim" in shown


def test_number_of_statements_does_not_grow_with_scores(
    browser: Any, case: Case, party: Party, queries: Any
) -> None:
    make_score(party, MatrixKind.VICTIM, FIRST)
    make_score(make_party(case, PartyRole.PLACE), MatrixKind.PLACE, "3 1 1 2 1 1 1 2 2 0")
    db.session.commit()

    path, number = f"/cases/{case.reference}/scores", party.id

    def statements() -> int:
        db.session.expunge_all()
        with queries() as sent:
            assert browser.get(path).status_code == 200
        return int(sent.count)

    few = statements()
    again = db.session.get(Party, number)
    assert again is not None
    for _ in range(5):
        make_score(again, MatrixKind.VICTIM, VISIT)
    make_score(make_party(again.case, PartyRole.VICTIM), MatrixKind.VICTIM, FIRST)
    db.session.commit()
    assert statements() == few


def test_what_is_unknown_leads_to_an_action_to_find_it_out(browser: Any, case: Case, party: Party) -> None:
    make_score(party, MatrixKind.VICTIM, FIRST, at=now())
    db.session.commit()
    (score,) = scores()
    page = browser.get(f"/cases/{case.reference}/scores/{score.id}").text
    assert page.count(">Find out<") == 2
    start = f"/cases/{case.reference}/actions/new?score={score.id}&amp;factor=V5"
    assert start in page
    form = browser.get(start.replace("&amp;", "&")).text
    assert f"Find out for the Victim score of {party.subject.reference}: Impact on daily life" in form
    for other in ("factor=V1", "factor=V5&score=99999999999999999999", "factor=%00&score=1", "score=-1"):
        odd = browser.get(f"/cases/{case.reference}/actions/new?{other}")
        assert (odd.status_code, "Find out" in odd.text) == (200, False)
