"""Actions: thought out beforehand, so that the numbers are right, then raised, done, done late or dropped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from psg.accounts.models import User
from psg.actions import services
from psg.actions.models import Action
from psg.demo.clock import Dice, Story, moment, office_hours, working
from psg.demo.matching import headings_of, known_to
from psg.demo.timelines import PAUSE_ENDS, Timeline
from psg.demo.voices import ACTIONS, DROPPED, LATE_OUTCOMES, OUTCOMES
from psg.demo.world import Desk, World

DONE_ON_CLOSED, DONE_ON_OPEN, DROPPED_IN_ALL = 48, 50, 4
STILL_OPEN, OVERDUE, NAMELESS = 48, 11, 5
LATE_ON_CLOSED, LATE_ON_OPEN = 6, 6
OLD_ENOUGH = 30
"""Days for which a case has been open before it has actions behind it."""
FOUR_WEEKS = 28
MEETING_OVER = 17


@dataclass
class Agreed:
    """One action as it will turn out. `meeting` is how many times four weeks ago it was agreed in a meeting."""

    line: Timeline
    title: str
    agency: str
    owner: User | None
    raised: date
    due: date
    ends: date | None = None
    is_dropped: bool = False
    meeting: int | None = None
    action: Action | None = None

    @property
    def is_late(self) -> bool:
        return self.ends is not None and self.ends > self.due


def think_out(world: World) -> list[Agreed]:
    """All of them, in an order that does not matter."""
    dice = Dice("actions")
    closed = [line for line in world.lines if line.closed]
    running = [line for line in world.lines if not line.closed]
    older = [line for line in running if (world.today - line.opened).days > OLD_ENOUGH]
    planner = _Planner(world, dice)
    for number, line in enumerate(_dealt(dice, closed, DONE_ON_CLOSED)):
        planner.done(line, is_late=number < LATE_ON_CLOSED)
    for number, line in enumerate(_dealt(dice, older, DONE_ON_OPEN)):
        planner.done(line, is_late=number < LATE_ON_OPEN)
    for line in _dealt(dice, older, DROPPED_IN_ALL):
        planner.done(line, is_dropped=True)
    steady = [line for line in older if not line.bend.paused]
    for number, line in enumerate(_dealt(dice, steady, OVERDUE)):
        planner.overdue(line, number)
    for number, line in enumerate(_dealt(dice, running, STILL_OPEN - OVERDUE)):
        planner.coming(line, has_owner=number >= NAMELESS)
    return planner.found


def action_stories(world: World, agreed: Iterable[Agreed]) -> Iterable[Story]:
    return [_followed(world, one, Dice(f"action {number}")) for number, one in enumerate(agreed)]


def by_meeting(agreed: Iterable[Agreed]) -> dict[int, list[Agreed]]:
    found: dict[int, list[Agreed]] = {}
    for one in agreed:
        if one.meeting is not None:
            found.setdefault(one.meeting, []).append(one)
    return found


def _followed(world: World, one: Agreed, dice: Dice) -> Story:
    desk = Desk(world, one.line, dice)
    now = yield office_hours(one.raised, dice) if one.meeting is None else moment(one.raised, MEETING_OVER)
    if one.action is None:
        agency = world.agencies[one.agency]
        one.action = services.add_action(
            desk.case, title=one.title, agency=agency, owner=one.owner, due_on=one.due, by=desk.lead, now=now
        )
    if one.ends is None:
        return
    now = yield office_hours(one.ends, dice)
    by = one.owner or world.worker_of(one.agency, dice)
    if one.is_dropped:
        services.drop_action(one.action, reason=dice.choice(DROPPED), by=by, now=now)
    else:
        outcomes = LATE_OUTCOMES if one.is_late else OUTCOMES[desk.about_person]
        services.complete_action(one.action, outcome=dice.choice(outcomes), by=by, now=now)


class _Planner:
    def __init__(self, world: World, dice: Dice) -> None:
        self._world, self._dice = world, dice
        self._titles: dict[str, list[tuple[str, str]]] = {}
        self.found: list[Agreed] = []

    def done(self, line: Timeline, *, is_late: bool = False, is_dropped: bool = False) -> None:
        """Raised and ended while the case was open."""
        first, last = self._first_day(line), line.last_day - timedelta(days=2)
        longest = 34 if is_late else 22
        room = max((last - first).days - longest, 1)
        raised = working(first + timedelta(days=self._dice.randrange(room)))
        raised, meeting = self._at_meeting(raised, last - timedelta(days=longest + 2))
        due = working(raised + timedelta(days=self._dice.randint(9, 20)))
        ends = (
            due + timedelta(days=self._dice.randint(3, 12))
            if is_late
            else raised + timedelta(days=self._dice.randint(4, (due - raised).days))
        )
        ends = working(min(ends, last)) if not is_late else self._after(due, min(ends, last))
        self._add(line, raised, due, ends=ends, is_dropped=is_dropped, meeting=meeting)

    def overdue(self, line: Timeline, number: int) -> None:
        due = working(self._world.today - timedelta(days=1 + number * 2))
        raised = max(working(due - timedelta(days=self._dice.randint(12, 26))), self._first_day(line))
        raised, meeting = self._at_meeting(min(raised, due - timedelta(days=5)), due - timedelta(days=5))
        self._add(line, raised, due, meeting=meeting)

    def coming(self, line: Timeline, *, has_owner: bool) -> None:
        today = self._world.today
        raised = working(max(today - timedelta(days=self._dice.randint(2, 38)), self._first_day(line)))
        raised, meeting = self._at_meeting(raised, today)
        due = today + timedelta(days=self._dice.choice((1, 2, 3, 5, 6, 8, 9, 12, 15, 18, 22, 26)))
        due += timedelta(days={5: 2, 6: 1}.get(due.weekday(), 0))
        self._add(line, raised, due, meeting=meeting, has_owner=has_owner)

    def _first_day(self, line: Timeline) -> date:
        """When the lead has read it, or when it was opened for good."""
        if line.bend.paused:
            return working(line.entered[line.bend.paused[0]] + timedelta(days=PAUSE_ENDS + 5))
        return working(line.opened + timedelta(days=5))

    def _at_meeting(self, raised: date, latest: date) -> tuple[date, int | None]:
        """Half of them are agreed in the next meeting that comes, where one comes soon."""
        ago = (self._world.today - raised).days // FOUR_WEEKS
        held = self._world.today - timedelta(days=FOUR_WEEKS * ago)
        soon = 1 <= ago <= 12 and (held - raised).days <= 12 and held <= latest
        return (held, ago) if soon and self._dice.one_in(1.3) else (raised, None)

    def _after(self, due: date, ends: date) -> date:
        while ends <= due or ends.weekday() > 4:
            ends += timedelta(days=1)
        return ends

    def _add(
        self,
        line: Timeline,
        raised: date,
        due: date,
        *,
        ends: date | None = None,
        is_dropped: bool = False,
        meeting: int | None = None,
        has_owner: bool = True,
    ) -> None:
        heading, title = self._title(line)
        owner = self._owner(line, heading)
        self.found.append(
            Agreed(
                line=line,
                title=title,
                agency=owner.agency.code,
                owner=owner if has_owner else None,
                raised=raised,
                due=due,
                ends=ends,
                is_dropped=is_dropped,
                meeting=meeting,
            )
        )

    def _owner(self, line: Timeline, heading: str) -> User:
        """Whoever would know, or the lead twice as often as any other agency."""
        lead = self._world.users[line.problem.lead]
        others = [agency for agency, _, _ in line.theme.calls]
        agency = known_to(heading, line.problem) or self._dice.choice([lead.agency.code, *others])
        return lead if agency == lead.agency.code else self._world.worker_of(agency, self._dice)

    def _title(self, line: Timeline) -> tuple[str, str]:
        """The heading and words of something that the case has not had yet."""
        left = self._titles.get(line.key)
        if not left:
            left = [(heading, title) for heading in headings_of(line.problem) for title in ACTIONS[heading]]
            self._dice.shuffle(left)
            self._titles[line.key] = left
        return left.pop()


def _dealt(dice: Dice, lines: Sequence[Timeline], number: int) -> list[Timeline]:
    """That many cases, each as often as any other, in no order."""
    dealt: list[Timeline] = []
    while len(dealt) < number:
        dealt += dice.sample(lines, len(lines))
    return dealt[:number]
