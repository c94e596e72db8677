"""Reads of cases, each of them through `is_visible`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, false, func, or_, select, union
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
from werkzeug.exceptions import Forbidden, NotFound

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission, permits
from psg.audit import services as audit
from psg.cases import policy
from psg.cases.access_models import Conflict, EmergencyAccess, Member, MemberStatus
from psg.cases.models import (
    Admission,
    AudienceKind,
    Case,
    Event,
    EventKind,
    Note,
    NoteReader,
    Party,
    Right,
    Stage,
    Visibility,
)
from psg.cases.policy import Door
from psg.extensions import db
from psg.subjects.models import Subject, Ward
from psg.subjects.visibility import narrows
from psg.web.dates import now, today

Lead = aliased(User)
SORTS: Mapping[str, ColumnElement[Any]] = {
    "reference": Case.id.expression,
    "review": Case.next_review_on.expression,
    "stage": Case.stage_since.expression,
    "ward": Ward.name.expression,
}


class Restricted(Forbidden):
    """The case exists and is kept to its members: its Access page says whom to ask."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} is restricted to its members: its Access page says whom to ask.")
        self.reference = reference


def is_visible(user: User) -> ColumnElement[bool]:
    """The access rule as SQL: whether `policy.allow(user, READ_A_CASE, …)` for each row of `psg_case`.

    Memberships are many and looked up row by row, where the case is not the partnership's; conflicts
    and emergencies are few and read once.
    """
    if not permits(user, Permission.READ_A_CASE, today()):
        return false()
    others = Case.visibility == Visibility.PARTNERSHIP if not user.agency.is_oversight else false()
    glass = and_(Case.visibility != Visibility.SEALED, Case.id.in_(_under_glass(user)))
    return and_(Case.id.not_in(conflicted(user)), or_(others, _is_member(user), glass))


