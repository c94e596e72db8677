"""What a case holds, as the gates and the lock are told it."""

from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select

from psg.cases.models import Case, Party, Stage
from psg.cases.queries import parties_of
from psg.extensions import db
from psg.osara.answers import is_answered
from psg.osara.gates import (
    AnalysisFacts,
    AssessmentFacts,
    Facts,
    ObjectiveFacts,
    ResponseFact,
    ResponseFacts,
    ScanningFacts,
)
from psg.osara.locks import locks_of
from psg.osara.models import (
    AgencyReturn,
    AnalysisRecord,
    AssessmentRecord,
    BeforeAfter,
    Hypothesis,
    ObjectiveRecord,
    ResponseRecord,
    ScanningRecord,
    SmartObjective,
    Verdict,
)
from psg.osara.passages import Move, StageChange
from psg.plan.queries import has_commitment
from psg.responses import queries as responses
from psg.responses.models import PatSide
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import SCORED_BY_ROLE
from psg.scoring.queries import missing_scores

StageRecord: TypeAlias = ObjectiveRecord | ScanningRecord | AnalysisRecord | ResponseRecord | AssessmentRecord
RECORDS: dict[Stage, type[StageRecord]] = {
    Stage.OBJECTIVE: ObjectiveRecord,
    Stage.SCANNING: ScanningRecord,
    Stage.ANALYSIS: AnalysisRecord,
    Stage.RESPONSE: ResponseRecord,
    Stage.ASSESSMENT: AssessmentRecord,
}
CHEERS = ("community", "harm", "expectation", "events", "recurring", "similarity")


def record_of(case: Case, stage: Stage) -> Any:
    """The record of one stage, or None where nothing is written in it yet."""
    kind = RECORDS[stage]
    return db.session.scalars(select(kind).where(kind.case_id == case.id)).one_or_none()


def facts_of(case: Case, stage: Stage, today: date) -> Facts:
    match stage:
        case Stage.OBJECTIVE:
            return _objective(case)
        case Stage.SCANNING:
            return _scanning(case)
        case Stage.ANALYSIS:
            return _analysis(case)
        case Stage.RESPONSE:
            return _response(case, today)
        case Stage.ASSESSMENT:
            return _assessment(case)


def began_response(case: Case) -> datetime:
    """When Response began: the last move into it from Analysis, or a reopening since. Stepping back to it
    from Assessment is not a new beginning."""
    began = db.session.scalar(
        select(func.max(StageChange.at)).where(
            StageChange.case_id == case.id,
            (StageChange.kind == Move.REOPENED)
            | ((StageChange.kind == Move.MOVED) & (StageChange.to_stage == Stage.RESPONSE)),
        )
    )
    return began or case.created_at


def _objective(case: Case) -> ObjectiveFacts:
    rows = db.session.execute(
        select(SmartObjective.baseline, SmartObjective.baseline_reason).where(
            SmartObjective.case_id == case.id
        )
    )
    record = record_of(case, Stage.OBJECTIVE)
    return ObjectiveFacts(
        baselines=[baseline is not None or is_answered(reason) for baseline, reason in rows],
        has_lead=case.lead_id is not None,
        has_commitment=has_commitment(case),
        sharing_basis=record.sharing_basis if record else "",
    )


def _scanning(case: Case) -> ScanningFacts:
    record = record_of(case, Stage.SCANNING)
    agencies = db.session.scalars(
        select(AgencyReturn.agency_id).where(AgencyReturn.case_id == case.id).distinct()
    )
    returned = frozenset(agencies)
    unscored = _named(missing_scores(case))
    has_scorable = any(party.role in SCORED_BY_ROLE for party in parties_of(case))
    if record is None:
        return ScanningFacts(returned=returned, unscored=unscored, has_scorable=has_scorable)
    return ScanningFacts(
        returned=returned,
        cheers=[getattr(record, name) for name in CHEERS],
        unscored=unscored,
        has_scorable=has_scorable,
        safeguarding=bool(
            record.safeguarding and record.safeguarding_on and is_answered(record.safeguarding_note)
        ),
        duplicates=record.duplicates,
        has_scope=record.scope is not None,
    )


def _analysis(case: Case) -> AnalysisFacts:
    record = record_of(case, Stage.ANALYSIS)
    supported = db.session.scalar(
        select(func.count(Hypothesis.id)).where(
            Hypothesis.case_id == case.id, Hypothesis.verdict == Verdict.SUPPORTED
        )
    )
    return AnalysisFacts(
        sides={side.label: getattr(record, f"{side}_side") if record else "" for side in PatSide},
        supported=supported or 0,
        equality=record.equality if record else "",
        vulnerability=record.vulnerability if record else "",
        voice=record.voice if record else "",
        is_reviewed=record is not None and record.reviewed_by_id is not None,
    )


def _response(case: Case, today: date) -> ResponseFacts:
    found = responses.responses_of(case)
    supported = set(
        db.session.scalars(
            select(Hypothesis.id).where(
                Hypothesis.case_id == case.id, Hypothesis.verdict == Verdict.SUPPORTED
            )
        )
    )
    locks = locks_of(case, found, today)
    measures = db.session.scalar(select(func.count(BeforeAfter.id)).where(BeforeAfter.case_id == case.id))
    return ResponseFacts(
        responses=[
            ResponseFact(
                name=one.summary,
                has_owner=one.owner_agency_id is not None,
                is_dated=one.due_on is not None,
                is_supported=one.hypothesis_id in supported,
                locked_by=[condition.sentence for condition in locks.get(one.id, ()) if not condition.is_met],
            )
            for one in found
            if one.is_live
        ],
        before_measures=measures or 0,
    )


def _assessment(case: Case) -> AssessmentFacts:
    record = record_of(case, Stage.ASSESSMENT)
    rows = db.session.execute(
        select(SmartObjective.measure, SmartObjective.outcome, SmartObjective.outcome_data)
        .where(SmartObjective.case_id == case.id)
        .order_by(SmartObjective.id)
    ).all()
    undecided = [measure for measure, outcome, data in rows if outcome is None or not is_answered(data)]
    unscored = _named(missing_scores(case, since=began_response(case)))
    if record is None:
        return AssessmentFacts(undecided=undecided, objectives=len(rows), unscored=unscored)
    return AssessmentFacts(
        undecided=undecided,
        objectives=len(rows),
        process=record.work_done,
        outcome=record.outcome,
        unscored=unscored,
        follow_up_on=record.follow_up_on,
        has_lesson=record.lesson is not None,
        lesson_text=record.lesson_text,
    )


def _named(missing: list[tuple[Party, MatrixKind]]) -> list[str]:
    return [f"{party.subject.reference} ({kind.label})" for party, kind in missing]
