"""Notes: by the lead and by others, most of them short, some of them dull, two of them wrong and put right."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from psg.accounts.models import User
from psg.cases import services as cases
from psg.cases.models import Note
from psg.demo.clock import Dice, Story, moment, office_hours
from psg.demo.matching import headings_of, known_to
from psg.demo.timelines import Timeline
from psg.demo.voices import NOTES
from psg.demo.world import Desk, World

DAYS_BETWEEN, DAYS_BETWEEN_AT_FIRST = 18, 8
MOST, MOST_BESIDE_RESPONSES = 14, 4
BUSY = {
    "Gordon Marshlow": 0.8,
    "Kayleigh Ospreyle": 1.3,
    "Maureen Bitternell": 0.9,
    "Carly Wigmere": 1.2,
    "Stacey Bulrusher": 1.3,
    "Peter Dykeham": 1.3,
}
"""Cases about which more is written than about others."""
QUIET = {"Brook Bank play area": 0, "Amina Carrside": 1, "Kingfisher moorings": 0}
MENDED = {
    "Ryan Cattailer": "Correction: the visit was to the father's address, not the mother's. Everything else stands.",
    "Anita Lodeham": "Correction: the car was seen on the Saturday, not on the Sunday. Checked against her diary.",
}
FIRST = (
    "Read what each of us holds before ringing anyone. It is the same story from five sides.",
    "First visit. Introduced myself as the one who will ring from now on, and left my number on a card.",
    "Spoke with those who sent it to us. They are glad that somebody has the whole of it.",
)


def note_stories(world: World) -> Iterable[Story]:
    return [_noted(world, line) for line in world.lines]


def _noted(world: World, line: Timeline) -> Story:
    desk = Desk(world, line, Dice(f"notes of {line.key}"))
    now = yield office_hours(line.opened + timedelta(days=3), desk.dice)
    number = _how_many(line)
    if number:
        _write(desk, desk.dice.choice(FIRST), desk.lead, now)
    days = max((line.last_day - line.opened).days - 2, 1)
    gaps = sorted(desk.dice.sample(range(4, max(days, 5 + number)), max(number - 1, 0)))
    mending = desk.dice.randrange(len(gaps)) if gaps else 0
    for place, (gap, (heading, body)) in enumerate(zip(gaps, _bodies(desk, len(gaps)), strict=True)):
        now = yield office_hours(min(line.opened + timedelta(days=gap), line.last_day), desk.dice)
        if world.running(line) is None:
            continue
        by = _author(desk, heading, now)
        note = _write(desk, body, by, now)
        if place == mending and line.key in MENDED:
            now = yield office_hours(min(now.date() + timedelta(days=3), line.last_day), desk.dice)
            _write(desk, MENDED[line.key], by, now, corrects=note)


def _how_many(line: Timeline) -> int:
    if line.key in QUIET:
        return QUIET[line.key]
    most = MOST_BESIDE_RESPONSES if line.responded and line.key not in BUSY else MOST
    usual = (line.last_day - line.opened).days / (DAYS_BETWEEN if line.responded else DAYS_BETWEEN_AT_FIRST)
    return max(round(min(usual * BUSY.get(line.key, 1), most)), 1)


def _bodies(desk: Desk, number: int) -> list[tuple[str, str]]:
    """Different texts, under the headings that fit; only a long case repeats the dull ones."""
    texts = [(heading, text) for heading in headings_of(desk.line.problem) for text in NOTES[heading]]
    bodies = desk.dice.sample(texts, min(number, len(texts)))
    return bodies + [("", "Nothing to report.")] * (number - len(bodies))


def _author(desk: Desk, heading: str, now: datetime) -> User:
    """Whoever would know, or anyone who is involved."""
    agency = known_to(heading, desk.line.problem)
    if agency is None:
        return desk.anyone(now)
    return desk.lead if desk.lead.agency.code == agency else desk.world.worker_of(agency, desk.dice)


def _write(desk: Desk, body: str, by: User, now: datetime, corrects: Note | None = None) -> Note:
    """Mostly written within the hour; now and then the next day."""
    happened = now - timedelta(minutes=desk.dice.randrange(2, 55))
    if desk.dice.one_in(6):
        happened = moment(
            now.date() - timedelta(days=1), desk.dice.randrange(12, 18), desk.dice.randrange(60)
        )
    happened = max(happened, desk.case.created_at)
    return cases.add_note(desk.case, body=body, happened_at=happened, by=by, now=now, corrects=corrects)
