"""How far the plan is served: line by line, by area of focus, and in all. Plain arithmetic, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psg.plan.models import AreaOfFocus, Commitment

SHADES = (1, 5, 10, 20)


@dataclass(frozen=True)
class Service:
    """How many cases serve a commitment or its repeats, and when one of them last moved."""

    open: int = 0
    closed: int = 0
    last_activity: datetime | None = None


class Show(StrEnum):
    """What a list of commitments is narrowed to. Open, closed and none divide the plan without overlap."""

    OPEN = "open"
    CLOSED = "closed"
    NONE = "none"
    NO_LEAD = "no-lead"

    @property
    def label(self) -> str:
        return {
            Show.OPEN: "An open case serves it",
            Show.CLOSED: "Only closed cases served it",
            Show.NONE: "No case serves this",
            Show.NO_LEAD: "No lead named",
        }[self]


@dataclass(frozen=True)
class Line:
    """A commitment and how it is served."""

    commitment: Commitment
    service: Service

    @property
    def state(self) -> Show:
        if self.service.open:
            return Show.OPEN
        return Show.CLOSED if self.service.closed else Show.NONE

    @property
    def shade(self) -> int:
        """0 to 4, an aid to the eye beside the number. 1 to 4 cases share a shade: that small number is
        not for everyone to know."""
        return sum(self.service.open >= least for least in SHADES)

    def is_among(self, show: Show | None) -> bool:
        if show is None:
            return True
        return not self.commitment.leads if show is Show.NO_LEAD else self.state is show


@dataclass(frozen=True)
class Tally:
    """How many of some lines are in each state."""

    all: int
    open: int
    closed: int
    none: int
    no_lead: int

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Tally":
        lines = list(lines)
        count = {show: sum(line.is_among(show) for line in lines) for show in Show}
        return cls(len(lines), count[Show.OPEN], count[Show.CLOSED], count[Show.NONE], count[Show.NO_LEAD])


@dataclass(frozen=True)
class AreaProgress:
    area: AreaOfFocus
    lines: Sequence[Line]
    tally: Tally


@dataclass(frozen=True)
class Progress:
    areas: Sequence[AreaProgress]
    tally: Tally
    different: int

    @classmethod
    def of(cls, areas: Iterable[tuple[AreaOfFocus, Sequence[Line]]]) -> "Progress":
        parts = [AreaProgress(area, lines, Tally.of(lines)) for area, lines in areas]
        lines = [line for part in parts for line in part.lines]
        return cls(parts, Tally.of(lines), len({line.commitment.root_id for line in lines}))

    @property
    def repeats(self) -> int:
        """Commitments that say the same as another."""
        return self.tally.all - self.different

    def lines(self, wanted: "Wanted") -> list[Line]:
        return [
            line
            for part in self.areas
            if wanted.area is None or part.area.id == wanted.area.id
            for line in part.lines
            if line.is_among(wanted.show)
        ]


@dataclass(frozen=True)
class Wanted:
    """Which commitments the URL asks for. What it says that is no choice counts as not said."""

    show: Show | None = None
    area: AreaOfFocus | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], progress: Progress) -> "Wanted":
        shows = {show.value: show for show in Show}
        areas = {str(part.area.sequence): part.area for part in progress.areas}
        return cls(show=shows.get(query.get("show", "")), area=areas.get(query.get("area", "")))

    @property
    def is_narrowed(self) -> bool:
        return self.show is not None or self.area is not None
