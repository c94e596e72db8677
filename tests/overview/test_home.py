"""Home: different for each role, never empty, and every number opens the list it counts."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import html5lib
import pytest

from psg.accounts.models import AgencyKind, Role, User
from psg.audit.queries import latest
from psg.cases.models import Band, Visibility
from psg.cases.services import add_note
from psg.extensions import db
from psg.osara.passages import ClosureProposal
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action, make_overdue_action
from tests.factories.cases import make_case
from tests.factories.meetings import make_meeting
from tests.factories.overview import put_case
from tests.factories.plan import make_plan
from tests.factories.sharing import make_disclosure

SignIn = Callable[[User], Browser]


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def count_cards(page: str) -> dict[str, tuple[str, str]]:
    """Number and address of each card, by its label."""
    found = re.findall(
        r'psg-count__link" href="([^"]+)"><span class="psg-count__number">([^<]+)<.*?__label">([^<]+)<', page
    )
    return {label: (number, address.replace("&amp;", "&")) for address, number, label in found}


def rows_of(page: str) -> int:
    return len(re.findall(r"<tr\b", page.partition("<tbody")[2].partition("</tbody>")[0]))


@pytest.mark.parametrize("role", list(Role))
def test_no_role_lands_on_an_empty_page(sign_in: SignIn, session: Any, role: Role) -> None:
    answer = sign_in(make_user(role=role)).get("/")
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.text.strip())
    assert len(words(answer.text)) > 150
    assert "psg-count__number" in answer.text


def test_homes_differ_with_the_role(sign_in: SignIn, session: Any) -> None:
    headings = {
        re.search(r"<h1[^>]*>([^<]+)<", sign_in(make_user(role=role)).get("/").text).group(1)  # type: ignore[union-attr]
        for role in (Role.PRACTITIONER, Role.AUDITOR, Role.DELIVERY_GROUP, Role.ADMINISTRATOR)
    }
    assert len(headings) == 4


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.COORDINATOR])
def test_every_number_opens_a_list_of_that_many(sign_in: SignIn, session: Any, role: Role) -> None:
    officer, other = make_user(role=role), make_user(agency=make_agency(kind=AgencyKind.HOUSING))
    for days in (-3, 2, 40):
        case = put_case(by=officer, review=today() + timedelta(days=days), band=Band.HIGH)
        make_action(case, owner=officer, due_on=today() + timedelta(days=5))
    make_overdue_action(put_case(by=other), owner=officer)
    make_overdue_action(put_case(by=other, review=today() - timedelta(days=1)), agency=officer.agency)
    make_overdue_action(put_case(by=other), owner=other)
    hidden = put_case(by=other, review=today() - timedelta(days=9))
    hidden.visibility = Visibility.SEALED
    browser = sign_in(officer)
    cards = count_cards(browser.get("/").text)
    assert cards["My open cases"][0] == "3"
    assert cards["Reviews due on my cases"][0] == "2"
    assert cards["Reviews overdue on my cases"][0] == "1"
    if role is Role.COORDINATOR:  # coordinators are members of the sealed case, and nobody else here is
        assert (cards["Reviews overdue"][0], cards["Reviews due"][0]) == ("3", "4")
    assert cards["My actions overdue"][0] == "1"
    for label, (number, address) in cards.items():
        assert rows_of(browser.get(address).text) == int(number), label


def test_home_shows_my_actions_my_cases_and_what_is_new(sign_in: SignIn, session: Any) -> None:
    officer, other = make_user(), make_user()
    mine, theirs = put_case(by=officer), put_case(by=other)
    make_action(theirs, title="Fit a door guard", owner=officer)
    add_note(mine, body="Secret words", happened_at=now(), by=other, now=now())
    page = sign_in(officer).get("/").text
    assert "Fit a door guard" in page
    assert f'<a class="govuk-link psg-reference" href="/cases/{mine.reference}">' in page
    assert f"{other.name}, {other.agency.name}" in words(page)
    assert "Secret words" not in page


def test_coordinator_sees_the_agenda_and_the_closures_to_confirm(sign_in: SignIn, session: Any) -> None:
    coordinator, officer = make_user(role=Role.COORDINATOR), make_user()
    case = put_case(by=officer)
    meeting = make_meeting(by=coordinator)
    proposal = ClosureProposal(case_id=case.id, code="error", reason="No case", by_id=officer.id, at=now())
    db.session.add(proposal)
    for who, sees in ((coordinator, True), (officer, False)):
        browser = sign_in(who)
        page = browser.get("/").text
        assert f'href="/meetings/{meeting.reference}"' in page
        assert (f'href="/cases/{case.reference}/closure/answer"' in page) is sees
    assert browser.get(f"/meetings/{meeting.reference}").status_code == 200
    answer = sign_in(coordinator).get(f"/cases/{case.reference}/closure/answer")
    assert answer.status_code == 200


def test_coordinator_sees_what_is_longest_overdue_whoever_owes_it(sign_in: SignIn, session: Any) -> None:
    make_overdue_action(title="Mend the street light", days=12)
    for role, sees in ((Role.COORDINATOR, True), (Role.PRACTITIONER, False)):
        page = sign_in(make_user(role=role)).get("/").text
        assert ("Mend the street light" in page) is sees
        assert "amp;amp;" not in page


def test_auditor_sees_how_much_was_shared_and_how_to_prove_the_record(sign_in: SignIn, session: Any) -> None:
    entry = make_disclosure()
    browser = sign_in(make_user(role=Role.AUDITOR))
    page = browser.get("/").text
    assert count_cards(page)["Disclosures in the log"][0] == "1"
    assert entry.reference in page
    assert "psg audit verify" in page
    for number, address in count_cards(page).values():
        assert rows_of(browser.get(address).text) == int(number)


def test_delivery_group_sees_counts_small_ones_in_words_and_no_case(sign_in: SignIn, session: Any) -> None:
    make_plan()
    case = make_case()
    page = sign_in(make_user(role=Role.DELIVERY_GROUP)).get("/").text
    assert count_cards(page)["Open cases"] == ("fewer than 5", "/reports#stage")
    assert case.name not in page
    assert "/cases" not in page


def test_administrator_sees_agencies_and_accounts(sign_in: SignIn, session: Any) -> None:
    agency = make_agency(name="Heron Housing", kind=AgencyKind.HOUSING)
    make_user(agency=agency)
    make_user(agency=agency).is_active = False
    page = words(sign_in(make_user(role=Role.ADMINISTRATOR)).get("/").text)
    assert re.search(
        rf"Heron Housing {agency.code} Housing Until \d+ \w+ \d+ 1 account of Heron Housing 1", page
    )


def test_opening_home_is_one_entry_that_names_what_was_shown(sign_in: SignIn, session: Any) -> None:
    officer = make_user()
    case = put_case(by=officer)
    action = make_action(case, owner=officer)
    browser = sign_in(officer)
    before = latest(limit=1)[0].seq
    browser.get("/")
    entry = latest(limit=1)[0]
    assert entry.seq == before + 1
    assert entry.detail is not None
    assert set(entry.detail["ids"]) == {case.record_id, action.record_id}  # type: ignore[arg-type]


@pytest.mark.parametrize("role", list(Role))
def test_number_of_statements_does_not_grow(sign_in: SignIn, session: Any, queries: Any, role: Role) -> None:
    officer = make_user(role=role)
    counts = []
    for size in (2, 30):
        for _ in range(size):
            lead = officer if role in (Role.PRACTITIONER, Role.COORDINATOR) else make_user()
            make_overdue_action(put_case(by=lead, review=today()), owner=lead)
        browser = sign_in(officer)
        with queries() as sent:
            assert browser.get("/").status_code == 200
        counts.append(sent.count)
    assert counts[0] == counts[1] <= 19