def is_restricted(user: User) -> ColumnElement[bool]:
    """Members-only cases of which this person is shown the pointer, and nothing else."""
    if not permits(user, Permission.SEE_POINTER, today()):
        return false()
    return and_(
        Case.visibility == Visibility.MEMBERS,
        Case.id.not_in(conflicted(user)),
        ~_is_member(user),
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


def door_of(user: User, case: Case) -> Door:
    """How this person stands to the case, read in one statement and never kept."""
    row = db.session.execute(
        select(
            Case.visibility,
            Case.id.in_(conflicted(user)).label("is_conflicted"),
            Member.status,
            Member.until,
            _glass_until(user).label("glass_until"),
        )
        .join(Member, and_(Member.case_id == Case.id, Member.user_id == user.id), isouter=True)
        .where(Case.id == case.id)
    ).one()
    return Door(row.visibility, bool(row.is_conflicted), row.status, row.until, row.glass_until)


def may(user: User, permission: Permission, case: Case, moment: datetime) -> bool:
    """Whether this person may do this with the case at that moment."""
    return policy.allow(user, permission, door_of(user, case), None, moment)


def may_work(user: User, case: Case, moment: datetime) -> bool:
    """Whether this person may add to the case: an active member, while it is open."""
    return case.is_open and may(user, Permission.WORK_CASES, case, moment)


def case_for(user: User, reference: str) -> Case:
    """The case behind a reference, to read.

    Raises `NotFound` alike where there is none and where it may not be known, `Restricted` where the
    person is shown its pointer only.
    """
    case = case_to_read(user, reference)
    if case is not None:
        return case
    pointer = case_at_the_door(user, reference)
    if pointer is None:
        raise NotFound
    audit.refused("case.turned_away", by=user, case=pointer, obj=pointer)
    raise Restricted(pointer.reference)


def case_to_read(user: User, reference: str) -> Case | None:
    """The case where this person may read it, and by what right they do."""
    row = db.session.execute(
        _by_reference(is_visible(user), reference).add_columns(
            _is_member(user).label("is_member"), _glass_until(user).label("glass_until")
        )
    ).one_or_none()
    if row is None:
        return None
    case: Case = row.Case
    case.admission = _admission(user, case, is_member=row.is_member, glass_until=row.glass_until)
    return case


def case_at_the_door(user: User, reference: str) -> Case | None:
    """The case, where this person may know that it exists: to ask, to declare a conflict, to break the glass."""
    is_known = and_(Case.visibility != Visibility.SEALED, Case.id.not_in(conflicted(user)))
    case = _held(is_known, reference) or _held(is_visible(user), reference)
    if case is None or not may(user, Permission.SEE_POINTER, case, now()):
        return None
    return case


def case_to_change(user: User, reference: str, permission: Permission = Permission.WORK_CASES) -> Case:
    """The case, for a page that changes it: `Forbidden` where this person reads it without working in it."""
    case = case_for(user, reference)
    if not may(user, permission, case, now()):
        raise Forbidden(
            "You can read this case, but only its members change it: ask to join on its Access page."
        )
    return case


def case_to_work(user: User, reference: str) -> Case:
    """The same for an open case. A closed one is read, or reopened first."""
    case = case_to_change(user, reference)
    if not case.is_open:
        raise Forbidden("This case is closed: it can be read, and reopened by the chair or coordinator.")
    return case


def _held(condition: ColumnElement[bool], reference: str) -> Case | None:
    return db.session.scalars(_by_reference(condition, reference)).one_or_none()


def _by_reference(condition: ColumnElement[bool], reference: str) -> Select[Case]:
    return (
        select(Case)
        .where(condition, Case.id == Case.id_from(reference))
        .options(
            joinedload(Case.subject, innerjoin=True),
            joinedload(Case.ward),
            joinedload(Case.lead, innerjoin=True),
            joinedload(Case.lead_agency, innerjoin=True),
            selectinload(Case.aims),
        )
    )


def _admission(user: User, case: Case, *, is_member: bool, glass_until: datetime | None) -> Admission:
    if is_member:
        return Admission(Right.MEMBER)
    if case.visibility is Visibility.PARTNERSHIP and not user.agency.is_oversight:
        return Admission(Right.PARTNERSHIP)
    return Admission(Right.GLASS, glass_until)


def _glass_until(user: User) -> ScalarSelect[datetime]:
    return (
        select(func.max(EmergencyAccess.expires_at))
        .where(EmergencyAccess.case_id == Case.id, EmergencyAccess.user_id == user.id)
        .correlate(Case)
        .scalar_subquery()
    )


def conflicted(user: User) -> Select[int]:
    return select(Conflict.case_id).where(Conflict.user_id == user.id, Conflict.lifted_at.is_(None))


def _is_member(user: User) -> ColumnElement[bool]:
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


def parties_of(case: Case) -> Sequence[Party]:
    return db.session.scalars(
        select(Party)
        .join(Party.subject)
        .options(contains_eager(Party.subject))
        .where(Party.case_id == case.id)
        .order_by(Party.id)
    ).all()


def party_of(case: Case, number: int) -> Party:
    party = db.session.scalars(
        select(Party).options(joinedload(Party.subject)).where(Party.case_id == case.id, Party.id == number)
    ).one_or_none()
    if party is None:
        raise NotFound
    return party


def note_of(user: User, case: Case, number: int) -> Note:
    """A note of a case this person has opened; `NotFound` where it is for other agencies."""
    note = db.session.scalars(
        select(Note).where(Note.case_id == case.id, Note.id == number, is_admitted(user))
    ).one_or_none()
    if note is None:
        raise NotFound
    return note


def open_cases_about(user: User, subject: Subject) -> Sequence[Case]:
    """Open cases whose main subject this is: a duplicate joins one of them."""
    return db.session.scalars(
        visible_to(user).where(Case.subject_id == subject.id, Case.closed_at.is_(None)).order_by(Case.id)
    ).all()


def case_rows(
    user: User,
    *,
    state: str = "open",
    stage: Stage | None = None,
    lead: User | None = None,
    agency_id: int | None = None,
    ward_id: int | None = None,
    sort: str = "reference",
    descending: bool = True,
) -> Select[*tuple[Any, ...]]:
    """Cases as rows for a list: one statement, however many there are."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.audit_id,
            Case.summary,
            Case.stage,
            Case.stage_since,
            Case.headline_band,
            Case.next_review_on,
            Case.closed_at,
            Subject.name.label("subject"),
            Ward.name.label("ward"),
            Agency.name.label("agency"),
            Lead.name.label("lead"),
        )
        .join(Subject, Subject.id == Case.subject_id)
        .join(Lead, Lead.id == Case.lead_id)
        .join(Agency, Agency.id == Case.lead_agency_id)
        .join(Ward, Ward.id == Case.ward_id, isouter=True)
        .where(is_visible(user))
    )
    if state != "all":
        statement = statement.where(
            Case.closed_at.is_(None) if state == "open" else Case.closed_at.is_not(None)
        )
    if stage is not None:
        statement = statement.where(Case.stage == stage)
    if lead is not None:
        statement = statement.where(Case.lead_id == lead.id)
    if agency_id is not None:
        statement = statement.where(Case.lead_agency_id == agency_id)
    if ward_id is not None:
        statement = statement.where(Case.ward_id == ward_id)
    key = SORTS.get(sort, SORTS["reference"])
    order = key.desc() if descending else key.asc()
    return statement.order_by(order.nulls_last(), Case.id.desc() if descending else Case.id)


def events_of(
    user: User,
    case: Case,
    *,
    milestones_only: bool = False,
    kind: EventKind | None = None,
    since: datetime | None = None,
) -> Select[*tuple[Any, ...]]:
    """The chronology, newest first; when it happened, when it was recorded, and the text of a note."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Event.id,
            Event.kind,
            Event.title,
            Event.happened_at,
            Event.recorded_at,
            Event.is_milestone,
            Event.note_id,
            Note.body,
            Note.created_at.label("note_created_at"),
            Note.author_id,
            Note.corrects_id,
            Note.audience,
            User.name.label("actor"),
            Agency.name.label("agency"),
        )
        .join(User, User.id == Event.actor_id)
        .join(Agency, Agency.id == User.agency_id)
        .join(Note, Note.id == Event.note_id, isouter=True)
        .where(Event.case_id == case.id, is_admitted(user))
        .order_by(Event.happened_at.desc(), Event.id.desc())
    )
    if milestones_only:
        statement = statement.where(Event.is_milestone)
    if kind is not None:
        statement = statement.where(Event.kind == kind)
    if since is not None:
        statement = statement.where(Event.recorded_at >= since)
    return statement


def latest_events(user: User, case: Case, count: int = 3) -> Sequence[Row[*tuple[Any, ...]]]:
    return db.session.execute(events_of(user, case).limit(count)).all()
