"""Whether enough agencies are in the room: the chair or a deputy, and three agencies (the default)."""

from collections.abc import Iterable
from dataclasses import dataclass

from psg.accounts.permissions import PERMITS, Permission
from psg.meetings.models import Attendance

AGENCIES_NEEDED = 3


@dataclass(frozen=True)
class Quorum:
    people: int
    agencies: int
    has_chair: bool

    @property
    def is_met(self) -> bool:
        return self.has_chair and self.agencies >= AGENCIES_NEEDED

    @property
    def words(self) -> str:
        """“Quorum: 5 agencies and the chair”, or what is missing."""
        agencies = "1 agency" if self.agencies == 1 else f"{self.agencies} agencies"
        if self.is_met:
            return f"Quorum: {agencies} and the chair"
        missing = [] if self.has_chair else ["a chair"]
        if self.agencies < AGENCIES_NEEDED:
            missing.append(f"{AGENCIES_NEEDED} agencies (now {self.agencies})")
        return f"No quorum yet: needs {' and '.join(missing)}"


def quorum_of(attendance: Iterable[Attendance]) -> Quorum:
    here = [row for row in attendance if row.status.is_here]
    return Quorum(
        people=len(here),
        agencies=len({row.agency_id for row in here}),
        has_chair=any(row.user and Permission.RUN_MEETINGS in PERMITS[row.user.role] for row in here),
    )
