"""What must hold of a matrix before anybody is scored by it, each with a sentence that says what to do.

`faults` stop a file from being taken and a draft from being proposed. `cautions` stop nothing: the
person who approves reads them. No protected characteristic of a perpetrator is a Risk factor
(Equality Act 2010 sections 4 and 149): that words hint at one is for a person to judge.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from psg.cases.models import Band
from psg.scoring.arithmetic import HIGHEST_ANSWER
from psg.scoring.matrices.described import Described, DescribedBand, DescribedFactor
from psg.scoring.matrices.models import CODE_MAXIMUM, NAME_MAXIMUM, SHORT_NAME_MAXIMUM, MatrixKind, Measure

HEAVIEST = 20
MOST_FACTORS = 30
MOST_FLOORS = 12
LONGEST_REVIEW = 365
GUIDANCE_MAXIMUM = 1_000
SOURCE_MAXIMUM = 500
CODE = re.compile(rf"[A-Z][A-Z0-9]{{0,{CODE_MAXIMUM - 1}}}")
FLOOR_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
CODE_RULE = f"a capital letter, then letters or figures, {CODE_MAXIMUM} at most, such as V11"
SPLIT_KINDS = (MatrixKind.RISK, MatrixKind.NEED)
"""The two whose totals make the quadrant, and so need the index from which they are high."""
MEASURES: dict[MatrixKind, tuple[Measure, ...]] = {
    MatrixKind.VICTIM: (Measure.RECENCY, Measure.FREQUENCY, Measure.TREND),
    MatrixKind.RISK: (Measure.RECENCY, Measure.FREQUENCY, Measure.TREND),
    MatrixKind.NEED: (),
    MatrixKind.PLACE: (Measure.RECENCY, Measure.AGAINST_USUAL, Measure.TREND, Measure.AGENCIES),
}
"""What may be suggested for a factor of each kind. Nothing that is counted says anything of need."""
PROTECTED = re.compile(
    r"\b(aged?|ages|old|young|disab\w*|race|racial|ethnic\w*|nationalit\w*|religio\w*|faith|belief|sex|male|"
    r"female|gender|trans\w*gender\w*|sexual orientation|gay|lesbian|marri\w*|pregnan\w*|matern\w*|immigra\w*|"
    r"traveller\w*|gyps\w*)\b",
    re.I,
)


def faults(described: Described) -> list[str]:
    """Every rule that is broken, in the order of the matrix."""
    kind = MatrixKind(described["kind"])
    return [
        *_of_factors(described["factors"]),
        *(fault for factor in described["factors"] for fault in _of_factor(factor, kind)),
        *faults_of_bands(described["bands"]),
        *_of_floors(described),
        *_of_thresholds(described, kind),
    ]


def cautions(described: Described) -> list[str]:
    """What is allowed and yet to be looked at twice."""
    found = []
    if MatrixKind(described["kind"]) is MatrixKind.RISK:
        for factor in described["factors"]:
            words = " ".join((factor["name"], factor["guidance"], *factor["anchors"]))
            hint = PROTECTED.search(words)
            if hint:
                found.append(
                    f"{factor['code']} says “{hint[0]}”: no protected characteristic of a perpetrator may raise Risk"
                )
    if not described["floors"]:
        found.append("No floor is left: nothing would set Critical whatever the points")
    return found


def _of_factors(factors: Sequence[DescribedFactor]) -> Iterator[str]:
    if not factors:
        yield "Add at least one factor"
    if len(factors) > MOST_FACTORS:
        yield f"There are {len(factors)} factors: keep {MOST_FACTORS} or fewer"
    yield from (
        f"{code} stands {count} times: give each factor a code of its own"
        for code, count in Counter(factor["code"] for factor in factors).items()
        if count > 1
    )


def _of_factor(factor: DescribedFactor, kind: MatrixKind) -> Iterator[str]:
    code = factor["code"] or "A factor"
    if not CODE.fullmatch(factor["code"]):
        yield f"{code}: the code must be {CODE_RULE}"
    if not 1 <= factor["weight"] <= HEAVIEST:
        yield f"{code}: the weight must be between 1 and {HEAVIEST}"
    for what, words, most in (
        ("name", factor["name"], NAME_MAXIMUM),
        ("short name", factor["short_name"], SHORT_NAME_MAXIMUM),
    ):
        if not words or len(words) > most:
            yield f"{code}: enter a {what} of {most} characters or fewer"
    if len(factor["guidance"]) > GUIDANCE_MAXIMUM:
        yield f"{code}: the guidance must be {GUIDANCE_MAXIMUM:,} characters or fewer"
    anchors = factor["anchors"]
    if len(anchors) != HIGHEST_ANSWER + 1 or not all(anchors):
        yield f"{code}: enter the words for each answer, 0, 1, 2 and 3"
    elif max(map(len, anchors)) > NAME_MAXIMUM:
        yield f"{code}: the words of an answer must be {NAME_MAXIMUM} characters or fewer"
    elif len(set(anchors)) < len(anchors):
        yield f"{code}: two answers have the same words, so that nobody could tell them apart"
    if factor["high_from"] is not None and not (
        kind is MatrixKind.NEED and 1 <= factor["high_from"] <= HIGHEST_ANSWER
    ):
        yield f"{code}: only a factor of Need makes Need high by itself, from the answer 1, 2 or 3"
    if factor["suggested_by"] and factor["suggested_by"] not in MEASURES[kind]:
        yield f"{code}: contacts cannot suggest that for {kind.label}"


def faults_of_bands(bands: Sequence[DescribedBand]) -> Iterator[str]:
    if [band["band"] for band in bands] != [band.value for band in Band]:
        yield "There must be the four bands Standard, Medium, High and Critical, lowest first"
        return
    if bands[0]["lowest"] != 0:
        yield "Standard must start at 0"
    for lower, higher in pairwise(bands):
        names = Band(lower["band"]).label, Band(higher["band"]).label
        if higher["lowest"] <= lower["lowest"]:
            yield f"{names[1]} must start above {names[0]}, which starts at {lower['lowest']}"
        if higher["review_days"] > lower["review_days"]:
            yield f"{names[1]} must be reviewed as soon as {names[0]} or sooner"
    for band in bands:
        name = Band(band["band"]).label
        if not 0 <= band["lowest"] <= 100:
            yield f"{name} must start between 0 and 100"
        if not 1 <= band["review_days"] <= LONGEST_REVIEW:
            yield f"{name} must be reviewed within 1 to {LONGEST_REVIEW} days"
        if not band["confirmed_by"] or len(band["confirmed_by"]) > NAME_MAXIMUM:
            yield f"{name}: say who confirms it in {NAME_MAXIMUM} characters or fewer"


def _of_floors(described: Described) -> Iterator[str]:
    floors = described["floors"]
    if len(floors) > MOST_FLOORS:
        yield f"There are {len(floors)} floors: keep {MOST_FLOORS} or fewer"
    yield from (
        f"The floor {code} stands {count} times: give each a code of its own"
        for code, count in Counter(floor["code"] for floor in floors).items()
        if count > 1
    )
    for floor in floors:
        if not FLOOR_CODE.fullmatch(floor["code"]):
            yield f"The floor “{floor['name']}” needs a code of small letters, figures and _"
        if not floor["name"] or len(floor["name"]) > NAME_MAXIMUM:
            yield f"The floor {floor['code']}: enter a name of {NAME_MAXIMUM} characters or fewer"
        if len(floor["guidance"]) > GUIDANCE_MAXIMUM:
            yield f"The floor {floor['code']}: the guidance must be {GUIDANCE_MAXIMUM:,} characters or fewer"


def _of_thresholds(described: Described, kind: MatrixKind) -> Iterator[str]:
    if not described["source"] or len(described["source"]) > SOURCE_MAXIMUM:
        yield f"Say where the matrix comes from in {SOURCE_MAXIMUM} characters or fewer"
    if not 0 <= described["provisional_under"] <= 100:
        yield "A score is provisional under a completeness between 0 and 100 per cent"
    split = described["high_from"]
    if kind in SPLIT_KINDS and (split is None or not 1 <= split <= 100):
        yield f"Enter the index from which {kind.label} is high, between 1 and 100"
    if kind not in SPLIT_KINDS and split is not None:
        yield f"Only Risk and Need have an index from which they are high: leave it out for {kind.label}"
