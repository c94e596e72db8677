"""Administrators keep accounts and see no case; some roles take two of them; nobody decides for themselves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from psg.accounts import factors, queries
from psg.accounts.administration import services as administration
from psg.accounts.models import AgencyKind, Role, User
from psg.accounts.sign_in_models import AccountRequest, Decision
from psg.base import Refused
from psg.extensions import db
from psg.web.dates import now, today
from psg.web.mail import Letter
from tests.accounts.signing_in import entries, newest
from tests.browser import Browser
from tests.factories.accounts import give_app, make_agency, make_user
from tests.factories.cases import make_case

HOME = "/administration"
USERS = "/administration/users"
TWO = [Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR]


@pytest.fixture
def administrators(session) -> tuple[User, User]:
    return make_user(role=Role.ADMINISTRATOR), make_user(role=Role.ADMINISTRATOR)


def letters() -> list[str]:
    return list(db.session.scalars(select(Letter.recipient)))


def waiting() -> AccountRequest:
    return db.session.scalars(select(AccountRequest).where(AccountRequest.decision == Decision.PENDING)).one()


def decide(browser: Browser, request: AccountRequest, decision: str = "granted") -> TestResponse:
    page = f"{HOME}/requests/{request.id}"
    return browser.send(page, {"decision": decision})


def one_entry(act: Any) -> dict[str, Any]:
    db.session.commit()
    before = entries()
    answer = act()
    assert answer.status_code == 303, answer.text
    assert entries() == before + 1
    return newest()


def invite(browser: Browser, agency: Any, role: Role, email: str = "new@psg.example") -> TestResponse:
    typed = {"name": "Pat Ternfield", "email": email, "agency": str(agency.id), "role": role.value}
    return browser.send(f"{USERS}/new", typed)


def test_a_person_is_invited_and_nobody_chose_their_password(sign_in, administrators) -> None:
    agency = make_agency()
    entry = one_entry(lambda: invite(sign_in(administrators[0]), agency, Role.PRACTITIONER))
    made = queries.user_by_email("new@psg.example")
    assert made is not None
    assert (entry["action"], entry["obj"]) == ("user.create", made.record_id)
    assert not made.password_hash
    assert letters() == ["new@psg.example"]


@pytest.mark.parametrize("role", TWO)
def test_three_roles_take_a_second_administrator_from_the_first_day(
    sign_in, administrators, role: Role
) -> None:
    first, second = administrators
    agency = make_agency(kind=AgencyKind.POLICE if role is Role.COORDINATOR else AgencyKind.OVERSIGHT)
    entry = one_entry(lambda: invite(sign_in(first), agency, role))
    assert (entry["action"], entry["role"]) == ("account_request.account", role)
    assert queries.user_by_email("new@psg.example") is None
    asked = waiting()
    refused = sign_in(first)
    assert "Somebody else decides this" in refused.get(f"{HOME}/requests/{asked.id}").text
    token = refused.hidden_fields(f"{USERS}/new")["csrf_token"]
    own = refused.post(f"{HOME}/requests/{asked.id}", data={"csrf_token": token, "decision": "granted"})
    assert own.status_code == 422
    entry = one_entry(lambda: decide(sign_in(second), asked))
    assert (entry["action"], entry["actor"], entry["asked_by"]) == (
        "user.create", second.record_id, first.record_id,
    )  # fmt: skip
    made = queries.user_by_email("new@psg.example")
    assert made is not None
    assert made.role is role


def test_a_role_that_takes_two_is_asked_for_and_given_by_another(sign_in, administrators) -> None:
    (first, second), person = administrators, make_user()
    there = sign_in(person)
    browser = sign_in(first)
    one_entry(
        lambda: browser.send(f"{USERS}/{person.id}/role", {"role": "coordinator", "reason": "New chair"})
    )
    db.session.refresh(person)
    assert person.role is Role.PRACTITIONER
    assert there.get("/").status_code == 200
    again = browser.send(f"{USERS}/{person.id}/role", {"role": "coordinator"})
    assert (again.status_code, "asked for already" in again.text) == (422, True)
    entry = one_entry(lambda: decide(sign_in(second), waiting()))
    assert (entry["action"], entry["before"], entry["role"]) == ("user.role", "practitioner", "coordinator")
    db.session.refresh(person)
    assert person.role is Role.COORDINATOR
    assert there.get("/").status_code == 303, "a new role ends every session"
    assert letters() == [person.email]


def test_what_is_refused_changes_nothing(sign_in, administrators) -> None:
    (first, second), person = administrators, make_user()
    sign_in(first).send(f"{USERS}/{person.id}/role", {"role": "coordinator"})
    assert (
        one_entry(lambda: decide(sign_in(second), waiting(), "refused"))["action"] == "account_request.refuse"
    )
    db.session.refresh(person)
    assert person.role is Role.PRACTITIONER


def test_a_request_is_decided_once(sign_in, administrators) -> None:
    (first, second), person = administrators, make_user()
    third = make_user(role=Role.ADMINISTRATOR)
    sign_in(first).send(f"{USERS}/{person.id}/role", {"role": "coordinator"})
    asked, late = waiting(), sign_in(third)
    hidden = late.hidden_fields(f"{HOME}/requests/{asked.id}")
    decide(sign_in(second), asked, "refused")
    answer = late.post(f"{HOME}/requests/{asked.id}", data={**hidden, "decision": "granted"})
    assert (answer.status_code, "decided already" in answer.text) == (422, True)


def test_nobody_changes_their_own_role_agency_or_account(sign_in, administrators) -> None:
    first, _ = administrators
    browser, other = sign_in(first), make_agency(kind=AgencyKind.OVERSIGHT)
    own = f"{USERS}/{first.id}"
    for page, typed in (
        (f"{own}/role", {"role": "coordinator"}),
        (f"{own}/role", {"role": "delivery_group"}),
        (f"{own}/suspend", {}),
        (f"{own}/edit", {"name": first.name, "agency": str(other.id)}),
    ):
        assert browser.send(page, typed).status_code == 422, page
    db.session.refresh(first)
    assert (first.role, first.is_active) == (Role.ADMINISTRATOR, True)


def test_nobody_decides_what_is_about_themselves(sign_in, administrators) -> None:
    first, second = administrators
    subject = make_user(role=Role.ADMINISTRATOR)
    db.session.add(
        AccountRequest(
            kind="role",
            user=subject,
            agency=subject.agency,
            role=Role.DELIVERY_GROUP,
            asked_by=first,
            asked_at=now(),
        )
    )
    db.session.flush()
    browser = sign_in(subject)
    token = browser.hidden_fields(f"{USERS}/new")["csrf_token"]
    page = f"{HOME}/requests/{waiting().id}"
    assert browser.post(page, data={"csrf_token": token, "decision": "granted"}).status_code == 422
    assert decide(sign_in(second), waiting()).status_code == 303


@pytest.mark.parametrize(
    ("was", "becomes"), [(Role.AUDITOR, Role.ADMINISTRATOR), (Role.ADMINISTRATOR, Role.AUDITOR)]
)
def test_auditor_and_administrator_are_never_one_account(session, was: Role, becomes: Role) -> None:
    person = make_user(role=was)
    with pytest.raises(Refused, match="never one account"):
        administration.check_role(becomes, person.agency, user=person)


@pytest.mark.parametrize("role", list(Role))
def test_oversight_and_case_work_do_not_mix(session, role: Role) -> None:
    oversight, police = make_agency(kind=AgencyKind.OVERSIGHT), make_agency()
    fits = {agency.kind: _fits(role, agency) for agency in (oversight, police)}
    assert fits[AgencyKind.POLICE] == (role not in (Role.AUDITOR, Role.DELIVERY_GROUP))
    assert fits[AgencyKind.OVERSIGHT] == (role in (Role.AUDITOR, Role.DELIVERY_GROUP, Role.ADMINISTRATOR))


def _fits(role: Role, agency: Any) -> bool:
    try:
        administration.check_role(role, agency)
    except Refused:
        return False
    return True


def test_suspending_closes_the_account_at_the_next_request(sign_in, administrators) -> None:
    person = make_user()
    there, browser = sign_in(person), sign_in(administrators[0])
    assert there.get("/").status_code == 200
    assert one_entry(lambda: browser.send(f"{USERS}/{person.id}/suspend"))["action"] == "user.suspend"
    assert there.get("/").status_code == 303
    assert one_entry(lambda: browser.send(f"{USERS}/{person.id}/reinstate"))["action"] == "user.reinstate"
    assert there.get("/").status_code == 303, "they sign in anew"
    assert letters() == [person.email] * 2


def test_moving_somebody_to_another_agency_ends_their_sessions(sign_in, administrators) -> None:
    person, other = make_user(), make_agency()
    there, browser = sign_in(person), sign_in(administrators[0])
    page = f"{USERS}/{person.id}/edit"
    entry = one_entry(lambda: browser.send(page, {"name": "Jo Newname", "agency": str(other.id)}))
    assert (entry["action"], entry["fields"]) == ("user.edit", ["agency", "name"])
    assert there.get("/").status_code == 303
    db.session.refresh(person)
    assert (person.name, person.agency_id) == ("Jo Newname", other.id)


def test_a_name_alone_ends_no_session_and_tells_nobody(sign_in, administrators) -> None:
    person = make_user()
    there, browser = sign_in(person), sign_in(administrators[0])
    browser.send(f"{USERS}/{person.id}/edit", {"name": "Jo Newname", "agency": str(person.agency_id)})
    assert there.get("/").status_code == 200
    assert letters() == []


def test_two_who_change_one_account_lose_nothing(sign_in, administrators) -> None:
    person = make_user(name="Jo Lapwynd")
    one, two = (sign_in(administrator) for administrator in administrators)
    page, agency = f"{USERS}/{person.id}/edit", str(person.agency_id)
    opened = two.hidden_fields(page)
    one.send(page, {"name": "Jo Firstname", "agency": agency})
    answer = two.post(page, data={**opened, "name": "Jo Secondname", "agency": agency})
    assert answer.status_code == 409
    assert "Jo Firstname" in answer.text
    assert "Jo Secondname" in answer.text


@pytest.mark.parametrize("sent", ["999999", "0", "-1", "x", ""])
def test_an_agency_that_is_not_in_the_list_is_refused(sign_in, administrators, sent: str) -> None:
    person, browser = make_user(), sign_in(administrators[0])
    answer = browser.send(f"{USERS}/{person.id}/edit", {"name": "Jo", "agency": sent})
    assert answer.status_code == 422
    assert "Choose the agency" in answer.text


def test_everybody_is_signed_out_where_an_administrator_ends_it(sign_in, administrators) -> None:
    person = make_user()
    there = sign_in(person)
    assert (
        one_entry(lambda: sign_in(administrators[0]).send(f"{USERS}/{person.id}/sign_out"))["action"]
        == "user.sign_out"
    )
    assert there.get("/").status_code == 303


def test_a_lapse_of_the_agreement_closes_everything_at_once(sign_in, administrators) -> None:
    person = make_user()
    there, browser = sign_in(person), sign_in(administrators[0])
    assert there.get("/cases").status_code == 200
    page = f"{HOME}/agencies/{person.agency_id}/edit"
    ended = today() - timedelta(days=1)
    days = {
        f"agreement_{end}-{part}": str(getattr(day, part))
        for end, day in (("from", ended - timedelta(days=30)), ("until", ended))
        for part in ("day", "month", "year")
    }
    assert (
        one_entry(lambda: browser.send(page, {"name": person.agency.name, **days}))["action"] == "agency.edit"
    )
    assert there.get("/cases").status_code == 403
    assert there.get("/account").status_code == 403


def test_an_administrator_does_not_shut_themselves_out(sign_in, administrators) -> None:
    agency = administrators[0].agency
    with pytest.raises(Refused, match="shut yourself out"):
        administration.edit_agency(
            agency,
            name=agency.name,
            agreement_from=today() - timedelta(days=9),
            agreement_until=today() - timedelta(days=1),
            by=administrators[0],
            now=now(),
        )


def test_an_agency_is_added_with_its_agreement(sign_in, administrators) -> None:
    browser = sign_in(administrators[0])
    days = {f"agreement_from-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")}
    until = today() + timedelta(days=365)
    days |= {f"agreement_until-{part}": str(getattr(until, part)) for part in ("day", "month", "year")}
    typed = {"code": "heron", "name": "Heron Housing", "kind": "housing", **days}
    assert one_entry(lambda: browser.send(f"{HOME}/agencies/new", typed))["action"] == "agency.create"
    again = browser.send(f"{HOME}/agencies/new", typed)
    assert (again.status_code, "already an agency" in again.text) == (422, True)


def test_wards_are_added_and_renamed(sign_in, administrators) -> None:
    browser = sign_in(administrators[0])
    assert one_entry(lambda: browser.send(f"{HOME}/wards/new", {"name": "Reedmere"}))["op"] == "collection"
    assert browser.send(f"{HOME}/wards/new", {"name": "REEDMERE"}).status_code == 422
    page = browser.get(f"{HOME}/wards").text
    number = page.partition("/administration/wards/")[2]
    number = page.split('href="/administration/wards/')[2].split("/")[0]
    assert (
        one_entry(lambda: browser.send(f"{HOME}/wards/{number}/edit", {"name": "Sedgemere"}))["op"]
        == "alteration"
    )
    assert "Sedgemere" in browser.get(f"{HOME}/wards").text
    assert browser.get(f"{HOME}/wards/999999/edit").status_code == 404


def test_the_list_of_people_is_filtered_sorted_and_paged(sign_in, administrators) -> None:
    agency = make_agency(name="Zzz Homes")
    people = [make_user(agency=agency, name=f"Person of Zzz {number:02}") for number in range(52)]
    people[0].is_active = False
    people[1].password_hash = ""
    browser = sign_in(administrators[0])
    first = browser.get(f"{USERS}?agency={agency.id}").text
    assert first.count('scope="row"') == 50
    assert "Zzz 51" in browser.get(f"{USERS}?agency={agency.id}&page=2").text
    assert browser.get(f"{USERS}?agency={agency.id}&sort=-name").text.index("Zzz 51") > 0
    for state, name in (("suspended", "Zzz 00"), ("invited", "Zzz 01")):
        page = browser.get(f"{USERS}?agency={agency.id}&state={state}").text
        assert name in page
        assert page.count('scope="row"') == 1
    assert browser.get(f"{USERS}?role=auditor&agency={agency.id}").text.count('scope="row"') == 0
    assert browser.get(f"{USERS}?agency=x&role=x&state=x&sort=x&page=x").status_code == 200


def test_no_page_of_the_administration_shows_a_case(sign_in, administrators) -> None:
    case = make_case()
    browser = sign_in(administrators[0])
    person = case.lead
    pages = (
        "/", HOME, USERS, f"{USERS}/{person.id}", f"{USERS}/{person.id}/edit", f"{HOME}/agencies/{person.agency_id}/edit",
        f"{HOME}/wards",
    )  # fmt: skip
    for page in pages:
        text = browser.get(page).text
        assert case.reference not in text, page
        assert case.subject.name not in text, page
    for path in ("/cases", f"/cases/{case.reference}", "/board", "/people", "/search", "/sharing"):
        assert browser.get(path).status_code in (403, 404), path


class TestAgencyLead:
    """The lead of an agency: their own people, and nobody else's."""

    @pytest.fixture
    def lead(self, session) -> User:
        return make_user(role=Role.AGENCY_LEAD)

    def test_sees_the_people_of_the_agency_and_no_others(self, sign_in, lead: User) -> None:
        own, other = make_user(agency=lead.agency), make_user(agency=make_agency())
        page = sign_in(lead).get("/agency").text
        assert own.email in page
        assert other.email not in page

    def test_another_agencys_people_are_not_there(self, sign_in, lead: User) -> None:
        other, browser = make_user(agency=make_agency()), sign_in(lead)
        missing = browser.get("/agency/users/999999/suspend")
        token = browser.hidden_fields("/agency/request")["csrf_token"]
        for act in ("suspend", "factors"):
            page = f"/agency/users/{other.id}/{act}"
            assert (browser.get(page).status_code, browser.get(page).text) == (404, missing.text)
            sent = browser.post(page, data={"csrf_token": token, "reason": "Lost telephone"})
            assert sent.status_code == 404
        db.session.refresh(other)
        assert other.is_active
        assert db.session.scalars(select(AccountRequest)).all() == []

    def test_suspends_somebody_of_their_own_and_not_themselves(self, sign_in, lead: User) -> None:
        own, browser = make_user(agency=lead.agency), sign_in(lead)
        assert one_entry(lambda: browser.send(f"/agency/users/{own.id}/suspend"))["action"] == "user.suspend"
        assert browser.send(f"/agency/users/{lead.id}/suspend").status_code == 422
        assert browser.get(f"{USERS}/{own.id}/reinstate").status_code == 403

    def test_asks_for_an_account_that_an_administrator_grants(self, sign_in, lead: User) -> None:
        typed = {"name": "Pat Ternfield", "email": "pat@psg.example", "role": "coordinator", "reason": "New"}
        entry = one_entry(lambda: sign_in(lead).send("/agency/request", typed))
        assert entry["action"] == "account_request.account"
        assert queries.user_by_email("pat@psg.example") is None
        administrator = sign_in(make_user(role=Role.ADMINISTRATOR))
        one_entry(lambda: decide(administrator, waiting()))
        made = queries.user_by_email("pat@psg.example")
        assert made is not None
        assert (made.agency_id, made.role) == (lead.agency_id, Role.COORDINATOR)

    def test_asks_for_one_person_once(self, sign_in, lead: User) -> None:
        typed = {"name": "Pat Ternfield", "email": "pat@psg.example", "role": "practitioner"}
        browser = sign_in(lead)
        assert browser.send("/agency/request", typed).status_code == 303
        answer = browser.send("/agency/request", {**typed, "email": "PAT@psg.example"})
        assert (answer.status_code, "asked for already" in answer.text) == (422, True)

    @pytest.mark.parametrize("role", ["administrator", "auditor", "delivery_group", "king"])
    def test_asks_for_no_role_that_oversees(self, sign_in, lead: User, role: str) -> None:
        typed = {"name": "Pat", "email": "pat@psg.example", "role": role, "agency": str(make_agency().id)}
        assert sign_in(lead).send("/agency/request", typed).status_code == 422

    def test_is_not_told_who_has_an_account_elsewhere(self, sign_in, lead: User) -> None:
        held = make_user(agency=make_agency())
        typed = {"name": "Pat Ternfield", "email": held.email, "role": "practitioner"}
        assert sign_in(lead).send("/agency/request", typed).status_code == 303
        answer = decide(sign_in(make_user(role=Role.ADMINISTRATOR)), waiting())
        assert (answer.status_code, "already an account" in answer.text) == (422, True)

    def test_asks_for_a_new_second_factor_and_an_administrator_grants_it(self, sign_in, lead: User) -> None:
        own = make_user(agency=lead.agency)
        give_app(own)
        there, administrator = sign_in(own), sign_in(make_user(role=Role.ADMINISTRATOR))
        page = f"/agency/users/{own.id}/factors"
        assert sign_in(lead).send(page, {"reason": ""}).status_code == 422
        one_entry(lambda: sign_in(lead).send(page, {"reason": "Telephone stolen; spoke to them today"}))
        assert factors.of_user(own) is not None
        assert "Telephone stolen" in administrator.get(f"{HOME}/requests/{waiting().id}").text
        entry = one_entry(lambda: decide(administrator, waiting()))
        assert (entry["action"], entry["asked_by"]) == ("second_factor.reset", lead.record_id)
        assert factors.of_user(own) is None
        assert factors.codes_left(own) == 0
        assert there.get("/").status_code == 303
        assert letters() == [own.email]

    def test_administrators_cannot_take_a_factor_away_unasked(self, sign_in, lead: User) -> None:
        browser = sign_in(make_user(role=Role.ADMINISTRATOR))
        own = make_user(agency=lead.agency)
        for path in (f"{USERS}/{own.id}/factors", f"/agency/users/{own.id}/factors"):
            assert browser.get(path).status_code in (403, 404)


@pytest.mark.parametrize("where", [f"{USERS}/new", f"{HOME}/requests/1", "/agency/users/1/suspend"], ids=str)
def test_what_gives_power_takes_a_step_up(sign_in, where: str) -> None:
    role = Role.AGENCY_LEAD if where.startswith("/agency") else Role.ADMINISTRATOR
    browser = sign_in(make_user(role=role))
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert browser.get(where).location.startswith("/step-up?")
