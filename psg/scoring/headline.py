"""What the latest scores of a case amount to: the highest of them, never a sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psg.cases.models import Band
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import Score

LEADING = frozenset({MatrixKind.VICTIM, MatrixKind.RISK, MatrixKind.PLACE})


@dataclass(frozen=True)
class Headline:
    """The band a case is watched at, the earliest review due, and the scores they come from."""

    band: Band | None
    review_on: date | None
    leading: tuple[Score, ...]
    floors: tuple[str, ...]

    @property
    def reason(self) -> str:
        """“Highest of Victim 65, Risk 52 and Place 45, by the high end of each, never a sum”."""
        if self.floors:
            return f"Set by a floor: {', '.join(self.floors)}. Points cannot lower it"
        if not self.leading:
            return "No victim, perpetrator or place is scored yet"
        parts = [f"{score.kind.label} {score.interval}" for score in self.leading]
        changed = "".join(
            f". {score.kind.label} {score.interval} is {score.override.band.label} by override"
            for score in self.leading
            if score.override
        )
        if len(parts) == 1:
            return (f"From {parts[0]}, by its high end" if "–" in parts[0] else f"From {parts[0]}") + changed
        return f"Highest of {', '.join(parts[:-1])} and {parts[-1]}, by the high end of each, never a sum{changed}"

    @property
    def is_unconfirmed(self) -> bool:
        """Whether a second person has still to read a score that the band comes from."""
        return any(score.is_unconfirmed and score.standing_band is self.band for score in self.leading)


def headline_of(latest: Sequence[Score]) -> Headline:
    """The highest band among victims, perpetrators (Risk) and places.

    Need stands beside Risk and never raises it. A floor set while scoring Need is a fact about
    safety and not about Need, so it counts as any other floor does.
    """
    leading = tuple(sorted((s for s in latest if s.kind in LEADING), key=lambda s: (-s.index_high, s.id)))
    floors = tuple(dict.fromkeys(floor.name for score in latest for floor in score.floors))
    bands = [Band.CRITICAL] if floors else [score.standing_band for score in leading]
    return Headline(
        band=max(bands, key=lambda band: band.level, default=None),
        review_on=min((score.standing_review_on for score in latest), default=None),
        leading=leading,
        floors=floors,
    )
