"""Pages that the first case does not pass, for each kind of person, and what a page leaves behind in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route

from psg.web.headers import HTMX_ADDRESS
from tests.journeys.conftest import PASSWORD, Site
from tests.journeys.officer import Officer

pytestmark = pytest.mark.journey
At = Callable[..., Officer]

PAGES = {
    "coordinator": (
        "/", "/board?view=columns", "/cases?state=closed", "/people", "/places", "/people/P-0001",
        "/places/L-0061", "/people/P-0001/contacts", "/plan", "/plan/ASB-1", "/actions?whose=everyone", "/toolbox",
        "/meetings", "/meetings/M-0012", "/meetings/M-0012/minutes", "/cases/PSG-0021/lead", "/cases/PSG-0021/edit",
        "/cases/PSG-0021/notes/new", "/cases/PSG-0021/actions", "/cases/PSG-0021/actions/new",
        "/cases/PSG-0029/access", "/cases/PSG-0029/access/invite", "/cases/PSG-0029/access/visibility",
        "/cases/PSG-0029/access/conflicts/new", "/emergency-access", "/emergency-access/1",
    ),
    "housing": (
        "/cases/restricted", "/cases/PSG-0033/access", "/cases/PSG-0033/access/ask", "/cases/PSG-0033/emergency",
        "/cases/PSG-0033/emergency/reason", "/cases/PSG-0033/conflict",
    ),
    "auditor": (
        "/", "/sharing", "/reports", "/plan", "/audit", "/emergency-access", "/cases/PSG-0001/access",
    ),
    "delivery": ("/", "/reports", "/plan", "/plan/ASB-1"),
    "admin": ("/", "/plan"),
}  # fmt: skip


@pytest.mark.parametrize("who", list(PAGES))
def test_pages_are_sound_for_everyone_who_opens_them(officer: At, who: str) -> None:
    person = officer(who)
    for path in PAGES[who]:
        person.open(path)
        heading = person.page.locator("h1").inner_text()
        assert person.page.locator("h1").count() == 1
        assert heading.split()[0].strip(":") in person.page.title()


def test_board_filters_in_place_and_the_address_follows(officer: At) -> None:
    person = officer("police")
    person.open("/board")
    person.choose(ward="Littleport")
    person.press("Apply filters")
    person.page.wait_for_url("**/board?*ward=*")
    person.sees("Littleport")
    assert "Soham North" not in person.page.locator("#results, #board").first.inner_text()
    person.page.go_back()
    person.settle()
    person.sees("Soham North")


def test_search_answers_while_the_words_are_typed_and_keeps_them_out_of_the_address(officer: At) -> None:
    person = officer("police")
    person.open("/search")
    person.page.locator("main [name='q']").press_sequentially("reedm", delay=20)
    person.page.get_by_text("Reedmace").first.wait_for()
    assert person.page.url.endswith("/search")
    assert "reedm" not in person.page.title().casefold()


def test_nothing_of_a_case_stays_in_the_browser(officer: At) -> None:
    person = officer("police")
    person.open("/cases/PSG-0021/chronology")
    kept = person.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    person.page.locator("header").get_by_role("button", name="Sign out").click()
    person.page.wait_for_url("**/sign-in")
    person.page.go_back()
    person.settle()
    assert "Reedmace" not in person.page.content()


@pytest.mark.parametrize("trouble", ["refused", "tampered"])
def test_page_is_live_where_the_delivery_network_is_not_to_be_trusted(
    browser: Browser, site: Site, trouble: str
) -> None:
    def outside(route: Route) -> None:
        if trouble == "tampered" and route.request.url == HTMX_ADDRESS:
            route.fulfill(
                body="alert(1)",
                content_type="text/javascript",
                headers={"Access-Control-Allow-Origin": "*"},
            )
        else:
            route.abort()

    context = browser.new_context(base_url=site.address)
    context.route(lambda url: not url.startswith(site.address), outside)
    page = context.new_page()
    page.goto("/sign-in?next=/search")
    page.get_by_label("E-mail address").fill("police@psg.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/search")
    page.wait_for_timeout(2000)
    page.locator("main [name='q']").press_sequentially("reedm", delay=20)
    page.get_by_text("Reedmace").first.wait_for()
    context.close()


def test_record_is_read_for_a_purpose_and_its_entries_open_by_the_keyboard(officer: At) -> None:
    person = officer("auditor")
    person.open("/audit")
    person.page.get_by_label("To verify that processing was lawful").check()
    person.press("Read the record")
    person.settle()
    person.sees("Your purpose")
    person.page.locator("details.psg-more summary").first.focus()
    person.page.keyboard.press("Enter")
    person.sees("Operation")
    person.choose(op="Disclosure")
    person.press("Apply filters")
    person.page.wait_for_url("**/audit?*op=disclosure*")
    person.sees("Recorded that information was shared")
    assert "Read the chronology" not in person.page.locator("#results").inner_text()
