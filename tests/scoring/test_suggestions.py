"""What the contacts suggest, at every boundary; a person chooses, and the score keeps what was suggested."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from psg.cases.models import PartyRole
from psg.cases.queries import parties_of
from psg.demand.models import ContactKind, ContactRole
from psg.scoring.matrices.models import MatrixKind, Measure
from psg.scoring.models import Score
from psg.scoring.suggestions import Counted, suggest
from psg.web.dates import today
from tests.factories.cases import make_case
from tests.factories.demand import make_contact
from tests.factories.scoring import make_score

DAY = date(2026, 8, 3)


def counted(*ago: int, **more: Any) -> Counted:
    return Counted(DAY, [DAY - timedelta(days=days) for days in ago], "as victim", **more)


def value_of(measure: Measure, known: Counted) -> int | None:
    return suggest(measure, known).value


@pytest.mark.parametrize(
    ("ago", "value"), [(0, 3), (7, 3), (8, 2), (30, 2), (31, 1), (90, 1), (91, 0), (364, 0)]
)
def test_recency_is_of_the_last_incident(ago: int, value: int) -> None:
    assert value_of(Measure.RECENCY, counted(ago, 364)) == value


@pytest.mark.parametrize(("number", "value"), [(0, 0), (1, 1), (2, 1), (3, 2), (5, 2), (6, 3)])
def test_frequency_counts_28_days(number: int, value: int) -> None:
    assert value_of(Measure.FREQUENCY, counted(*[27] * number, 28, 29)) == value


@pytest.mark.parametrize(
    ("later", "earlier", "value"),
    [(0, 4, None), (2, 2, None), (0, 5, 0), (4, 5, 1), (5, 4, 1), (6, 4, 2), (8, 4, 2), (9, 4, 3), (5, 0, 3)],
)
def test_trend_is_45_days_against_45_and_needs_five_incidents(
    later: int, earlier: int, value: int | None
) -> None:
    assert value_of(Measure.TREND, counted(*[44] * later, *[45] * earlier, 90)) == value


@pytest.mark.parametrize(
    ("now", "usual", "value"),
    [(0, 1, 0), (2, 2, 0), (3, 2, 1), (4, 2, 1), (5, 2, 2), (8, 2, 2), (9, 2, 3), (4, 0, 2)],
)
def test_a_place_is_set_against_its_own_usual_28_days(now: int, usual: int, value: int) -> None:
    before = [28 * turn + 3 for turn in range(1, 13) for _ in range(usual)]
    known = counted(*[1] * now, *before, 360, known_from=DAY - timedelta(days=400))
    assert value_of(Measure.AGAINST_USUAL, known) == value
    young = counted(1, known_from=DAY - timedelta(days=100))
    assert value_of(Measure.AGAINST_USUAL, young) is None


@pytest.mark.parametrize(("agencies", "value"), [(0, None), (1, 0), (2, 1), (3, 2), (4, 3), (9, 3)])
def test_agencies_that_reported(agencies: int, value: int | None) -> None:
    assert value_of(Measure.AGENCIES, counted(1, agencies=agencies)) == value


def test_nothing_recorded_suggests_nothing() -> None:
    assert [value_of(measure, counted()) for measure in Measure] == [None] * len(Measure)


def answers(score: Score) -> dict[str, Any]:
    return {answer.factor.code: answer for answer in score.answers}


@pytest.mark.usefixtures("matrices")
def test_a_score_keeps_what_was_suggested_and_whether_it_was_confirmed(sign_in: Any, session: Any) -> None:
    case = make_case(role=PartyRole.VICTIM)
    party = parties_of(case)[0]
    for ago in (1, 2, 3, 40):
        make_contact(party.subject, on=today() - timedelta(days=ago), role=ContactRole.VICTIM)
    make_contact(party.subject, on=today() - timedelta(days=1), role=ContactRole.SUBJECT)
    session.commit()
    browser = sign_in(case.lead)
    page = f"/cases/{case.reference}/scores/new/{party.id}/victim"
    shown = browser.get(page).text
    assert "Contacts suggest 2: 3 incidents as victim in the 28 days to" in shown
    assert "fewer than 5 show no trend" in shown
    assert "checked" not in shown.split("V2_evidence")[0].split("V1_stale")[-1]
    given = {f"V{number}": "1" for number in range(1, 11)} | {"V2": "2"}
    assert browser.send(page, given).status_code == 303
    score = session.query(Score).one()
    kept = answers(score)
    assert (kept["V2"].suggested, kept["V1"].suggested, kept["V8"].suggested) == (2, 3, None)
    assert kept["V2"].suggested_words.startswith("2, which was confirmed: 3 incidents as victim")
    assert kept["V1"].suggested_words.startswith("3, and another answer was given: the last incident")
    assert "which was confirmed" in browser.get(f"/cases/{case.reference}/scores/{score.id}").text


@pytest.mark.usefixtures("matrices")
def test_demand_and_crises_never_suggest_risk(session: Any) -> None:
    case = make_case(role=PartyRole.PERPETRATOR)
    party = parties_of(case)[0]
    noise: Sequence[dict[str, Any]] = [
        {"role": ContactRole.SUBJECT},
        {"role": ContactRole.CALLER},
        {"role": ContactRole.VICTIM},
        {"role": ContactRole.SUSPECTED, "kind": ContactKind.HEALTH, "is_crisis": True},
    ]
    for values in noise * 3:
        make_contact(party.subject, on=today() - timedelta(days=2), **values)
    score = make_score(party, MatrixKind.RISK, "0 0 0 0 0 0 0 0")
    assert {answer.suggested for answer in score.answers} == {None}
    make_contact(party.subject, on=today() - timedelta(days=2), role=ContactRole.SUSPECTED)
    score = make_score(party, MatrixKind.RISK, "0 0 0 0 0 0 0 0")
    assert {code: one.suggested for code, one in answers(score).items() if one.suggested is not None} == {
        "P1": 3,
        "P2": 1,
    }
    need = make_score(party, MatrixKind.NEED, "0 0 0 0 0 0 0")
    assert {answer.suggested for answer in need.answers} == {None}
