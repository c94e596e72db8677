"""What a day with a case leaves behind: in no storage of the browser, no cache and no address a name."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Page, Request, Response

from tests.journeys.conftest import Site
from tests.journeys.officer import Officer
from tests.journeys.test_words import SAVED, away, come_back

pytestmark = pytest.mark.journey
At = Callable[..., Officer]

CASE, NAME, TYPED = "/cases/PSG-0021", "Reedmace", "Quillfeather"
NAMES = re.compile(f"{NAME}|{TYPED}", re.IGNORECASE)
STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, (await indexedDB.databases()), (await caches.keys()),
  (await navigator.serviceWorker.getRegistrations()).length, history.state, window.name, document.cookie,
])"""


@dataclass
class Traffic:
    """All that went between this browser and the product."""

    addresses: list[str] = field(default_factory=list)
    cacheable: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._sent)
        page.on("response", self._answered)

    def _sent(self, request: Request) -> None:
        self.addresses += [
            request.url,
            request.headers.get("referer", ""),
            request.headers.get("hx-current-url", ""),
        ]

    def _answered(self, answer: Response) -> None:
        is_ours = "/static/" in answer.url or answer.url.startswith(("data:", "https:"))
        if not is_ours and answer.headers.get("cache-control") != "no-store":
            self.cacheable.append(answer.url)
        self.addresses += [
            answer.headers.get(name, "") for name in ("location", "hx-redirect", "hx-push-url")
        ]

    @property
    def telling(self) -> list[str]:
        return [one for one in self.addresses if NAMES.search(unquote_plus(one))]


def nothing_is_stored(person: Officer) -> None:
    stored = person.page.evaluate(STORED)
    assert stored.startswith("[{},{},[],[],0,"), (person.path, stored)
    assert not NAMES.search(stored), (person.path, stored)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_day_with_a_case_leaves_no_name_behind(officer: At, site: Site, javascript: bool) -> None:
    person, traffic = officer("police", javascript=javascript), Traffic()
    traffic.watch(person.page)
    for path in (CASE, f"{CASE}/chronology", f"{CASE}/access", "/board", "/people/P-0001"):
        person.open(path)
        if javascript:
            nothing_is_stored(person)
    search(person)
    begin_to_add_a_person(person)
    write_and_be_called_away(person, site)
    if javascript:
        nothing_is_stored(person)
    sign_out(person)
    assert traffic.telling == []
    assert traffic.cacheable == []


def search(person: Officer) -> None:
    person.open("/search")
    person.page.locator("main #q").fill(NAME)
    person.press("Search")
    person.sees(NAME)
    assert not NAMES.search(person.page.url)
    assert NAME not in person.page.title()


def begin_to_add_a_person(person: Officer) -> None:
    person.page.locator("main #q").fill(TYPED)
    person.press("Search")
    person.open("/people/new")
    person.fill(family_name=TYPED, aliases=f"{TYPED} the elder")
    person.page.locator("main form.psg-form button[type='submit']").first.click()
    person.settle()
    assert not NAMES.search(person.page.url)


def write_and_be_called_away(person: Officer, site: Site) -> None:
    """Typed, locked, and given back: what is kept is kept on the server."""
    person.open(f"{CASE}/notes/new")
    person.fill(body=f"{TYPED} was not at home")
    if person.javascript:
        person.page.get_by_text(SAVED).wait_for()
    away(site, person)
    person.page.locator("main form.psg-form button[type='submit']").first.click()
    person.page.wait_for_url("**/locked?*")
    assert not NAMES.search(person.page.content()), "the lock shows nothing of the work behind it"
    come_back(person)
    person.settle()
    assert TYPED in person.page.locator("[name='body']").input_value()


def sign_out(person: Officer) -> None:
    person.open(CASE)
    person.page.locator("header").get_by_role("button", name="Sign out").click()
    person.page.wait_for_url("**/sign-in")
    for _ in range(3):
        person.page.go_back()
        person.settle()
        assert not NAMES.search(person.page.content()), "Back shows what was signed out of"
