"""How one person stands to one case, and what its Access page shows them of others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from werkzeug.exceptions import Forbidden

from psg.accounts import queries as accounts
from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.cases import access_queries, policy, queries
from psg.cases.access_models import (
    AccessRequest,
    Conflict,
    EmergencyAccess,
    Member,
    MemberStatus,
    VisibilityProposal,
)
from psg.cases.looked import Looks, Place, looks_at
from psg.cases.models import Case, Right
from psg.web.dates import london

PRESENT = (MemberStatus.ACTIVE, MemberStatus.INVITED, MemberStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One person's own part in a case: their membership, what they asked for last, what is open to them."""

    status: MemberStatus | None
    request: AccessRequest | None
    may_ask: bool
    may_declare: bool
    may_break_glass: bool

    @property
    def is_invited(self) -> bool:
        return self.status is MemberStatus.INVITED

    @property
    def is_suspended(self) -> bool:
        return self.status is MemberStatus.SUSPENDED


@dataclass(frozen=True, slots=True)
class MemberLine:
    member: Member
    is_lead: bool
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Access:
    """The whole of the page. What only members see is empty for those who read the case without being one."""

    own: OwnPart
    is_member: bool
    may_manage: bool
    may_set_conflicts: bool
    members: Sequence[MemberLine]
    former: Sequence[Member]
    proposal: VisibilityProposal | None
    may_answer_proposal: bool
    requests: Sequence[AccessRequest]
    conflicts: Sequence[Conflict]
    emergencies: Sequence[EmergencyAccess]
    looks: Looks | None


def own_part(case: Case, user: User, now: datetime) -> OwnPart:
    member = access_queries.member(case, user)
    status, door = member.status if member else None, queries.door_of(user, case)
    request = access_queries.latest_request(case, user)

    def may(permission: Permission) -> bool:
        return policy.allow(user, permission, door, None, now)

    waits = request is not None and request.decided_at is None
    belongs = member is not None and member.stands_on(london(now).date())
    return OwnPart(
        status=status,
        request=request,
        may_ask=may(Permission.ASK_TO_JOIN) and policy.can_be_member(user) and not belongs and not waits,
        may_declare=may(Permission.DECLARE_CONFLICT),
        may_break_glass=may(Permission.BREAK_GLASS) and not may(Permission.READ_A_CASE),
    )


def access_to(case: Case, user: User, now: datetime, *, before: Place | None = None) -> Access:
    door = queries.door_of(user, case)
    is_member = case.admission.right is Right.MEMBER
    may_manage = policy.may_manage(user, case, door, now)
    tells_conflicts = policy.allow(user, Permission.SET_CONFLICTS, door, None, now)
    members = sorted(access_queries.members_of(case), key=lambda one: one.user_id != case.lead_id)
    proposal = access_queries.visibility_proposal(case) if is_member else None
    return Access(
        own=own_part(case, user, now),
        is_member=is_member,
        may_manage=may_manage,
        may_set_conflicts=tells_conflicts,
        members=[
            MemberLine(one, one.user_id == case.lead_id, _steps(case, one, user, door, now))
            for one in members
            if one.status in PRESENT
        ],
        former=[one for one in members if one.status is MemberStatus.FORMER],
        proposal=proposal,
        may_answer_proposal=may_manage and proposal is not None and proposal.proposed_by_id != user.id,
        requests=access_queries.waiting_requests(case) if is_member else [],
        conflicts=access_queries.conflicts_in(case) if tells_conflicts else [],
        emergencies=access_queries.emergencies_of(case) if is_member else [],
        looks=looks_at(case, tells_conflicts=tells_conflicts, reader=user, before=before)
        if is_member
        else None,
    )


def case_to_manage(user: User, reference: str, now: datetime) -> Case:
    """The case, for those who decide who belongs to it."""
    case = queries.case_to_change(user, reference, Permission.MANAGE_MEMBERS)
    if not manages(user, case, now):
        raise Forbidden("The case’s lead, a coordinator or an agency lead in the case decides this.")
    return case


def manages(user: User, case: Case, now: datetime) -> bool:
    return policy.may_manage(user, case, queries.door_of(user, case), now)


def is_to_be_asked(case: Case, user: User) -> bool:
    """Whether the product suggests a conflict of interest: somebody in the case has this person's family
    name, and it was not asked before."""
    names = access_queries.family_names_in(case)
    return policy.may_be_related(user, names) and not access_queries.was_asked_about_conflict(case, user)


def people_to_invite(case: Case, user: User, now: datetime) -> Sequence[User]:
    """Whom this person may make a member. One with a conflict of interest is among them, so that the list
    betrays nothing; the invitation is refused."""
    door = queries.door_of(user, case)
    present = {one.user_id for one in access_queries.members_of(case) if one.status in PRESENT}
    return [
        person
        for person in accounts.case_workers()
        if person.id not in present
        and policy.can_be_member(person)
        and policy.may_add(user, person, case, door, now)
    ]


def people_to_shut_out(case: Case, user: User) -> Sequence[User]:
    """Those whose conflict of interest a coordinator may set: anyone who could come to the case, but themselves."""
    return [person for person in accounts.case_workers() if person.id != user.id]


def choices_of_people(people: Iterable[User]) -> list[tuple[str, str]]:
    return [(str(person.id), f"{person.name}, {person.agency.name}") for person in people]


def _steps(case: Case, member: Member, user: User, door: policy.Door, now: datetime) -> Sequence[str]:
    if member.user_id == case.lead_id or member.user_id == user.id:
        return ()
    if not policy.may_add(user, member.user, case, door, now):
        return ()
    return {
        MemberStatus.ACTIVE: ("suspend", "remove"),
        MemberStatus.SUSPENDED: ("reinstate", "remove"),
    }.get(member.status, ("remove",))
