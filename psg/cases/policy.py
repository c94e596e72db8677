"""Who may do what with a case: plain values in, no database, no clock. The only place that decides.

Three promises stand on it: nobody reads what the rule does not allow, a conflict of interest beats
everything, and a sealed case does not exist for anyone but its members. `visibility.is_visible` is the
same rule as SQL, and a test holds the two together.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psg.accounts.models import Agency, Role, User
from psg.accounts.permissions import Permission, permits
from psg.cases.access_models import MemberStatus
from psg.cases.models import AudienceKind, Case, Note, Visibility
from psg.subjects.words import words_of
from psg.web.dates import london

NOTE_MAY_BE_MENDED_FOR = timedelta(minutes=15)
READS = frozenset({Permission.READ_CASES, Permission.READ_A_CASE})
AT_THE_DOOR = frozenset(
    {
        Permission.SEE_POINTER,
        Permission.ASK_TO_JOIN,
        Permission.DECLARE_CONFLICT,
        Permission.BREAK_GLASS,
    }
)


@dataclass(frozen=True, slots=True)
class Door:
    """How one person stands to one case: all that the rule asks about the two.

    `member_until` is the last day of the membership where one was named, `glass_until` the moment at
    which an emergency access ends.
    """

    visibility: Visibility
    is_conflicted: bool = False
    membership: MemberStatus | None = None
    member_until: date | None = None
    glass_until: datetime | None = None

    def is_member_on(self, day: date) -> bool:
        return self.membership is MemberStatus.ACTIVE and (
            self.member_until is None or day <= self.member_until
        )

    def is_open_to(self, agency: Agency) -> bool:
        """To every partner, where the case is the partnership's; never to an oversight body."""
        return self.visibility is Visibility.PARTNERSHIP and not agency.is_oversight

    def is_glass_broken_at(self, now: datetime) -> bool:
        return self.glass_until is not None and self.glass_until > now


@dataclass(frozen=True, slots=True)
class Audience:
    """Who, of those admitted to a case, an item is for. Only the agency that recorded it widens it."""

    kind: AudienceKind
    recorded_by: int
    agencies: Container[int] = ()

    def admits(self, agency: Agency) -> bool:
        if self.kind is AudienceKind.CASE or agency.id == self.recorded_by:
            return True
        return self.kind is AudienceKind.AGENCIES and agency.id in self.agencies


def allow(
    user: User, permission: Permission, door: Door | None, item: Audience | None, now: datetime
) -> bool:
    """Whether this person may do this, now. `door` and `item` are None where no case and no item is meant."""
    day = london(now).date()
    if not permits(user, permission, day):
        return False
    if door is not None and not _admits(door, user, permission, day, now):
        return False
    return item is None or item.admits(user.agency)


def _admits(door: Door, user: User, permission: Permission, day: date, now: datetime) -> bool:
    if door.is_conflicted:
        return False
    if door.is_member_on(day):
        return True
    if door.visibility is Visibility.SEALED:
        return False
    if permission in AT_THE_DOOR:
        return True
    return permission in READS and (door.is_open_to(user.agency) or door.is_glass_broken_at(now))


def may_manage(user: User, case: Case, door: Door, now: datetime) -> bool:
    """Whether this person decides who belongs to the case: its lead, a coordinator or an agency's lead in it."""
    if not allow(user, Permission.MANAGE_MEMBERS, door, None, now):
        return False
    return case.lead_id == user.id or user.role in (Role.COORDINATOR, Role.AGENCY_LEAD)


def may_add(user: User, person: User, case: Case, door: Door, now: datetime) -> bool:
    """An agency's lead adds and removes their own people only; the case's lead and coordinators anyone."""
    if not may_manage(user, case, door, now):
        return False
    return case.lead_id == user.id or user.role is Role.COORDINATOR or person.agency_id == user.agency_id


def can_be_member(person: User) -> bool:
    """Practitioners, coordinators and agency leads of a partner; never an auditor, administrator or viewer."""
    case_work = (Role.PRACTITIONER, Role.COORDINATOR, Role.AGENCY_LEAD)
    return person.is_active and person.role in case_work and not person.agency.is_oversight


def may_be_related(user: User, family_names: Iterable[str]) -> bool:
    """Whether somebody in a case has this person's family name: a hint to declare a conflict, never a proof."""
    own = words_of(user.name)
    return any(own[-len(family) :] == family for name in family_names if (family := words_of(name)))


def may_mend(user: User, note: Note, now: datetime) -> bool:
    """The author may mend a note for 15 minutes. Afterwards a correction is added; nobody deletes it."""
    return may_mend_written(user, note.author_id, note.created_at, now)


def may_mend_written(user: User, author_id: int | None, written_at: datetime, now: datetime) -> bool:
    """The same question where only a row of the chronology was read."""
    return author_id == user.id and now - written_at < NOTE_MAY_BE_MENDED_FOR
