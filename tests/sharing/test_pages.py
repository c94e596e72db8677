"""The pages of the log: recording and correcting, what each person may read, filters in the URL."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from psg.accounts.models import Agency, AgencyKind, Role
from psg.cases.models import Case
from psg.extensions import db
from psg.sharing import services
from psg.sharing.models import Category, Disclosure
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_member, a_person, join, make_case
from tests.factories.sharing import council, ground, make_disclosure, typed

SignIn = Callable[[Any], Browser]
pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def case() -> Case:
    services.load_reference_data(now())
    return make_case(subject=a_person(name="Sallowby"))


def entries() -> list[Disclosure]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(Disclosure).order_by(Disclosure.id)))


def test_disclosure_is_recorded_from_the_case_and_shown_in_full(sign_in: SignIn, case: Case) -> None:
    agency = make_agency(kind=AgencyKind.COUNCIL, name="Fenland Council")
    browser = sign_in(a_member(case))
    empty = browser.get(f"/cases/{case.reference}/sharing")
    assert "Record a disclosure" in empty.text
    answer = browser.send(f"/cases/{case.reference}/sharing/new", typed(case, [agency]))
    (entry,) = entries()
    assert (answer.status_code, answer.location) == (303, f"/sharing/{entry.reference}")
    page = browser.get(answer.location).text
    for words in (
        "Fenland Council: T. Sallowby",
        "Crime and Disorder Act 1998, section 115",
        "Dates only",
        "14:30",
    ):
        assert words in page
    assert entry.reference in browser.get(f"/cases/{case.reference}/sharing").text
    assert f"({entry.reference})" in browser.get(f"/cases/{case.reference}/chronology").text


def test_one_entry_names_several_recipients_each_with_the_gateway_that_reaches_it(
    sign_in: SignIn, case: Case
) -> None:
    homes, fire = make_agency(kind=AgencyKind.HOUSING), make_agency(kind=AgencyKind.FIRE)
    gateways = {f"gateway_{homes.id}": "asb-2014", f"gateway_{fire.id}": "frs-2004"}
    answer = sign_in(a_member(case)).send(
        f"/cases/{case.reference}/sharing/new", typed(case, [homes, fire], **gateways)
    )
    assert answer.status_code == 303
    assert [one.gateway.code for one in entries()[0].recipients] == ["asb-2014", "frs-2004"]


def test_form_offers_each_agency_only_the_gateways_that_reach_it(sign_in: SignIn, case: Case) -> None:
    charity, own = make_agency(kind=AgencyKind.VOLUNTARY), make_agency(name="Our own agency")
    officer = make_user(agency=own)
    join(case, officer)
    page = sign_in(officer).get(f"/cases/{case.reference}/sharing/new").text
    select = page.partition(f'name="gateway_{charity.id}"')[2].partition("</select>")[0]
    assert 'value="consent"' in select
    assert 'value="cda-1998-s115"' not in select
    assert (
        f'value="{own.id}"'
        not in page.partition("Which agencies received it?")[2].partition("</fieldset>")[0]
    )
    assert "duaa-2025-rli" not in page


def test_gateway_that_does_not_reach_the_recipient_is_refused_with_a_clear_sentence(
    sign_in: SignIn, case: Case
) -> None:
    charity = make_agency(kind=AgencyKind.VOLUNTARY, name="Wash House")
    answer = sign_in(a_member(case)).send(f"/cases/{case.reference}/sharing/new", typed(case, [charity]))
    assert answer.status_code == 422
    assert "section 115 does not reach Wash House: choose a gateway that fits them" in answer.text
    assert f'href="#gateway_{charity.id}"' in answer.text
    assert entries() == []


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"parties": []}, "Choose who or what the information was about", "#parties-0"),
    ({"parties": ["999999"]}, "Choose who or what the information was about", "#parties-0"),
    ({"recipients": ["999999"]}, "Choose at least one agency", "#recipients-0"),
    (
        {"recipients": [], "person_{agency}": "", "gateway_{agency}": ""},
        "Choose at least one agency",
        "#recipients-0",
    ),
    ({"recipients": []}, "as well, or clear what you entered for them", "#recipients-0"),
    ({"person_{agency}": " "}, "Enter who at Fenland Council received it", "#person_{agency}"),
    ({"person_{agency}": "x" * 201}, "200 characters or fewer; you have 201", "#person_{agency}"),
    ({"gateway_{agency}": ""}, "Choose the gateway that reaches Fenland Council", "#gateway_{agency}"),
    (
        {"gateway_{agency}": "magna-carta"},
        "Choose the gateway that reaches Fenland Council",
        "#gateway_{agency}",
    ),
    ({"categories": []}, "Choose what kinds of information", "#categories-0"),
    ({"categories": ["gossip"]}, "Choose what kinds of information", "#categories-0"),
    (
        {"categories": ["health"]},
        "Choose the condition that lets special category data be shared",
        "#condition",
    ),
    ({"condition": "because"}, "Choose condition from the list", "#condition"),
    ({"description": ""}, "Enter what was shared", "#description"),
    ({"description": "x" * 4001}, "4,000 characters or fewer", "#description"),
    ({"purpose": "a\x00b"}, "a character that cannot be stored", "#purpose"),
    ({"purpose": "x" * 301}, "300 characters or fewer", "#purpose"),
    ({"why_necessary": ""}, "Enter why it was necessary", "#why_necessary"),
    ({"why_proportionate": ""}, "Enter why it was proportionate", "#why_proportionate"),
    ({"basis": ""}, "Choose the lawful basis", "#basis-0"),
    ({"basis": "duaa-2025-rli"}, "Choose the lawful basis", "#basis-0"),
    ({"channel": "pigeon"}, "Choose how it was shared", "#channel-0"),
    ({"disclosed_on-month": "13"}, "must be a real date", "#disclosed_on-day"),
    ({"disclosed_on-year": ""}, "must include a year", "#disclosed_on-year"),
    ({"disclosed_on-year": "2999"}, "cannot be in the future", "#disclosed_on-day"),
    ({"disclosed_on-year": "1999"}, "was not in force on that day", "#basis-0"),
    ({"disclosed_time": ""}, "Enter the time it was shared", "#disclosed_time"),
    ({"disclosed_time": "25:00"}, "must be on the 24-hour clock", "#disclosed_time"),
    ({"disclosed_time": "soon"}, "must be on the 24-hour clock", "#disclosed_time"),
]


@pytest.mark.parametrize(("wrong", "sentence", "field"), WRONG)
def test_bad_input_keeps_the_text_and_records_nothing(
    sign_in: SignIn, case: Case, wrong: dict[str, Any], sentence: str, field: str
) -> None:
    agency = make_agency(kind=AgencyKind.COUNCIL, name="Fenland Council")
    wrong = {name.format(agency=agency.id): value for name, value in wrong.items()}
    filled = typed(case, [agency]) | wrong
    answer = sign_in(a_member(case)).send(f"/cases/{case.reference}/sharing/new", filled)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="{field.format(agency=agency.id)}"' in answer.text
    for name in ("description", "why_proportionate"):
        assert filled[name][:40] in answer.text
    assert entries() == []


def test_health_data_is_recorded_with_its_condition(sign_in: SignIn, case: Case) -> None:
    condition = {
        "categories": ["incidents", "health"],
        "condition": "dpa-sch1-para18",
        "policy_document": "APD v3",
    }
    answer = sign_in(a_member(case)).send(
        f"/cases/{case.reference}/sharing/new", typed(case, [council()], **condition)
    )
    assert answer.status_code == 303
    assert (entries()[0].needs_condition, entries()[0].policy_document) == (True, "APD v3")


def test_pressing_twice_records_once(sign_in: SignIn, case: Case) -> None:
    browser, path = sign_in(a_member(case)), f"/cases/{case.reference}/sharing/new"
    filled = typed(case, [council()]) | browser.hidden_fields(path)
    first, second = browser.post(path, data=filled), browser.post(path, data=filled)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(entries()) == 1


def test_disclosure_about_a_closed_case_is_recorded_too(sign_in: SignIn, case: Case) -> None:
    case.closed_at, case.closure_code = now(), "opened_in_error"
    answer = sign_in(a_member(case)).send(f"/cases/{case.reference}/sharing/new", typed(case, [council()]))
    assert answer.status_code == 303


@pytest.mark.parametrize("written", ["9:05", "09.05", "0905", "09:05"])
def test_time_is_read_as_people_write_it(sign_in: SignIn, case: Case, written: str) -> None:
    sign_in(a_member(case)).send(
        f"/cases/{case.reference}/sharing/new", typed(case, [council()], disclosed_time=written)
    )
    assert f"{entries()[0].disclosed_at:%M}" == "05"


def test_correction_starts_from_the_entry_and_both_name_each_other(sign_in: SignIn, case: Case) -> None:
    officer, agency = a_member(case), council()
    browser = sign_in(officer)
    browser.send(f"/cases/{case.reference}/sharing/new", typed(case, [agency], disclosed_time="07:45"))
    original = entries()[0].reference
    page = browser.get(f"/sharing/{original}/correct").text
    for words in ("Dates of the last four calls", "T. Sallowby, housing officer", 'value="07:45"', "checked"):
        assert words in page
    refused = browser.send(f"/sharing/{original}/correct", typed(case, [agency], what_was_wrong=" "))
    assert refused.status_code == 422
    assert "Enter what was wrong" in refused.text
    said = {"description": "Dates of three calls", "what_was_wrong": "There were three calls"}
    answer = browser.send(f"/sharing/{original}/correct", typed(case, [agency], **said))
    new = entries()[1].reference
    assert answer.location == f"/sharing/{new}"
    assert f"This entry corrects {original}" in browser.get(f"/sharing/{new}").text
    first = browser.get(f"/sharing/{original}").text
    assert f"Corrected by {new}" in first
    assert "Dates of the last four calls" in first
    assert "Corrected" in browser.get("/sharing").text


def test_only_the_agency_that_disclosed_corrects(sign_in: SignIn, case: Case) -> None:
    entry = make_disclosure(case)
    other = sign_in(a_member(case))
    assert "Correct this entry" not in other.get(f"/sharing/{entry.reference}").text
    refused = other.get(f"/sharing/{entry.reference}/correct")
    assert refused.status_code == 403
    assert f"Only {entry.agency.name} can correct this entry" in refused.text


@pytest.mark.parametrize(
    "reference", ["D-9999", "D-0", "D-", "PSG-0001", "x", "D-99999999999999999999", "%00"]
)
def test_entry_that_is_none_is_not_found(sign_in: SignIn, case: Case, reference: str) -> None:
    browser = sign_in(a_member(case))
    for path in (f"/sharing/{reference}", f"/sharing/{reference}/correct"):
        assert browser.get(path).status_code == 404


def test_auditor_reads_every_entry_and_neither_names_nor_case(sign_in: SignIn, case: Case) -> None:
    entry = make_disclosure(case)
    browser = sign_in(make_user(role=Role.AUDITOR))
    for path in ("/sharing", f"/sharing/{entry.reference}"):
        page = browser.get(path)
        assert page.status_code == 200
        assert case.reference in page.text
        assert f"/cases/{case.reference}" not in page.text
        assert "Sallowby" not in page.text
    in_full = browser.get(f"/sharing/{entry.reference}").text
    assert case.subject.reference in in_full
    assert "The visit cannot be planned without the dates" in in_full
    assert "Correct this entry" not in in_full


def test_auditor_changes_nothing_and_opens_no_case(sign_in: SignIn, case: Case) -> None:
    entry = make_disclosure(case)
    browser = sign_in(make_user(role=Role.AUDITOR))
    door = browser.get(f"/cases/{case.reference}/sharing")
    assert (door.status_code, door.location) == (303, f"/cases/{case.reference}/access")
    for path in (f"/cases/{case.reference}/sharing/new", f"/sharing/{entry.reference}/correct"):
        assert browser.get(path).status_code == 404
        assert browser.post(path).status_code == 404
    assert len(entries()) == 1


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_delivery_group_and_administrator_read_no_entry(sign_in: SignIn, case: Case, role: Role) -> None:
    entry = make_disclosure(case)
    browser = sign_in(make_user(role=role))
    assert browser.get("/sharing").status_code == 403
    assert browser.get("/sharing/export.csv").status_code == 403
    assert browser.get(f"/sharing/{entry.reference}").status_code == 404


def test_no_route_changes_or_removes_an_entry(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("sharing.")]
    assert {rule.endpoint for rule in rules if "POST" in (rule.methods or ())} == {
        "sharing.new",
        "sharing.correct",
    }
    assert not {"PUT", "PATCH", "DELETE"} & {method for rule in rules for method in rule.methods or ()}


def two_entries() -> tuple[Disclosure, Disclosure, Agency, Agency]:
    """One to the council a month ago by phone, one to a landlord an hour ago in a meeting."""
    homes = make_agency(kind=AgencyKind.HOUSING, code="HOMES")
    first = make_disclosure(None, council(), disclosed_at=now() - timedelta(days=30))
    second = make_disclosure(None, homes, gateway="asb-2014")
    return first, second, first.recipients[0].agency, homes


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "12"),
        ("to=HOMES", "2"),
        ("to={first_to}", "1"),
        ("source={second_from}", "2"),
        ("gateway=asb-2014", "2"),
        ("gateway=cda-1998-s115", "1"),
        ("since={week_ago}", "2"),
        ("until={week_ago}", "1"),
        ("since={today}&until={today}", "2"),
        ("case={first_case}", "1"),
        ("case=psg{first_case_number}", "1"),
        ("case=Sallowby", ""),
        ("case=PSG-9999", ""),
        ("channel=meeting", "12"),
        ("channel=paper", ""),
        ("to=HOMES&gateway=cda-1998-s115", ""),
        ("to=NOBODY&gateway=magna-carta&channel=x&since=soon&until=9999-12-31&sort=name&page=x", "12"),
        ("until=0001-01-01&since=%00&to=%00&case=%00", ""),
    ],
)  # fmt: skip
@time_machine.travel(lambda: datetime.combine(today(), time(12), UTC))
def test_filters_stand_in_the_url(sign_in: SignIn, query: str, found: str) -> None:
    first, second, first_to, _ = two_entries()
    query = query.format(
        first_to=first_to.code,
        second_from=second.agency.code,
        week_ago=today() - timedelta(days=7),
        today=today(),
        first_case=first.case.reference,
        first_case_number=first.case.id,
    )
    page = sign_in(make_user(role=Role.AUDITOR)).get(f"/sharing?{query}")
    assert page.status_code == 200
    shown = "".join(
        mark for mark, entry in (("1", first), ("2", second)) if f"/sharing/{entry.reference}" in page.text
    )
    assert shown == found


def test_filters_give_htmx_the_part_that_the_page_includes(sign_in: SignIn) -> None:
    two_entries()
    browser = sign_in(make_user(role=Role.AUDITOR))
    whole, part = (
        browser.get("/sharing?to=HOMES", headers=headers).text for headers in ({}, {"HX-Request": "true"})
    )
    assert "<html" not in part
    assert part.strip() in whole
    assert "To: Agency" in part


@pytest.mark.parametrize(
    ("sort", "order"), [("-when", "21"), ("when", "12"), ("reference", "12"), ("-reference", "21")]
)
def test_log_is_sorted_by_a_link(sign_in: SignIn, sort: str, order: str) -> None:
    first, second, *_ = two_entries()
    page = sign_in(make_user(role=Role.AUDITOR)).get(f"/sharing?sort={sort}").text
    places = {page.index(f"/sharing/{first.reference}"): "1", page.index(f"/sharing/{second.reference}"): "2"}
    assert "".join(places[place] for place in sorted(places)) == order
    assert f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"' in page


def test_log_pages_by_number(sign_in: SignIn, case: Case) -> None:
    by = a_member(case)
    made = [make_disclosure(case, council(), by=by) for _ in range(51)]
    browser = sign_in(by)
    assert made[0].reference not in browser.get("/sharing").text
    assert made[0].reference in browser.get("/sharing?page=2").text
    assert made[0].reference in browser.get(f"/cases/{case.reference}/sharing?page=2").text
    assert "matches these filters" in browser.get("/sharing?page=9").text


def test_late_entry_is_tagged(sign_in: SignIn, case: Case) -> None:
    entry = make_disclosure(case, disclosed_at=now() - timedelta(days=3))
    browser = sign_in(a_member(case))
    for path in ("/sharing", f"/sharing/{entry.reference}", f"/cases/{case.reference}/sharing"):
        assert "Recorded late" in browser.get(path).text


@pytest.mark.parametrize(
    "path", ["/sharing", "/sharing/export.csv", "/sharing?to=HOMES", "/cases/{case}/sharing"]
)
def test_number_of_queries_does_not_grow(sign_in: SignIn, queries: Any, case: Case, path: str) -> None:
    by, homes = a_member(case), make_agency(kind=AgencyKind.HOUSING, code="HOMES")
    reader = sign_in(by if "cases" in path else make_user(role=Role.AUDITOR))
    counts, made = [], 0
    for number in (3, 60):
        for _ in range(number - made):
            make_disclosure(
                case, homes, by=by, gateway="asb-2014", categories=(Category.HEALTH, Category.IDENTITY),
                condition=ground("dpa-sch1-para18"),
            )  # fmt: skip
        made = number
        db.session.commit()
        with queries() as sent:
            assert reader.get(path.format(case=case.reference)).status_code == 200
        counts.append(sent.count)
    assert counts[0] == counts[1] <= 16
