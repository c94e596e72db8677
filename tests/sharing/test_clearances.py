"""From a sealed case nobody shares alone."""

from datetime import timedelta
from typing import Any

import pytest

from psg.base import Refused
from psg.cases.models import Case, Visibility
from psg.sharing import clearances, services
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import a_member, join, make_case
from tests.factories.sharing import council, make_disclosure, said


@pytest.fixture
def case(session: Any) -> Case:
    case = make_case()
    a_member(case)
    case.visibility = Visibility.SEALED
    return case


def second(case: Case) -> Any:
    case.visibility = Visibility.PARTNERSHIP
    member = a_member(case)
    case.visibility = Visibility.SEALED
    return member


def test_a_disclosure_from_a_sealed_case_is_refused_without_a_second_persons_yes(case: Case) -> None:
    with pytest.raises(Refused, match="another member must first clear"):
        services.record_disclosure(case, said(case, council()), by=case.lead, now=now())


def test_a_yes_is_good_for_one_disclosure_to_that_agency_within_seven_days(case: Case) -> None:
    agency, other = council(), second(case)
    asked = clearances.ask_clearance(case, agency, reason="To move her", by=case.lead, now=now())
    with pytest.raises(Refused, match="Another member"):
        clearances.answer_clearance(asked, case, grant=True, by=case.lead, now=now())
    clearances.answer_clearance(asked, case, grant=True, by=other, now=now())
    with pytest.raises(Refused, match="another member must first clear"):
        services.record_disclosure(case, said(case, council()), by=case.lead, now=now())
    late = now() + timedelta(days=8)
    with pytest.raises(Refused):
        services.record_disclosure(case, said(case, agency), by=case.lead, now=late)
    entry = services.record_disclosure(case, said(case, agency), by=case.lead, now=now())
    assert asked.disclosure_id == entry.id
    with pytest.raises(Refused):
        services.record_disclosure(case, said(case, agency), by=case.lead, now=now())


def test_a_no_and_an_outsiders_answer_clear_nothing(case: Case) -> None:
    agency, other = council(), second(case)
    asked = clearances.ask_clearance(case, agency, reason="To move her", by=case.lead, now=now())
    with pytest.raises(Refused):
        clearances.answer_clearance(asked, case, grant=True, by=make_user(), now=now())
    clearances.answer_clearance(asked, case, grant=False, by=other, now=now())
    with pytest.raises(Refused, match="answered already"):
        clearances.answer_clearance(asked, case, grant=True, by=other, now=now())
    with pytest.raises(Refused):
        services.record_disclosure(case, said(case, agency), by=case.lead, now=now())


def test_a_case_that_is_not_sealed_needs_no_clearance(session: Any) -> None:
    case = make_case()
    assert make_disclosure(case).id
    with pytest.raises(Refused, match="not sealed"):
        clearances.ask_clearance(case, council(), reason="To move her", by=case.lead, now=now())


def test_the_pages_ask_and_answer(case: Case, sign_in: Any) -> None:
    agency, other = council(), second(case)
    base = f"/cases/{case.reference}/sharing"
    mine, theirs = sign_in(case.lead), sign_in(other)
    typed = {"agency": str(agency.id), "reason": "To move her tonight"}
    assert mine.send(f"{base}/clearances/new", {**typed, "agency": ""}).status_code == 422
    assert mine.send(f"{base}/clearances/new", typed).status_code == 303
    asked = clearances.clearances_of(case, now())[0]
    assert "Waits for another member" in mine.get(base).text
    address = f"{base}/clearances/{asked.id}"
    assert address in theirs.get(base).text
    own = mine.send(address, {"answer": "yes"})
    assert (own.status_code, "Another member" in own.text) == (422, True)
    assert theirs.send(address, {"answer": "yes"}).status_code == 303
    assert f"Yes, {other.name}" in mine.get(base).text


def test_nobody_else_learns_of_it_and_an_open_case_has_no_such_page(case: Case, sign_in: Any) -> None:
    asked = clearances.ask_clearance(case, council(), reason="To move her", by=case.lead, now=now())
    stranger = make_user()
    browser = sign_in(stranger)
    for path in ("new", str(asked.id)):
        assert browser.get(f"/cases/{case.reference}/sharing/clearances/{path}").status_code == 404
    case.visibility = Visibility.PARTNERSHIP
    join(case, stranger)
    assert sign_in(stranger).get(f"/cases/{case.reference}/sharing/clearances/new").status_code == 404
