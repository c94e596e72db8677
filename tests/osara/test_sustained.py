"""What the chair is told of the scores before a case closes as met and sustained."""

from datetime import timedelta

import pytest

from psg.cases.models import PartyRole
from psg.cases.queries import parties_of
from psg.osara.sustained import scores_in_words
from psg.scoring.matrices.models import MatrixKind
from psg.web.dates import now
from tests.factories.cases import make_case
from tests.factories.scoring import enter_matrices, make_score

STANDARD, MEDIUM, UNKNOWN = "1 0 0 0 0 0 0 0 0 0", "1 1 1 1 1 1 1 0 2 0", "0 ? 0 0 0 0 0 0 0 0"


@pytest.mark.parametrize(
    ("scores", "is_sustained"),
    [
        ([], False),
        ([STANDARD], False),
        ([STANDARD, STANDARD], True),
        ([MEDIUM, STANDARD, STANDARD], True),
        ([STANDARD, MEDIUM, STANDARD], False),
        ([STANDARD, STANDARD, UNKNOWN.replace("0", "?", 4)], False),
        ([STANDARD, UNKNOWN], True),
    ],
)
def test_sustained_is_standard_by_the_high_end_at_two_reviews_running(
    scores: list[str], is_sustained: bool, session: object
) -> None:
    enter_matrices()
    case = make_case(role=PartyRole.VICTIM)
    [party] = parties_of(case)
    for ago, values in zip(range(len(scores), 0, -1), scores, strict=True):
        make_score(party, MatrixKind.VICTIM, values, at=now() - timedelta(days=ago))
    [told] = scores_in_words(case)
    assert told.startswith(f"Victim of {party.subject.reference}: ")
    assert told.endswith("Standard by the high end at two reviews running") is is_sustained
    assert ("not scored" in told) is (scores == [])
