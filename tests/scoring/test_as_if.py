"""A score as if under another version: shown apart, worked out for the page, and the score never moves."""

import json
import re
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from psg.cases.models import PartyRole
from psg.cases.queries import parties_of
from psg.scoring import arithmetic, queries
from psg.scoring.as_if import as_if_under
from psg.scoring.matrices import file as matrix_file
from psg.scoring.matrices import parts as matrix_parts
from psg.scoring.matrices.described import Described, describe, matrix_of
from psg.scoring.matrices.models import Matrix, MatrixKind
from psg.scoring.models import Score, ScoreAnswer
from psg.scoring.services import DATA
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.scoring import approve, make_draft, make_party, make_score

IN_FILE = matrix_file.from_file(json.loads((DATA / "victim-1.json").read_text()))


def matrix(described: Described, number: int) -> Matrix:
    return matrix_of(described, number=number, effective_from=date(2026, 1, 1))


@given(
    values=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=10, max_size=10),
    weights=st.lists(st.integers(1, 9), min_size=10, max_size=10),
    reworded=st.sets(st.integers(0, 9)),
)
def test_no_other_version_moves_a_score_and_what_it_asks_anew_only_widens_it(
    values: list[int | None], weights: list[int], reworded: set[int]
) -> None:
    first = matrix(IN_FILE, 1)
    score = Score(
        matrix=first,
        answers=[ScoreAnswer(factor=one, value=v) for one, v in zip(first.factors, values, strict=True)],
    )
    total = arithmetic.total(first.weighted, score.values)
    score.index_low, score.index_high, score.completeness = total.low, total.high, total.completeness
    held = (score.words, score.band_low, score.band_high, score.values)
    factors = [
        one | {"weight": weight, "name": f"{one['name']}, of late" if place in reworded else one["name"]}
        for place, (one, weight) in enumerate(zip(IN_FILE["factors"], weights, strict=True))
    ]
    found = as_if_under(score, matrix(cast(Described, IN_FILE | {"factors": factors}), 2))
    assert (score.words, score.band_low, score.band_high, score.values) == held
    known = arithmetic.total(found.matrix.weighted, score.values)
    assert found.total.low <= known.low <= known.high <= found.total.high
    assert [one.value for one in found.asked] == [
        None if place in reworded else value for place, value in enumerate(values)
    ]


@pytest.mark.usefixtures("matrices")
def test_an_old_score_is_shown_under_a_new_version_and_stays_as_it_was(sign_in: Any, session: Any) -> None:
    case = make_case(role=PartyRole.VICTIM)
    party = parties_of(case)[0]
    score = make_score(party, MatrixKind.VICTIM, "3 2 2 2 2 1 2 2 2 2", floors=["threat_to_life"])
    held = (score.words, score.band, score.review_on, case.headline_band, case.next_review_on, score.values)
    draft = make_draft()
    by = make_user()
    [first, second, *_] = draft.factors
    described = {factor["code"]: factor for factor in describe(draft)["factors"]}
    heavier = described[first.code] | {"weight": 6}
    reworded = described[second.code] | {"anchors": ["none", "one", "two", "many"]}
    matrix_parts.change_factor(first, heavier, by=by, now=now())
    matrix_parts.change_factor(second, reworded, by=by, now=now())
    matrix_parts.remove_factor(draft.factors[-1], by=by, now=now())
    draft.provisional_under = 95
    approve(draft)
    session.commit()

    browser = sign_in(case.lead)
    one = f"/cases/{case.reference}/scores/{score.id}"
    assert f'href="{one}/as-if/2"' in browser.get(one).text
    shown = browser.get(f"{one}/as-if/2").text
    # 51 − 2 for V10; V1 3 × 6 for 3 × 2; V2 unknown, 0 to 9 for 6: of 3 × (26 + 4 − 1)
    assert "Worked out for this page, and kept nowhere" in shown
    assert 'psg-score__index">63<span class="psg-score__to"> to </span>74' in " ".join(shown.split())
    assert "Not asked in these words, so unknown" in shown
    assert re.search(r"89% complete, <strong[^>]*>Provisional", shown)
    assert shown.count(">Provisional<") == 1
    assert "Answered, and not asked by version 2: Earlier response." in shown
    assert browser.get(f"{one}/as-if/1").status_code == 404
    assert browser.get(f"{one}/as-if/9").status_code == 404
    session.expire_all()
    assert session.scalar(select(func.count(Score.id))) == 1
    again = queries.score_of(case, score.id)
    assert (
        again.words,
        again.band,
        again.review_on,
        case.headline_band,
        case.next_review_on,
        again.values,
    ) == held
    page = browser.get(f"/cases/{case.reference}/scores/new/{party.id}/victim").text
    assert 'name="V1" type="radio" value="3" checked' in page
    assert 'name="V2" type="radio" value="2" checked' not in page


@pytest.mark.usefixtures("matrices")
def test_quadrant_is_drawn_with_its_table_once_both_are_scored(sign_in: Any, session: Any) -> None:
    case = make_case(role=PartyRole.PERPETRATOR)
    party = parties_of(case)[0]
    make_score(party, MatrixKind.RISK, "3 2 2 2 1 2 0 1")
    session.commit()
    browser = sign_in(case.lead)
    scores = f"/cases/{case.reference}/scores"
    assert "quadrant-" not in browser.get(scores).text
    make_score(party, MatrixKind.NEED, "0 0 0 2 ? 0 0")
    make_score(make_party(case, PartyRole.PLACE), MatrixKind.PLACE, "3 1 1 2 1 1 1 2 2 0")
    session.commit()
    shown = " ".join(browser.get(scores).text.split())
    assert "<strong>High Risk, high Need.</strong>" in shown
    assert "Risk 52, Need 17–25. The dot is where it is read." in shown
    assert "Need is high by Exploitation" in shown
    assert 'data-label="Read at"' in shown or "Read at" in shown
