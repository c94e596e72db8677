"""Bringing a person and a case to where they stand, by the services that do so in use."""

from datetime import timedelta

from psg.accounts.models import Role, User
from psg.cases import access_queries, emergency, membership
from psg.cases.access_models import Conflict, EmergencyAccess, Member, Urgency
from psg.cases.models import Case, Visibility
from psg.extensions import db
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import join

REASON = "A hearing begins within the hour"
DAY = timedelta(days=1)


def turn(case: Case, wanted: Visibility) -> Case:
    """To that visibility; by two people where it takes two."""
    if case.visibility is wanted:
        return case
    if membership.change_visibility(case, wanted, reason="Agreed", by=case.lead, now=now()) is not None:
        membership.answer_visibility(case, grant=True, by=second(case), now=now())
    return case


def second(case: Case) -> User:
    """A coordinator in the case, beside its lead."""
    for held in access_queries.coordinators_in(case):
        if held.id != case.lead_id:
            return held
    person = make_user(role=Role.COORDINATOR)
    let_in(case, person)
    return person


def let_in(case: Case, person: User) -> Member:
    """A member, whatever the case's visibility."""
    member = membership.invite(case, person, until=None, by=case.lead, now=now())
    if case.visibility is not Visibility.SEALED:
        membership.answer_invitation(case, accept=True, by=person, now=now())
    return member


def lapse(case: Case, person: User) -> None:
    """A member whose last day was yesterday."""
    member = access_queries.member(case, person) or let_in(case, person)
    member.until = today() - DAY
    db.session.flush()


def shut_out(case: Case, person: User) -> Conflict:
    """A conflict of interest, set by a coordinator."""
    by = second(case) if second(case).id != person.id else make_coordinator(case)
    return emergency.declare_conflict(case, person, reason="A cousin", by=by, now=now())


def make_coordinator(case: Case) -> User:
    person = make_user(role=Role.COORDINATOR)
    let_in(case, person)
    return person


def break_glass(case: Case, person: User, *, hours: float = 0) -> EmergencyAccess:
    """An emergency access that began so many hours ago."""
    return emergency.break_glass(
        case, urgency=Urgency.COURT, reason=REASON, by=person, now=now() - timedelta(hours=hours)
    )


def takes_part(case: Case, *people: User) -> None:
    join(case, *people)
