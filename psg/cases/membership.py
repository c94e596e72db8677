"""Who belongs to a case: inviting, joining, leaving, handing on, and keeping a case to its members.

Every step takes effect on the next request of the person concerned: nothing of access is kept.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from psg.accounts import queries as accounts
from psg.accounts.administration import services as administration
from psg.accounts.models import Role, User
from psg.accounts.permissions import Permission
from psg.accounts.sign_in_models import Decision
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import access_queries, policy, queries
from psg.cases.access_models import AccessRequest, EmergencyAccess, Member, MemberStatus, VisibilityProposal
from psg.cases.models import Case, Visibility
from psg.extensions import db, hold
from psg.web.dates import london

CANNOT = "{name} cannot be given a part in this case: choose somebody else"


def begin_membership(case: Case, others: Iterable[User], *, by: User, now: datetime) -> list[Member]:
    """The first members: its lead, who opened it, whom they name, and every coordinator.

    A coordinator is an ordinary, visible member, so that no role goes round the rule.
    """
    people = {person.id: person for person in (case.lead, by, *others, *accounts.coordinators())}
    return [
        _set(case, person, MemberStatus.ACTIVE, by=by, now=now)
        for person in people.values()
        if policy.can_be_member(person)
    ]


def take_part(case: Case, person: User, *, by: User, now: datetime) -> None:
    """Whoever leads a case or is given work in it works in it as a member.

    In a case that is kept to its members, work goes only to those who are.
    """
    member = access_queries.member(case, person)
    if member is not None and member.status is MemberStatus.ACTIVE and member.stands_on(london(now).date()):
        return
    _check_can_join(case, person)
    if member is not None and member.status is MemberStatus.SUSPENDED and person.id != case.lead_id:
        raise Refused(f"{person.name} is suspended from this case: reinstate them first", field="doer")
    if case.visibility is not Visibility.PARTNERSHIP and person.id != case.lead_id:
        raise Refused(
            f"{person.name} is not a member of this restricted case: invite them first", field="doer"
        )
    _set(case, person, MemberStatus.ACTIVE, by=by, now=now)


def invite(case: Case, person: User, *, until: date | None, by: User, now: datetime) -> Member:
    """Ask somebody to join. A sealed case cannot be known from outside: there they are members at once."""
    _check_may_add(case, person, by, now)
    held = access_queries.member(case, person)
    if held is not None and held.stands_on(london(now).date()):
        raise Refused(
            f"{person.name} is {held.status.label.lower()} already: choose somebody else", field="person"
        )
    _check_can_join(case, person)
    if until is not None and until < now.date():
        raise Refused("The last day cannot be in the past: choose a later one", field="until")
    sealed = case.visibility is Visibility.SEALED
    status = MemberStatus.ACTIVE if sealed else MemberStatus.INVITED
    member = _set(case, person, status, until=until, by=by, now=now)
    _note("member.invite", member, case, by=by, now=now)
    return member


def answer_invitation(case: Case, *, accept: bool, by: User, now: datetime) -> Member:
    """Join, or say no. Only the person who was invited answers."""
    member = access_queries.member(case, by)
    if member is None or member.status is not MemberStatus.INVITED:
        raise Refused("There is no invitation to answer: ask to join the case instead")
    _check_can_join(case, by)
    member.status = MemberStatus.ACTIVE if accept else MemberStatus.FORMER
    member.changed_at = now
    db.session.flush()
    _note("member.join" if accept else "member.decline", member, case, by=by, now=now)
    return member


def leave(case: Case, *, by: User, now: datetime) -> None:
    """Stop working in a case. Its lead hands it on first."""
    _end(case, by, MemberStatus.FORMER, "member.leave", by=by, now=now)


def suspend(case: Case, person: User, *, by: User, now: datetime) -> None:
    """Stop somebody's work in the case for the time being."""
    _check_may_add(case, person, by, now)
    _end(case, person, MemberStatus.SUSPENDED, "member.suspend", by=by, now=now)


