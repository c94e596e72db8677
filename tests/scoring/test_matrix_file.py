"""A matrix as a file: what is written is read again as it was, and what is wrong is said in sentences."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psg.cases.models import Band
from psg.scoring.matrices import file as matrix_file
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.checks import MEASURES, SPLIT_KINDS, cautions, faults
from psg.scoring.matrices.comparison import compare
from psg.scoring.matrices.described import Described, DescribedBand, DescribedFactor, DescribedFloor, describe
from psg.scoring.matrices.file import Unusable
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.matrices.queries import matrix_named
from psg.scoring.services import DATA
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.scoring import make_draft

SHIPPED: dict[str, Any] = {file.stem: json.loads(file.read_text()) for file in sorted(DATA.glob("*.json"))}
WORDS = (
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@st.composite
def described(draw: st.DrawFn) -> Described:
    """Any matrix that holds to the rules."""
    kind = draw(st.sampled_from(MatrixKind))
    codes = draw(
        st.lists(st.from_regex(r"[A-Z][A-Z0-9]{0,5}", fullmatch=True), min_size=1, max_size=6, unique=True)
    )
    starts = sorted(draw(st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True)))
    days = sorted(draw(st.lists(st.integers(1, 365), min_size=4, max_size=4)), reverse=True)
    floors = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), max_size=3, unique=True))
    measures = st.sampled_from([None, *(one.value for one in MEASURES[kind])])
    return Described(
        kind=kind.value,
        source=draw(WORDS),
        provisional_under=draw(st.integers(0, 100)),
        high_from=draw(st.integers(1, 100)) if kind in SPLIT_KINDS else None,
        factors=[
            DescribedFactor(
                code=code,
                name=draw(WORDS),
                short_name=draw(WORDS),
                weight=draw(st.integers(1, 20)),
                guidance=draw(st.one_of(st.just(""), WORDS)),
                anchors=draw(st.lists(WORDS, min_size=4, max_size=4, unique=True)),
                high_from=draw(st.one_of(st.none(), st.integers(1, 3))) if kind is MatrixKind.NEED else None,
                suggested_by=draw(measures),
            )
            for code in codes
        ],
        bands=[
            DescribedBand(band=band.value, lowest=lowest, review_days=within, confirmed_by=draw(WORDS))
            for band, lowest, within in zip(Band, [0, *starts], days, strict=True)
        ],
        floors=[DescribedFloor(code=code, name=draw(WORDS), guidance="") for code in floors],
    )


@given(one=described())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_matrix_comes_back_from_its_file_as_it_was(session: Any, one: Described) -> None:
    assert faults(one) == []
    with session.begin_nested() as undone:
        draft = matrices.import_draft(one, effective_from=today(), by=make_user(), now=now())
        session.expire_all()
        again = matrix_file.read(matrix_file.write(matrix_named(draft.kind.value, draft.number)))
        undone.rollback()
    assert again == one
    assert compare(one, again).count == 0


@pytest.mark.usefixtures("matrices")
@pytest.mark.parametrize("kind", list(MatrixKind))
def test_shipped_version_exports_and_imports_to_an_equal_draft(kind: MatrixKind) -> None:
    version = matrix_named(kind.value, 1)
    written = matrix_file.write(version)
    draft = matrices.import_draft(
        matrix_file.read(written), effective_from=today(), by=make_user(), now=now()
    )
    assert describe(draft) == describe(version)
    assert json.loads(written) == {**SHIPPED[f"{kind.value}-1"], "format": "psg-matrix/1"}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_shipped_versions_break_no_rule_and_need_no_second_look(name: str) -> None:
    said = matrix_file.from_file(SHIPPED[name])
    assert (faults(said), cautions(said)) == ([], [])


def broken(change: Any) -> list[str]:
    data = json.loads(json.dumps(SHIPPED["need-1"]))
    change(data)
    with pytest.raises(Unusable) as problem:
        matrix_file.from_file(data)
    return problem.value.sentences


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.pop("factors"), "The file: “factors” is missing"),
        (lambda d: d.update(colour="red"), "The file: “colour” is not known"),
        (lambda d: d.update(format="other/2"), "The file is in another format than psg-matrix/1"),
        (lambda d: d.update(kind="astrology"), "The kind must be victim, risk, need or place"),
        (lambda d: d.update(factors=[]), "Add at least one factor"),
        (lambda d: d.update(factors={}), "The factors must be a list"),
        (lambda d: d["factors"].append(3), "Factor 8 must be a record with names and values"),
        (lambda d: d["factors"][0].update(weight=0), "N1: the weight must be between 1 and 20"),
        (lambda d: d["factors"][0].update(weight="2"), "Factor 1: “weight” must be a whole number"),
        (lambda d: d["factors"][0].update(weight=True), "Factor 1: “weight” must be a whole number"),
        (lambda d: d["factors"][0].update(weight=10**30), "Factor 1: “weight” must be a whole number"),
        (lambda d: d["factors"][0].update(name=5), "Factor 1: “name” must be text"),
        (lambda d: d["factors"][0].update(name="a\x00b"), "Factor 1 has a character that cannot be stored"),
        (lambda d: d["factors"][0].update(code="n-1"), "n-1: the code must be a capital letter"),
        (
            lambda d: d["factors"][0].update(code="N2"),
            "N2 stands 2 times: give each factor a code of its own",
        ),
        (lambda d: d["factors"][0]["anchors"].pop(), "N1: enter the words for each answer, 0, 1, 2 and 3"),
        (
            lambda d: d["factors"][0].update(anchors=["a", "a", "b", "c"]),
            "N1: two answers have the same words",
        ),
        (lambda d: d["factors"][0].update(anchors="abcd"), "Factor 1: the anchors must be four texts"),
        (lambda d: d["factors"][0].update(high_from=4), "N1: only a factor of Need makes Need high"),
        (lambda d: d["factors"][0].update(suggested_by="trend"), "N1: contacts cannot suggest that for Need"),
        (lambda d: d["bands"].pop(), "There must be the four bands Standard, Medium, High and Critical"),
        (lambda d: d["bands"][0].update({"from": 1}), "Standard must start at 0"),
        (lambda d: d["bands"][2].update({"from": 25}), "High must start above Medium, which starts at 25"),
        (lambda d: d["bands"][3].update({"from": 101}), "Critical must start between 0 and 100"),
        (lambda d: d["bands"][3].update(review_days=0), "Critical must be reviewed within 1 to 365 days"),
        (
            lambda d: d["bands"][3].update(review_days=15),
            "Critical must be reviewed as soon as High or sooner",
        ),
        (
            lambda d: d["floors"][0].update(code="Threat"),
            "The floor “Threat to life” needs a code of small letters",
        ),
        (lambda d: d["floors"].append(d["floors"][0]), "The floor threat_to_life stands 2 times"),
        (
            lambda d: d.update(provisional_under=101),
            "A score is provisional under a completeness between 0 and",
        ),
        (lambda d: d.update(high_from=None), "Enter the index from which Need is high, between 1 and 100"),
        (lambda d: d.update(source=""), "Say where the matrix comes from"),
    ],
)
def test_a_file_that_is_wrong_says_what_is(change: Any, sentence: str) -> None:
    assert any(found.startswith(sentence) for found in broken(change)), broken(change)


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "null", '{"weight": NaN}', "[" * 50_000, "x" * 100_001, '{"kind": "\\ud800"}']
)
def test_what_is_no_matrix_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Unusable) as problem:
        matrix_file.read(text)
    assert problem.value.sentences


def test_every_fault_is_said_at_once_and_never_too_many() -> None:
    sentences = broken(lambda d: [factor.update(weight=0, code="x") for factor in d["factors"]])
    assert len(sentences) == 12


@pytest.mark.parametrize(
    ("words", "is_caution"),
    [("Age under 25", True), ("Ethnic background", True), ("Disability", True), ("Manages anger", False)],
)
def test_risk_factor_that_hints_at_a_protected_characteristic_is_pointed_out(
    words: str, is_caution: bool
) -> None:
    data = json.loads(json.dumps(SHIPPED["risk-1"]))
    data["factors"][0]["name"] = words
    found = cautions(matrix_file.from_file(data))
    assert bool(found) is is_caution
    victim = json.loads(json.dumps(SHIPPED["victim-1"]))
    victim["factors"][0]["name"] = words
    assert cautions(matrix_file.from_file(victim)) == []


@pytest.mark.usefixtures("matrices")
def test_the_differences_are_said_factor_by_factor_in_words() -> None:
    before = describe(matrix_named("victim", 1))
    after = describe(make_draft())
    assert compare(before, after).count == 0
    moved = after["factors"].pop(9)
    after["factors"].insert(0, moved)
    after["factors"][1]["weight"] = 5
    after["factors"][2]["anchors"][3] = "10 or more incidents"
    after["factors"][2]["suggested_by"] = None
    removed = after["factors"].pop(5)
    after["factors"].append({**removed, "code": "V11", "name": "Fear", "weight": 1})
    after["bands"][2].update(lowest=55, review_days=10)
    after["floors"][0]["name"] = "A threat to somebody’s life"
    after["floors"].pop()
    after["provisional_under"] = 60
    after["source"] = "Our own toolkit"
    found = compare(before, after)
    said = {
        one.about: one.words
        for part in (found.whole, found.factors, found.bands, found.floors)
        for one in part
    }
    assert said["V1 Recency of last incident"] == ("Weight 2 → 5",)
    assert said["V2 Frequency, last 28 days"][0] == "Answer 3: “6 or more incidents” → “10 or more incidents”"
    assert said["V2 Frequency, last 28 days"][1].endswith("→ nothing")
    assert said["V10 Earlier response"] == ("Asked in another place",)
    assert said["V11 Fear"][0] == "Added, weight 1"
    assert said[f"V5 {removed['name']}"] == ("Removed; its weight was 4",)
    assert said["High"] == ("From 50 → 55", "Reviewed within 14 → 10 days")
    assert said["A threat to somebody’s life"] == ("Name: “Threat to life” → “A threat to somebody’s life”",)
    assert said["Provisional under"] == ("70% → 60% complete",)
    assert said["Points at most"] == ("78 → 78",) if "Points at most" in said else True
    assert said["Where it comes from"][0].endswith("→ “Our own toolkit”")
    assert any(words == ("Removed: it sets Critical no more",) for words in said.values())
