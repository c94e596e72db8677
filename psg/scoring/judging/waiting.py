"""What of the scores waits for one person: to be confirmed, an override to be answered, a floor to be handed over.

The list holds references and no name; a count of it stands on the home page of those who work in cases.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    case,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.accounts.sign_in_models import Decision
from psg.cases.models import Band, Case
from psg.cases.visibility import as_member, is_visible
from psg.extensions import db
from psg.scoring.judging.models import Confirmation, Handover, Override
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import Score, ScoreFloor
from psg.web.pagination import Page, paginate

Newer = aliased(Score)
SECOND_PERSON = (Band.HIGH, Band.CRITICAL)
FLOOR, RECEIPT, CONFIRM, OVERRIDE = "floor", "receipt", "confirm", "override"
_TASKS = {
    FLOOR: "Hand the floor over",
    RECEIPT: "Obtain the receipt",
    CONFIRM: "Confirm the score",
    OVERRIDE: "Answer the override",
}


@dataclass(frozen=True)
class Waiting:
    """One thing to do. `since` is the day of the score; what is about a floor is due the same day."""

    what: str
    score_id: int
    audit_id: str
    case_id: int
    kind: MatrixKind
    band: Band
    since: date
    handover_id: int | None

    @property
    def task(self) -> str:
        return _TASKS[self.what]

    @property
    def reference(self) -> str:
        return Case.reference_for(self.case_id)

    @property
    def path(self) -> str:
        ends = {
            FLOOR: "handover",
            RECEIPT: f"handover/{self.handover_id}",
            CONFIRM: "confirm",
            OVERRIDE: "override/answer",
        }
        return f"/cases/{self.reference}/scores/{self.score_id}/{ends[self.what]}"

    @property
    def record_id(self) -> str:
        return f"{Score.record_kind}_{self.audit_id}"

    @property
    def is_same_day(self) -> bool:
        """What is about a floor, and Critical, of which the chair learns the same day."""
        return self.what in (FLOOR, RECEIPT) or self.band is Band.CRITICAL


def waiting_for(user: User, day: date, page: int) -> tuple[list[Waiting], Page]:
    """What is to be done the same day first, then the oldest."""
    found = _all(user, day).subquery("waiting")
    shown = paginate(
        select(found).order_by(found.c.rank, found.c.since, found.c.score_id, found.c.what), page
    )
    return [_of(row) for row in shown.rows], shown


def number_waiting(user: User, day: date) -> int:
    found = _all(user, day).subquery("waiting")
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _of(row: Row[*tuple[Any, ...]]) -> Waiting:
    values = row._asdict()
    values.pop("rank")
    return Waiting(**values)


def _all(user: User, day: date) -> CompoundSelect[*tuple[Any, ...]]:
    parts = [_floors(user), _unconfirmed(user)]
    if permits(user, Permission.APPROVE, day):
        parts.append(_overrides(user))
    return union_all(*parts)


def _floors(user: User) -> Select[*tuple[Any, ...]]:
    what = case((ScoreFloor.handover_id.is_(None), FLOOR), else_=RECEIPT)
    return (
        _standing(user, literal(0), what, ScoreFloor.set_on, ScoreFloor.handover_id)
        .join(ScoreFloor, ScoreFloor.score_id == Score.id)
        .join(Handover, Handover.id == ScoreFloor.handover_id, isouter=True)
        .where(Handover.received_at.is_(None))
    )


def _unconfirmed(user: User) -> Select[*tuple[Any, ...]]:
    read = select(Confirmation.id).where(Confirmation.score_id == Score.id)
    agreed = select(Override.id).where(
        Override.score_id == Score.id,
        Override.decision == Decision.GRANTED,
        Override.decided_by_id.is_not(None),
    )
    rank = case((Score.band == Band.CRITICAL, 1), else_=3)
    return _standing(user, rank, literal(CONFIRM), Score.scored_on).where(
        Score.band.in_(SECOND_PERSON), Score.scored_by_id != user.id, ~read.exists(), ~agreed.exists()
    )


def _overrides(user: User) -> Select[*tuple[Any, ...]]:
    return (
        _standing(user, literal(2), literal(OVERRIDE), Score.scored_on)
        .join(Override, Override.score_id == Score.id)
        .where(Override.decision == Decision.PENDING, Override.by_id != user.id)
    )


def _standing(
    user: User,
    rank: ColumnElement[int],
    what: ColumnElement[str],
    since: Any,
    handover: Any = None,
) -> Select[*tuple[Any, ...]]:
    """The latest score of each party, of open cases in which this person works."""
    newer = select(Newer.id).where(
        Newer.party_id == Score.party_id, Newer.kind == Score.kind, Newer.number > Score.number
    )
    columns: tuple[Any, ...] = (
        rank.label("rank"),
        what.label("what"),
        Score.id.label("score_id"),
        Score.audit_id,
        Score.case_id,
        Score.kind,
        Score.band,
        since.label("since"),
        (null() if handover is None else handover).label("handover_id"),
    )
    return (
        select(*columns)
        .join(Case, Case.id == Score.case_id)
        .where(Case.closed_at.is_(None), is_visible(user), Case.id.in_(as_member(user)), ~newer.exists())
    )
