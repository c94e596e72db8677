"""What people add to a standing score: confirming it, overriding its band, handing a floor over.

A score informs a decision and never makes one (UK GDPR Articles 22A to 22D): High and Critical are
confirmed by a second person, and where judgement and points differ, judgement is written down beside
the points, by name. A floor cannot be overridden at all.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.accounts.sign_in_models import Decision
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Recorded, Refused
from psg.cases import queries as cases
from psg.cases.models import Band, Case, EventKind
from psg.cases.services import add_event
from psg.extensions import db, hold
from psg.scoring import arithmetic, queries
from psg.scoring.judging.models import Confirmation, Handover, Override
from psg.scoring.models import Score
from psg.scoring.services import refresh_headline
from psg.web.dates import london

REPLACED = "This score was replaced by a later one: look at that one"


def confirm_score(score: Score, *, agrees: bool, note: str = "", by: User, now: datetime) -> Confirmation:
    """A second person has read the answers of a High or Critical score. Without their yes it is to be made again."""
    case = _begin(score, by, now)
    if not score.waits_for_confirmation:
        raise Refused("This score does not wait for a second person")
    if score.scored_by_id == by.id:
        raise Refused("You made this score: ask somebody else in the case to confirm it")
    if not agrees and not note:
        raise Refused("Enter what is to be looked at again", field="note")
    confirmation = Confirmation(score_id=score.id, agrees=agrees, note=note, by=by, at=now)
    db.session.add(confirmation)
    _end(score, "confirmation")
    said = "confirmed" if agrees else "not confirmed, to be scored again"
    _tell(case, f"{_name(score)} {said} by a second person", by, now)
    _record("score.confirm" if agrees else "score.question", score, confirmation, by, now)
    return confirmation


def override_band(score: Score, *, band: Band, reason: str, by: User, now: datetime) -> Override:
    """Set the band one up or down, until the next score. The points stay beside it, and enforcement reads those."""
    case = _begin(score, by, now)
    if score.floors:
        raise Refused("A floor sets Critical: nothing overrides it", field="band")
    if abs(band.level - score.band.level) != 1:
        raise Refused(f"By points it is {score.band.label}: choose the band above or below it", field="band")
    if score.override is not None or score.pending_override is not None:
        raise Refused("This score is overridden already: score again to end that", field="band")
    waits = arithmetic.needs_second_person(score.band, band)
    override = Override(
        score_id=score.id,
        number=len(score.overrides) + 1,
        band=band,
        reason=reason,
        by=by,
        at=now,
        decision=Decision.PENDING if waits else Decision.GRANTED,
        decided_at=None if waits else now,
        review_on=None if waits else _review(score, band, london(now).date()),
    )
    db.session.add(override)
    _end(score, "overrides")
    words = f"{_name(score)} {'to be ' if waits else ''}overridden {score.band.label} → {band.label}"
    _tell(case, words + (", once a second person agrees" if waits else ""), by, now, is_effective=not waits)
    _record("override.ask" if waits else "override.set", score, override, by, now, band=band.value)
    return override


def answer_override(
    override: Override, score: Score, *, grant: bool, note: str = "", by: User, now: datetime
) -> None:
    """The chair or a coordinator in the case lets the override stand, or declines it and says why."""
    case = _begin(score, by, now)
    hold(override)
    if not override.is_pending:
        raise Refused("This is answered already")
    if not cases.may(by, Permission.APPROVE, case, now):
        raise Refused("The chair or a coordinator answers an override")
    if override.by_id == by.id:
        raise Refused("You asked for this override: somebody else in the case answers it")
    if not grant and not note:
        raise Refused("Enter why you decline it", field="note")
    override.decision = Decision.GRANTED if grant else Decision.REFUSED
    override.decided_by, override.decided_at, override.note = by, now, note
    if grant:
        override.review_on = _review(score, override.band, london(now).date())
    _end(score, "overrides")
    words = f"{_name(score)} override {score.band.label} → {override.band.label}"
    _tell(case, f"{words} {'agreed' if grant else 'declined'}", by, now, is_effective=grant)
    _record("override.grant" if grant else "override.decline", score, override, by, now)


def hand_over(
    score: Score,
    *,
    floors: Collection[str],
    panel: str,
    handed_at: datetime,
    received_by: str = "",
    note: str = "",
    by: User,
    now: datetime,
) -> Handover:
    """Floors that this score set are given to the panel whose they are, which owns the risk from then on.

    `received_by` is who there said that they have it, where somebody did at once.
    """
    case = _begin(score, by, now)
    rows = [row for row in score.floor_rows if row.floor.code in floors]
    if not rows or len(rows) < len(set(floors)):
        raise Refused("Choose which of its floors were handed over", field="floors")
    if any(row.handover_id is not None for row in rows):
        raise Refused("That was handed over already", field="floors")
    if handed_at > now:
        raise Refused("The time it was handed over cannot be in the future", field="handed_on")
    handover = Handover(
        panel=panel,
        handed_at=handed_at,
        note=note,
        by=by,
        recorded_at=now,
        received_by=received_by,
        received_at=now if received_by else None,
    )
    db.session.add(handover)
    db.session.flush()
    for row in rows:
        row.handover = handover
    db.session.flush()
    names = ", ".join(row.floor.name for row in rows)
    add_event(
        case,
        kind=EventKind.SCORE,
        title=f"{_name(score)}: {names} handed over to {panel}",
        by=by,
        now=now,
        milestone=True,
    )
    _record("floor.hand_over", score, handover, by, now, floors=sorted(floors))
    return handover


def acknowledge(handover: Handover, score: Score, *, received_by: str, by: User, now: datetime) -> None:
    """The panel said that it has it: who there did."""
    case = _begin(score, by, now)
    hold(handover)
    if handover.received_at is not None:
        raise Refused("The receipt is recorded already")
    handover.received_by, handover.received_at = received_by, now
    db.session.flush()
    _tell(case, f"{_name(score)}: {handover.panel} has received what was handed over", by, now)
    _record("floor.receipt", score, handover, by, now)


def _begin(score: Score, by: User, now: datetime) -> Case:
    case = score.case
    if not case.is_open:
        raise Refused("This case is closed: reopen it first")
    if not cases.may(by, Permission.WORK_CASES, case, now):
        raise Refused("Only members of the case judge its scores")
    hold(case)
    db.session.refresh(score, ["confirmation", "overrides", "floor_rows"])
    if not queries.is_latest(score):
        raise Refused(REPLACED)
    return case


def _end(score: Score, *parts: str) -> None:
    db.session.flush()
    db.session.expire(score, list(parts))


def _review(score: Score, band: Band, day: date) -> date | None:
    """A band that was raised is reviewed by its own clock, and never later than the points say."""
    if band.level < score.band.level:
        return None
    within = next(one.review_days for one in score.matrix.band_table if one.band is band)
    return min(score.review_on, day + timedelta(days=within))


def _tell(case: Case, title: str, by: User, now: datetime, *, is_effective: bool = False) -> None:
    moved = refresh_headline(case) if is_effective else False
    add_event(case, kind=EventKind.SCORE, title=title, by=by, now=now, milestone=moved)


def _name(score: Score) -> str:
    return f"{score.party.subject.reference} {score.kind.label} score {score.interval}"


def _record(action: str, score: Score, obj: Recorded, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        Operation.COLLECTION,
        action,
        by=by,
        case=score.case,
        obj=obj,
        at=now,
        score=score.record_id,
        **detail,
    )
