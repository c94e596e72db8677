"""The life of a case: opened, worked from stage to stage past every gate, and closed or still in hand."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from psg.cases import services as cases
from psg.cases.models import Priority, Stage
from psg.demo import analysing, assessing, early_stages, responding
from psg.demo.clock import Dice, Story, office_hours, working
from psg.demo.spread import Planned, Task
from psg.demo.timelines import DETOUR, Timeline
from psg.demo.world import Desk, World
from psg.osara import moves

BETWEEN = timedelta(minutes=7)
TASKS: dict[Stage, Callable[[Desk], list[Planned]]] = {
    Stage.OBJECTIVE: early_stages.objective,
    Stage.SCANNING: early_stages.scanning,
    Stage.ANALYSIS: analysing.analysis,
    Stage.RESPONSE: responding.response,
    Stage.ASSESSMENT: assessing.assessment,
}


def case_stories(world: World) -> Iterable[Story]:
    return [_worked(world, line) for line in world.lines]


def _worked(world: World, line: Timeline) -> Story:
    desk = Desk(world, line, Dice(f"case {line.key}"))
    now = yield office_hours(line.opened, desk.dice, before=15)
    _open(desk, now)
    now = yield now + BETWEEN
    for key, role in line.problem.others:
        cases.add_party(desk.case, world.subjects[key], role=role, by=desk.lead, now=now)
        now = yield now + BETWEEN
    for stage in line.entered:
        if stage is not Stage.OBJECTIVE:
            yield from _on_day(
                desk, line.entered[stage], lambda at: moves.move_on(desk.case, by=desk.lead, now=at)
            )
        yield from _in_order(desk, [*TASKS[stage](desk), *_detours(desk, stage)])
    if line.closed:
        yield from _in_order(desk, assessing.closing(desk))


def _open(desk: Desk, now: datetime) -> None:
    problem = desk.line.problem
    by = desk.lead if desk.dice.one_in(2) else desk.world.users["coordinator"]
    desk.world.cases[desk.line.key] = cases.open_case(
        desk.world.subjects[problem.about],
        role=problem.role,
        summary=problem.summary,
        priority=Priority.HIGH_HARM if problem.high_harm else Priority.RISK_AND_VULNERABILITY,
        aims=problem.aims,
        lead=desk.lead,
        members=[worker for agency in desk.involved(now) for worker in desk.world.workers_of(agency)],
        by=by,
        now=now,
    )


def _in_order(desk: Desk, planned: Iterable[Planned]) -> Story:
    for day, task in sorted(planned, key=lambda one: one[0]):
        yield from _on_day(desk, day, task)


def _on_day(desk: Desk, day: date, task: Task) -> Story:
    now = yield office_hours(day, desk.dice)
    task(now)
    yield now + BETWEEN


def _detours(desk: Desk, stage: Stage) -> list[Planned]:
    """A step back to this stage after leaving it too early, a closure too early, or the chair's waiver."""
    bend, line = desk.line.bend, desk.line
    planned: list[Planned] = []
    if bend.returned and bend.returned[0] is stage:
        planned += _returning(desk, stage, bend.returned[1], line.ends(stage) - timedelta(days=DETOUR - 1))
    if bend.paused and bend.paused[0] is stage:
        _, why, again = bend.paused
        planned += assessing.pausing(desk, stage, why, again)
    if bend.waived and bend.waived[0] is stage and not line.closed:
        _, requirement, reason = bend.waived
        day = working(line.ends(stage) - timedelta(days=1))
        planned.append(
            (
                day,
                lambda at: moves.waive(
                    desk.case, requirement, reason=reason, by=desk.world.users["chair"], now=at
                ),
            )
        )
    return planned


def _returning(desk: Desk, stage: Stage, reason: str, left: date) -> list[Planned]:
    return [
        (left, lambda at: moves.move_on(desk.case, by=desk.lead, now=at)),
        (
            left + timedelta(days=6),
            lambda at: moves.go_back(desk.case, to=stage, reason=reason, by=desk.lead, now=at),
        ),
    ]
