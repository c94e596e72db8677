"""Reads of the plan, and of which cases serve it.

Counts are of the cases that the person may see, so that a count and the list behind it agree. Who
reads no cases is given the partnership's counts, small numbers suppressed by the view.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
from werkzeug.exceptions import NotFound

from psg.accounts.models import User
from psg.cases.models import Case
from psg.cases.visibility import is_counted, is_visible
from psg.extensions import db
from psg.plan import policy
from psg.plan.models import REFERENCE, YEAR, AreaOfFocus, CaseCommitment, Commitment, Plan
from psg.plan.progress import Line, Progress, Service
from psg.subjects.models import Subject


def years() -> Sequence[str]:
    """Every year there is a plan for, newest first."""
    return db.session.scalars(select(Plan.year).order_by(Plan.year.desc())).all()


def plan_of(year: str) -> Plan | None:
    if not YEAR.fullmatch(year):
        return None
    return db.session.scalars(select(Plan).where(Plan.year == year)).one_or_none()


def newest_plan() -> Plan | None:
    return db.session.scalars(select(Plan).order_by(Plan.year.desc()).limit(1)).one_or_none()


def areas_of(plan: Plan) -> Sequence[AreaOfFocus]:
    """The whole plan in its order: areas, their commitments and who leads them."""
    return db.session.scalars(
        select(AreaOfFocus)
        .where(AreaOfFocus.plan_id == plan.id)
        .options(selectinload(AreaOfFocus.commitments).selectinload(Commitment.leads))
        .order_by(AreaOfFocus.sequence, AreaOfFocus.id)
    ).all()


def commitments_of_year(year: str) -> Sequence[Commitment]:
    """Every commitment of that year's plan, in order, with its area."""
    return db.session.scalars(
        select(Commitment)
        .join(Commitment.plan)
        .where(Plan.year == year)
        .options(joinedload(Commitment.area, innerjoin=True))
        .order_by(Commitment.sequence, Commitment.id)
    ).all()


def commitment_for(reference: str, year: str | None = None) -> Commitment:
    """The commitment of that year's plan, or of the newest plan that has it; `NotFound` otherwise."""
    if not REFERENCE.fullmatch(reference) or (year and not YEAR.fullmatch(year)):
        raise NotFound
    statement = (
        select(Commitment)
        .join(Commitment.plan)
        .where(func.lower(Commitment.reference) == reference.lower())
        .options(joinedload(Commitment.area), joinedload(Commitment.plan), selectinload(Commitment.leads))
        .order_by(Plan.year.desc())
        .limit(1)
    )
    commitment = db.session.scalars(statement.where(Plan.year == year) if year else statement).one_or_none()
    if commitment is None:
        raise NotFound
    return commitment


def progress_of(plan: Plan, user: User) -> Progress:
    """Each line of the plan with how it is served, in four statements whatever the plan's length."""
    served = service_of(plan, user)
    areas = [
        (
            area,
            [Line(commitment, served.get(commitment.root_id, Service())) for commitment in area.commitments],
        )
        for area in areas_of(plan)
    ]
    return Progress.of(areas)


def repeats_of(root_id: int) -> Sequence[Commitment]:
    """A commitment and all that say the same, in the order of the plan."""
    return db.session.scalars(
        select(Commitment)
        .where(or_(Commitment.id == root_id, Commitment.same_as_id == root_id))
        .order_by(Commitment.sequence, Commitment.id)
    ).all()


def service_of(plan: Plan, user: User) -> Mapping[int, Service]:
    """How each commitment is served, by the id of the commitment it is counted as (`root_id`)."""
    return _service(Commitment.plan_id == plan.id, user)


def service_of_one(commitment: Commitment, user: User) -> Service:
    """How this commitment and its repeats are served."""
    root_id = commitment.root_id
    is_meant = or_(Commitment.id == root_id, Commitment.same_as_id == root_id)
    return _service(is_meant, user).get(root_id, Service())


