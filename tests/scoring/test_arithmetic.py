"""The sums of Track and Score by themselves: the worked example to the number, and what must hold of any answers."""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.cases.models import Band
from psg.scoring import arithmetic
from psg.scoring.arithmetic import BandFrom, Quadrant, Weighted
from psg.scoring.services import DATA

SHIPPED: dict[str, Any] = {file.name: json.loads(file.read_text()) for file in sorted(DATA.glob("*.json"))}
FACTORS = {
    data["kind"]: [Weighted(f["code"], f["short_name"], f["weight"]) for f in data["factors"]]
    for data in SHIPPED.values()
}
BANDS = [
    BandFrom(Band(band["band"]), band["from"], band["review_days"])
    for band in SHIPPED["victim-1.json"]["bands"]
]
MONDAY = date(2026, 8, 3)

ANSWER = st.one_of(st.none(), st.integers(0, 3))


@st.composite
def scored(draw: st.DrawFn) -> tuple[list[Weighted], dict[str, int | None]]:
    """Some matrix, of those that ship and of any other, with some answers."""
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=12))
    factors = draw(
        st.sampled_from([*FACTORS.values(), [Weighted(f"X{n}", f"x{n}", w) for n, w in enumerate(weights)]])
    )
    return factors, {factor.code: draw(ANSWER) for factor in factors}


def given_in_order(kind: str, values: str) -> dict[str, int | None]:
    read = [None if value == "?" else int(value) for value in values.split()]
    return {factor.code: value for factor, value in zip(FACTORS[kind], read, strict=True)}


@pytest.mark.parametrize(
    ("kind", "values", "points", "maximum", "index", "completeness", "bands", "days"),
    [
        ("victim", "3 2 2 2 ? ? 2 2 2 2", (40, 61), 78, (51, 78), 73, "High to Critical", 7),
        ("victim", "3 2 2 2 2 1 2 2 2 2", (51, 51), 78, (65, 65), 100, "High", 14),
        ("risk", "3 2 2 2 1 2 0 1", (36, 36), 69, (52, 52), 100, "High", 14),
        ("need", "3 2 2 1 2 1 0", (20, 20), 36, (56, 56), 100, "High", 14),
        ("place", "3 1 1 2 1 1 1 2 2 0", (35, 35), 78, (45, 45), 100, "Medium", 28),
        ("victim", "1 1 1 1 1 1 1 0 2 0", (25, 25), 78, (32, 32), 100, "Medium", 28),
    ],
)
def test_worked_example_comes_out_to_the_number(
    kind: str,
    values: str,
    points: tuple[int, int],
    maximum: int,
    index: tuple[int, int],
    completeness: int,
    bands: str,
    days: int,
) -> None:
    total = arithmetic.total(FACTORS[kind], given_in_order(kind, values))
    assert (total.points_low, total.points_high) == points
    assert total.maximum == maximum
    assert (total.low, total.high) == index
    assert total.completeness == completeness
    low, high = (arithmetic.band_at(number, BANDS).band for number in index)
    assert arithmetic.band_words(low, high) == bands
    assert arithmetic.review_on(MONDAY, total.high, BANDS, has_floor=False) == MONDAY + timedelta(days=days)


def test_change_of_the_worked_example_is_explained_by_factor() -> None:
    before, after = (
        given_in_order("victim", values) for values in ("3 2 2 2 ? ? 2 2 2 2", "3 2 2 2 2 1 2 2 2 2")
    )
    change = arithmetic.explain(FACTORS["victim"], before, after)
    assert change.words == "+14: Impact unknown → 2, Vulnerability unknown → 1"
    assert (change.low, change.high) == (14, -13)


def test_change_names_floors_and_answers_that_cancel_out() -> None:
    factors = [Weighted("A", "Calls", 2), Weighted("B", "Harm", 2)]
    change = arithmetic.explain(factors, {"A": 1, "B": 2}, {"A": 2, "B": 1}, floors_set=["Threat to life"])
    assert change.words == "No change in points: Calls 1 → 2, Harm 2 → 1, floor “Threat to life” set"
    assert arithmetic.explain(factors, {"A": 1}, {"A": 1}).words == "No answer changed"


@pytest.mark.parametrize(
    ("number", "band", "days"),
    [
        (0, Band.STANDARD, 56),
        (24, Band.STANDARD, 56),
        (25, Band.MEDIUM, 28),
        (49, Band.MEDIUM, 28),
        (50, Band.HIGH, 14),
        (74, Band.HIGH, 14),
        (75, Band.CRITICAL, 7),
        (100, Band.CRITICAL, 7),
    ],
)
def test_band_and_review_change_at_the_boundary(number: int, band: Band, days: int) -> None:
    assert arithmetic.band_at(number, BANDS).band is band
    assert arithmetic.effective_band(number, BANDS, has_floor=False) is band
    assert arithmetic.review_on(MONDAY, number, BANDS, has_floor=False) == MONDAY + timedelta(days=days)


