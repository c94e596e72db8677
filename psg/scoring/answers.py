"""The answer to one factor as it is given, before it is kept with a score."""

from dataclasses import dataclass
from datetime import date

from psg.accounts.models import Agency


@dataclass(frozen=True)
class Answer:
    """0 to 3 by the written anchors, or None for unknown; and what shows it, from which agency, of which day.

    After `stale_after` the answer is to be confirmed again.
    """

    value: int | None
    evidence: str = ""
    source_agency: Agency | None = None
    evidence_on: date | None = None
    stale_after: date | None = None
