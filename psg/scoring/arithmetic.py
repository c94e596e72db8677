"""The arithmetic of Track and Score: whole numbers only, no database, no clock.

Unknown is never zero. An unknown answer counts 0 at the low end of the index and 3 at the high end,
and each purpose takes its cautious end: review clock, headline and closure the high one; enforcement
the low end of Risk and the high end of Need. A band advises; a named person decides and says why
(UK GDPR Articles 22A to 22D).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from psg.cases.models import Band

HIGHEST_ANSWER = 3
Answers = Mapping[str, int | None]


@dataclass(frozen=True)
class Weighted:
    """A factor as the sum sees it. `name` is the short one that explanations use."""

    code: str
    name: str
    weight: int


@dataclass(frozen=True)
class BandFrom:
    """A band by its lowest index; it ends where the next begins."""

    band: Band
    lowest: int
    review_days: int


@dataclass(frozen=True)
class Total:
    """Weighted points as an interval, of a maximum, and how much of the weight was answered."""

    points_low: int
    points_high: int
    maximum: int
    completeness: int

    @property
    def low(self) -> int:
        return index(self.points_low, self.maximum)

    @property
    def high(self) -> int:
        return index(self.points_high, self.maximum)


class Quadrant(StrEnum):
    """Risk against Need: two questions side by side, never one sum."""

    HIGH_RISK_LOW_NEED = "high_risk_low_need"
    HIGH_RISK_HIGH_NEED = "high_risk_high_need"
    LOW_RISK_LOW_NEED = "low_risk_low_need"
    LOW_RISK_HIGH_NEED = "low_risk_high_need"

    @property
    def label(self) -> str:
        return {
            Quadrant.HIGH_RISK_LOW_NEED: "High Risk, low Need",
            Quadrant.HIGH_RISK_HIGH_NEED: "High Risk, high Need",
            Quadrant.LOW_RISK_LOW_NEED: "Low Risk, low Need",
            Quadrant.LOW_RISK_HIGH_NEED: "Low Risk, high Need",
        }[self]

    @property
    def advice(self) -> str:
        return {
            Quadrant.HIGH_RISK_LOW_NEED: "Enforcement may be considered",
            Quadrant.HIGH_RISK_HIGH_NEED: "A joint plan: support and enforcement together",
            Quadrant.LOW_RISK_LOW_NEED: (
                "Advice and early steps; enforcement only with the chair's approval as well. "
                "Propose closure when Standard twice"
            ),
            Quadrant.LOW_RISK_HIGH_NEED: "Support only: enforcement is locked",
        }[self]


@dataclass(frozen=True)
class FactorChange:
    """One answer that differs from the score before."""

    name: str
    before: int | None
    after: int | None

    @property
    def words(self) -> str:
        return f"{self.name} {answer_words(self.before)} → {answer_words(self.after)}"


@dataclass(frozen=True)
class Change:
    """How a score moved, and the answers that moved it."""

    low: int
    high: int
    factors: tuple[FactorChange, ...]
    floors_set: tuple[str, ...] = ()
    floors_lifted: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """“+14: Impact unknown → 2, Vulnerability unknown → 1”, by the low end of the index."""
        reasons = [factor.words for factor in self.factors]
        reasons += [f"floor “{name}” set" for name in self.floors_set]
        reasons += [f"floor “{name}” lifted" for name in self.floors_lifted]
        if not reasons:
            return "No answer changed"
        return (
            f"{self.low:+d}: {', '.join(reasons)}"
            if self.low
            else f"No change in points: {', '.join(reasons)}"
        )


def index(points: int, maximum: int) -> int:
    """100 × points / maximum, rounded half up."""
    return (200 * points + maximum) // (2 * maximum)


def total(factors: Iterable[Weighted], answers: Answers) -> Total:
    """Add up. A factor without an answer is unknown; completeness is rounded down, so as not to flatter."""
    low = high = answered = weights = 0
    for factor in factors:
        value = answers.get(factor.code)
        weights += factor.weight
        if value is not None:
            answered += factor.weight
        low += factor.weight * (value or 0)
        high += factor.weight * (HIGHEST_ANSWER if value is None else value)
    return Total(low, high, weights * HIGHEST_ANSWER, 100 * answered // weights)


def band_at(number: int, bands: Sequence[BandFrom]) -> BandFrom:
    """The band an index falls in. `bands` start at 0, lowest first."""
    return [band for band in bands if band.lowest <= number][-1]


def review_on(scored_on: date, high: int, bands: Sequence[BandFrom], *, has_floor: bool) -> date:
    """When the score is due again: by its high end, or by the Critical clock where a floor is set."""
    band = bands[-1] if has_floor else band_at(high, bands)
    return scored_on + timedelta(days=band.review_days)


def effective_band(high: int, bands: Sequence[BandFrom], *, has_floor: bool) -> Band:
    """The band a case is watched at. A floor sets Critical whatever the points, and nothing sets it lower."""
    return Band.CRITICAL if has_floor else band_at(high, bands).band


def needs_second_person(*bands: Band) -> bool:
    """Whether a second person has to agree: wherever High or Critical is entered, held or left."""
    return any(band.level >= Band.HIGH.level for band in bands)


def quadrant(
    *,
    risk_low: int,
    risk_split: int,
    need_high: int,
    need_split: int,
    decisive_needs: Iterable[tuple[int | None, int]] = (),
) -> Quadrant:
    """Where a perpetrator stands. A decisive need is an answer with the value from which it is always high
    Need (exploitation at 2); unknown counts as 3, because Need takes its high end."""
    is_decided = any((HIGHEST_ANSWER if value is None else value) >= start for value, start in decisive_needs)
    high_need = need_high >= need_split or is_decided
    if risk_low >= risk_split:
        return Quadrant.HIGH_RISK_HIGH_NEED if high_need else Quadrant.HIGH_RISK_LOW_NEED
    return Quadrant.LOW_RISK_HIGH_NEED if high_need else Quadrant.LOW_RISK_LOW_NEED


def explain(
    factors: Sequence[Weighted],
    before: Answers,
    after: Answers,
    *,
    floors_set: Iterable[str] = (),
    floors_lifted: Iterable[str] = (),
) -> Change:
    """The change from one score to the next under the same matrix, the heaviest reason first."""
    then, now = total(factors, before), total(factors, after)
    moved = [factor for factor in factors if before.get(factor.code) != after.get(factor.code)]
    moved.sort(
        key=lambda factor: (
            -abs(factor.weight * ((after.get(factor.code) or 0) - (before.get(factor.code) or 0)))
        )
    )
    return Change(
        low=now.low - then.low,
        high=now.high - then.high,
        factors=tuple(FactorChange(f.name, before.get(f.code), after.get(f.code)) for f in moved),
        floors_set=tuple(floors_set),
        floors_lifted=tuple(floors_lifted),
    )


def interval_words(low: int, high: int) -> str:
    """“65”, or “51–78” where something is unknown."""
    return str(low) if low == high else f"{low}–{high}"


def band_words(low: Band, high: Band) -> str:
    """“High”, or “High to Critical”."""
    return low.label if low is high else f"{low.label} to {high.label}"


def answer_words(value: int | None) -> str:
    return "unknown" if value is None else str(value)
