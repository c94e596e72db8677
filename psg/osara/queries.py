"""Reads of the stages: their records, what they list, the history, and the gates.

Each gate costs a fixed number of statements, however much a case holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from psg.cases.models import Case, Stage
from psg.extensions import db
from psg.osara import gates
from psg.osara.facts import facts_of
from psg.osara.gates import Requirement
from psg.osara.models import AgencyReturn, AnalysisAuthor, BeforeAfter, Hypothesis, SmartObjective
from psg.osara.passages import Answer, ClosureProposal, Move, StageChange, Waiver


@dataclass(frozen=True)
class Gate:
    """What a stage asks for, with the waivers in force for this visit to it."""

    stage: Stage
    requirements: Sequence[Requirement]
    waived: Mapping[str, Waiver]

    @property
    def missing(self) -> list[Requirement]:
        return [one for one in self.requirements if not one.is_met and one.key not in self.waived]

    @property
    def is_open(self) -> bool:
        return not self.missing

    def requirement(self, key: str) -> Requirement | None:
        return next((one for one in self.requirements if one.key == key), None)


def gate_of(case: Case, stage: Stage, today: date) -> Gate:
    """The gate that leaves a stage, as it stands."""
    return Gate(stage, gates.requirements(facts_of(case, stage, today)), waivers_in_force(case, stage))


def closing_gate(case: Case, today: date) -> Gate:
    """What closing asks for: the gate of Assessment or, from an earlier stage, leave to do without it."""
    if case.stage is Stage.ASSESSMENT:
        return gate_of(case, Stage.ASSESSMENT, today)
    return Gate(case.stage, gates.without_assessment(case.stage), waivers_in_force(case, case.stage))


def visit_to(case: Case, stage: Stage) -> int | None:
    """The change by which the case last came to a stage; None where it opened there and has not come back."""
    return db.session.scalar(
        select(func.max(StageChange.id)).where(
            StageChange.case_id == case.id, StageChange.to_stage == stage, StageChange.kind != Move.CLOSED
        )
    )


def waivers_in_force(case: Case, stage: Stage) -> Mapping[str, Waiver]:
    """A waiver is for one visit to the stage: coming back to it asks again."""
    found = db.session.scalars(
        select(Waiver)
        .where(
            Waiver.case_id == case.id,
            Waiver.stage == stage,
            Waiver.visit_id.is_not_distinct_from(visit_to(case, stage)),
        )
        .options(joinedload(Waiver.by, innerjoin=True))
        .order_by(Waiver.id)
    )
    return {waiver.requirement: waiver for waiver in found}


def waivers_of(case: Case) -> Sequence[Waiver]:
    return db.session.scalars(
        select(Waiver)
        .where(Waiver.case_id == case.id)
        .options(joinedload(Waiver.by, innerjoin=True))
        .order_by(Waiver.id.desc())
    ).all()


def history_of(case: Case) -> Sequence[StageChange]:
    """Every move, return, closing and reopening, newest first."""
    return db.session.scalars(
        select(StageChange)
        .where(StageChange.case_id == case.id)
        .options(joinedload(StageChange.by, innerjoin=True))
        .order_by(StageChange.id.desc())
    ).all()


def stage_days(case: Case, history: Sequence[StageChange]) -> dict[Stage, datetime]:
    """When the case last came to each stage it has been in."""
    days = {Stage.OBJECTIVE: case.created_at}
    for change in reversed(history):
        if change.kind is not Move.CLOSED:
            days[change.to_stage] = change.at
    return {stage: moment for stage, moment in days.items() if stage.number <= case.stage.number}


def pending_closure(case: Case) -> ClosureProposal | None:
    return db.session.scalars(
        select(ClosureProposal)
        .where(ClosureProposal.case_id == case.id, ClosureProposal.answer == Answer.PENDING)
        .options(joinedload(ClosureProposal.by, innerjoin=True))
        .order_by(ClosureProposal.id.desc())
        .limit(1)
    ).one_or_none()


def objectives_of(case: Case) -> Sequence[SmartObjective]:
    return _listed(case, SmartObjective, joinedload(SmartObjective.data_owner, innerjoin=True))


def returns_of(case: Case) -> Sequence[AgencyReturn]:
    return _listed(case, AgencyReturn, joinedload(AgencyReturn.agency, innerjoin=True))


def hypotheses_of(case: Case) -> Sequence[Hypothesis]:
    return _listed(case, Hypothesis)


def measures_of(case: Case) -> Sequence[BeforeAfter]:
    return _listed(case, BeforeAfter, joinedload(BeforeAfter.objective, innerjoin=True))


def authors_of(case: Case) -> frozenset[int]:
    """Everyone who wrote in the analysis."""
    return frozenset(
        db.session.scalars(select(AnalysisAuthor.user_id).where(AnalysisAuthor.case_id == case.id))
    )


def _listed(case: Case, kind: Any, *options: Any) -> Sequence[Any]:
    return db.session.scalars(
        select(kind).where(kind.case_id == case.id).options(*options).order_by(kind.id)
    ).all()
