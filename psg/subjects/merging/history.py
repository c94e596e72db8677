"""What a record's own page says of combining: the references that lead to it and, to those who combine, what can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.subjects.merging import queries
from psg.subjects.merging.models import Merge
from psg.subjects.merging.undoing import why_it_cannot_be_undone
from psg.subjects.models import Subject
from psg.web.dates import day_time

LATER_FIRST = "Undo the later one first"


@dataclass(frozen=True)
class Line:
    """One merge. `undo`: where it is undone, while that is possible; otherwise `now` says why it is not, or that it was."""

    reference: str
    name: str
    reason: str
    when: str
    undo: str = ""
    now: str = ""


@dataclass(frozen=True)
class History:
    """`lines` are for those who combine records, `earlier` for everybody who reads the page."""

    earlier: Sequence[str]
    lines: Sequence[Line] = ()


def history_of(user: User, subject: Subject, day: date) -> History:
    earlier = queries.earlier_references(subject)
    if not permits(user, Permission.MERGE_RECORDS, day):
        return History(earlier)
    merges = queries.merges_into(subject)
    latest = next((merge for merge in merges if merge.undone_at is None), None)
    return History(earlier, [_line(merge, subject, user, is_latest=merge is latest) for merge in merges])


def _line(merge: Merge, subject: Subject, user: User, *, is_latest: bool) -> Line:
    undo = now = ""
    if merge.undone_at and merge.undone_by:
        now = f"Undone {day_time(merge.undone_at)}, {merge.undone_by.name}"
    elif not is_latest:
        now = LATER_FIRST
    elif why_not := why_it_cannot_be_undone(merge, by=user):
        now = f"Cannot be undone: {why_not}"
    else:
        undo = f"{subject.path}/merges/{merge.id}/undo"
    return Line(
        reference=merge.gone.reference,
        name=merge.gone.name,
        reason=merge.reason,
        when=f"{day_time(merge.merged_at)}, {merge.merged_by.name}",
        undo=undo,
        now=now,
    )
