"""Who may do what with a case: plain values in, no database, no clock. The only place that decides."""

from datetime import date, datetime, timedelta

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.cases.models import Case, Note

NOTE_MAY_BE_MENDED_FOR = timedelta(minutes=15)


def allow(user: User, permission: Permission, case: Case | None, day: date) -> bool:
    """Whether this person may do this kind of work, with this case where one is meant.

    A case is open to every partner agency whose information sharing agreement is in force, never to
    an oversight body. Membership, conflict of interest, sealed cases and emergency access are
    further terms of this one question, and `queries.is_visible` is the same rule as SQL.
    """
    if not permits(user, permission, day):
        return False
    return case is None or not user.agency.is_oversight


def may_work(user: User, case: Case, day: date) -> bool:
    """Whether this person may add to the case: a closed one is read, or reopened first."""
    return case.is_open and allow(user, Permission.WORK_CASES, case, day)


def may_mend(user: User, note: Note, now: datetime) -> bool:
    """The author may mend a note for 15 minutes. Afterwards a correction is added; nobody deletes it."""
    return may_mend_written(user, note.author_id, note.created_at, now)


def may_mend_written(user: User, author_id: int | None, written_at: datetime, now: datetime) -> bool:
    """The same question where only a row of the chronology was read."""
    return author_id == user.id and now - written_at < NOTE_MAY_BE_MENDED_FOR
