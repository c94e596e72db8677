"""Which contacts count, as conditions of a statement: the rules of counting in one place.

A figure has two dates. `as_at` is the last day of its windows. `known_on` is the day at whose end the
knowledge is frozen: what was recorded later, withdrawn later or decided later is as if it had not been
yet, so that a figure given to a meeting can be given again. Without it, all that is known counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from psg.demand.counting import window_start
from psg.demand.models import NOT_COUNTED, Contact, ContactRole, Exclusion
from psg.web.dates import start_of

COUNTED_ROLES = frozenset(ContactRole) - NOT_COUNTED


@dataclass(frozen=True)
class When:
    """The two dates of a figure."""

    as_at: date
    known_on: date | None = None

    @property
    def cutoff(self) -> datetime | None:
        """The first moment that is no longer known of."""
        return None if self.known_on is None else start_of(self.known_on + timedelta(days=1))


def stands(when: When) -> ColumnElement[bool]:
    """Recorded, and not taken back."""
    if when.cutoff is None:
        return Contact.withdrawn_at.is_(None)
    return and_(
        Contact.recorded_at < when.cutoff,
        or_(Contact.withdrawn_at.is_(None), Contact.withdrawn_at >= when.cutoff),
    )


def is_left_out(when: When) -> ColumnElement[bool]:
    """Excluded by somebody's decision: stored, shown apart, read by no rule."""
    if when.cutoff is None:
        return Contact.excluded_reason.is_not(None)
    in_force = select(Exclusion.contact_id).where(
        Exclusion.decided_at < when.cutoff,
        or_(Exclusion.lifted_at.is_(None), Exclusion.lifted_at >= when.cutoff),
    )
    return Contact.id.in_(in_force)


def is_counted(when: When, roles: frozenset[ContactRole] = COUNTED_ROLES) -> ColumnElement[bool]:
    """The one condition: it stands, nobody left it out, and its part is one that makes demand.

    A contact as victim or witness is nobody's demand; the victims' rule asks for that part by name.
    """
    return and_(stands(when), ~is_left_out(when), Contact.role.in_(sorted(roles)))


def is_in_window(when: When, days: int) -> ColumnElement[bool]:
    return Contact.happened_on.between(window_start(when.as_at, days), when.as_at)


def number_in(condition: ColumnElement[bool], when: When, days: int) -> ColumnElement[int]:
    """How many rows of a group are in the window, of rows that end with the as-at day."""
    since = window_start(when.as_at, days)
    return func.sum(case((and_(condition, Contact.happened_on >= since), 1), else_=0))