def test_floor_sets_critical_and_its_clock_whatever_the_points() -> None:
    assert arithmetic.effective_band(0, BANDS, has_floor=True) is Band.CRITICAL
    assert arithmetic.review_on(MONDAY, 0, BANDS, has_floor=True) == MONDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("points", "maximum", "index"), [(1, 200, 1), (0, 78, 0), (78, 78, 100), (1, 8, 13), (3, 8, 38)]
)
def test_half_a_point_is_rounded_up(points: int, maximum: int, index: int) -> None:
    assert arithmetic.index(points, maximum) == index


@pytest.mark.parametrize(
    ("risk_low", "need_high", "exploitation", "quadrant"),
    [
        (50, 29, 1, Quadrant.HIGH_RISK_LOW_NEED),
        (50, 30, 0, Quadrant.HIGH_RISK_HIGH_NEED),
        (49, 29, 1, Quadrant.LOW_RISK_LOW_NEED),
        (49, 30, 0, Quadrant.LOW_RISK_HIGH_NEED),
        (49, 17, 2, Quadrant.LOW_RISK_HIGH_NEED),
        (80, 17, 3, Quadrant.HIGH_RISK_HIGH_NEED),
        (80, 25, None, Quadrant.HIGH_RISK_HIGH_NEED),
    ],
)
def test_quadrant_splits_risk_at_50_and_need_at_30_or_by_exploitation(
    risk_low: int, need_high: int, exploitation: int | None, quadrant: Quadrant
) -> None:
    found = arithmetic.quadrant(
        risk_low=risk_low,
        risk_split=50,
        need_high=need_high,
        need_split=30,
        decisive_needs=[(exploitation, 2)],
    )
    assert found is quadrant


def test_every_quadrant_says_what_it_advises() -> None:
    assert all(quadrant.label and quadrant.advice for quadrant in Quadrant)
    assert "locked" in Quadrant.LOW_RISK_HIGH_NEED.advice


@given(scored())
def test_index_is_an_interval_within_0_and_100(case: tuple[list[Weighted], dict[str, int | None]]) -> None:
    total = arithmetic.total(*case)
    assert 0 <= total.low <= total.high <= 100
    assert 0 <= total.completeness <= 100
    if None not in case[1].values():
        assert total.low == total.high
        assert total.completeness == 100


@given(scored(), st.data())
def test_no_answer_raises_a_score_when_it_falls(
    case: tuple[list[Weighted], dict[str, int | None]], data: st.DataObject
) -> None:
    factors, answers = case
    code = data.draw(st.sampled_from(sorted(answers)))
    higher = data.draw(st.integers(1, 3))
    lower = data.draw(st.integers(0, higher - 1))
    above = arithmetic.total(factors, {**answers, code: higher})
    below = arithmetic.total(factors, {**answers, code: lower})
    assert below.low <= above.low
    assert below.high <= above.high
    assert arithmetic.band_at(below.high, BANDS).lowest <= arithmetic.band_at(above.high, BANDS).lowest


@given(scored(), st.data())
def test_unknown_only_widens_the_interval(
    case: tuple[list[Weighted], dict[str, int | None]], data: st.DataObject
) -> None:
    factors, answers = case
    code = data.draw(st.sampled_from(sorted(answers)))
    known = arithmetic.total(factors, {**answers, code: data.draw(st.integers(0, 3))})
    unknown = arithmetic.total(factors, {**answers, code: None})
    assert unknown.low <= known.low <= known.high <= unknown.high
    assert unknown.completeness < known.completeness


@given(scored(), st.data())
def test_change_is_the_difference_of_the_low_ends_and_names_every_answer_that_moved(
    case: tuple[list[Weighted], dict[str, int | None]], data: st.DataObject
) -> None:
    factors, before = case
    after = {code: data.draw(ANSWER) for code in before}
    change = arithmetic.explain(factors, before, after)
    assert change.low == arithmetic.total(factors, after).low - arithmetic.total(factors, before).low
    assert len(change.factors) == sum(before[code] != after[code] for code in before)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_higher_index_is_never_reviewed_later(one: int, other: int) -> None:
    low, high = sorted((one, other))
    due_low, due_high = (
        arithmetic.review_on(MONDAY, number, BANDS, has_floor=False) for number in (low, high)
    )
    assert due_high <= due_low


@pytest.mark.parametrize(("name", "weights"), [("victim", 26), ("risk", 23), ("need", 12), ("place", 26)])
def test_shipped_matrix_weighs_what_the_specification_says(name: str, weights: int) -> None:
    data = SHIPPED[f"{name}-1.json"]
    assert sum(factor["weight"] for factor in data["factors"]) == weights
    assert all(len(set(factor["anchors"])) == 4 for factor in data["factors"])
    assert all(factor["short_name"] for factor in data["factors"])


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_shipped_bands_start_at_0_and_rise(name: str) -> None:
    starts = [band["from"] for band in SHIPPED[name]["bands"]]
    assert starts[0] == 0
    assert all(earlier < later for earlier, later in pairwise(starts))
    assert [band["band"] for band in SHIPPED[name]["bands"]] == [band.value for band in Band]
