"""What a kind of problem looks like: who rings about it, what lies behind it, what helps. No names in any of it."""

from dataclasses import dataclass

from psg.demand.models import ContactKind
from psg.responses.models import PatSide

V, O, P = PatSide  # noqa: E741 - the three sides, as everyone abbreviates them


@dataclass(frozen=True)
class Step:
    """A response as it would be planned: a step of the ladder, a side of the triangle, and who does it."""

    code: str
    side: PatSide
    summary: str
    agency: str
    measure: str = ""


@dataclass(frozen=True)
class Theme:
    calls: tuple[tuple[str, ContactKind, int], ...]
    """Which agency hears of it, how it files it, and how often compared with the others."""
    reports: tuple[str, ...]
    hours: tuple[int, int]
    measure: str
    why: str
    harm: str
    community: str
    expectation: str
    events: str
    similarity: str
    victim: str
    offender: str
    place: str
    because: str
    expect: str
    evidence: str
    doubted: tuple[str, str, str]
    """A second hypothesis: because, what it would show, and the evidence against it."""
    vulnerability: str
    voice: str
    options: str
    steps: tuple[Step, ...]
    done: str = ""
    lesson: str = ""
