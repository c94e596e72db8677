"""How somebody comes to work in a case, by none of which a decision of its lead is gone round."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from psg.accounts.models import Role, User
from psg.base import Refused
from psg.cases import access_queries, membership, queries
from psg.cases.access_models import MemberStatus
from psg.cases.models import Case, Visibility
from psg.cases.services import reassign_case
from psg.web.dates import now, today
from tests.access.standing import lapse, let_in, turn
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.actions import make_action
from tests.factories.cases import make_case

SignIn = Callable[[User], Browser]
pytestmark = pytest.mark.usefixtures("session")


def works(case: Case, person: User) -> bool:
    return queries.may_work(person, case, now())


def hand_on(case: Case, to: User, by: User) -> None:
    reassign_case(case, to=to, reason="On leave", by=by, now=now())


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.COORDINATOR, Role.AGENCY_LEAD])
def test_the_lead_is_passed_on_by_those_who_decide_on_members(sign_in: SignIn, role: Role) -> None:
    case = make_case()
    member, other = make_user(role=role), make_user()
    let_in(case, member)
    page = f"/cases/{case.reference}/lead"
    browser = sign_in(member)
    link = page in browser.get(f"/cases/{case.reference}").text
    if role is Role.PRACTITIONER:
        assert (browser.get(page).status_code, link) == (403, False)
    else:
        assert (browser.get(page).status_code, link) == (200, True)
    if role is Role.COORDINATOR:
        hand_on(case, other, member)
        assert case.lead_id == other.id
    else:
        with pytest.raises(Refused, match="passes the lead on"):
            hand_on(case, other, member)
    if role is Role.AGENCY_LEAD:
        hand_on(case, make_user(agency=member.agency), member)


def test_nobody_makes_themselves_the_lead() -> None:
    case, member = make_case(), make_user()
    let_in(case, member)
    with pytest.raises(Refused, match="passes the lead on"):
        hand_on(case, member, member)


def test_work_given_to_somebody_suspended_does_not_reinstate_them() -> None:
    case, member = make_case(), make_user()
    let_in(case, member)
    membership.suspend(case, member, by=case.lead, now=now())
    with pytest.raises(Refused, match="is suspended"):
        make_action(case, by=case.lead, owner=member, agency=member.agency)
    assert not works(case, member)
    hand_on(case, member, case.lead)
    assert works(case, member), "the lead may decide so"


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.SEALED])
def test_work_given_to_a_stranger_does_not_open_a_restricted_case(visibility: Visibility) -> None:
    case, stranger = turn(make_case(), visibility), make_user()
    with pytest.raises(Refused, match="is not a member"):
        make_action(case, by=case.lead, owner=stranger, agency=stranger.agency)
    assert not queries.may(stranger, queries.Permission.READ_A_CASE, case, now())


def test_somebody_whose_last_day_is_over_may_come_again() -> None:
    case, one, another = make_case(), make_user(), make_user()
    for person in (one, another):
        lapse(case, person)
        assert not works(case, person)
    membership.invite(case, one, until=today() + timedelta(days=7), by=case.lead, now=now())
    membership.answer_invitation(case, accept=True, by=one, now=now())
    request = membership.ask_to_join(case, reason="Back again", by=another, now=now())
    assert request is not None
    membership.answer_request(request, case, grant=True, until=None, by=case.lead, now=now())
    assert works(case, one)
    assert works(case, another)


def test_a_new_lead_works_in_the_case_though_their_last_day_was_over() -> None:
    case, person = make_case(), make_user()
    lapse(case, person)
    hand_on(case, person, case.lead)
    assert works(case, person)


@pytest.mark.parametrize("status", [MemberStatus.ACTIVE, MemberStatus.INVITED])
def test_a_member_is_not_invited_twice(status: MemberStatus) -> None:
    case, person = make_case(), make_user()
    membership.invite(case, person, until=None, by=case.lead, now=now())
    held: Any = access_queries.member(case, person)
    held.status = status
    with pytest.raises(Refused, match="already"):
        membership.invite(case, person, until=None, by=case.lead, now=now())
