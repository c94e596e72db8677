"""The order that is proposed for a meeting."""

from datetime import date, timedelta

import pytest

from psg.cases.models import Band
from psg.meetings.agenda import CaseFacts, propose
from psg.meetings.models import AgendaReason

DAY = date(2026, 8, 12)
QUIET = CaseFacts(case_id=1, band=None, next_review_on=None)


def facts(case_id: int, band: Band | None = None, review: int | None = None, **more: object) -> CaseFacts:
    on = None if review is None else DAY + timedelta(days=review)
    return CaseFacts(case_id=case_id, band=band, next_review_on=on, **more)  # type: ignore[arg-type]


def test_cases_stand_by_risk_then_overdue_then_risen_then_review_then_the_rest() -> None:
    cases = [
        facts(1),
        facts(2, review=0),
        facts(3, score_rise=8, score_now=62),
        facts(4, overdue_actions=1, oldest_due=DAY - timedelta(days=1)),
        facts(5, Band.CRITICAL),
    ]
    proposals = propose(cases, as_at=DAY, held_on=DAY)
    assert [(proposal.case_id, proposal.reason) for proposal in proposals] == [
        (5, AgendaReason.IMMEDIATE_RISK),
        (4, AgendaReason.OVERDUE_ACTIONS),
        (3, AgendaReason.SCORE_RISEN),
        (2, AgendaReason.REVIEW_DUE),
        (1, AgendaReason.NO_CHANGE),
    ]


def test_higher_band_stands_first_within_a_reason_then_what_waited_longest() -> None:
    cases = [
        facts(1, Band.MEDIUM, review=-9),
        facts(2, Band.HIGH, review=-1),
        facts(3, Band.HIGH, review=-3),
        facts(4, review=-30),
    ]
    assert [proposal.case_id for proposal in propose(cases, as_at=DAY, held_on=DAY)] == [3, 2, 1, 4]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (QUIET, "No change since the last meeting"),
        (facts(1, new_entries=3), "Nothing due; 3 new in the chronology"),
        (facts(1, Band.CRITICAL), "Risk is Critical"),
        (facts(1, overdue_actions=1, oldest_due=DAY - timedelta(days=6)), "1 action overdue by 6 days"),
        (
            facts(1, overdue_actions=2, oldest_due=DAY - timedelta(days=6)),
            "2 actions overdue, the oldest by 6 days",
        ),
        (facts(1, score_rise=8, score_now=62), "Score up 8 to 62"),
        (facts(1, review=-1), "Review overdue by 1 day"),
        (facts(1, review=0), "Review due 12 Aug 2026"),
        (facts(1, order_expires_on=DAY + timedelta(days=28)), "Order expires 9 Sep 2026"),
        (facts(1, order_expires_on=DAY - timedelta(days=1)), "Order ran out 11 Aug 2026"),
        (facts(1, was_left_open=True), "Not decided at the last meeting"),
        (
            facts(1, Band.CRITICAL, score_rise=8, score_now=80, review=-2),
            "Risk is Critical; score up 8 to 80; review overdue by 2 days",
        ),
    ],
)
def test_every_reason_stands_in_words(known: CaseFacts, words: str) -> None:
    assert [proposal.words for proposal in propose([known], as_at=DAY, held_on=DAY)] == [words]


@pytest.mark.parametrize(
    "known",
    [
        facts(1, Band.HIGH, review=1),
        facts(1, order_expires_on=DAY + timedelta(days=29)),
        facts(1, score_rise=-8, score_now=40),
        facts(1, Band.STANDARD),
    ],
)
def test_what_can_wait_is_not_pressing(known: CaseFacts) -> None:
    assert propose([known], as_at=DAY, held_on=DAY)[0].reason is AgendaReason.NO_CHANGE


def test_review_that_falls_before_the_meeting_counts_though_it_is_not_due_today() -> None:
    later = DAY + timedelta(days=14)
    proposal = propose([facts(1, review=10)], as_at=DAY, held_on=later)[0]
    assert (proposal.reason, proposal.words) == (AgendaReason.REVIEW_DUE, "Review due 22 Aug 2026")