def remove(case: Case, person: User, *, by: User, now: datetime) -> None:
    _check_may_add(case, person, by, now)
    _end(case, person, MemberStatus.FORMER, "member.remove", by=by, now=now)


def reinstate(case: Case, person: User, *, by: User, now: datetime) -> None:
    """Let a suspended member work again."""
    _check_may_add(case, person, by, now)
    member = access_queries.member(case, person)
    if member is None or member.status is not MemberStatus.SUSPENDED:
        raise Refused(f"{person.name} is not suspended", field="person")
    _check_can_join(case, person)
    _set(case, person, MemberStatus.ACTIVE, until=member.until, by=by, now=now)
    _note("member.reinstate", member, case, by=by, now=now)


def ask_to_join(case: Case, *, reason: str, by: User, now: datetime) -> AccessRequest | None:
    """Ask the lead for access; one request waits at a time.

    A coordinator joins a case of the partnership by asking, visibly, as they do at its opening.
    """
    if not queries.may(by, Permission.ASK_TO_JOIN, case, now) or not policy.can_be_member(by):
        raise Refused("You cannot ask to join this case: speak to the PSG coordinator")
    member = access_queries.member(case, by)
    if member is not None and member.stands_on(london(now).date()):
        raise Refused(f"You are {member.status.label.lower()} already")
    if access_queries.waiting_request(case, by) is not None:
        raise Refused("You have asked already, and the lead has not answered yet")
    if by.role is Role.COORDINATOR and case.visibility is Visibility.PARTNERSHIP:
        _note("member.join", _set(case, by, MemberStatus.ACTIVE, by=by, now=now), case, by=by, now=now)
        return None
    request = AccessRequest(case=case, user=by, reason=reason, asked_at=now)
    db.session.add(request)
    db.session.flush()
    audit.record(Operation.SECURITY, "access.ask", by=by, case=case, obj=request, at=now)
    return request


def answer_request(
    request: AccessRequest, case: Case, *, grant: bool, until: date | None, by: User, now: datetime
) -> None:
    """Grant or refuse; whoever asked finds the answer at the case's door."""
    hold(request)
    if request.decision is not Decision.PENDING:
        raise Refused("This request is answered already")
    _check_may_add(case, request.user, by, now)
    if grant:
        _check_can_join(case, request.user)
        _set(case, request.user, MemberStatus.ACTIVE, until=until, by=by, now=now)
    request.decision = Decision.GRANTED if grant else Decision.REFUSED
    request.decided_by, request.decided_at = by, now
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "access.grant" if grant else "access.refuse",
        by=by,
        case=case,
        obj=request,
        at=now,
        person=request.user.record_id,
    )


def change_visibility(
    case: Case, wanted: Visibility, *, reason: str, by: User, now: datetime
) -> VisibilityProposal | None:
    """Keep the case to its members, open it again, or propose to seal or unseal it, which takes two people."""
    _check_may_manage(case, by, now)
    if wanted is case.visibility:
        raise Refused(f"The case is already so: {wanted.label.lower()}", field="wanted")
    if access_queries.visibility_proposal(case) is not None:
        raise Refused("A change is proposed already: answer that first", field="wanted")
    if Visibility.SEALED not in (wanted, case.visibility):
        _turn(case, wanted, action="case.visibility", by=by, now=now)
        return None
    proposal = VisibilityProposal(
        case_id=case.id, wanted=wanted, reason=reason, proposed_by=by, proposed_at=now
    )
    db.session.add(proposal)
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "case.visibility_proposed",
        by=by,
        case=case,
        obj=proposal,
        at=now,
        wanted=wanted.value,
    )
    return proposal


