"""Dividing what a stage asks for over the days the case was in it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from psg.cases.models import Stage
from psg.demo.clock import working
from psg.demo.timelines import DETOUR, PAUSE_ENDS
from psg.demo.world import Desk

Task: TypeAlias = Callable[[datetime], object]
Planned: TypeAlias = tuple[date, Task]


def over(desk: Desk, stage: Stage, tasks: Sequence[Task], *, settled: int = 1) -> list[Planned]:
    """The tasks in turn, on working days between entering the stage and leaving it.

    In the stage where the case stands now, the last `settled` of them or more are still to be done.
    """
    line = desk.line
    first, last = line.entered[stage], line.ends(stage) - timedelta(days=2)
    if line.bend.returned and line.bend.returned[0] is stage:
        last -= timedelta(days=DETOUR)
    if line.bend.paused and line.bend.paused[0] is stage:
        first += timedelta(days=PAUSE_ENDS + 1)
    wanted = list(tasks)
    if stage is line.problem.stage and not line.closed and not line.bend.is_complete:
        reach = len(wanted) - settled - (desk.dice.randrange(3) if len(wanted) > 4 else 0)
        wanted = wanted[: max(reach, 1)]
        last = min(last, first + timedelta(days=5 * len(wanted)))
    days = max((last - first).days, 0)
    return [
        (working(first + timedelta(days=days * (place + 1) // (len(wanted) + 1))), task)
        for place, task in enumerate(wanted)
    ]
