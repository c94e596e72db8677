"""Writing in the stage records, and adding to what they list. Nothing is ever deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind, Stage
from psg.extensions import db
from psg.osara import checks, queries
from psg.osara.facts import RECORDS, StageRecord, record_of
from psg.osara.models import (
    AgencyReturn,
    AnalysisAuthor,
    AnalysisRecord,
    BeforeAfter,
    Hypothesis,
    SmartObjective,
)
from psg.web.dates import london

Listed: TypeAlias = SmartObjective | AgencyReturn | Hypothesis | BeforeAfter
NOUNS: Mapping[type[Listed], tuple[Stage, str]] = {
    SmartObjective: (Stage.OBJECTIVE, "objective"),
    AgencyReturn: (Stage.SCANNING, "agency return"),
    Hypothesis: (Stage.ANALYSIS, "hypothesis"),
    BeforeAfter: (Stage.RESPONSE, "before and after measure"),
}
REVIEW = ("reviewed_by_id", "reviewed_at", "review_note")


def write_record(
    case: Case,
    stage: Stage,
    *,
    what: str = "record",
    is_first: bool = False,
    by: User,
    now: datetime,
    **answers: Any,
) -> StageRecord:
    """Write some answers in the record of a stage; `what` names the part of it in the chronology.

    `is_first`: nothing was written when the writer looked. A record that somebody began since is not written over.
    Writing in the analysis makes the writer an author of it, and takes its review away.
    """
    checks.check_open(case)
    kind = RECORDS[stage]
    unknown = set(answers) - (
        set(kind.__table__.columns.keys()) - {"id", "case_id", "audit_id", "version", *REVIEW}
    )
    if unknown:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))} to write in")
    record = None if is_first else record_of(case, stage)
    checks.check_record(record, answers, _day(now))
    is_new = record is None
    if record is None:
        record = kind(case_id=case.id, created_at=now)
        db.session.add(record)
        db.session.flush()
    changed = _change(record, answers)
    if isinstance(record, AnalysisRecord):
        _write_as_author(case, record, by)
    db.session.flush()
    op = Operation.COLLECTION if is_new else Operation.ALTERATION
    cases.add_event(case, kind=EventKind.STAGE, title=f"{stage.label}: {what} written", by=by, now=now)
    audit.record(op, f"{stage}.write", by=by, case=case, obj=record, at=now, **changed)
    return record


def add_to_record(case: Case, kind: type[Listed], /, *, by: User, now: datetime, **values: Any) -> Any:
    """Add an objective, an agency's return, a hypothesis or a before-measure."""
    checks.check_open(case)
    checks.check_listed(case, kind, None, values, _day(now))
    stage, noun = NOUNS[kind]
    row = kind(case_id=case.id, created_at=now, **values)
    db.session.add(row)
    db.session.flush()
    _note_author(case, kind, by)
    cases.add_event(case, kind=EventKind.STAGE, title=f"{stage.label}: {noun} added", by=by, now=now)
    audit.record(Operation.COLLECTION, f"{row.record_kind}.add", by=by, case=case, obj=row, at=now)
    return row


def amend(row: Listed, case: Case, /, *, by: User, now: datetime, **values: Any) -> None:
    """Change what is listed; the record of access and change keeps which fields."""
    checks.check_open(case)
    checks.check_listed(case, type(row), row, values, _day(now))
    stage, noun = NOUNS[type(row)]
    changed = _change(row, values)
    db.session.flush()
    _note_author(case, type(row), by)
    cases.add_event(case, kind=EventKind.STAGE, title=f"{stage.label}: {noun} changed", by=by, now=now)
    audit.record(
        Operation.ALTERATION, f"{row.record_kind}.amend", by=by, case=case, obj=row, at=now, **changed
    )


def review_analysis(case: Case, *, note: str, by: User, now: datetime) -> None:
    """Someone who wrote no part of the analysis reads it and says so. Writing in it later asks for a new review."""
    checks.check_open(case)
    record = record_of(case, Stage.ANALYSIS)
    if record is None:
        raise Refused("There is no analysis to review yet: write it first")
    if by.id in queries.authors_of(case):
        raise Refused("You wrote in this analysis: ask someone who did not to review it")
    record.reviewed_by, record.reviewed_at, record.review_note = by, now, note
    db.session.flush()
    cases.add_event(case, kind=EventKind.STAGE, title="Analysis: reviewed", by=by, now=now)
    audit.record(Operation.ALTERATION, "analysis.review", by=by, case=case, obj=record, at=now)


def _change(record: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    before = {name: getattr(record, name) for name in answers}
    for name, value in answers.items():
        setattr(record, name, value)
    return audit.changes(_plain(before), _plain(answers))


def _plain(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: str(value) if value is not None else None for name, value in values.items()}


def _note_author(case: Case, kind: type[Listed], by: User) -> None:
    """A hypothesis is part of the analysis, with or without a record of its other parts."""
    if kind is Hypothesis:
        _write_as_author(case, record_of(case, Stage.ANALYSIS), by)
        db.session.flush()


def _write_as_author(case: Case, record: AnalysisRecord | None, by: User) -> None:
    if by.id not in queries.authors_of(case):
        db.session.add(AnalysisAuthor(case_id=case.id, user_id=by.id))
    if record is not None and record.reviewed_by_id is not None:
        record.reviewed_by, record.reviewed_at, record.review_note = None, None, ""


def _day(now: datetime) -> date:
    return london(now).date()