def answer_visibility(case: Case, *, grant: bool, by: User, now: datetime) -> None:
    """The second person's answer: another member who may decide on the case's members."""
    _check_may_manage(case, by, now)
    proposal = access_queries.visibility_proposal(case)
    if proposal is None:
        raise Refused("No change is proposed")
    hold(proposal)
    if proposal.decision is not Decision.PENDING:
        raise Refused("This is answered already")
    if proposal.proposed_by_id == by.id:
        raise Refused("You proposed this: another member answers it")
    proposal.decision = Decision.GRANTED if grant else Decision.REFUSED
    proposal.decided_by_id, proposal.decided_at = by.id, now
    db.session.flush()
    if grant:
        _turn(case, proposal.wanted, action="case.visibility", by=by, now=now)
    else:
        audit.record(Operation.SECURITY, "case.visibility_refused", by=by, case=case, obj=proposal, at=now)


def end_memberships(case: Case, *, now: datetime) -> None:
    """Closing a case ends every membership but its lead's and the coordinators'."""
    for member in db.session.scalars(
        select(Member)
        .join(Member.user)
        .where(
            Member.case_id == case.id,
            Member.status != MemberStatus.FORMER,
            Member.user_id != case.lead_id,
            User.role != Role.COORDINATOR,
        )
    ):
        member.status, member.changed_at = MemberStatus.FORMER, now
    db.session.flush()


def leave_behind(user: User, now: datetime) -> None:
    """Whoever goes to another agency takes no case along, nor what was opened to them in an emergency.

    Where they led a case they lead it by name until the chair passes it on. The move has its own entry.
    """
    held = select(Member).where(Member.user_id == user.id, Member.status != MemberStatus.FORMER)
    for member in db.session.scalars(held):
        member.status, member.changed_at = MemberStatus.FORMER, now
    opened = select(EmergencyAccess).where(
        EmergencyAccess.user_id == user.id, EmergencyAccess.opened_at < now, EmergencyAccess.expires_at > now
    )
    for glass in db.session.scalars(opened):
        glass.expires_at = now
    db.session.flush()


administration.on_moved.append(leave_behind)


def _turn(case: Case, wanted: Visibility, *, action: str, by: User, now: datetime) -> None:
    case.visibility = wanted
    db.session.flush()
    audit.record(Operation.SECURITY, action, by=by, case=case, obj=case, at=now, wanted=wanted.value)


def _set(
    case: Case,
    person: User,
    status: MemberStatus,
    *,
    until: date | None = None,
    by: User,
    now: datetime,
) -> Member:
    member = access_queries.member(case, person)
    if member is None:
        member = Member(case=case, user=person, status=status, until=until, added_by=by, changed_at=now)
        db.session.add(member)
    else:
        member.status, member.until, member.added_by, member.changed_at = status, until, by, now
    db.session.flush()
    return member


def _end(case: Case, person: User, status: MemberStatus, action: str, *, by: User, now: datetime) -> None:
    member = access_queries.member(case, person)
    if member is None or member.status is MemberStatus.FORMER:
        raise Refused(f"{person.name} is not a member of this case", field="person")
    if person.id == case.lead_id:
        raise Refused(f"{person.name} leads this case: pass the lead to somebody else first", field="person")
    member.status, member.changed_at = status, now
    db.session.flush()
    _note(action, member, case, by=by, now=now)


def _note(action: str, member: Member, case: Case, *, by: User, now: datetime) -> None:
    audit.record(
        Operation.SECURITY, action, by=by, case=case, obj=member, at=now, person=member.user.record_id
    )


def _check_can_join(case: Case, person: User) -> None:
    if access_queries.conflict(case, person) is not None or not policy.can_be_member(person):
        raise Refused(CANNOT.format(name=person.name), field="person")


def _check_may_manage(case: Case, by: User, now: datetime) -> None:
    if not policy.may_manage(by, case, queries.door_of(by, case), now):
        raise Refused("Only the case's lead, a coordinator or an agency lead in the case decides this")


def _check_may_add(case: Case, person: User, by: User, now: datetime) -> None:
    if not policy.may_add(by, person, case, queries.door_of(by, case), now):
        raise Refused(
            "The case's lead and coordinators decide this, an agency lead for their own people",
            field="person",
        )
