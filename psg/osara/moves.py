"""Moving a case on, stepping back, waiving, closing and reopening: who did it, when, and why."""

from datetime import date, datetime

from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind, Stage
from psg.cases.queries import may
from psg.extensions import db, hold
from psg.osara import queries
from psg.osara.checks import check_open
from psg.osara.passages import Answer, ClosureProposal, Move, StageChange, Waiver
from psg.osara.queries import Gate
from psg.osara.rules import RULES
from psg.scoring.services import refresh_headline
from psg.web.dates import london


class GateShut(Refused):
    """Something is missing. The gate says what, and where it is supplied."""

    def __init__(self, gate: Gate) -> None:
        count = len(gate.missing)
        super().__init__(f"{count} thing{'s are' if count > 1 else ' is'} missing before this case can go on")
        self.gate = gate


def move_on(case: Case, *, expected: Stage | None = None, by: User, now: datetime) -> StageChange:
    """Move to the next stage. `expected` is the stage that the person had before them."""
    check_open(case)
    if expected is not None and case.stage is not expected:
        raise Refused(f"This case is already at {case.stage.label}")
    onward = next_stage(case.stage)
    if onward is None:
        raise Refused("Assessment is the last stage: propose closure, or return to an earlier stage")
    gate = queries.gate_of(case, case.stage, _day(now))
    if not gate.is_open:
        raise GateShut(gate)
    return _enter(case, onward, Move.MOVED, "", by, now)


def go_back(case: Case, *, to: Stage, reason: str, by: User, now: datetime) -> StageChange:
    """Return to an earlier stage: normal practice, not a failure."""
    check_open(case)
    if to.number >= case.stage.number:
        raise Refused(f"Choose a stage before {case.stage.label}", field="to")
    return _enter(case, to, Move.RETURNED, reason, by, now)


def waive(case: Case, requirement: str, *, reason: str, by: User, now: datetime) -> Waiver:
    """The chair's leave to go on without one requirement, for this visit to the stage."""
    hold(case)
    check_open(case)
    _check_approver(by, case, now)
    gates = (queries.gate_of(case, case.stage, _day(now)), queries.closing_gate(case, _day(now)))
    gate = next((known for known in gates if known.requirement(requirement)), gates[0])
    asked = gate.requirement(requirement)
    if asked is None:
        raise Refused(f"The gate of {case.stage.label} does not ask for that")
    if not asked.is_waivable:
        raise Refused("This requirement cannot be waived by anyone")
    if asked.is_met or requirement in gate.waived:
        raise Refused("There is nothing to waive: this requirement is met or waived already")
    waiver = Waiver(
        case_id=case.id,
        stage=case.stage,
        visit_id=queries.visit_to(case, case.stage),
        requirement=requirement,
        reason=reason,
        by=by,
        at=now,
    )
    db.session.add(waiver)
    db.session.flush()
    title = f"{case.stage.label}: waived by {by.name}, “{asked.sentence}”: {reason}"
    cases.add_event(case, kind=EventKind.STAGE, title=title[:300], by=by, now=now, milestone=True)
    audit.record(
        Operation.ALTERATION,
        "gate.waive",
        by=by,
        case=case,
        obj=waiver,
        at=now,
        requirement=requirement,
        reason=reason,
    )
    return waiver


def propose_closure(case: Case, *, code: str, reason: str, by: User, now: datetime) -> ClosureProposal:
    """Propose to close, with a code and what shows it. Nothing closes until the chair or coordinator confirms."""
    hold(case)
    check_open(case)
    known = RULES.closure(code)
    if known is None:
        raise Refused("Choose why the case is to close", field="code")
    if queries.pending_closure(case) is not None:
        raise Refused("Closure is proposed already and waits for an answer")
    gate = queries.closing_gate(case, _day(now))
    if not gate.is_open:
        raise GateShut(gate)
    proposal = ClosureProposal(case_id=case.id, code=code, reason=reason, by=by, at=now)
    db.session.add(proposal)
    db.session.flush()
    cases.add_event(
        case, kind=EventKind.STAGE, title=f"Closure proposed: {known.label}", by=by, now=now, milestone=True
    )
    audit.record(Operation.COLLECTION, "closure.propose", by=by, case=case, obj=proposal, at=now, code=code)
    return proposal


