"""The Delivery Group's totals: true, protected, without a person or a case, and open to nothing else."""

import re
from typing import Any

import pytest
from flask import Flask

from psg.accounts.models import Role
from psg.accounts.permissions import PERMITS, Permission
from psg.cases import services as cases
from psg.cases.models import Band, Stage
from psg.plan.models import Commitment
from psg.plan.services import link_commitments
from psg.reports import queries, totals
from psg.web.dates import now
from tests.architecture.routes import ROUTES
from tests.factories.accounts import make_user
from tests.factories.cases import a_person, make_case, make_ward
from tests.factories.plan import make_plan

READERS = [role for role in Role if Permission.READ_TOTALS in PERMITS[role]]


@pytest.fixture
def officer(session):
    return make_user()


def make_cases(count: int, officer, *, ward=None, closed: bool = False, **changes: Any) -> list[Any]:
    made = [make_case(by=officer, subject=a_person(ward=ward)) for _ in range(count)]
    for case in made:
        for name, value in changes.items():
            setattr(case, name, value)
        if closed:
            cases.close_case(case, code="error", reason="Opened in error", by=officer, now=now())
    return made


def text_of(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def lines(name: str) -> dict[str, tuple[str, str]]:
    found = totals.breakdowns(queries.case_counts(make_user()), queries.wards())
    chosen = next(breakdown for breakdown in found if breakdown.name == name)
    return {line.label: (str(line.open), str(line.closed)) for line in [*chosen.lines, chosen.total]}


def test_open_and_closed_cases_are_counted_by_stage_band_and_ward(officer) -> None:
    ely, soham = make_ward("Ely West"), make_ward("Soham North")
    make_cases(12, officer, ward=ely, stage=Stage.ANALYSIS, headline_band=Band.HIGH)
    make_cases(9, officer, ward=soham)
    make_cases(6, officer, ward=soham, closed=True)
    assert lines("stage") == {
        "Objective": ("9", "6"),
        "Scanning": ("0", "0"),
        "Analysis": ("12", "0"),
        "Response": ("0", "0"),
        "Assessment": ("0", "0"),
        "All cases": ("21", "6"),
    }
    assert lines("band")["High"] == ("12", "0")
    assert lines("band")["Not scored"] == ("9", "6")
    assert lines("ward")["Ely West"] == ("12", "0")
    assert lines("ward")["Soham North"] == ("9", "6")


def test_small_ward_is_hidden_and_another_one_with_it(officer) -> None:
    for name, count in (("Burwell", 2), ("Ely West", 11), ("Sutton", 9)):
        make_cases(count, officer, ward=make_ward(name))
    shown = lines("ward")
    assert shown["Burwell"][0] == "fewer than 5"
    assert shown["Ely West"][0] == "not shown"
    assert shown["Sutton"][0] == "9"
    assert shown["All cases"][0] == "22"


def test_percentage_waits_for_a_base_of_twenty(officer) -> None:
    make_cases(19, officer)
    stage = totals.breakdowns(queries.case_counts(make_user()), queries.wards())[0]
    assert stage.lines[0].open.share is None
    make_cases(1, officer)
    stage = totals.breakdowns(queries.case_counts(make_user()), queries.wards())[0]
    assert stage.lines[0].open.share == 100


def test_commitments_count_their_cases_and_those_of_their_repeats(officer) -> None:
    plan = make_plan()
    first, second = plan.areas[0].commitments[0], plan.areas[-1].commitments[-1]
    second.same_as_id = first.id
    for case in make_cases(6, officer):
        link_commitments(case, [first], how="Fewer calls", by=officer, now=now())
    rows = {row.reference: (row.open, row.closed) for row in queries.commitment_counts(make_user())}
    assert rows[first.reference] == rows[second.reference] == (6, 0)


@pytest.mark.parametrize("role", READERS)
def test_page_says_as_at_when_and_what_it_counts(sign_in, officer, role: Role) -> None:
    plan = make_plan()
    case = make_cases(1, officer)[0]
    link_commitments(case, [plan.areas[0].commitments[0]], how="Fewer calls", by=officer, now=now())
    answer = sign_in(make_user(role=role)).get("/reports")
    assert answer.status_code == 200
    text = text_of(answer.text)
    assert "as at" in text
    assert "How to read these figures" in text
    assert "fewer than 5" in text


def test_page_holds_no_person_no_case_and_no_way_to_one(sign_in, officer) -> None:
    case = make_cases(1, officer, ward=make_ward())[0]
    page = sign_in(make_user(role=Role.DELIVERY_GROUP)).get("/reports").text
    for told in (case.reference, case.name, officer.name, case.summary, "/cases", "/people", "/board"):
        assert told not in page


def test_empty_partnership_has_totals_of_nothing(sign_in, session) -> None:
    answer = sign_in(make_user(role=Role.DELIVERY_GROUP)).get("/reports")
    assert answer.status_code == 200
    assert "Once a case is linked to a commitment" in answer.text


def test_delivery_group_reaches_totals_and_plan_and_nothing_else(app: Flask, sign_in, officer) -> None:
    case = make_case(by=officer)
    viewer = sign_in(make_user(role=Role.DELIVERY_GROUP))
    own = {endpoint for endpoint, asked in ROUTES.items() if asked in PERMITS[Role.DELIVERY_GROUP]}
    real = {"reference": case.reference, "number": 1}
    refused = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in own or ROUTES.get(rule.endpoint) is None or "GET" not in (rule.methods or ()):
            continue
        address = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        for name in rule.arguments:
            address = re.sub(rf"<(?:[^<>]+:)?{name}>", str(real.get(name, 1)), address)
        answer = viewer.get(address)
        assert answer.status_code == (404 if "reference" in rule.arguments else 403), rule
        assert case.name not in answer.text
        refused += 1
    assert refused > 10


@pytest.mark.parametrize("size", [3, 40])
def test_number_of_statements_does_not_grow(sign_in, officer, queries, size: int) -> None:
    plan = make_plan()
    served: list[Commitment] = plan.areas[0].commitments
    for case in make_cases(size, officer, ward=make_ward()):
        link_commitments(case, served[:1], how="Fewer calls", by=officer, now=now())
    browser = sign_in(make_user(role=Role.DELIVERY_GROUP))
    with queries() as sent:
        assert browser.get("/reports").status_code == 200
    assert sent.count <= 5, sent.texts
