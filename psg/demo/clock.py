"""Many stories told at once, in the order of time.

A story is a generator: it yields the moment at which it next wants to act, is sent the moment it is
then, and acts. The record of access and change grows as it would have grown in use, oldest first.
"""

from collections.abc import Generator, Iterable
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import TypeAlias

from psg.web.dates import LONDON

Story: TypeAlias = Generator[datetime, datetime, None]
SEED = "PSG demonstration 1"


class Dice(Random):
    """Chance that falls the same way on every load. Each story has dice of its own, so that their order is free."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{SEED}: {key}")

    def one_in(self, number: float) -> bool:
        return self.random() * number < 1


def tell(stories: Iterable[Story], *, until: datetime) -> None:
    """Run every story in step with the others. What is still to come at the end is not told."""
    starts = ((next(story, None), place, story) for place, story in enumerate(stories))
    waiting = [(wanted, place, story) for wanted, place, story in starts if wanted is not None]
    heapify(waiting)
    while waiting:
        wanted, place, story = heappop(waiting)
        if wanted > until:
            return
        try:
            after = story.send(wanted)
        except StopIteration:
            continue
        heappush(waiting, (max(after, wanted), place, story))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day as the office clock shows it."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def working(day: date) -> date:
    """This day, or the Friday before where it falls on a weekend."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


def office_hours(day: date, dice: Dice, *, since: int = 9, before: int = 17) -> datetime:
    """Some minute of a working day."""
    return moment(working(day), dice.randrange(since, before), dice.randrange(60))
