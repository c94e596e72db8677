"""A person at a browser, in their own words: open, fill, choose, press. Every page they meet is looked over."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route

from psg.web.headers import HTMX_ADDRESS

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
WIDTHS = (1280, 320)
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
EXPECTED_IN_CONSOLE = re.compile(r"Failed to load resource.*\b(401|404|409|422)\b")
LOOKED_AT: set[tuple[str, str, bool]] = set()
"""Kinds of page already gone over by axe, so that a second case's page is not measured again."""


class Officer:
    def __init__(self, browser: Browser, address: str, *, javascript: bool) -> None:
        self.address = address
        self.javascript = javascript
        self.context = browser.new_context(
            base_url=address, java_script_enabled=javascript, viewport={"width": WIDTHS[0], "height": 900}
        )
        self.context.set_default_timeout(15_000)
        self.context.route(lambda url: not url.startswith(address), self._outside)
        self.page: Page = self.context.new_page()
        self.checker = self.page if javascript else browser.new_context().new_page()
        self.complaints: list[str] = []
        self.email = self.password = ""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, email: str, password: str) -> None:
        self.email, self.password = email, password
        self.open("/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.locator("#password").fill(password)
        self.press("Sign in")

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"
        self.look()
        if self.path == "/step-up":
            self.page.locator("#password").fill(self.password)
            self.press("Continue")

    def press(self, name: str, *, within: str = "main") -> None:
        """Press a button of the page, wait for what follows and look at it."""
        button = self.page.locator(within).get_by_role("button", name=name, exact=True).first
        with self.page.expect_response(answers_an_act):
            button.click()
        self.settle()
        self.look()

    def follow(self, name: str, *, within: str = "main", exact: bool = False) -> None:
        self.page.locator(within).get_by_role("link", name=name, exact=exact).first.click()
        self.settle()
        self.look()

    def fill(self, **answers: str) -> None:
        """Fill boxes by the name of their field; a date as `happened_on="1 2 2026"`."""
        for name, answer in answers.items():
            box = self.page.locator(f"main [name='{name}']")
            if box.count():
                box.first.fill(answer)
                continue
            for part, typed in zip(("day", "month", "year"), answer.split(), strict=True):
                self.page.locator(f"main [name='{name}-{part}']").fill(typed)

    def choose(self, **answers: str | tuple[str, ...]) -> None:
        """Choose by the words beside it: an option, a radio, or any number of boxes."""
        for name, answer in answers.items():
            control = self.page.locator(f"main [name='{name}']").first
            if control.evaluate("element => element.tagName") == "SELECT":
                label = next(
                    text for text in control.locator("option").all_inner_texts() if str(answer) in text
                )
                control.select_option(label=label)
                continue
            for words in (answer,) if isinstance(answer, str) else answer:
                self._option(name, words).check()

    def main_button(self) -> str:
        """The words of the page's own button, the first that is not a search or a filter."""
        return self.page.locator("main form.psg-form button[type='submit']").first.inner_text()

    def first_words(self, name: str) -> str:
        """The words beside the first box of a group."""
        first = self.page.locator(f"main [name='{name}']").first.get_attribute("id")
        return self.page.locator(f"label[for='{first}']").inner_text()

    def tick_commitment(self, reference: str) -> None:
        """Tick a commitment of the plan, opening its area of focus where it is folded."""
        label = self.page.locator("main label").filter(has_text=re.compile(rf"\b{reference}\b")).first
        fold = label.locator("xpath=ancestor::details[not(@open)]/summary")
        if fold.count():
            fold.click()
        self.page.locator(f"[id='{label.get_attribute('for')}']").check()

    def _option(self, name: str, words: str):  # type: ignore[no-untyped-def]
        for control in self.page.locator(f"main [name='{name}']").all():
            label = self.page.locator(f"label[for='{control.get_attribute('id')}']")
            if words in label.inner_text():
                return control
        raise AssertionError(f"{name} offers no “{words}”")

    def sees(self, *words: str) -> None:
        shown = self.page.locator("main").inner_text()
        for text in words:
            assert text in shown, f"“{text}” is not on {self.path}:\n{shown}"

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def settle(self) -> None:
        self.page.wait_for_load_state("load")
        if self.javascript:
            self.page.wait_for_load_state("networkidle")
            self.page.locator(".htmx-request").wait_for(state="detached")

    def look(self) -> None:
        """No complaint in the console, nothing for axe to find, nothing wider than the screen."""
        assert self.complaints == [], (self.path, self.complaints)
        errors = "error" if self.page.locator(".govuk-error-summary").count() else ""
        kind = (re.sub(r"[A-Z]+-?\d*\d|\d+", "*", self.path), errors, self.javascript)
        if kind in LOOKED_AT:
            return
        LOOKED_AT.add(kind)
        page = self.page if self.javascript else self._still_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert over <= 0, f"{self.path} is {over} px wider than a screen of {width}"
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{self.path} at {width}: {found.generate_report()}"
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def _still_page(self) -> Page:
        """The page as it stands without JavaScript, in a browser where axe itself may run."""
        still = re.sub(r"<script\b.*?</script>", "", self.page.content(), flags=re.DOTALL)
        self.checker.unroute_all()
        self.checker.route(self.page.url, lambda route: route.fulfill(body=still, content_type="text/html"))
        self.checker.goto(self.page.url)
        return self.checker

    def leave(self) -> None:
        self.checker.context.close()
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_IN_CONSOLE.search(message.text):
            self.complaints.append(message.text)

    @staticmethod
    def _outside(route: Route) -> None:
        """The one address outside that a page may ask for is answered from the same file, so that its hash is checked."""
        if route.request.url == HTMX_ADDRESS:
            route.fulfill(
                path=VENDOR / "htmx.min.js",
                content_type="text/javascript",
                headers={"Access-Control-Allow-Origin": "*"},
            )
        else:
            route.abort()


def answers_an_act(answer: Response) -> bool:
    """Whether a response answers what a person did, rather than fetching a style or a picture."""
    return answer.request.resource_type in ("document", "fetch", "xhr")
