"""Somebody new: the letter, a password of their own, an authenticator app, and back with each of its codes."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Site
from tests.journeys.officer import Officer

pytestmark = pytest.mark.journey
WORDS = "lantern thimble crater"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_somebody_new_sets_up_both_factors_and_comes_back(
    site: Site, browser: Browser, javascript: bool
) -> None:
    email = f"new.{javascript}@psg.example".lower()
    made = site.psg("user", "create", email, "Pat Ternfield", "--role", "practitioner", "--agency", "POL")
    assert made.returncode == 0, made.stderr
    link = re.search(r"/choose-password/\S+", made.stdout)
    assert link is not None
    person = Officer(browser, site.address, javascript=javascript)
    person.open(link[0])
    person.fill(new_password="Password1234")
    person.press("Save the password")
    assert "harder to guess" in person.page.inner_text("main")
    person.fill(new_password=WORDS)
    person.press("Save the password")
    person.sign_in(email, WORDS)
    app = pyotp.TOTP(person.page.locator(".psg-key").inner_text().replace(" ", ""))
    person.fill(code=app.now())
    person.press("Continue")
    codes = person.page.locator(".psg-key").all_inner_texts()
    assert len(codes) == 10
    person.page.get_by_text("I have kept them").click()
    person.settle()
    assert "Pat Ternfield" in person.page.inner_text("header")
    person.press("Sign out", within="header")
    person.sign_in(email, WORDS)
    person.page.get_by_text("I do not have my app").click()
    person.follow("Use one of your recovery codes")
    person.fill(code=codes[0].lower())
    person.press("Continue")
    assert "9 recovery codes left" in person.page.inner_text("main")
    person.press("Sign out", within="header")
    person.sign_in(email, WORDS)
    person.fill(code=app.at(time.time() + 30))
    person.press("Continue")
    assert "Pat Ternfield" in person.page.inner_text("header")
    person.leave()
