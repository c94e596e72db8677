"""The plan's pages: what each person is shown, filters in the URL, and linking a case."""

from collections.abc import Callable
from typing import Any

import pytest

from psg.accounts.models import Role
from psg.cases.models import Case
from psg.extensions import db
from psg.plan import queries
from psg.plan.models import CaseCommitment
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import a_member, a_person, make_case
from tests.factories.plan import close, commitment, link, make_plan, many_rows

SignIn = Callable[[Any], Browser]
pytestmark = pytest.mark.usefixtures("session")


def links(case: Case) -> int:
    statement = db.select(db.func.count()).where(CaseCommitment.case_id == case.id)
    return db.session.scalar(statement) or 0


def test_plan_page_without_a_plan_says_what_will_appear(sign_in: SignIn) -> None:
    page = sign_in(make_user()).get("/plan")
    assert page.status_code == 200
    assert "once it has been brought in" in page.text


def test_plan_page_shows_areas_cells_and_counts_as_links(sign_in: SignIn) -> None:
    make_plan()
    link(commitment("ASB-1"))
    page = sign_in(make_user()).get("/plan?year=2021-22")
    assert page.status_code == 200
    assert 'href="/plan/ASB-1?year=2021-22"' in page.text
    assert "1 open" in page.text
    assert 'href="/plan?year=2021-22&amp;area=1&amp;show=open"' in page.text
    assert 'href="/plan?year=2021-22&amp;show=no-lead"' in page.text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("show=none", ["ASB-2", "FS-3"], ["ASB-1"]),
        ("show=open", ["ASB-1"], ["ASB-2", "FS-3"]),
        ("show=closed", [], ["ASB-1", "ASB-2", "FS-3"]),
        ("show=no-lead", ["FS-3"], ["ASB-1", "ASB-2"]),
        ("area=1", ["ASB-1", "ASB-2"], ["FS-3"]),
        ("area=1&show=none", ["ASB-2"], ["ASB-1", "FS-3"]),
        ("area=99&show=maybe", ["ASB-1", "ASB-2", "FS-3"], []),
    ],
)
def test_filters_stand_in_the_url(sign_in: SignIn, query: str, shown: list[str], hidden: list[str]) -> None:
    make_plan()
    link(commitment("ASB-1"))
    page = sign_in(make_user()).get(f"/plan?year=2021-22&{query}").text
    assert [reference for reference in shown if f"/plan/{reference}?" not in page] == []
    assert [reference for reference in hidden if f"/plan/{reference}?" in page] == []


@pytest.mark.parametrize(
    "path", ["/plan?year=1999-00", "/plan/ASB-77", "/plan/ASB-1?year=x", "/plan/%00", "/plan?year=%00"]
)
def test_unknown_year_and_reference_are_not_found(sign_in: SignIn, path: str) -> None:
    make_plan()
    assert sign_in(make_user()).get(path).status_code == 404


def test_commitment_lists_its_cases_and_how_they_serve_it(sign_in: SignIn) -> None:
    make_plan()
    held = link(commitment("ASB-1"), case=make_case(subject=a_person(name="Sallowby")), how="Weekly visits")
    page = sign_in(make_user()).get("/plan/ASB-1")
    assert page.status_code == 200
    assert f'href="/cases/{held.case.reference}"' in page.text
    assert "Sallowby" in page.text
    assert "Weekly visits" in page.text


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_oversight_sees_how_many_and_no_case(sign_in: SignIn, role: Role) -> None:
    make_plan()
    held = link(commitment("ASB-1"), case=make_case(subject=a_person(name="Sallowby")), how="Weekly visits")
    browser = sign_in(make_user(role=role))
    for path in ("/plan/ASB-1", "/plan", "/plan?show=open"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "fewer than 5" in page.text
        assert not any(word in page.text for word in ("Sallowby", "Weekly visits", held.case.reference))
    assert browser.get(f"/cases/{held.case.reference}/commitments").status_code == 404


def test_oversight_is_told_five_cases_by_their_number(sign_in: SignIn) -> None:
    make_plan()
    for _ in range(5):
        link(commitment("ASB-1"))
    assert "5 open" in sign_in(make_user(role=Role.DELIVERY_GROUP)).get("/plan").text


def test_case_page_lists_its_commitments_or_says_the_first_step(sign_in: SignIn) -> None:
    make_plan()
    case = make_case()
    browser = sign_in(a_member(case))
    assert "A case serves at least one commitment" in browser.get(f"/cases/{case.reference}/commitments").text
    link(commitment("FS-3"), case=case, how="A safe and well visit")
    page = browser.get(f"/cases/{case.reference}/commitments").text
    assert "A safe and well visit" in page
    assert "Unlink" in page


def test_two_commitments_are_linked_in_one_go(sign_in: SignIn) -> None:
    make_plan()
    case = make_case()
    chosen = [commitment("ASB-1").id, commitment("FS-3").id]
    answer = sign_in(a_member(case)).send(
        f"/cases/{case.reference}/commitments/link",
        {"commitments": chosen, "how": "Joint visits, counted monthly"},
    )
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.reference}/commitments")
    assert [held.commitment.reference for held in queries.links_of(case)] == ["ASB-1", "FS-3"]


