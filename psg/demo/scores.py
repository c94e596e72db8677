"""Scoring: what can be counted is counted from the contacts, the rest is judged and moves little by little."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from psg.cases.models import Party, Stage
from psg.demo.clock import Dice, Story, office_hours
from psg.demo.timelines import Timeline
from psg.demo.voices import EVIDENCE
from psg.demo.world import Desk, World
from psg.scoring import services as scoring
from psg.scoring.answers import Answer
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import SCORED_BY_ROLE

BETWEEN = timedelta(minutes=9)
KEEPS = timedelta(days=60)
"""How long an answer that is judged holds before it is asked again."""
FORGOTTEN_KEEPS = timedelta(days=28)
JUDGED = {
    MatrixKind.VICTIM: {"V3": (0, 1, 2), "V4": (0, 1, 2), "V5": (1, 1, 2), "V6": (1, 1, 2), "V7": (1, 1, 1), "V9": (1, 1, 2), "V10": (1, 1, 2)},
    MatrixKind.RISK: {"P3": (0, 1, 2), "P5": (0, 1, 2), "P6": (1, 1, 2), "P7": (0, 1, 1), "P8": (0, 0, 1)},
    MatrixKind.NEED: {"N1": (1, 2, 3), "N2": (1, 2, 2), "N3": (1, 1, 2), "N4": (0, 1, 1), "N5": (1, 1, 2), "N6": (1, 2, 2), "N7": (0, 1, 1)},
    MatrixKind.PLACE: {"L3": (0, 1, 2), "L5": (0, 1, 2), "L7": (0, 1, 2), "L8": (0, 1, 2), "L9": (1, 1, 2)},
}  # fmt: skip
"""Where each judged answer starts, by the severity of the case from quiet to grave."""
HARD_TO_KNOW = {
    MatrixKind.VICTIM: ("V5", "V6", "V7"),
    MatrixKind.RISK: ("P6", "P8"),
    MatrixKind.NEED: ("N2", "N4", "N5", "N7"),
    MatrixKind.PLACE: ("L5", "L7"),
}
HELPED = {
    MatrixKind.VICTIM: ("V5", "V10", "V4", "V7", "V3"),
    MatrixKind.RISK: ("P3", "P7", "P6", "P5"),
    MatrixKind.NEED: ("N3", "N1", "N5", "N2", "N6"),
    MatrixKind.PLACE: ("L8", "L9", "L3", "L5"),
}
"""What help changes, in the order in which it usually does."""
FLOORS = {"Stacey Bulrusher": ("dash_high",), "Anita Lodeham": ("suicidality",)}
STAYS_HIGH = frozenset({"Maureen Bitternell", "James Reedmace", "Shane Teasdrake"})
"""Where enforcement is considered, Risk must not have fallen away for other reasons."""


@dataclass
class Judged:
    """What the group holds of one party on one question, from sitting to sitting."""

    answers: dict[str, int | None] = field(default_factory=dict)


def score_stories(world: World) -> Iterable[Story]:
    return [_sittings(world, line) for line in world.lines if line.sittings]


def _sittings(world: World, line: Timeline) -> Story:
    desk = Desk(world, line, Dice(f"scores of {line.key}"))
    held: dict[tuple[int, MatrixKind], Judged] = {}
    made = []  # kept, so that the session need not read them again at the next sitting
    for number, day in enumerate(line.sittings):
        now = yield office_hours(day, desk.dice)
        while world.running(line) is None:
            now = yield now + timedelta(days=2)
        by = desk.lead if number else desk.anyone(now)
        for party in list(desk.case.parties):
            for kind in SCORED_BY_ROLE.get(party.role, ()):
                judged = held.setdefault((party.id, kind), Judged())
                _judge(desk, party, kind, judged, number)
                answers = _answers(desk, party, kind, judged, now)
                floors = _floors(line, kind, number)
                made.append(
                    scoring.record_score(party, kind=kind, answers=answers, floors=floors, by=by, now=now)
                )
                now = yield now + BETWEEN


def _floors(line: Timeline, kind: MatrixKind, number: int) -> tuple[str, ...]:
    """What was disclosed at the last sitting."""
    is_told = kind is MatrixKind.VICTIM and number == len(line.sittings) - 1
    return FLOORS.get(line.key, ()) if is_told else ()


def _judge(desk: Desk, party: Party, kind: MatrixKind, judged: Judged, number: int) -> None:
    """The first sitting starts from the severity, with some things unknown; each later one moves a little."""
    starts = JUDGED[kind]
    is_beside = party.subject_id != desk.case.subject_id
    place = max(desk.line.problem.severity - (is_beside and desk.dice.one_in(2)), 1) - 1
    if not judged.answers:
        for code, levels in starts.items():
            level = levels[place] + desk.dice.choice((-1, 0, 0, 0, 1))
            judged.answers[code] = min(max(level, 0), 3)
        if desk.line.key in STAYS_HIGH and kind is MatrixKind.RISK:
            judged.answers |= {"P3": 3, "P5": 3, "P6": 2, "P8": 2}
        if number == 0 and len(desk.line.sittings) > 1:
            for code in desk.dice.sample(HARD_TO_KNOW[kind], desk.dice.choice((0, 1, 1, 2))):
                judged.answers[code] = None
        return
    for code, value in judged.answers.items():
        if value is None:
            judged.answers[code] = min(max(starts[code][place] + desk.dice.choice((0, 0, 1)), 0), 3)
    if desk.line.bend.is_rising:
        _move(desk, judged, desk.dice.sample(HELPED[kind], 2), +1)
    elif (
        Stage.RESPONSE in desk.line.entered
        and desk.line.bend.left < 1
        and number > 1 - bool(desk.line.closed)
    ):
        steps = 1 if desk.line.key in STAYS_HIGH else 3 if desk.line.closed else 2
        codes = [code for code in HELPED[kind] if judged.answers[code]]
        _move(desk, judged, codes[:steps], -1)
    else:
        _move(desk, judged, desk.dice.sample(HELPED[kind], 1), desk.dice.choice((-1, 0, 1)))


def _move(desk: Desk, judged: Judged, codes: Iterable[str], by: int) -> None:
    for code in codes:
        judged.answers[code] = min(max((judged.answers[code] or 0) + by, 0), 3)


def _answers(desk: Desk, party: Party, kind: MatrixKind, judged: Judged, now: datetime) -> dict[str, Answer]:
    day = now.date()
    key = next(key for key, subject in desk.world.subjects.items() if subject is party.subject)
    keeps = FORGOTTEN_KEEPS if desk.line.bend.is_stale else KEEPS
    answers = {
        code: Answer(
            value,
            evidence=desk.dice.choice(EVIDENCE) if value is not None else "Asked for; no answer yet",
            source_agency=desk.world.agencies[desk.dice.choice(desk.involved(now)[:3])],
            evidence_on=day - timedelta(days=desk.dice.randrange(12)) if value is not None else None,
            stale_after=day + keeps if value is not None else None,
        )
        for code, value in judged.answers.items()
    }
    return answers | _counted(desk, key, kind, day)


def _counted(desk: Desk, key: str, kind: MatrixKind, day: date) -> dict[str, Answer]:
    """Recency, frequency and trend as the contacts of the days before say."""
    calls, until = desk.world.calls, day - timedelta(days=1)
    count = calls.count(key, until=until, days=28)
    last = calls.last_before(key, day)
    recency, trend = _recency(last, day), calls.trend(key, until)
    log = f"{count} contacts in 28 days, imported"
    match kind:
        case MatrixKind.VICTIM:
            values = {"V1": recency, "V2": _frequency(count), "V8": trend}
        case MatrixKind.RISK:
            values = {"P1": recency, "P2": _frequency(count), "P4": trend}
        case MatrixKind.PLACE:
            values = {
                "L1": recency,
                "L2": _against(count, calls.usual(key, until)),
                "L4": trend,
                "L6": min(max(len(calls.agencies(key, until=until, days=90)) - 1, 0), 3),
                "L10": 2 if any(code == "FIRE" for code in calls.agencies(key, until=until, days=365)) else 0,
            }
        case _:
            values = {}
    return {
        code: Answer(value, evidence=log, evidence_on=until, stale_after=day + timedelta(days=28))
        for code, value in values.items()
    }


def _recency(last: date | None, day: date) -> int:
    days = (day - last).days if last else 999
    return 3 if days <= 7 else 2 if days <= 30 else 1 if days <= 90 else 0


def _frequency(count: int) -> int:
    return 3 if count >= 6 else 2 if count >= 3 else 1 if count else 0


def _against(count: int, usual: int) -> int:
    times = count / max(usual, 1)
    return 0 if times <= 1 else 1 if times <= 2 else 2 if times <= 4 else 3
