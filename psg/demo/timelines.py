"""When each case was opened, moved, scored and closed, counted back from the day of loading. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from psg.cases.models import Stage
from psg.demo.bends import FORGOTTEN_DAYS, Bend, bend_of
from psg.demo.clock import Dice, working
from psg.demo.matching import theme_of
from psg.demo.problems import CLOSED, OPEN, Problem
from psg.demo.themes import Theme

STAYS = {
    Stage.OBJECTIVE: (9, 14),
    Stage.SCANNING: (18, 27),
    Stage.ANALYSIS: (24, 32),
    Stage.RESPONSE: (68, 76),
}
"""The shortest and longest stay in a stage, in days."""
BEDDING_IN = 14
DETOUR = 14
PAUSE_STARTS, PAUSE_ENDS = 16, 38
"""Days into a stage between which a case that was closed too early stood closed."""
NEWEST_SCORE = {1: (5, 20), 2: (2, 9), 3: (1, 5)}
"""How many days ago a case was last scored, by its severity: the graver, the sooner its review comes round."""


@dataclass(frozen=True)
class Timeline:
    """The dates of one case. `entered` holds the stages it has come to, the first being Objective."""

    key: str
    problem: Problem
    today: date
    opened: date
    entered: Mapping[Stage, date]
    responded: date | None
    sittings: tuple[date, ...]
    closed: date | None

    @property
    def theme(self) -> Theme:
        return theme_of(self.problem)

    @property
    def bend(self) -> Bend:
        return bend_of(self.key)

    @property
    def last_day(self) -> date:
        """The last whole day on which something may happen to it."""
        return self.closed - timedelta(days=1) if self.closed else self.today - timedelta(days=1)

    @property
    def after_from(self) -> date | None:
        """When the window after the response starts, the first fortnight left out."""
        return self.responded + timedelta(days=BEDDING_IN) if self.responded else None

    def ends(self, stage: Stage) -> date:
        """When it left a stage; for the one it is in, the last day."""
        following = [when for known, when in self.entered.items() if known.number == stage.number + 1]
        return following[0] if following else self.last_day

    def moves_within(self, first: date, last: date) -> bool:
        return any(first < when <= last for when in list(self.entered.values())[1:])


def timelines(today: date) -> list[Timeline]:
    """Every case, those that were opened first at the beginning."""
    found = [_timeline(problem, today, is_closed=True) for problem in CLOSED]
    found += [_timeline(problem, today, is_closed=False) for problem in OPEN]
    return sorted(found, key=lambda line: (line.opened, line.key))


def _timeline(problem: Problem, today: date, *, is_closed: bool) -> Timeline:
    key = f"{problem.about} (closed)" if is_closed else problem.about
    dice, bend = Dice(f"timeline of {key}"), bend_of(key)
    opened = working(today - timedelta(days=problem.age))
    entered = {Stage.OBJECTIVE: opened}
    for stage, (least, most) in STAYS.items():
        if stage is problem.stage:
            break
        stay = bend.days.get(stage) or dice.randint(least, most)
        stay += DETOUR if bend.returned and bend.returned[0] is stage else 0
        entered[list(Stage)[stage.number]] = working(entered[stage] + timedelta(days=stay))
    responded = None
    if Stage.RESPONSE in entered:
        responded = working(entered[Stage.RESPONSE] + timedelta(days=dice.randint(8, 11)))
    closed = _closing(problem, entered, dice) if is_closed else None
    sittings = _sittings(problem, key, entered, responded, today, closed, dice)
    return Timeline(key, problem, today, opened, entered, responded, sittings, closed)


def _closing(problem: Problem, entered: Mapping[Stage, date], dice: Dice) -> date:
    last = entered[problem.stage]
    return working(last + timedelta(days=dice.randint(30, 38)))


def _sittings(
    problem: Problem,
    key: str,
    entered: Mapping[Stage, date],
    responded: date | None,
    today: date,
    closed: date | None,
    dice: Dice,
) -> tuple[date, ...]:
    """Days on which the group scores the case: first in Scanning, before responses, after them, and lately."""
    if not problem.is_scored:
        return ()
    days = []
    if Stage.SCANNING not in entered:
        days.append(entered[Stage.OBJECTIVE] + timedelta(days=3))
    else:
        days.append(entered[Stage.SCANNING] + timedelta(days=dice.randint(6, 9)))
    if closed:
        last = entered[problem.stage]
        return tuple(map(working, (days[0], last + timedelta(days=10))))
    if responded:
        days.append(responded - timedelta(days=4))
    if Stage.ASSESSMENT in entered:
        days.append(responded + timedelta(days=40) if responded else today)
        days.append(entered[Stage.ASSESSMENT] + timedelta(days=6))
    ago = dice.randint(*NEWEST_SCORE[problem.severity])
    if bend_of(key).is_stale:
        ago = FORGOTTEN_DAYS + dice.randint(0, 6)
    newest = today - timedelta(days=ago)
    if newest - days[-1] > timedelta(days=3):
        days.append(newest)
    return tuple(dict.fromkeys(map(working, days)))