@pytest.mark.parametrize(
    ("typed", "sentence", "field"),
    [
        ({"how": "Joint visits"}, "Choose at least one commitment", "#commitments-0"),
        ({"commitments": ["999999"], "how": "Joint visits"}, "Choose at least one commitment", "#commitments-0"),
        ({"commitments": ["x" * 50], "how": "Joint visits"}, "Choose at least one commitment", "#commitments-0"),
        ({"commitments": ["held"], "how": "Joint visits"}, "Choose at least one commitment", "#commitments-0"),
        ({"commitments": ["free"], "how": " "}, "Enter how this case serves", "#how"),
        ({"commitments": ["free"], "how": "x" * 2001}, "2,000 characters or fewer; you have 2,001", "#how"),
        ({"commitments": ["free"], "how": "a\x00b"}, "a character that cannot be stored", "#how"),
    ],
)  # fmt: skip
def test_bad_input_keeps_the_text_and_changes_nothing(
    sign_in: SignIn, typed: dict[str, Any], sentence: str, field: str
) -> None:
    make_plan()
    case = make_case()
    link(commitment("ASB-1"), case=case)
    ids = {"held": str(commitment("ASB-1").id), "free": str(commitment("FS-3").id)}
    typed = {**typed, "commitments": [ids.get(value, value) for value in typed.get("commitments", [])]}
    answer = sign_in(a_member(case)).send(f"/cases/{case.reference}/commitments/link", typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="{field}"' in answer.text
    assert typed["how"].strip("\x00 ")[:20] in answer.text
    if typed["commitments"] == [ids["free"]]:
        assert f'value="{ids["free"]}" checked' in answer.text
    assert links(case) == 1


def test_stale_token_keeps_ticks_and_text(sign_in: SignIn) -> None:
    make_plan()
    case = make_case()
    chosen = str(commitment("ASB-2").id)
    answer = sign_in(a_member(case)).post(
        f"/cases/{case.reference}/commitments/link",
        data={"commitments": [chosen], "how": "Joint visits", "csrf_token": "stale"},
    )
    assert answer.status_code == 422
    assert f'value="{chosen}" checked' in answer.text
    assert links(case) == 0


def test_narrowing_to_an_area_keeps_what_is_ticked_elsewhere(sign_in: SignIn) -> None:
    make_plan()
    case = make_case()
    fire, ticked = commitment("FS-3"), commitment("ASB-2")
    browser = sign_in(a_member(case))
    address = f"/cases/{case.reference}/commitments/link?area={fire.area_id}&commitments={ticked.id}"
    page = browser.get(address)
    assert "FS-3" in page.text
    assert f'value="{ticked.id}" checked' in page.text
    assert "ASB-1" not in page.text
    fragment = browser.get(address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert fragment.text.strip() in page.text


def test_unlinking_asks_for_a_reason(sign_in: SignIn) -> None:
    make_plan()
    held = link(commitment("ASB-1"))
    browser, path = sign_in(a_member(held.case)), f"/cases/{held.case.reference}/commitments/{held.id}/unlink"
    refused = browser.send(path, {"reason": ""})
    assert (refused.status_code, links(held.case)) == (422, 1)
    answer = browser.send(path, {"reason": "Opened in error"})
    assert (answer.status_code, links(held.case)) == (303, 0)
    assert browser.get(path).status_code == 404


def test_link_of_another_case_and_numbers_out_of_range_are_not_found(sign_in: SignIn) -> None:
    make_plan()
    held, other = link(commitment("ASB-1")), make_case()
    browser = sign_in(a_member(other))
    for number in (held.id, 2147483647, 10**30):
        assert browser.get(f"/cases/{other.reference}/commitments/{number}/unlink").status_code == 404


def test_closed_case_is_read_and_not_changed(sign_in: SignIn) -> None:
    make_plan()
    held = link(commitment("ASB-1"))
    close(held.case, held.case.lead)
    browser = sign_in(held.case.lead)
    page = browser.get(f"/cases/{held.case.reference}/commitments")
    assert page.status_code == 200
    assert "Unlink" not in page.text
    assert browser.get(f"/cases/{held.case.reference}/commitments/link").status_code == 403


@pytest.mark.parametrize("path", ["/plan", "/plan?show=none", "/plan/X-1", "/cases/{case}/commitments"])
def test_number_of_queries_does_not_grow(sign_in: SignIn, queries: Any, path: str) -> None:
    counts = []
    make_plan(*many_rows(3))
    case = make_case()
    link(*(commitment(f"X-{place}") for place in range(3)), case=case)
    browser = sign_in(make_user())
    for number in (3, 60):
        if number == 60:
            make_plan(*many_rows(60, areas=20))
            link(*(commitment(f"X-{place}") for place in range(3, 60)), case=case)
            for _ in range(40):
                link(commitment("X-1"))
            db.session.commit()
        with queries() as sent:
            assert browser.get(path.format(case=case.reference)).status_code == 200
        counts.append(sent.count)
    assert counts[0] == counts[1] <= 14
