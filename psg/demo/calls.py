"""Every contact of two years, thrown before anything is loaded, so that counts, scores and outcomes agree.

A problem grows over ten weeks before its case is opened, stays, and falls within a month of the first
response. People and places without a case have a call now and then.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psg.cases.models import PartyRole
from psg.demand.counting import trend_of
from psg.demand.models import ContactKind, ContactRole
from psg.demo.clock import Dice
from psg.demo.lately import LATELY
from psg.demo.people import PEOPLE
from psg.demo.places import PLACES
from psg.demo.themes import Theme
from psg.demo.timelines import Timeline
from psg.web.dates import LONDON

DAYS = 730
GROWTH = 70
SETTLING = 28
QUIET = 0.25
"""Contacts a month of somebody who is no part of a problem."""
AT_WORST = {1: 5.4, 2: 7.0, 3: 8.0}
BESIDE = 0.25
"""How much of a problem's demand is filed under each of the others in it."""
USUAL = (("POL", ContactKind.ASB, 3), ("ECDC", ContactKind.OTHER, 2), ("AMB", ContactKind.HEALTH, 1))
USUAL_REPORTS = ("Asked for advice", "Reported a neighbour", "Lost property", "Asked for a visit")


@dataclass(frozen=True)
class Call:
    at: datetime
    agency: str
    kind: ContactKind
    role: ContactRole
    summary: str
    is_crisis: bool

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Part:
    """Somebody's or some place's part in a case, as it brings contacts."""

    line: Timeline
    role: PartyRole
    share: float


class Calls:
    """All contacts by the person or place they are about, oldest first."""

    def __init__(self, lines: Sequence[Timeline], today: date) -> None:
        self.today = today
        keys = [*(someone.key for someone in PEOPLE), *(somewhere.key for somewhere in PLACES)]
        parts: dict[str, list[Part]] = {key: [] for key in keys}
        for line in lines:
            parts[line.problem.about].append(Part(line, line.problem.role, 1))
            for key, role in line.problem.others:
                parts[key].append(Part(line, role, BESIDE))
        self._by_subject = {
            key: sorted((*_thrown(key, found, today), *_lately(key, today)), key=lambda call: call.at)
            for key, found in parts.items()
        }

    def about(self, key: str) -> Sequence[Call]:
        return self._by_subject[key]

    def count(self, key: str, *, until: date, days: int, agency: str | None = None) -> int:
        """Contacts in a window of `days` days whose last is `until`."""
        return sum(agency in (None, call.agency) for call in self._within(key, until, days))

    def agencies(self, key: str, *, until: date, days: int) -> list[str]:
        """Who heard of it, those who heard most first."""
        heard = Counter(call.agency for call in self._within(key, until, days))
        return [agency for agency, _ in sorted(heard.items(), key=lambda pair: (-pair[1], pair[0]))]

    def last_before(self, key: str, day: date) -> date | None:
        return max((call.day for call in self.about(key) if call.day < day), default=None)

    def trend(self, key: str, day: date) -> int:
        """0 falling, 1 flat or too few to say, 2 rising, 3 rising fast."""
        found = trend_of([call.day for call in self.about(key)], day)
        return ("falling", "flat", "rising", "rising fast").index(found.value) if found else 1

    def usual(self, key: str, day: date) -> int:
        """The median of the thirteen 28-day counts of the year before."""
        counts = sorted(self.count(key, until=day - timedelta(days=28 * turn), days=28) for turn in range(13))
        return counts[6]

    def _within(self, key: str, until: date, days: int) -> Iterator[Call]:
        first = until - timedelta(days=days - 1)
        return (call for call in self.about(key) if first <= call.day <= until)


def _thrown(key: str, parts: Sequence[Part], today: date) -> Iterator[Call]:
    for part in (None, *parts):
        dice = Dice(f"calls about {key} in {part.line.key if part else 'passing'}")
        waiting = dice.random()
        for ago in range(DAYS, 0, -1):
            day = today - timedelta(days=ago)
            waiting -= (_monthly(part, day) * _weekly(day, part.line.theme) if part else QUIET) / 30
            while waiting <= 0:
                yield _call(dice, day, part)
                waiting += dice.uniform(0.2, 1.8)


def _lately(key: str, today: date) -> Iterator[Call]:
    """What has grown around somebody without a case."""
    dice = Dice(f"calls about {key} lately")
    for told in LATELY:
        if told.key != key:
            continue
        for place, ago in enumerate(told.days):
            day = today - timedelta(days=ago)
            yield Call(
                at=datetime(day.year, day.month, day.day, dice.randrange(9, 17), 20, tzinfo=LONDON),
                agency=told.agency,
                kind=told.kind,
                role=told.role,
                summary=told.summary,
                is_crisis=place < told.in_crisis,
            )


def _monthly(part: Part, day: date) -> float:
    line = part.line
    worst = line.bend.monthly or AT_WORST[line.problem.severity]
    worst *= part.share
    if day < line.opened:
        return worst * max(1 - (line.opened - day).days / GROWTH, 0)
    if line.bend.is_rising:
        worst *= 1 + 0.8 * (day - line.opened).days / max((line.today - line.opened).days, 1)
    if line.responded is None or day < line.responded:
        return worst
    eased = min((day - line.responded).days / SETTLING, 1)
    left = 1 - (1 - line.bend.left) * eased
    return worst * left * (0.6 if line.closed and day >= line.closed else 1)


def _weekly(day: date, theme: Theme) -> float:
    """Evening problems are worse at the end of the week."""
    return 1.5 if day.weekday() in (4, 5) and theme.hours[1] > 22 else 0.85 if theme.hours[1] > 22 else 1


def _call(dice: Dice, day: date, part: Part | None) -> Call:
    calls: Iterable[tuple[str, ContactKind, int]] = part.line.theme.calls if part else USUAL
    first, last = part.line.theme.hours if part else (8, 21)
    choices = list(calls)
    agency, kind, _ = dice.choices(choices, [weight for _, _, weight in choices])[0]
    start = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    return Call(
        at=start + timedelta(minutes=dice.randrange(60 * first, 60 * last) % (24 * 60)),
        agency=agency,
        kind=kind,
        role=_role(dice, part),
        summary=dice.choice(part.line.theme.reports if part else USUAL_REPORTS),
        is_crisis=kind is ContactKind.HEALTH and agency == "MH" and dice.one_in(4),
    )


def _role(dice: Dice, part: Part | None) -> ContactRole:
    match part.role if part else None:
        case PartyRole.VICTIM:
            return ContactRole.CALLER if dice.one_in(2.5) else ContactRole.VICTIM
        case PartyRole.PERPETRATOR:
            return ContactRole.SUSPECTED if not dice.one_in(6) else ContactRole.SUBJECT
        case PartyRole.PERSON_OF_CONCERN:
            return ContactRole.CALLER if dice.one_in(2) else ContactRole.SUBJECT
        case PartyRole.WITNESS:
            return ContactRole.CALLER if dice.one_in(2) else ContactRole.WITNESS
        case _:
            return ContactRole.SUBJECT
