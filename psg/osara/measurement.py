"""Before and after: whole days, equal windows, counts always shown. No database, no clock.

A fall is called beyond ordinary variation only where (after − before)² > 4 × (after + before), the default. Cases
enter at a peak, so some fall comes without help; the warning of that travels with the figure.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from psg.osara.rules import RULES


@dataclass(frozen=True)
class Window:
    """Whole days, both ends included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> "Window":
        return cls(last - timedelta(days=days - 1), last)

    @classmethod
    def starting(cls, first: date, days: int) -> "Window":
        return cls(first, first + timedelta(days=days - 1))

    def holds(self, other: "Window") -> bool:
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True)
class Change:
    """One count before and after, in the words a report may use."""

    before: int
    after: int
    has_peak: bool = False

    @property
    def percent(self) -> int | None:
        """Rounded half away from zero; None where there was nothing before, which no percentage describes."""
        if self.before == 0:
            return None
        difference = self.after - self.before
        size = (200 * abs(difference) + self.before) // (2 * self.before)
        return size if difference > 0 else -size

    @property
    def is_beyond_variation(self) -> bool:
        return (self.after - self.before) ** 2 > RULES.noise_factor * (self.after + self.before)

    @property
    def words(self) -> str:
        """“24 → 11 (−54%), beyond ordinary variation”."""
        percent = self.percent
        change = "not calculable" if percent is None else f"{percent:+d}%".replace("-", "−")
        noise = "beyond ordinary variation" if self.is_beyond_variation else "within ordinary variation"
        return f"{self.before} → {self.after} ({change}), {noise}"


def holds_peak(before: Window, opened_on: date) -> bool:
    """Whether the before window holds the 28 days that led to the case, when counts stand at their highest."""
    return before.holds(Window.ending(opened_on - timedelta(days=1), RULES.peak_days))
