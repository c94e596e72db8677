"""How evenly the partnership scores, quarter by quarter: what ended quarters hold, with small numbers hidden.

Quarters that are still running are not given: two readings of one would show by their difference whose
score came between. A breakdown by a characteristic of people is of a year, not of a quarter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from psg.accounts.models import Agency, User
from psg.accounts.sign_in_models import Decision
from psg.cases.models import Band, Case, Party
from psg.cases.visibility import is_counted
from psg.demand.suppression import Hidden
from psg.extensions import db
from psg.reports.totals import Figure, figures_of
from psg.scoring.judging.models import Confirmation, Override
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import Score, ScoreAnswer
from psg.subjects.models import Person

OFFERED = 8
SECOND_PERSON = (Band.HIGH, Band.CRITICAL)
AGES = ((18, "Under 18"), (25, "18 to 24"), (45, "25 to 44"), (65, "45 to 64"), (130, "65 and over"))
NO_DATE = "Date of birth not recorded"


@dataclass(frozen=True)
class Quarter:
    """Three months that are over."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        after = self.first + timedelta(days=100)
        return date(after.year, after.month, 1) - timedelta(days=1)

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def label(self) -> str:
        return f"{self.first:%B} to {self.last:%B %Y}"

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


@dataclass(frozen=True)
class Row:
    """A whole with its parts. `whole` is hidden where it is small, and its parts with it."""

    label: str
    parts: Sequence[Figure]
    whole: Figure


def ended_quarters(day: date) -> list[Quarter]:
    """Those before the one that this day is in, the latest first."""
    found = [Quarter(day.year, (day.month - 1) // 3 + 1).before]
    while len(found) < OFFERED:
        found.append(found[-1].before)
    return found


def bands_by_agency(user: User, quarter: Quarter) -> list[Row]:
    """The scores of a quarter by the agency of who scored. Nothing sums the agencies, which would be a second whole."""
    counted: dict[str, Counter[Band]] = defaultdict(Counter)
    rows = db.session.execute(
        select(Agency.name, Score.band, func.count())
        .select_from(Score)
        .join(Case, Case.id == Score.case_id)
        .join(User, User.id == Score.scored_by_id)
        .join(Agency, Agency.id == User.agency_id)
        .where(_in_quarter(user, quarter))
        .group_by(Agency.name, Score.band)
    )
    for agency, band, number in rows:
        counted[agency][band] += number
    return [_row(agency, [held[band] for band in Band]) for agency, held in sorted(counted.items())]


def second_person(user: User, quarter: Quarter) -> Row:
    """What became of the scores that need a second person."""
    state = case(
        (Confirmation.id.is_(None), "open"), (Confirmation.agrees.is_(True), "agreed"), else_="questioned"
    )
    rows = db.session.execute(
        select(state, func.count())
        .select_from(Score)
        .join(Case, Case.id == Score.case_id)
        .join(Confirmation, Confirmation.score_id == Score.id, isouter=True)
        .where(_in_quarter(user, quarter), Score.band.in_(SECOND_PERSON))
        .group_by(state)
    )
    found: Counter[str] = Counter()
    for name, number in rows:
        found[name] += number
    return _row("Scores", [found[name] for name in ("agreed", "questioned", "open")])


def overrides(user: User, quarter: Quarter) -> Row:
    """Overrides of the scores of a quarter: up and down where they stood, and those that did not."""
    rows = db.session.execute(
        select(Score.band, Override.band, Override.decision, func.count())
        .select_from(Override)
        .join(Score, Score.id == Override.score_id)
        .join(Case, Case.id == Score.case_id)
        .where(_in_quarter(user, quarter))
        .group_by(Score.band, Override.band, Override.decision)
    )
    up = down = other = 0
    for band, to, decision, number in rows:
        stood = decision is Decision.GRANTED
        up += number * (stood and to.level > band.level)
        down += number * (stood and to.level < band.level)
        other += number * (not stood)
    return _row("Overrides", [up, down, other])


def suggestions(user: User, quarter: Quarter) -> Row:
    """How often people chose what the contacts suggested."""
    taken = case((ScoreAnswer.suggested == ScoreAnswer.value, 1), else_=0)
    rows = db.session.execute(
        select(taken, func.count())
        .select_from(ScoreAnswer)
        .join(Score, Score.id == ScoreAnswer.score_id)
        .join(Case, Case.id == Score.case_id)
        .where(_in_quarter(user, quarter), ScoreAnswer.suggested.is_not(None))
        .group_by(taken)
    )
    found: Counter[int] = Counter()
    for name, number in rows:
        found[name] += number
    return _row("Suggestions", [found[1], found[0]])


def by_age(user: User, quarter: Quarter, kind: MatrixKind) -> tuple[list[Row], Figure]:
    """People scored in the year to the quarter's end by age on its last day: ever High or Critical, or never."""
    group = _age_group(quarter.last)
    grave = case((Score.band.in_(SECOND_PERSON), Person.id))
    rows = db.session.execute(
        select(group, func.count(Person.id.distinct()), func.count(grave.distinct()))
        .select_from(Score)
        .join(Case, Case.id == Score.case_id)
        .join(Party, Party.id == Score.party_id)
        .join(Person, Person.id == Party.subject_id)
        .where(_counted(user, quarter.last - timedelta(days=364), quarter.last), Score.kind == kind)
        .group_by(group)
    )
    found = {label: (people, high) for label, people, high in rows}
    labels = [*(label for _, label in AGES), NO_DATE]
    wholes, total = figures_of([found.get(label, (0, 0))[0] for label in labels])
    return [
        _inside(label, whole, *found.get(label, (0, 0))) for label, whole in zip(labels, wholes, strict=True)
    ], total


def _inside(label: str, whole: Figure, people: int, high: int) -> Row:
    """The two parts of a whole that is itself a part: where it is not shown, neither are they."""
    if not whole.is_number:
        return Row(label, [Figure(Hidden.COVER)] * 2, whole)
    return Row(label, _row(label, [high, people - high]).parts, whole)


def _row(label: str, counts: Sequence[int]) -> Row:
    parts, whole = figures_of(list(counts))
    return Row(label, parts, whole)


def _in_quarter(user: User, quarter: Quarter) -> ColumnElement[bool]:
    return _counted(user, quarter.first, quarter.last)


def _counted(user: User, first: date, last: date) -> ColumnElement[bool]:
    return and_(Score.scored_on.between(first, last), is_counted(user))


def _age_group(day: date) -> ColumnElement[str]:
    """By date of birth alone: a band that somebody judged is not an age."""
    older: Iterable[tuple[Any, str]] = [
        (Person.date_of_birth > date(day.year - under, day.month, day.day), label) for under, label in AGES
    ]
    return case((Person.date_of_birth.is_(None), NO_DATE), *older, else_=AGES[-1][1])
