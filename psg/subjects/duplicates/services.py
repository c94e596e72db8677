"""Finding, after comparing them, that two records that are alike are two; and taking that back."""

from datetime import datetime

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects.duplicates import queries
from psg.subjects.merging.models import NotTheSame
from psg.subjects.merging.services import in_order
from psg.subjects.models import Subject


def keep_apart(one: Subject, other: Subject, *, by: User, now: datetime) -> None:
    """They are not the same: the pair is listed no more, until somebody takes this back."""
    older, younger = in_order(one, other)
    if queries.held(older, younger) is not None:
        return
    db.session.add(NotTheSame(older_id=older.id, younger_id=younger.id, said_by=by, said_at=now))
    db.session.flush()
    _record("not_the_same", older, younger, by=by, now=now)


def compare_again(one: Subject, other: Subject, *, by: User, now: datetime) -> None:
    """They may be the same after all: the pair is listed again, while the two are alike."""
    older, younger = in_order(one, other)
    found = queries.held(older, younger)
    if found is None:
        raise Refused("Nobody has said that these are two: there is nothing to take back")
    db.session.delete(found)
    db.session.flush()
    _record("compare_again", older, younger, by=by, now=now)


def _record(act: str, older: Subject, younger: Subject, *, by: User, now: datetime) -> None:
    audit.record(
        Operation.COMBINATION,
        f"{older.record_kind}.{act}",
        by=by,
        obj=older,
        at=now,
        other=younger.record_id,
    )
