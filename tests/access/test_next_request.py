"""Whatever changes who may see a case takes effect on the next request: two browsers are open, one changes it.

Nothing is signed out, nothing is opened anew: the same browser that has just read, or was just refused, asks again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from psg.accounts.administration import services as administration
from psg.accounts.models import AgencyKind, Role, User
from psg.cases import access_queries
from psg.cases.models import Case, Visibility
from psg.extensions import db
from psg.web.dates import now, today
from tests.access.standing import break_glass, let_in, shut_out, turn
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.subjects import make_person

CANARY = "Quillfeather"
SignIn = Callable[..., Browser]


@dataclass
class Two:
    """The case, its lead and its coordinator, and the person whose access changes, each at a browser of their own."""

    case: Case
    person: User
    lead: Browser
    chair: Browser
    theirs: Browser

    @property
    def at(self) -> str:
        return f"/cases/{self.case.reference}"

    def sees(self) -> bool:
        answer = self.theirs.get(self.at)
        listed = CANARY in self.theirs.get("/cases").text
        assert listed is (answer.status_code == 200), "the list and the page disagree"
        return CANARY in answer.text

    def works(self) -> bool:
        return self.theirs.get(f"{self.at}/edit").status_code == 200

    def member(self) -> int:
        held = access_queries.member(self.case, self.person)
        assert held is not None
        return held.id

    def step(self, step: str) -> None:
        assert self.lead.send(f"{self.at}/access/members/{self.member()}/{step}").status_code == 303

    def turn(self, wanted: str) -> None:
        sent = {"wanted": wanted, "reason": "A threat"}
        assert self.lead.send(f"{self.at}/access/visibility", sent).status_code == 303

    def agree(self) -> None:
        assert self.chair.send(f"{self.at}/access/visibility/answer", {"answer": "grant"}).status_code == 303


@pytest.fixture
def two(session: object, sign_in: SignIn) -> Two:
    lead, chair = make_user(), make_user(role=Role.COORDINATOR)
    person = make_user()
    case = make_case(lead=lead, subject=make_person(by=lead, family_name=CANARY))
    return Two(case, person, sign_in(lead), sign_in(chair), sign_in(person))


def by_invitation(two: Two) -> None:
    sent = {"person": str(two.person.id)}
    assert two.lead.send(f"{two.at}/access/invite", sent).status_code == 303
    assert two.theirs.send(f"{two.at}/access/invitation", {"answer": "accept"}).status_code == 303


def by_asking(two: Two) -> None:
    assert two.theirs.send(f"{two.at}/access/ask", {"reason": "We work with her"}).status_code == 303
    asked = access_queries.waiting_request(two.case, two.person)
    assert asked is not None
    assert two.lead.send(f"{two.at}/access/requests/{asked.id}", {"answer": "grant"}).status_code == 303


def by_emergency(two: Two) -> None:
    sent = {"urgency": "court", "reason": "A hearing begins within the hour"}
    assert two.theirs.send(f"{two.at}/emergency/reason", sent).status_code == 303


def by_being_reinstated(two: Two) -> None:
    let_in(two.case, two.person)
    two.step("suspend")
    assert not two.sees()
    two.step("reinstate")


def by_being_given_the_lead(two: Two) -> None:
    sent = {"lead": str(two.person.id), "reason": "On leave"}
    assert two.lead.send(f"{two.at}/lead", sent).status_code == 303


def by_the_case_being_opened(two: Two) -> None:
    two.turn("partnership")


@pytest.mark.parametrize(
    ("how", "then_works"),
    [
        (by_invitation, True),
        (by_asking, True),
        (by_being_reinstated, True),
        (by_being_given_the_lead, True),
        (by_emergency, False),
        (by_the_case_being_opened, False),
    ],
)
def test_a_restricted_case_opens(two: Two, how: Callable[[Two], None], then_works: bool) -> None:
    turn(two.case, Visibility.MEMBERS)
    db.session.commit()
    assert not two.sees()
    how(two)
    assert two.sees()
    assert two.works() is then_works


def by_removal(two: Two) -> None:
    two.step("remove")


def by_suspension(two: Two) -> None:
    two.step("suspend")


def by_leaving(two: Two) -> None:
    assert two.theirs.send(f"{two.at}/access/leave").status_code == 303


def by_a_conflict_that_is_set(two: Two) -> None:
    sent = {"person": str(two.person.id), "reason": "A cousin"}
    assert two.chair.send(f"{two.at}/access/conflicts/new", sent).status_code == 303


def by_a_conflict_that_is_declared(two: Two) -> None:
    assert two.theirs.send(f"{two.at}/conflict", {"reason": "A cousin"}).status_code == 303


def by_their_last_day(two: Two) -> None:
    held = access_queries.member(two.case, two.person)
    assert held is not None
    held.until = today() - timedelta(days=1)
    db.session.commit()


def by_the_end_of_the_agreement(two: Two) -> None:
    two.person.agency.agreement_until = today() - timedelta(days=1)
    db.session.commit()


def by_the_account_being_switched_off(two: Two) -> None:
    two.person.is_active = False
    db.session.commit()


def by_another_role(two: Two) -> None:
    two.person.role = Role.ADMINISTRATOR
    db.session.commit()


@pytest.mark.parametrize(
    "how",
    [
        by_removal, by_suspension, by_leaving, by_a_conflict_that_is_set, by_a_conflict_that_is_declared,
        by_their_last_day, by_the_end_of_the_agreement, by_the_account_being_switched_off, by_another_role,
    ],
)  # fmt: skip
def test_a_restricted_case_shuts_to_a_member(two: Two, how: Callable[[Two], None]) -> None:
    let_in(two.case, two.person)
    turn(two.case, Visibility.MEMBERS)
    db.session.commit()
    assert two.sees()
    how(two)
    assert CANARY not in two.theirs.get(two.at).text
    assert CANARY not in two.theirs.get("/cases").text
    assert not two.works()


def test_a_case_that_is_restricted_and_sealed_shuts_to_those_outside(two: Two) -> None:
    assert two.sees()
    two.turn("members")
    assert not two.sees()
    assert two.theirs.get(two.at).status_code == 303
    two.turn("sealed")
    assert two.theirs.get(two.at).status_code == 303, "proposed, and not yet agreed"
    two.agree()
    assert two.theirs.get(two.at).status_code == 404
    two.turn("members")
    two.agree()
    assert two.theirs.get(two.at).status_code == 303


def test_a_seal_ends_an_emergency(two: Two) -> None:
    turn(two.case, Visibility.MEMBERS)
    break_glass(two.case, two.person)
    db.session.commit()
    assert two.sees()
    two.turn("sealed")
    two.agree()
    assert two.theirs.get(two.at).status_code == 404


def test_an_emergency_ends_by_itself(two: Two, sign_in: SignIn) -> None:
    turn(two.case, Visibility.MEMBERS)
    break_glass(two.case, two.person)
    db.session.commit()
    assert two.sees()
    for hours, is_open in ((3.9, True), (4.1, False)):
        with time_machine.travel(now() + timedelta(hours=hours), tick=False):
            sign_in(two.person, two.theirs)  # the screen would be locked by then
            assert two.sees() is is_open


def test_a_conflict_that_is_lifted_hides_the_case_no_more(two: Two) -> None:
    assert two.sees()
    conflict = shut_out(two.case, two.person)
    db.session.commit()
    assert two.theirs.get(two.at).status_code == 404
    assert two.chair.send(f"{two.at}/access/conflicts/{conflict.id}/lift").status_code == 303
    assert two.sees()


@pytest.mark.parametrize("by_glass", [False, True], ids=["a member", "in an emergency"])
def test_nobody_takes_a_case_along_to_another_agency(two: Two, sign_in: SignIn, by_glass: bool) -> None:
    if by_glass:
        turn(two.case, Visibility.MEMBERS)
        break_glass(two.case, two.person)
    else:
        by_invitation(two)
        turn(two.case, Visibility.MEMBERS)
    db.session.commit()
    assert two.sees()
    administrator, elsewhere = make_user(role=Role.ADMINISTRATOR), make_agency()
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        administration.edit_user(
            two.person, name=two.person.name, agency=elsewhere, by=administrator, now=now()
        )
        sign_in(two.person, two.theirs)
        assert two.theirs.get(two.at).status_code == 303
        assert not two.works()


@pytest.mark.parametrize("change", ["lapses", "becomes an oversight body"])
def test_the_agency_is_asked_on_every_request(two: Two, change: str) -> None:
    assert two.sees()
    agency: Any = two.person.agency
    if change == "lapses":
        agency.agreement_until = today() - timedelta(days=1)
    else:
        two.person.agency = make_agency(kind=AgencyKind.OVERSIGHT)
    db.session.commit()
    assert not two.sees()


def test_what_was_sent_before_is_not_led_back_to_by_its_key(two: Two) -> None:
    """A form that was saved answers its second press with where the first led: to a page that is shut by now."""
    let_in(two.case, two.person)
    turn(two.case, Visibility.MEMBERS)
    db.session.commit()
    page = f"{two.at}/notes/new"
    day = today()
    note = {"body": CANARY, "audience": "case", "happened_on-day": day.day, "happened_on-month": day.month, "happened_on-year": day.year}  # fmt: skip
    form = {**two.theirs.hidden_fields(page), **note}
    first = two.theirs.post(page, data=form)
    assert first.status_code == 303
    two.step("remove")
    again = two.theirs.post(page, data=form, follow_redirects=True)
    assert CANARY not in again.text
    other = two.theirs.post(page, data={**form, "body": "Another"}, follow_redirects=True)
    assert CANARY not in other.text


def test_what_was_typed_is_given_back_without_the_case_it_was_for(two: Two) -> None:
    """Kept words are their writer's; the page they were typed on opens to them no more."""
    let_in(two.case, two.person)
    turn(two.case, Visibility.MEMBERS)
    db.session.commit()
    page = f"{two.at}/notes/new"
    token = two.theirs.hidden_fields(page)["csrf_token"]
    draft = {"csrf_token": token, "path": page, "page": page, "body": "My own words"}
    two.theirs.post("/drafts", data=draft)
    two.step("remove")
    listed = two.theirs.get("/kept")
    assert CANARY not in listed.text
    for number in range(1, 4):
        assert CANARY not in two.theirs.get(f"/kept/{number}", follow_redirects=True).text
