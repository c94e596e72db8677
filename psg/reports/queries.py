"""The partnership's figures, counted over every case that is not sealed: no case in them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, func, select

from psg.accounts.models import User
from psg.cases.models import Case
from psg.cases.visibility import is_counted
from psg.extensions import db
from psg.plan.models import AreaOfFocus, CaseCommitment, Commitment, Plan
from psg.subjects.models import Ward

Rows = Sequence[Row[*tuple[Any, ...]]]
_OPEN = func.count(case((Case.closed_at.is_(None), 1)))
_CLOSED = func.count(Case.closed_at)


def case_counts(user: User) -> Rows:
    """Open and closed cases for each stage, band and ward that has any, from which every breakdown is summed."""
    return db.session.execute(
        select(Case.stage, Case.headline_band, Case.ward_id, _OPEN.label("open"), _CLOSED.label("closed"))
        .where(is_counted(user))
        .group_by(Case.stage, Case.headline_band, Case.ward_id)
    ).all()


def wards() -> Sequence[Row[int, str]]:
    return db.session.execute(select(Ward.id, Ward.name).order_by(Ward.name, Ward.id)).all()


def commitment_counts(user: User) -> Rows:
    """Each commitment of the newest plan with the cases that serve it or a repeat of it, in the plan's order."""
    newest = select(Plan.id).order_by(Plan.year.desc()).limit(1).scalar_subquery()
    linked = Commitment.__table__.alias("linked")
    root = func.coalesce(linked.c.same_as_id, linked.c.id)
    served = (
        select(
            root.label("root"),
            func.count(case((Case.closed_at.is_(None), Case.id)).distinct()).label("open"),
            func.count(case((Case.closed_at.is_not(None), Case.id)).distinct()).label("closed"),
        )
        .select_from(CaseCommitment)
        .join(linked, linked.c.id == CaseCommitment.commitment_id)
        .join(Case, Case.id == CaseCommitment.case_id)
        .where(linked.c.plan_id == newest, is_counted(user))
        .group_by(root)
        .subquery()
    )
    return db.session.execute(
        select(
            Commitment.reference,
            Commitment.text,
            AreaOfFocus.name.label("area"),
            Plan.year,
            func.coalesce(served.c.open, 0).label("open"),
            func.coalesce(served.c.closed, 0).label("closed"),
        )
        .join(AreaOfFocus, AreaOfFocus.id == Commitment.area_id)
        .join(Plan, Plan.id == Commitment.plan_id)
        .join(served, served.c.root == func.coalesce(Commitment.same_as_id, Commitment.id), isouter=True)
        .where(Commitment.plan_id == newest)
        .order_by(AreaOfFocus.sequence, Commitment.sequence, Commitment.id)
    ).all()
