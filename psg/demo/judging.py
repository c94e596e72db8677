"""What people added to scores at the end of the day: a second person, an override, a floor handed over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from psg.cases.models import Band
from psg.demo.clock import Dice, Story, moment, working
from psg.demo.timelines import Timeline
from psg.demo.world import Desk, World
from psg.scoring.headline import LEADING
from psg.scoring.judging import services as judgements
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import Score
from psg.scoring.queries import latest_scores_for

AFTER_THE_SITTING = (17, 45)
LONG = 3
"""Of a story with so many sittings or more, the last one alone is told to its end."""
BETWEEN = timedelta(minutes=4)
SENT_BACK = "The agency that knows most has not been asked yet"
PANELS = {
    "Stacey Bulrusher": ("MARAC, referral desk", "MARAC coordinator"),
    "Anita Lodeham": ("Adult safeguarding, duty desk", ""),
}
"""To whom a floor is handed over, and who there said that they have it."""
OVERRIDDEN = {
    "Margaret Alderwick": "She rang three of us this week, which no contact of hers shows yet",
    "Brian Droveham": "Two of the reports are one evening told twice",
    "Sluice Yard": "The yard is lit and locked since Friday",
}


def judgement_stories(world: World) -> Iterable[Story]:
    return [_evenings(world, line) for line in world.lines if line.sittings]


def _evenings(world: World, line: Timeline) -> Story:
    desk = Desk(world, line, Dice(f"judgements of {line.key}"))
    for number, day in enumerate(line.sittings, 1):
        now = yield moment(working(day), *AFTER_THE_SITTING)
        case = world.running(line)
        if case is None:
            continue
        for score in [one for one in latest_scores_for(case) if one.scored_on == now.date()]:
            _judge(desk, score, is_last=number == len(line.sittings), now=now)
            now = yield now + BETWEEN


def _judge(desk: Desk, score: Score, *, is_last: bool, now: datetime) -> None:
    key = desk.line.key
    if score.floor_rows:
        panel, received_by = PANELS[key]
        waiting = [row.floor.code for row in score.floor_rows if row.handover is None]
        judgements.hand_over(
            score, floors=waiting, panel=panel, handed_at=now, received_by=received_by, by=desk.lead, now=now
        )
    is_own = score.party.subject_id == desk.case.subject_id and score.kind in LEADING
    is_told = is_last or (is_own and len(desk.line.sittings) < LONG)
    if is_told and score.waits_for_confirmation and not desk.dice.one_in(5):
        by = desk.world.users[desk.dice.choice(("chair", "coordinator"))]
        agrees = not desk.dice.one_in(12)
        note = "" if agrees else SENT_BACK
        judgements.confirm_score(score, agrees=agrees, note=note, by=by, now=now)
    if is_last and is_own and key in OVERRIDDEN and score.band is not Band.STANDARD:
        _override(desk, score, now)


def _override(desk: Desk, score: Score, now: datetime) -> None:
    """One up for a victim, which waits for its answer; one down for anybody else."""
    is_victim = score.kind is MatrixKind.VICTIM
    if is_victim and score.band is Band.CRITICAL:
        return
    band = list(Band)[score.band.level - 1 + (1 if is_victim else -1)]
    reason = OVERRIDDEN[desk.line.key]
    override = judgements.override_band(score, band=band, reason=reason, by=desk.lead, now=now)
    if override.is_pending and not is_victim:
        judgements.answer_override(override, score, grant=True, by=desk.world.users["chair"], now=now)