def confirm_closure(case: Case, *, by: User, now: datetime) -> None:
    """Close the case as proposed, where the gate is still open. Who proposed it does not confirm it."""
    proposal = _answerable(case, by, now)
    gate = queries.closing_gate(case, _day(now))
    if not gate.is_open:
        raise GateShut(gate)
    _answer(proposal, Answer.CONFIRMED, "", by, now)
    db.session.add(
        StageChange(
            case_id=case.id,
            kind=Move.CLOSED,
            from_stage=case.stage,
            to_stage=case.stage,
            reason=proposal.reason,
            by=by,
            at=now,
        )
    )
    cases.close_case(case, code=proposal.code, reason=proposal.reason, by=by, now=now)


def decline_closure(case: Case, *, reason: str, by: User, now: datetime) -> None:
    """Send the proposal back; the case stays open where it is."""
    proposal = _answerable(case, by, now)
    _answer(proposal, Answer.DECLINED, reason, by, now)
    title = f"Closure declined by {by.name}: {reason}"
    cases.add_event(case, kind=EventKind.STAGE, title=title[:300], by=by, now=now, milestone=True)
    audit.record(
        Operation.ALTERATION, "closure.decline", by=by, case=case, obj=proposal, at=now, reason=reason
    )


def reopen(case: Case, *, to: Stage, reason: str, by: User, now: datetime) -> StageChange:
    """Open a closed case again at the stage it had or an earlier one. Its history stays, and its review is due."""
    if case.is_open:
        raise Refused("This case is open already")
    _check_approver(by, case, now)
    if to.number > case.stage.number:
        raise Refused(f"Choose {case.stage.label} or an earlier stage", field="to")
    change = StageChange(
        case_id=case.id,
        kind=Move.REOPENED,
        from_stage=case.stage,
        to_stage=to,
        reason=reason,
        by=by,
        at=now,
    )
    db.session.add(change)
    case.stage = to
    cases.reopen_case(case, reason=reason, by=by, now=now)
    refresh_headline(case)
    return change


def next_stage(stage: Stage) -> Stage | None:
    stages = list(Stage)
    return stages[stage.number] if stage.number < len(stages) else None


def _enter(case: Case, to: Stage, kind: Move, reason: str, by: User, now: datetime) -> StageChange:
    change = StageChange(
        case_id=case.id, kind=kind, from_stage=case.stage, to_stage=to, reason=reason, by=by, at=now
    )
    db.session.add(change)
    proposal = queries.pending_closure(case)
    if proposal is not None:
        _answer(proposal, Answer.LAPSED, f"The case moved to {to.label}", by, now)
    case.stage, case.stage_since = to, now
    db.session.flush()
    verb = "Moved to" if kind is Move.MOVED else "Returned to"
    title = f"{verb} {to.label}{f': {reason}' if reason else ''}"
    cases.add_event(case, kind=EventKind.STAGE, title=title[:300], by=by, now=now, milestone=True)
    detail = {"from_stage": change.from_stage.value, "to_stage": to.value, "reason": reason}
    audit.record(Operation.ALTERATION, f"stage.{kind}", by=by, case=case, obj=change, at=now, **detail)
    return change


def _answerable(case: Case, by: User, now: datetime) -> ClosureProposal:
    check_open(case)
    _check_approver(by, case, now)
    proposal = queries.pending_closure(case)
    if proposal is None:
        raise Refused("No closure of this case is proposed")
    if proposal.by_id == by.id:
        raise Refused("You proposed this: another chair or coordinator answers it")
    return proposal


def _answer(proposal: ClosureProposal, answer: Answer, reason: str, by: User, now: datetime) -> None:
    proposal.answer, proposal.answer_reason = answer, reason
    proposal.answered_by, proposal.answered_at = by, now
    db.session.flush()


def _check_approver(by: User, case: Case, now: datetime) -> None:
    if not may(by, Permission.APPROVE, case, now):
        raise Refused("This is for the chair or coordinator: ask one of them")


def _day(now: datetime) -> date:
    return london(now).date()
