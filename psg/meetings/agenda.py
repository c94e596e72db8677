"""The running order that is proposed for a meeting, and why each case stands where it does.

Immediate risk first, then overdue actions, a risen score, a review due or an order expiring, and last
what has nothing pressing. It is a proposal: the chair may move any case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from psg.cases.models import Band
from psg.meetings.models import AgendaReason
from psg.web.dates import due, short_day

ORDER_WARNING = timedelta(days=28)


@dataclass(frozen=True)
class CaseFacts:
    """What is known of one open case on the day of the meeting."""

    case_id: int
    band: Band | None
    next_review_on: date | None
    overdue_actions: int = 0
    oldest_due: date | None = None
    score_rise: int = 0
    score_now: int | None = None
    order_expires_on: date | None = None
    was_left_open: bool = False
    new_entries: int = 0


@dataclass(frozen=True)
class Proposal:
    case_id: int
    reason: AgendaReason
    words: str


def propose(cases: Iterable[CaseFacts], *, as_at: date, held_on: date) -> list[Proposal]:
    """Every case once, in order, with all its reasons in words; the first decides its place.

    What is overdue is overdue `as_at` today; a review or an order counts if it falls by the meeting.
    """
    proposals = []
    for facts in sorted(cases, key=lambda facts: _place(facts, as_at, held_on)):
        reasons = _reasons(facts, as_at, held_on)
        words = "; ".join(sentence for _, sentence in reasons)
        proposals.append(Proposal(facts.case_id, reasons[0][0], f"{words[0].upper()}{words[1:]}"))
    return proposals


def _place(facts: CaseFacts, as_at: date, held_on: date) -> tuple[int, int, date, int]:
    """By reason, then by band, then by what has waited longest."""
    reason = list(AgendaReason).index(_reasons(facts, as_at, held_on)[0][0])
    waits = [since for since in (facts.oldest_due, facts.next_review_on, facts.order_expires_on) if since]
    return reason, -facts.band.level if facts.band else 0, min(waits, default=date.max), facts.case_id


def _reasons(facts: CaseFacts, as_at: date, held_on: date) -> list[tuple[AgendaReason, str]]:
    found = []
    if facts.band is Band.CRITICAL:
        found.append((AgendaReason.IMMEDIATE_RISK, "risk is Critical"))
    if facts.overdue_actions and facts.oldest_due:
        found.append(
            (AgendaReason.OVERDUE_ACTIONS, _late(facts.overdue_actions, due(facts.oldest_due, as_at)))
        )
    if facts.score_rise > 0:
        found.append((AgendaReason.SCORE_RISEN, f"score up {facts.score_rise} to {facts.score_now}"))
    if facts.next_review_on and facts.next_review_on <= held_on:
        is_late = facts.next_review_on < as_at
        when = due(facts.next_review_on, as_at) if is_late else f"due {short_day(facts.next_review_on)}"
        found.append((AgendaReason.REVIEW_DUE, f"review {when}"))
    if facts.order_expires_on and facts.order_expires_on <= held_on + ORDER_WARNING:
        verb = "ran out" if facts.order_expires_on < as_at else "expires"
        found.append((AgendaReason.REVIEW_DUE, f"order {verb} {short_day(facts.order_expires_on)}"))
    if facts.was_left_open:
        found.append((AgendaReason.REVIEW_DUE, "not decided at the last meeting"))
    if not found:
        found.append((AgendaReason.NO_CHANGE, _quiet(facts.new_entries)))
    return found


def _late(count: int, oldest: str) -> str:
    return (
        f"1 action {oldest}"
        if count == 1
        else f"{count} actions overdue, the oldest {oldest.removeprefix('overdue ')}"
    )


def _quiet(new_entries: int) -> str:
    if not new_entries:
        return "no change since the last meeting"
    return f"nothing due; {new_entries} new in the chronology"
