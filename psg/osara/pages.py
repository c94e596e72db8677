"""What a stage's page shows: its tasks with where each stands, the gate, the history, and the one next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.cases import policy
from psg.cases.models import Case, Stage
from psg.cases.queries import door_of
from psg.osara import queries
from psg.osara.answers import is_answered, is_not_applicable
from psg.osara.cards import Card, measure_card, uncovered, with_warning
from psg.osara.facts import record_of
from psg.osara.gates import Requirement
from psg.osara.models import BeforeAfter
from psg.osara.moves import next_stage
from psg.osara.passages import ClosureProposal, StageChange, Waiver
from psg.osara.queries import Gate
from psg.osara.tasks import TASKS, Task
from psg.osara.typed import labels
from psg.responses.models import Response
from psg.web.dates import day, london, now

NAMED = 3
"""How many missing things a task names before it counts them."""


class State(StrEnum):
    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    DONE = "done"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class TaskLine:
    """A task with where it stands, what the gate asks of it, and what is recorded."""

    task: Task
    state: State
    requirements: Sequence[Requirement]
    answers: Sequence[tuple[str, str]]
    rows: Sequence[Any]

    @property
    def cards(self) -> list[Card]:
        return [self.task.listing.card(row) for row in self.rows] if self.task.listing else []

    @property
    def is_asked(self) -> bool:
        return bool(self.requirements)

    @property
    def hint(self) -> str:
        """What is still missing where that is little; the gate beside it says all of it."""
        still = [name for one in self.requirements if not one.is_met for name in one.lacking]
        if not still:
            return self.task.hint
        return (
            f"Still missing: {', '.join(still)}"
            if len(still) <= NAMED
            else f"{len(still)} things still missing"
        )


@dataclass(frozen=True)
class NextStep:
    """The one primary action on a case: words and, where this person may act, the page it is on under the case."""

    words: str
    path: str | None


@dataclass(frozen=True)
class StagePage:
    stage: Stage
    lines: Sequence[TaskLine]
    gate: Gate
    onward: Stage | None
    step: NextStep
    history: Sequence[StageChange]
    waivers: Sequence[Waiver]
    closure: ClosureProposal | None
    days: Mapping[Stage, datetime]
    may_work: bool
    may_approve: bool
    notes: Sequence[str]
    """What the record shows that the gate does not ask about."""

    @property
    def asked(self) -> list[TaskLine]:
        return [line for line in self.lines if line.is_asked]

    @property
    def beside(self) -> list[TaskLine]:
        """Tasks that belong to the record, though the gate does not ask for them."""
        return [line for line in self.lines if not line.is_asked]

    @property
    def recorded(self) -> list[TaskLine]:
        return [line for line in self.lines if line.answers or line.rows]


def stage_page(case: Case, stage: Stage, user: User, today: date) -> StagePage:
    """Everything on the page, in a fixed number of statements."""
    gate = queries.gate_of(case, stage, today)
    record = record_of(case, stage)
    history = queries.history_of(case)
    closure = queries.pending_closure(case)
    here = gate if stage is case.stage else queries.gate_of(case, case.stage, today)
    lines = [_line(task, case, gate, record) for task in TASKS[stage]]
    door, moment = door_of(user, case), now()
    may_work = case.is_open and policy.allow(user, Permission.WORK_CASES, door, None, moment)
    may_approve = policy.allow(user, Permission.APPROVE, door, None, moment)
    return StagePage(
        stage=stage,
        lines=lines,
        gate=gate,
        onward=next_stage(stage),
        step=_next_step(case, user, here, closure, may_work=may_work, may_approve=may_approve),
        history=history,
        waivers=queries.waivers_of(case),
        closure=closure,
        days=queries.stage_days(case, history),
        may_work=may_work,
        may_approve=may_approve,
        notes=_notes(case, [row for line in lines for row in line.rows]),
    )


def _next_step(
    case: Case,
    user: User,
    gate: Gate,
    closure: ClosureProposal | None,
    *,
    may_work: bool,
    may_approve: bool,
) -> NextStep:
    if not case.is_open:
        return NextStep("Reopen the case", "reopen") if may_approve else NextStep("Closed", None)
    if closure is not None:
        if may_approve and closure.by_id != user.id:
            return NextStep("Answer the proposal to close", "closure/answer")
        return NextStep(f"Waiting for the chair or coordinator to answer, since {day(closure.at)}", None)
    if not may_work:
        return NextStep(f"Waiting for {case.lead_agency.name}, since {day(case.stage_since)}", None)
    if gate.missing:
        return NextStep(f"Continue: {gate.missing[0].sentence}", gate.missing[0].path)
    onward = next_stage(case.stage)
    return (
        NextStep(f"Move to {onward.label}", case.stage.value)
        if onward
        else NextStep("Propose closure", "closure")
    )


def _line(task: Task, case: Case, gate: Gate, record: Any) -> TaskLine:
    asked = [one for one in gate.requirements if one.path == task.path]
    rows = task.listing.load(case) if task.listing else []
    texts = _texts(task, record)
    return TaskLine(
        task=task,
        state=_state(asked, gate, texts, has_rows=_has_work(task, rows), is_settled=_is_settled(task, rows)),
        requirements=asked,
        answers=[(label, words) for label, words in texts if words],
        rows=rows,
    )


def impact_of(case: Case, measures: Sequence[BeforeAfter]) -> list[str]:
    """Each count before and after, with its caution: the warning travels with the figure."""
    opened_on = london(case.created_at).date()
    found = []
    for measure in measures:
        if measure.after_count is not None:
            facts = dict(with_warning(measure_card(measure), measure, opened_on).facts)
            caution = f". {facts['Caution']}" if "Caution" in facts else ""
            found.append(f"{measure.objective.measure}: {facts['Change']}{caution}")
    return found


def _notes(case: Case, rows: Sequence[Any]) -> list[str]:
    planned = [row for row in rows if isinstance(row, Response) and row.is_live]
    bare = [
        f"No response works on this side of the triangle: {side.label.lower()}" for side in uncovered(planned)
    ]
    return bare + impact_of(case, [row for row in rows if isinstance(row, BeforeAfter)])


def _state(
    asked: Sequence[Requirement],
    gate: Gate,
    texts: Sequence[tuple[str, str]],
    *,
    has_rows: bool,
    is_settled: bool,
) -> State:
    answered = [words for _, words in texts if words]
    missing = {one.key for one in gate.missing}
    is_done = not any(one.key in missing for one in asked) if asked else is_settled or _is_whole(texts)
    if is_done and answered and all(map(is_not_applicable, answered)):
        return State.NOT_APPLICABLE
    if is_done:
        return State.DONE
    is_begun = bool(answered) or has_rows or any(one.is_met for one in asked)
    return State.IN_PROGRESS if is_begun else State.NOT_STARTED


def _has_work(task: Task, rows: Sequence[Any]) -> bool:
    """Rows that another task listed count once something has been said of one of them here."""
    if task.listing is None or task.listing.add is not None:
        return bool(rows)
    return any(not task.listing.card(row).is_waiting for row in rows)


def _is_settled(task: Task, rows: Sequence[Any]) -> bool:
    """Something is listed, and none of it waits for more."""
    return (
        task.listing is not None and bool(rows) and not any(task.listing.card(row).is_waiting for row in rows)
    )


def _is_whole(texts: Sequence[tuple[str, str]]) -> bool:
    """A task the gate does not ask for is done when its first question, the one that matters, is answered."""
    return bool(texts) and is_answered(texts[0][1])


def _texts(task: Task, record: Any) -> list[tuple[str, str]]:
    """Each question of the task's form with the answer in words; of a review, who made it; else nothing."""
    if task.key == "review" and record is not None and record.reviewed_by is not None:
        return [
            ("Reviewed by", f"{record.reviewed_by.name}, {day(record.reviewed_at)}"),
            ("What was checked", record.review_note),
        ]
    if task.form is None:
        return []
    return [(label, _in_words(getattr(record, name, None))) for name, label in labels(task.form).items()]


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    return str(getattr(value, "label", value))
