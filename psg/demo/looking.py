"""Who looked at a case, when nothing else was done: what the record calls consultation."""

from collections.abc import Iterable
from datetime import timedelta

from psg.audit import services as audit
from psg.audit.models import Operation
from psg.cases.models import Right
from psg.demo.clock import Dice, Story, office_hours
from psg.demo.timelines import Timeline
from psg.demo.world import Desk, World

DAYS_BETWEEN = (1, 1, 2, 2, 3, 4)
PAGES = ("case.view",) * 6 + ("case.chronology",) * 2 + ("score.list", "case.commitments")


def view_stories(world: World) -> Iterable[Story]:
    return [_looked_at(world, line) for line in world.lines]


def _looked_at(world: World, line: Timeline) -> Story:
    desk = Desk(world, line, Dice(f"views of {line.key}"))
    day = line.opened + timedelta(days=3)
    while day <= line.last_day:
        now = yield office_hours(day, desk.dice, since=8, before=18)
        page = desk.dice.choice(PAGES)
        audit.record(
            Operation.CONSULTATION,
            page,
            by=desk.anyone(now),
            case=desk.case,
            obj=desk.case,
            at=now,
            right=Right.MEMBER,
        )
        day += timedelta(days=desk.dice.choice(DAYS_BETWEEN))
