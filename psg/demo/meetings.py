"""The group's meetings: twelve held, one today that waits to be opened, two to come."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from psg.demo.actions import Agreed
from psg.demo.clock import Dice, Story, moment, office_hours
from psg.demo.matching import headings_of
from psg.demo.timelines import Timeline
from psg.demo.voices import DECISIONS, INFORMATION, MEETING_NOTES
from psg.demo.world import AT_MEETINGS, Desk, World
from psg.meetings import capturing, queries, services
from psg.meetings.models import AgendaItem, AgendaReason, CapturedKind, Meeting, Outcome, Presence
from psg.web.dates import start_of

EVERY = 28
HELD, TO_COME = 12, 2
CALLED_BEFORE = 21
STARTS = time(14)
ROOM = "Committee room, Quayfield Lane"
BADLY_ATTENDED = 5
"""How many meetings ago the roads were flooded."""
GUESTS = (
    ("Marnie Sedgecroft", "AMB"),
    ("Paul Alderfen", "CSC"),
    ("Esther Lodeway", "MH"),
    ("Hugh Tansley-Reed", "HERON"),
)
USUAL = (Presence.PRESENT,) * 7 + (Presence.REMOTE,) * 2 + (Presence.APOLOGIES,)
IN_A_FLOOD = (Presence.APOLOGIES,) * 4 + (Presence.ABSENT, Presence.REMOTE, Presence.REMOTE, Presence.PRESENT)


def meeting_stories(world: World, agreed: dict[int, list[Agreed]]) -> Iterable[Story]:
    past = [_held(world, ago, agreed.get(ago, [])) for ago in range(HELD, 0, -1)]
    return [*past, _today(world), *(_called(world, ahead) for ahead in range(1, TO_COME + 1))]


def _day(world: World, ago: int) -> date:
    return world.today - timedelta(days=EVERY * ago)


def _held(world: World, ago: int, agreed: Sequence[Agreed]) -> Story:
    dice, day = Dice(f"meeting {ago}"), _day(world, ago)
    now = yield office_hours(day - timedelta(days=CALLED_BEFORE), dice)
    meeting = _call(world, day, now, chair="coordinator" if ago == BADLY_ATTENDED else "chair")
    now = yield moment(day - timedelta(days=1), 16)
    services.rebuild_agenda(meeting, by=world.users["coordinator"], now=now)
    now = yield moment(day, STARTS.hour)
    services.open_meeting(meeting, by=world.users["coordinator"], now=now)
    now = yield now + timedelta(minutes=4)
    _attend(world, meeting, dice, ago, now)
    for item in queries.items_of(meeting):
        now = yield now + timedelta(minutes=dice.randint(2, 6))
        line = next(line for line in world.lines if world.cases.get(line.key) is item.case)
        if world.running(line) is not None:
            _hear(Desk(world, line, dice), item, day, agreed, now)
    now = yield max(now + timedelta(minutes=3), moment(day, 15, 40))
    services.close_meeting(meeting, by=world.users["coordinator"], now=now)


def _today(world: World) -> Story:
    """Called three weeks ago; its order was proposed again this morning, so that it says what is true today."""
    dice = Dice("meeting of today")
    now = yield office_hours(world.today - timedelta(days=CALLED_BEFORE), dice)
    meeting = _call(world, world.today, now)
    now = yield start_of(world.today)
    services.rebuild_agenda(meeting, by=world.users["coordinator"], now=now)


def _called(world: World, ahead: int) -> Story:
    now = yield office_hours(world.today - timedelta(days=9 - ahead), Dice(f"meeting in {ahead}"))
    _call(world, _day(world, -ahead), now)


def _call(world: World, day: date, now: datetime, chair: str = "chair") -> Meeting:
    return services.create_meeting(
        held_on=day,
        starts_at=STARTS,
        place=ROOM,
        chair=world.users[chair],
        by=world.users["coordinator"],
        now=now,
    )


def _attend(world: World, meeting: Meeting, dice: Dice, ago: int, now: datetime) -> None:
    choices = IN_A_FLOOD if ago == BADLY_ATTENDED else USUAL
    people = {world.users[key]: dice.choice(choices) for key in AT_MEETINGS}
    people |= {world.users["coordinator"]: Presence.PRESENT, meeting.chair: Presence.PRESENT}
    services.take_attendance(meeting, people=people, by=world.users["coordinator"], now=now)
    if ago != BADLY_ATTENDED:
        name, agency = GUESTS[ago % len(GUESTS)]
        services.add_guest(
            meeting,
            name=name,
            agency=world.agencies[agency],
            presence=Presence.SUBSTITUTE,
            by=world.users["coordinator"],
            now=now,
        )


def _hear(desk: Desk, item: AgendaItem, day: date, agreed: Sequence[Agreed], now: datetime) -> None:
    """What was said and decided; a case with nothing pressing is kept without more."""
    by = desk.world.users["coordinator"]
    if item.reason is not AgendaReason.NO_CHANGE or desk.dice.one_in(6):
        _say(desk, item, now)
    for one in agreed:
        if one.line is desk.line:
            raised = capturing.raise_action(
                item,
                title=one.title,
                agency=desk.world.agencies[one.agency],
                owner=one.owner,
                due_on=one.due,
                by=by,
                now=now,
            )
            one.action = raised.action
    outcome, note = _outcome(desk.line, day, desk.dice)
    capturing.record_outcome(item, outcome=outcome, note=note, by=by, now=now)


def _say(desk: Desk, item: AgendaItem, now: datetime) -> None:
    dice, by = desk.dice, desk.world.users["coordinator"]
    is_grave = item.reason is AgendaReason.IMMEDIATE_RISK
    headings = headings_of(desk.line.problem)
    if is_grave or dice.one_in(2):
        text = dice.choice([one for heading in headings for one in INFORMATION.get(heading, ())])
        capturing.capture(item, kind=CapturedKind.INFORMATION, text=text, by=by, now=now)
    if is_grave or dice.one_in(2.2):
        text = dice.choice([one for heading in ("any", *headings) for one in DECISIONS.get(heading, ())])
        capturing.capture(item, kind=CapturedKind.DECISION, text=text, by=by, now=now)
    if dice.one_in(25):
        capturing.capture(item, kind=CapturedKind.NOTE, text=dice.choice(MEETING_NOTES), by=by, now=now)


def _outcome(line: Timeline, day: date, dice: Dice) -> tuple[Outcome, str]:
    """What the weeks after will show: the meeting decides, the case's own page carries it out."""
    if line.closed and (line.closed - day).days <= 20:
        return Outcome.CLOSE, "Closure to be proposed by the lead."
    if line.moves_within(day, day + timedelta(days=9)):
        return Outcome.MOVE_STAGE, "When the gate is complete."
    if dice.one_in(22):
        return Outcome.DEFER, "The lead is on leave."
    return Outcome.KEEP, ""
