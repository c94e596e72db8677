"""What becomes of a case's headline when two of its scored people turn out to be one."""

from datetime import timedelta

import pytest

from psg.cases.models import Band, PartyRole
from psg.cases.queries import parties_of
from psg.scoring.matrices.models import MatrixKind
from psg.subjects.merging.undoing import undo_merge
from psg.web.dates import now, today
from tests.factories.cases import make_case
from tests.factories.merging import merge
from tests.factories.scoring import make_party, make_score


@pytest.mark.usefixtures("matrices")
def test_headline_is_worked_out_anew_when_two_scored_parts_become_one_and_when_they_are_parted() -> None:
    case = make_case(role=PartyRole.VICTIM)
    [one] = parties_of(case)
    other = make_party(case, PartyRole.VICTIM)
    yesterday = now() - timedelta(days=1)
    make_score(one, MatrixKind.VICTIM, "3 3 3 3 3 3 3 3 3 3", at=yesterday)
    make_score(other, MatrixKind.VICTIM, "1 1 1 1 1 1 1 0 2 0")
    before = (Band.CRITICAL, today() + timedelta(days=6))
    assert (case.headline_band, case.next_review_on) == before

    combined = merge(one.subject, other.subject, by=case.lead)
    assert (case.headline_band, case.next_review_on) == (Band.MEDIUM, today() + timedelta(days=28))
    undo_merge(combined, by=case.lead, now=now())
    assert (case.headline_band, case.next_review_on) == before
