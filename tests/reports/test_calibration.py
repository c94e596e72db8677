"""How evenly the partnership scores: ended quarters alone, small numbers hidden, no person and no case."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from psg.accounts.models import Role
from psg.cases.models import Band, PartyRole, Visibility
from psg.cases.queries import parties_of
from psg.reports import calibration
from psg.reports.calibration import Quarter
from psg.scoring.judging import services as judgements
from psg.scoring.matrices.models import MatrixKind
from psg.web.dates import now
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_person, make_case
from tests.factories.scoring import enter_matrices, make_score

SPRING = Quarter(2026, 2)
MAY = datetime(2026, 5, 6, 12, tzinfo=UTC)
LOW, HIGH, CRITICAL = "1 0 0 0 0 0 0 0", "3 2 2 2 1 2 0 1", "3 3 3 3 3 3 3 3"


@pytest.mark.parametrize(
    ("day", "latest", "first", "last"),
    [
        (date(2026, 1, 1), "2025-4", date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), "2025-4", date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), "2026-1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 12, 31), "2026-3", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_only_quarters_that_are_over_are_offered(day: date, latest: str, first: date, last: date) -> None:
    offered = calibration.ended_quarters(day)
    assert (offered[0].key, offered[0].first, offered[0].last) == (latest, first, last)
    assert all(one.last + timedelta(days=1) == after.first for after, one in pairwise(offered))


def words(rows: Any) -> dict[str, list[str]]:
    return {row.label: [*map(str, row.parts), str(row.whole)] for row in rows}


@pytest.fixture
def scored(session: Any) -> Any:
    """Twenty-six people in one quarter: six Standard, six High and fourteen Critical, by two agencies; one sealed."""
    enter_matrices()
    police, council = (make_user(agency=make_agency(name=name)) for name in ("Police", "Council"))
    chair = make_user(role=Role.COORDINATOR)
    made = []
    for number, (by, values) in enumerate(
        [(police, LOW)] * 6 + [(police, HIGH)] * 6 + [(police, CRITICAL)] * 12 + [(council, CRITICAL)] * 3
    ):
        person = a_person()
        person.date_of_birth = date(2008, 7, 1) if number < 20 else date(1990, 1, 1)
        case = make_case(role=PartyRole.PERPETRATOR, subject=person, by=by)
        made.append(make_score(parties_of(case)[0], MatrixKind.RISK, values, by=by, at=MAY))
    for score in made[6:13]:
        judgements.confirm_score(score, agrees=True, by=chair, now=now())
    judgements.override_band(made[0], band=Band.MEDIUM, reason="He rang", by=police, now=now())
    made[-1].case.visibility = Visibility.SEALED
    session.commit()
    return chair


def test_figures_are_true_and_small_ones_are_hidden(scored: Any) -> None:
    assert words(calibration.bands_by_agency(scored, SPRING)) == {
        "Police": ["6", "0", "6", "12", "24"],
        "Council": ["not shown"] * 4 + ["fewer than 5"],
    }
    assert calibration.bands_by_agency(scored, Quarter(2026, 1)) == []
    assert words([calibration.second_person(scored, SPRING)]) == {"Scores": ["7", "0", "13", "20"]}
    assert words([calibration.overrides(scored, SPRING)]) == {
        "Overrides": ["not shown"] * 3 + ["fewer than 5"]
    }
    ages, total = calibration.by_age(scored, SPRING, MatrixKind.RISK)
    assert str(total) == "26"
    assert words(ages)["Under 18"] == ["14", "6", "20"]
    assert ages[0].parts[0].share == 70
    assert words(ages)["25 to 44"] == ["6", "0", "6"]
    assert words(ages)["18 to 24"] == ["0", "0", "0"]


def test_page_holds_no_person_and_no_case_and_says_what_is_not_recorded(scored: Any, sign_in: Any) -> None:
    for user in (scored, make_user(role=Role.DELIVERY_GROUP), make_user(role=Role.AUDITOR)):
        shown = sign_in(user).get("/reports/calibration?quarter=2026-2").text
        assert "April to June 2026" in shown
        assert "PSG-" not in shown.partition("<main")[2]
        assert "Sex and ethnicity are not recorded" in shown
    assert sign_in(scored).get("/reports/calibration?quarter=9999-9").status_code == 200
    assert sign_in(make_user(role=Role.ADMINISTRATOR)).get("/reports/calibration").status_code == 403
