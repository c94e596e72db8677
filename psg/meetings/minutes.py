"""The minutes: what was captured, grouped by case. Never a second document, always the same lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from psg.accounts.models import User
from psg.meetings import queries
from psg.meetings.models import Attendance, CapturedKind, Meeting, Outcome
from psg.meetings.quorum import Quorum, quorum_of
from psg.subjects.models import SubjectKind

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Minute:
    """One case as the minutes tell it: by reference and initials, never by name."""

    item: Line
    lines: Sequence[Line]

    @property
    def subject(self) -> str:
        """“A.R.” for a person; a place by what the district calls it."""
        name: str = self.item.subject
        if self.item.subject_kind is not SubjectKind.PERSON:
            return name
        return "".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha())

    @property
    def outcome(self) -> Outcome | None:
        outcome: Outcome | None = self.item.outcome
        return outcome

    @property
    def actions(self) -> list[Line]:
        return [line for line in self.lines if line.kind is CapturedKind.ACTION]

    @property
    def said(self) -> list[Line]:
        """Decisions first, then information and notes, each in the order they were captured."""
        said = [line for line in self.lines if line.kind is not CapturedKind.ACTION]
        return sorted(said, key=lambda line: line.kind is not CapturedKind.DECISION)


@dataclass(frozen=True)
class Minutes:
    cases: Sequence[Minute]
    attendance: Sequence[Attendance]

    @property
    def heard(self) -> list[Minute]:
        return [minute for minute in self.cases if minute.lines or minute.outcome]

    @property
    def undecided(self) -> list[Minute]:
        return [minute for minute in self.cases if minute.outcome is None]

    @property
    def nameless(self) -> list[Line]:
        """Actions that an agency has still to give to somebody."""
        return [line for minute in self.cases for line in minute.actions if line.owner is None]

    @property
    def case_ids(self) -> list[str]:
        return [f"case_{minute.item.case_audit_id}" for minute in self.cases]

    @property
    def quorum(self) -> Quorum:
        return quorum_of(self.attendance)

    def those(self, *, here: bool) -> list[Attendance]:
        return [row for row in self.attendance if row.status.is_here is here]


def minutes_of(user: User, meeting: Meeting) -> Minutes:
    """What this person may read of the meeting, in three statements whatever was captured."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in queries.captured_rows(user, meeting):
        lines[line.item_id].append(line)
    rows = queries.agenda_rows(user, meeting)
    return Minutes(
        cases=[Minute(row, lines[row.id]) for row in rows], attendance=queries.attendance_of(meeting)
    )
