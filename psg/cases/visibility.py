"""The access rule as SQL: which cases, and which people and places known from them, somebody may see."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, or_, select, union
from sqlalchemy.orm import aliased

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.cases.access_models import Conflict, EmergencyAccess, Member, MemberStatus
from psg.cases.models import AudienceKind, Case, Note, NoteReader, Party, Visibility
from psg.subjects.models import Subject
from psg.subjects.visibility import narrows
from psg.web.dates import now, today


def is_visible(user: User) -> ColumnElement[bool]:
    """The access rule as SQL: whether `policy.allow(user, READ_A_CASE, …)` for each row of `psg_case`.

    Memberships are many and looked up row by row, where the case is not the partnership's; conflicts
    and emergencies are few and read once.
    """
    if not permits(user, Permission.READ_A_CASE, today()):
        return false()
    others = Case.visibility == Visibility.PARTNERSHIP if not user.agency.is_oversight else false()
    glass = and_(Case.visibility != Visibility.SEALED, Case.id.in_(_under_glass(user)))
    return and_(Case.id.not_in(conflicted(user)), or_(others, is_member_of_it(user), glass))


def is_restricted(user: User) -> ColumnElement[bool]:
    """Members-only cases of which this person is shown the pointer, and nothing else."""
    if not permits(user, Permission.SEE_POINTER, today()):
        return false()
    return and_(
        Case.visibility == Visibility.MEMBERS,
        Case.id.not_in(conflicted(user)),
        ~is_member_of_it(user),
        Case.id.not_in(_under_glass(user)),
    )


def is_counted(user: User) -> ColumnElement[bool]:
    """Cases that a total may hold: never a sealed one, nor one that does not exist for this person."""
    return and_(Case.visibility != Visibility.SEALED, Case.id.not_in(conflicted(user)))


@narrows
def subject_is_visible(user: User) -> ColumnElement[bool]:
    """A person or place known only from cases that are hidden from this user is hidden with them.

    Nearly everybody stands in no case that is kept from anyone: that is asked first, and once for all rows.
    """
    some, open_case = aliased(Party), aliased(Party)
    from_an_open_one = (
        select(open_case.id)
        .join(Case, Case.id == open_case.case_id)
        .where(open_case.subject_id == Subject.id, is_visible(user))
        .correlate(Subject)
        .exists()
    )
    kept = select(some.subject_id)
    if not user.agency.is_oversight:
        closed_to_some = select(Case.id).where(Case.visibility.in_((Visibility.MEMBERS, Visibility.SEALED)))
        kept = kept.where(some.case_id.in_(union(closed_to_some, conflicted(user))))
    return or_(Subject.id.not_in(kept), from_an_open_one)


def subject_is_counted(user: User) -> ColumnElement[bool]:
    """People and places that a total may hold: not those known only from cases that no total holds."""
    some, counted = aliased(Party), aliased(Party)
    left_out = select(some.subject_id).join(Case, Case.id == some.case_id).where(~is_counted(user))
    from_another = (
        select(counted.id)
        .join(Case, Case.id == counted.case_id)
        .where(counted.subject_id == Subject.id, is_counted(user))
        .correlate(Subject)
        .exists()
    )
    return or_(Subject.id.not_in(left_out), from_another)


def is_admitted(user: User) -> ColumnElement[bool]:
    """The audience of notes as SQL: `Audience.admits` for each row of `note`, true where there is none."""
    named = select(NoteReader.note_id).where(NoteReader.agency_id == user.agency_id)
    return or_(
        Note.id.is_(None),
        Note.audience == AudienceKind.CASE,
        Note.agency_id == user.agency_id,
        and_(Note.audience == AudienceKind.AGENCIES, Note.id.in_(named)),
    )


def visible_to(user: User) -> Select[Case]:
    return select(Case).where(is_visible(user))


def conflicted(user: User) -> Select[int]:
    return select(Conflict.case_id).where(Conflict.user_id == user.id, Conflict.lifted_at.is_(None))


def is_member_of_it(user: User) -> ColumnElement[bool]:
    return as_member(user).where(Member.case_id == Case.id).correlate(Case).exists()


def as_member(user: User) -> Select[int]:
    return select(Member.case_id).where(
        Member.user_id == user.id,
        Member.status == MemberStatus.ACTIVE,
        or_(Member.until.is_(None), Member.until >= today()),
    )


def _under_glass(user: User) -> Select[int]:
    return select(EmergencyAccess.case_id).where(
        EmergencyAccess.user_id == user.id, EmergencyAccess.expires_at > now()
    )


def glass_until_of(user: User) -> ScalarSelect[datetime]:
    return (
        select(func.max(EmergencyAccess.expires_at))
        .where(EmergencyAccess.case_id == Case.id, EmergencyAccess.user_id == user.id)
        .correlate(Case)
        .scalar_subquery()
    )
