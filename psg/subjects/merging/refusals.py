"""Why a merge cannot be undone: which record was changed since, and when, as far as the person asking may know."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Table

from psg.accounts.models import User
from psg.audit import queries as record
from psg.audit import searching
from psg.audit.models import Operation
from psg.subjects import queries
from psg.subjects.merging.columns import identities
from psg.subjects.merging.fields import fields_of
from psg.subjects.merging.journal import Row
from psg.subjects.merging.models import Merge
from psg.subjects.merging.policy import described
from psg.subjects.models import Person, Place, Subject, SubjectKind
from psg.web.dates import day_time

SOMETHING = "Something that came with it"
REST = "What it says now would be lost: put it back as it was, or leave the two combined"
_OF_A_SUBJECT = frozenset({"alias", "caution", "residence", "subject_link"})


class ChangedSinceError(Exception):
    """A row is no longer as the merge left it."""

    def __init__(self, table: Table, row: Row, columns: Sequence[str] = ()) -> None:
        super().__init__(table.name)
        self.table, self.row, self.columns = table, row, columns


def why_not(found: ChangedSinceError, merge: Merge, by: User) -> str:
    """One sentence. A record that is hidden from who asks is not named."""
    if found.table in identities():
        subject = _subject(found.row["id"], merge, by)
    else:
        subject = merge.kept if found.table.name in _OF_A_SUBJECT else None
    if subject is not None:
        named, record_id = subject.reference, subject.record_id
    else:
        named, record_id = described(by, found.table.name, found.row) or (SOMETHING, "")
    when = _changed_at(record_id, merge.merged_at) if record_id else None
    what = f" ({_fields(subject, found.columns)})" if subject and found.columns else ""
    on = f" on {day_time(when)}" if when else ""
    return f"{named} was changed{on}, after the two were combined{what}. {REST}"


def _subject(number: int, merge: Merge, by: User) -> Subject | None:
    if number == merge.kept_id:
        return merge.kept
    kind = Person if merge.kept.kind is SubjectKind.PERSON else Place
    return queries.subject_by_reference(by, kind.reference_for(number))


def _fields(subject: Subject, columns: Sequence[str]) -> str:
    return ", ".join(
        dict.fromkeys(
            field.label for field in fields_of(subject) for column in columns if column in field.columns
        )
    )


def _changed_at(record_id: str, since: datetime) -> datetime | None:
    """When the record was last altered after a moment, as the record of access and change says."""
    later = searching.since(since + timedelta(milliseconds=1))
    altered = searching.of_operation(Operation.ALTERATION)
    found = record.entries_about(record_id, later, altered, limit=1)
    return found[0].at if found else None
