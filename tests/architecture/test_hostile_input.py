"""Bad input to every form and every address: refused in words, kept in its box, nothing changed, never a 500."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import count

import pytest
from flask import Flask

from tests.architecture.routes import WHILE_TYPING
from tests.architecture.test_forged_posts import everything
from tests.architecture.turns import in_turn
from tests.architecture.world import Address, World
from tests.browser import Browser

LONG = "x" * 20_001
LONG_IN_BYTES = "\U0001f438" * 20_001
UNKEEPABLE = (LONG, "a\x00b")
ODD = ("9" * 23, "٣", """odd" hx-get="/" ' hx-get='/'><img src=x>""")
"""What is good text and no good number, date or choice."""
BODIES = (
    (b"csrf_token=\xff\xfe&body=%FF%FE%ED%A0%80", "application/x-www-form-urlencoded"),
    (b"body=" + b"x" * 1_100_000, "application/x-www-form-urlencoded"),
    (
        b"\r\n".join(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1' for _ in range(201))
        + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n' + b"x" * 300_000 + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    (b"--b", "multipart/form-data"),
    (b'{"body": 1}', "application/json"),
    (
        b'--b\r\nContent-Disposition: form-data; name="body"; filename="a"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
)
DAYS = (("31", "2", "2026"), ("9" * 19, "1", "2026"), ("1", "1", "0000"))
QUERIES = (
    "page=-1&sort=__class__&year=zzz&item=99999999999999999999&stage=%00&ward=%C3%28&agency=1e9",
    "page=99999&sort=-&year=%00&item=0&ward=2147483648&agency=999999999&commitment=999999999&case=%00",
    "page=%D9%A3&since=9999-12-31&until=0000-00-00&item=%D9%A3&subject=%00&whose=%00&status=%00&kind=%00&area=%00&commitments=%00&commitments=9&next=%00",
)
NAMES_OF_NOTHING = (
    "%00", "PSG-0", "PSG-%00", "PSG-999999999", "PSG-9999999999", "%ED%A0%80", "PSG-%D9%A3", "1" * 5000,
)  # fmt: skip
MADE = re.compile(r"""<img src=x|odd["'] hx-get""")
"""An element or an attribute that would have been made of what was typed."""
NUMBERED = re.compile(r"/\d+(/|$)")
_keys = count(1)


class Fields(HTMLParser):
    """What the form sent to an address asks for: each name with its element, what is hidden with its value."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.page, self.action, self.inside = page.partition("?")[0], action.partition("?")[0], False
        self.answers: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            target = said.get("action") or self.page
            self.inside = said.get("method") == "post" and target.partition("?")[0] == self.action
        elif self.inside and "name" in said and tag in ("input", "select", "textarea", "button"):
            hidden = said.get("type") == "hidden"
            self.answers.setdefault(said["name"], said.get("value", "") if hidden else tag)


def addresses_of(app: Flask, world: World, method: str) -> Iterator[Address]:
    takes = {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
    return (one for one in world.addresses() if one.endpoint in takes and one.endpoint != "accounts.sign_out")


def forms_of(app: Flask, world: World, browser: Browser) -> list[tuple[Address, dict[str, str]]]:
    """Every form with its fields; those whose only answer is the button apart."""
    found = []
    for one in addresses_of(app, world, "POST"):
        if one.endpoint in WHILE_TYPING:
            continue
        fields = Fields(one.page, one.url)
        fields.feed(browser.get(one.page).text)
        assert "csrf_token" in fields.answers, one
        if set(fields.answers) - {"csrf_token", "request_key", "version"}:
            found.append((one, fields.answers))
    return found


def filled(answers: dict[str, str], hostile: str) -> dict[str, str]:
    """Every box filled with the same; what the page itself carries stays as it is."""
    kept = {"csrf_token": answers["csrf_token"], "request_key": f"hostile-{next(_keys)}"}
    return {**dict.fromkeys(answers, hostile), **kept}


def test_no_form_takes_what_cannot_be_kept(app: Flask, world: World, browser: Browser) -> None:
    forms, before = forms_of(app, world, browser), everything()
    for turn, (one, answers) in enumerate(forms):
        for hostile in in_turn(UNKEEPABLE, turn):
            answer = browser.post(one.url, data=filled(answers, hostile))
            # many boxes that are each too long are more than a request may be
            refused = (409, 413, 422) if hostile is LONG else (409, 422)
            assert answer.status_code in refused, (one, hostile[:5])
    assert everything() == before


def test_no_form_breaks_on_what_is_odd(app: Flask, world: World, browser: Browser) -> None:
    for turn, (one, answers) in enumerate(forms_of(app, world, browser)):
        for hostile in in_turn(ODD, turn):
            answer = browser.post(one.url, data=filled(answers, hostile))
            assert answer.status_code in (200, 303, 403, 404, 409, 422), (one, hostile)
            assert not MADE.search(answer.text), one
    for one in list(addresses_of(app, world, "GET")):
        assert not MADE.search(browser.get(one.url).text), one


@pytest.mark.crawl
def test_no_form_takes_a_day_that_is_none(app: Flask, world: World, browser: Browser) -> None:
    dated = [
        (one, answers, boxes)
        for one, answers in forms_of(app, world, browser)
        if (boxes := [name.removesuffix("-day") for name in answers if name.endswith("-day")])
    ]
    before = everything()
    assert dated
    for turn, (one, answers, boxes) in enumerate(dated):
        for day, month, year in in_turn(DAYS, turn):
            typed = {
                f"{box}-{part}": value
                for box in boxes
                for part, value in zip(("day", "month", "year"), (day, month, year), strict=True)
            }
            answer = browser.post(one.url, data=filled(answers, "words") | typed)
            assert answer.status_code in (409, 422), (one, typed)
            assert f'value="{day[:20]}"' in answer.text, (one, typed)
    assert everything() == before


@pytest.mark.crawl
def test_text_that_is_too_long_comes_back_whole(app: Flask, world: World, browser: Browser) -> None:
    """In the longest of letters, as many bytes as 20,001 characters can be."""
    for one, answers in forms_of(app, world, browser):
        box = next((name for name, kind in answers.items() if kind == "textarea"), None)
        if box is not None:
            answer = browser.post(one.url, data=filled(answers, "") | {box: LONG_IN_BYTES})
            assert answer.status_code == 422, one
            assert LONG_IN_BYTES in answer.text, one


@pytest.mark.crawl
def test_no_body_breaks_a_form(app: Flask, world: World, browser: Browser) -> None:
    before = everything()
    for turn, one in enumerate(list(addresses_of(app, world, "POST"))):
        for body, kind in in_turn(BODIES, turn, some=2):
            answer = browser.post(one.url, data=body, content_type=kind)
            assert answer.status_code in (400, 409, 413, 422), (one, kind, body[:80])
    assert everything() == before


@pytest.mark.crawl
def test_no_address_breaks_a_page(app: Flask, world: World, browser: Browser) -> None:
    for turn, one in enumerate(list(addresses_of(app, world, "GET"))):
        for query in in_turn(QUERIES, turn):
            joined = "&" if "?" in one.url else "?"
            assert browser.get(f"{one.url}{joined}{query}").status_code < 500, (one, query)


def test_a_reference_that_names_nothing_is_one_404(browser: Browser) -> None:
    missing = browser.get("/cases/PSG-9999").text
    for kind in ("cases", "people", "places", "meetings", "sharing", "plan"):
        for name in NAMES_OF_NOTHING:
            answer = browser.get(f"/{kind}/{name}")
            assert (answer.status_code, answer.text) == (404, missing), (kind, name)


def test_a_row_of_another_case_is_not_there(world: World, browser: Browser) -> None:
    """Each record of one case, asked for under another case that the person may work on."""
    ours, other = f"/cases/{world.case.reference}/", f"/cases/{world.proposed.reference}/"
    rows = [one for one in world.addresses() if one.url.startswith(ours) and NUMBERED.search(one.url)]
    assert len(rows) > 10
    before = everything()
    for one in rows:
        url = one.url.replace(ours, other)
        assert browser.get(url).status_code == 404, url
        assert browser.post(url).status_code in (404, 405), url
    assert everything() == before