def _service(is_meant: ColumnElement[bool], user: User) -> dict[int, Service]:
    root = func.coalesce(Commitment.same_as_id, Commitment.id)
    rows = db.session.execute(
        select(
            root,
            func.count(Case.id.distinct()).filter(Case.closed_at.is_(None)),
            func.count(Case.id.distinct()).filter(Case.closed_at.is_not(None)),
            func.max(CaseCommitment.linked_at),
            func.max(Case.stage_since),
            func.max(Case.closed_at),
        )
        .select_from(CaseCommitment)
        .join(Commitment, Commitment.id == CaseCommitment.commitment_id)
        .join(Case, Case.id == CaseCommitment.case_id)
        .where(is_meant, _counted_for(user))
        .group_by(root)
    )
    return {
        number: Service(open=opened, closed=closed, last_activity=max(moment for moment in moments if moment))
        for number, opened, closed, *moments in rows
    }


def cases_serving(commitment: Commitment, user: User) -> Select[*tuple[Any, ...]]:
    """The cases this person may see that serve the commitment or a repeat of it, open ones first."""
    served = aliased(Commitment)
    columns: tuple[Any, ...] = (
        Case.id,
        Case.audit_id,
        Case.stage,
        Case.closed_at,
        Subject.name.label("subject"),
        served.reference.label("commitment"),
        CaseCommitment.how,
        CaseCommitment.linked_at,
        User.name.label("linked_by"),
    )
    return (
        select(*columns)
        .select_from(CaseCommitment)
        .join(served, served.id == CaseCommitment.commitment_id)
        .join(Case, Case.id == CaseCommitment.case_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(User, User.id == CaseCommitment.linked_by_id)
        .where(
            or_(served.id == commitment.root_id, served.same_as_id == commitment.root_id), is_visible(user)
        )
        .order_by(Case.closed_at.is_not(None), Case.id.desc(), served.sequence)
    )


def case_ids_serving(commitment_id: int) -> Select[int]:
    """For a filter: `Case.id.in_(case_ids_serving(…))`. Not by itself limited to what a person may see."""
    chosen = aliased(Commitment)
    root = func.coalesce(chosen.same_as_id, chosen.id)
    return (
        select(CaseCommitment.case_id)
        .join(Commitment, Commitment.id == CaseCommitment.commitment_id)
        .join(chosen, or_(Commitment.id == root, Commitment.same_as_id == root))
        .where(chosen.id == commitment_id)
    )


def links_of(case: Case) -> Sequence[CaseCommitment]:
    """The commitments a case serves, in the order of the plan, newest plan first."""
    return db.session.scalars(
        select(CaseCommitment)
        .join(CaseCommitment.commitment)
        .join(Commitment.plan)
        .where(CaseCommitment.case_id == case.id)
        .options(
            joinedload(CaseCommitment.commitment, innerjoin=True).joinedload(Commitment.area, innerjoin=True),
            joinedload(CaseCommitment.commitment, innerjoin=True).joinedload(Commitment.plan, innerjoin=True),
            joinedload(CaseCommitment.linked_by, innerjoin=True),
        )
        .order_by(Plan.year.desc(), Commitment.sequence, Commitment.id)
    ).all()


def commitments_to_link(case: Case) -> list[Commitment]:
    """The commitments of the newest plan that this case does not serve yet, in the order of the plan."""
    newest = select(Plan.id).order_by(Plan.year.desc()).limit(1).scalar_subquery()
    held = select(CaseCommitment.commitment_id).where(CaseCommitment.case_id == case.id)
    statement = (
        select(Commitment)
        .join(Commitment.area)
        .where(Commitment.plan_id == newest, Commitment.id.not_in(held))
        .options(contains_eager(Commitment.area))
        .order_by(AreaOfFocus.sequence, Commitment.sequence, Commitment.id)
    )
    return list(db.session.scalars(statement))


def link_for(case: Case, number: int) -> CaseCommitment:
    link = db.session.scalars(
        select(CaseCommitment)
        .where(CaseCommitment.case_id == case.id, CaseCommitment.id == number)
        .options(
            joinedload(CaseCommitment.commitment, innerjoin=True).joinedload(Commitment.plan, innerjoin=True)
        )
    ).one_or_none()
    if link is None:
        raise NotFound
    return link


def has_commitment(case: Case) -> bool:
    """Whether the case serves any commitment: a part of the gate that leaves Objective."""
    return (
        db.session.scalar(select(CaseCommitment.id).where(CaseCommitment.case_id == case.id).limit(1))
        is not None
    )


def _counted_for(user: User) -> ColumnElement[bool]:
    """A restricted case that stood in a number and not in the list behind it would be found by the difference."""
    return is_visible(user) if policy.sees_cases(user) else is_counted(user)
