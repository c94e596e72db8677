"""Conflicts of interest, which shut a case to a person, and emergency access, which opens it for four hours."""

from datetime import date, datetime, timedelta

from psg.accounts.models import Role, User
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import access_queries, policy, queries
from psg.cases.access_models import Conflict, EmergencyAccess, Finding, MemberStatus, Urgency
from psg.cases.models import Case, Visibility
from psg.extensions import db, hold
from psg.web import mail
from psg.web.dates import london

GLASS_LASTS = timedelta(hours=4)
SHORTEST_REASON = 20
NO_CONFLICT = "Of the same family name, and no conflict of interest"
REVIEWED_WITHIN = 3
"""Working days until another person has looked at an emergency access."""


def declare_conflict(case: Case, person: User, *, reason: str, by: User, now: datetime) -> Conflict:
    """From the next request on the case does not exist for this person. It is not shown to them again."""
    wanted = Permission.DECLARE_CONFLICT if person.id == by.id else Permission.SET_CONFLICTS
    if not queries.may(by, wanted, case, now):
        raise Refused("A coordinator in the case sets this: ask one of them", field="person")
    if access_queries.conflict(case, person) is not None:
        raise Refused(f"A conflict of {person.name} stands already", field="person")
    if person.id == case.lead_id:
        raise Refused(
            f"{person.name} leads this case: pass the lead to somebody else first, then declare the conflict",
            field="person",
        )
    member = access_queries.member(case, person)
    if member is not None and member.status is not MemberStatus.FORMER:
        member.status, member.changed_at = MemberStatus.FORMER, now
    conflict = Conflict(case=case, user=person, reason=reason, declared_by=by, declared_at=now)
    db.session.add(conflict)
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "conflict.declare",
        by=by,
        case=case,
        obj=conflict,
        at=now,
        person=person.record_id,
    )
    return conflict


def deny_conflict(case: Case, *, by: User, now: datetime) -> None:
    """Answer the product's hint with no: kept as a conflict that never stood, so that it is asked once."""
    if not access_queries.was_asked_about_conflict(case, by):
        answer = {"reason": NO_CONFLICT, "declared_by": by, "declared_at": now}
        db.session.add(Conflict(case=case, user=by, lifted_at=now, lifted_by_id=by.id, **answer))
        db.session.flush()
    audit.record(Operation.SECURITY, "conflict.deny", by=by, case=case, obj=case, at=now)


def lift_conflict(conflict: Conflict, case: Case, *, by: User, now: datetime) -> None:
    """Only a coordinator in the case, and never the person concerned. It makes nobody a member again."""
    if conflict.user_id == by.id or not queries.may(by, Permission.SET_CONFLICTS, case, now):
        raise Refused("Another coordinator in the case lifts this")
    hold(conflict)
    if conflict.lifted_at is not None:
        raise Refused("This conflict is lifted already")
    conflict.lifted_at, conflict.lifted_by_id = now, by.id
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "conflict.lift",
        by=by,
        case=case,
        obj=conflict,
        at=now,
        person=conflict.user.record_id,
    )


def break_glass(case: Case, *, urgency: Urgency, reason: str, by: User, now: datetime) -> EmergencyAccess:
    """Read a case at once for a stated reason: read-only, for four hours, looked at afterwards by another.

    The case's lead and the coordinators in it are told at once, by a letter that says nothing of the case.
    """
    door = queries.door_of(by, case)
    if not policy.allow(by, Permission.BREAK_GLASS, door, None, now) or case.visibility is Visibility.SEALED:
        raise Refused("Emergency access to this case is not possible: telephone its lead agency")
    if policy.allow(by, Permission.READ_A_CASE, door, None, now):
        raise Refused("You can read this case as it is")
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise Refused(
            f"Say in at least {SHORTEST_REASON} characters why you must read it now", field="reason"
        )
    glass = EmergencyAccess(
        case=case,
        user=by,
        urgency=urgency,
        reason=reason,
        opened_at=now,
        expires_at=now + GLASS_LASTS,
        review_due_on=working_days_after(london(now).date(), REVIEWED_WITHIN),
    )
    db.session.add(glass)
    db.session.flush()
    told = {person.id: person for person in (case.lead, *access_queries.coordinators_in(case))}
    for person in (one for number, one in told.items() if number != by.id):
        mail.post(
            person.email,
            "Emergency access was used",
            "Somebody has opened a case of yours by emergency access.\n"
            "Sign in and look under “Emergency access” on your work page.\n",
            now=now,
        )
    audit.record(
        Operation.SECURITY,
        "glass.break",
        by=by,
        case=case,
        obj=glass,
        at=now,
        urgency=urgency.value,
        reason=reason,
    )
    return glass


def review_emergency(
    glass: EmergencyAccess, case: Case, *, finding: Finding, note: str, by: User, now: datetime
) -> None:
    """Another person says whether the access was proper."""
    if not may_review(by, glass, now) or finding is Finding.PENDING:
        raise Refused("Another coordinator, or the person's agency lead, reviews this")
    hold(glass)
    if glass.finding is not Finding.PENDING:
        raise Refused("This access is reviewed already")
    glass.finding, glass.review_note = finding, note
    glass.reviewed_by_id, glass.reviewed_at = by.id, now
    db.session.flush()
    audit.record(
        Operation.SECURITY, "glass.review", by=by, case=case, obj=glass, at=now, finding=finding.value
    )


def may_review(user: User, glass: EmergencyAccess, now: datetime) -> bool:
    """A coordinator reviews all, an agency lead those of their own people, nobody their own.

    The review is of the access, not of the case: it shows reason and times and nothing of the case.
    """
    if not policy.allow(user, Permission.REVIEW_EMERGENCIES, None, None, now) or glass.user_id == user.id:
        return False
    return user.role is Role.COORDINATOR or (
        user.role is Role.AGENCY_LEAD and glass.user.agency_id == user.agency_id
    )


def working_days_after(day: date, count: int) -> date:
    """The day that many working days later; bank holidays are not known here and count as working days."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
