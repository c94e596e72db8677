"""The record of access and change as those who answer for it read it: `/audit`."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine

from psg.accounts.models import AgencyKind, Role, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.audit.words import is_known
from psg.cases import emergency, membership
from psg.cases.access_models import Urgency
from psg.cases.models import Case, Visibility
from psg.overview.record_policy import PURPOSE_LASTS, Purpose
from psg.web.dates import now, today
from tests.architecture.conftest import world as world
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_person, make_case


@pytest.fixture
def auditor(session) -> User:
    return make_user(role=Role.AUDITOR, name="Ash Bitternell")


@pytest.fixture
def case(session) -> Case:
    lead = make_user(name="Robin Peatwright")
    return make_case(lead=lead, subject=a_person(name="Sallowby"), summary="Rings every night")


def reading(sign_in, user: User, purpose: str = "lawfulness") -> Browser:
    browser = sign_in(user)
    assert browser.send("/audit/purpose", {"purpose": purpose}).status_code == 303
    return browser


def newest(action: str):
    return next(entry for entry in latest(limit=5) if (entry.detail or {}).get("action") == action)


def test_nothing_is_shown_before_a_purpose_is_given(sign_in, auditor, case) -> None:
    browser = sign_in(auditor)
    page = browser.get("/audit").text
    for purpose in Purpose:
        assert purpose.label in page
    assert "Opened a new case" not in page
    assert browser.get("/audit/export.csv").location.endswith("/audit/purpose")
    assert browser.send("/audit/purpose", {"purpose": ""}).status_code == 422
    assert browser.send("/audit/purpose", {"purpose": "curiosity"}).status_code == 422
    assert browser.send("/audit/purpose", {"purpose": "integrity"}).status_code == 303
    assert newest("record.purpose").detail["purpose"] == "integrity"
    assert "Opened a new case" in browser.get("/audit").text


def test_the_purpose_holds_for_an_hour_and_looking_is_recorded_with_it(sign_in, auditor, case) -> None:
    browser = reading(sign_in, auditor, "proceedings")
    browser.get(f"/audit?record={case.reference}")
    entry = newest("record.view")
    assert entry.op is Operation.CONSULTATION
    assert entry.detail["purpose"] == "proceedings"
    assert entry.detail["filters"] == {"record": case.reference}
    for minute in range(10, 61, 10):  # somebody who goes on working is not locked out
        with time_machine.travel(now() + timedelta(minutes=minute)):
            page = browser.get("/audit").text
            assert ("Opened a new case" in page) is (minute < PURPOSE_LASTS.seconds // 60)


def test_other_sessions_of_the_same_person_give_their_own_purpose(sign_in, auditor, case) -> None:
    reading(sign_in, auditor)
    assert "Opened a new case" not in sign_in(auditor).get("/audit").text


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.AGENCY_LEAD)])
def test_nobody_else_reads_the_record(sign_in, role) -> None:
    browser = sign_in(make_user(role=role))
    for path in ("/audit", "/audit/purpose", "/audit/export.csv"):
        assert browser.get(path).status_code == 403


def test_entries_say_who_when_what_and_of_which_record_and_nothing_of_a_case(sign_in, auditor, case) -> None:
    sign_in(case.lead).get(f"/cases/{case.reference}/chronology")
    page = reading(sign_in, auditor).get("/audit").text
    for words in (
        "Robin Peatwright",
        case.lead.agency.name,
        "Read the chronology",
        case.reference,
        "as a member",
    ):
        assert words in page
    assert "Sallowby" not in page
    assert "Rings every night" not in page
    assert case.audit_id not in page


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("tab=changes", "Opened a new case", "Read the chronology"),
        ("tab=views", "Read the chronology", "Opened a new case"),
        ("tab=emergency", "Opened the case by emergency access", "Opened a new case"),
        ("tab=security", "Opened the case by emergency access", "Read the chronology"),
        ("tab=shared", "No entry matches", "Opened a new case"),
        ("op=collection", "Opened a new case", "Read the chronology"),
        ("record={case}", "Opened a new case", "Gave a purpose"),
        ("record=PSG-999999", "No entry matches", "Opened a new case"),
        ("record=Sallowby", "No entry matches", "Opened a new case"),
        ("person={lead}", "Read the chronology", "Gave a purpose"),
        ("agency={agency}&tab=changes", "Opened a new case", "Gave a purpose"),
        ("since={tomorrow}", "No entry matches", "Opened a new case"),
        ("record={case}&until={yesterday}", "No entry matches", "Opened a new case"),
        ("since={today}&until={today}", "Opened a new case", "No entry matches"),
        (
            "tab=no&op=no&person=x&agency=99999999999&since=no&before=no",
            "Opened a new case",
            "No entry matches",
        ),
    ],
)
def test_filters_and_tabs(sign_in, auditor, case, query, there, absent) -> None:
    sign_in(case.lead).get(f"/cases/{case.reference}/chronology")
    case.visibility = Visibility.MEMBERS
    emergency.break_glass(
        case, urgency=Urgency.COURT, reason="A child is with them tonight", by=make_user(), now=now()
    )
    query = query.format(
        case=case.reference,
        lead=case.lead_id,
        agency=case.lead_agency_id,
        today=today(),
        tomorrow=today() + timedelta(days=1),
        yesterday=today() - timedelta(days=1),
    )
    page = reading(sign_in, auditor).get(f"/audit?{query}").text
    assert there in page
    assert absent not in page


def test_older_entries_follow_by_their_place_and_fifty_cost_what_two_do(
    sign_in, auditor, case, session, queries
) -> None:
    browser = reading(sign_in, auditor)
    browser.get("/audit")
    with queries() as few:
        browser.get(f"/audit?record={case.reference}")
    for _ in range(60):
        audit.seen("case.view", by=case.lead, case=case, obj=case)
    session.commit()
    with queries() as many:
        page = browser.get(f"/audit?record={case.reference}").text
    assert many.count <= few.count
    assert page.count('<details class="psg-more">') == 50
    older = next(part for part in page.split('"') if part.startswith("/audit?") and "before=" in part)
    following = browser.get(older.replace("&amp;", "&")).text
    assert "Opened a new case" in following
    assert "Newest entries" in following


def test_an_agencys_lead_reads_what_their_own_people_did(sign_in, case) -> None:
    agency = make_agency(kind=AgencyKind.HOUSING)
    head, own = make_user(role=Role.AGENCY_LEAD, agency=agency), make_user(agency=agency, name="Own Officer")
    other = make_user(name="Other Officer")
    for person in (own, other):
        sign_in(person).get(f"/cases/{case.reference}/chronology")
    browser = reading(sign_in, head)
    page = browser.get("/audit").text
    assert "Own Officer" in page
    assert "Other Officer" not in page
    assert "Other Officer" not in browser.get(f"/audit?person={other.id}").text
    assert "Other Officer" not in browser.get(f"/audit?record={case.reference}").text
    assert "Own Officer" in browser.get(f"/audit?record={case.reference}").text
    assert browser.get("/audit/export.csv").status_code == 403


def test_what_does_not_exist_for_a_reader_stands_in_no_entry(sign_in, auditor, case) -> None:
    agency = make_agency(kind=AgencyKind.HOUSING)
    head, own = make_user(role=Role.AGENCY_LEAD, agency=agency), make_user(agency=agency)
    membership.invite(case, own, until=None, by=case.lead, now=now())
    membership.answer_invitation(case, accept=True, by=own, now=now())
    sign_in(own).get(f"/cases/{case.reference}/chronology")
    heads = reading(sign_in, head)
    assert case.reference in heads.get("/audit").text
    case.visibility = Visibility.MEMBERS
    heads = reading(sign_in, head)
    shut = heads.get("/audit").text
    assert case.reference not in shut
    assert "Read the chronology" in shut
    case.visibility = Visibility.SEALED
    heads = reading(sign_in, head)
    assert "Read the chronology" not in heads.get("/audit").text
    auditors = reading(sign_in, auditor)
    assert case.reference in auditors.get("/audit").text
    case.visibility = Visibility.PARTNERSHIP
    emergency.declare_conflict(case, auditor, reason="A cousin", by=auditor, now=now())
    auditors = reading(sign_in, auditor)
    for query in ("", f"?record={case.reference}"):
        page = auditors.get(f"/audit{query}").text
        assert "Read the chronology" not in page
        assert f"{case.reference}<" not in page


def test_the_export_is_marked_recorded_and_keeps_to_the_filters(sign_in, auditor, case) -> None:
    browser = reading(sign_in, auditor)
    answer = browser.get(f"/audit/export.csv?record={case.reference}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0][0] == "OFFICIAL-SENSITIVE"
    assert Purpose.LAWFULNESS.label in rows[0]
    assert [row[6] for row in rows[2:]] == ["Opened a new case"]
    assert "Sallowby" not in answer.text
    entry = newest("record.export")
    assert entry.op is Operation.CUSTODY
    assert (entry.detail["count"], entry.detail["purpose"]) == (1, "lawfulness")


def test_the_export_asks_for_the_password_again(sign_in, auditor) -> None:
    browser = reading(sign_in, auditor)
    with time_machine.travel(now() + timedelta(minutes=11)):
        answer = browser.get("/audit/export.csv")
        assert answer.status_code == 303
        assert answer.location.startswith("/step-up")


def test_every_act_that_a_page_records_has_words(app, world, sign_in) -> None:
    browser = sign_in(world.chair)
    for one in world.addresses():
        if one.endpoint != "accounts.sign_out":
            browser.get(one.url)
            browser.post(one.url)
    unnamed = {
        act
        for entry in latest(limit=2_000)
        if (act := str((entry.detail or {}).get("action", ""))) and not is_known(act)
    }
    assert unnamed == set()
