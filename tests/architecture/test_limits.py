"""How much a request may hold: to the byte, by every route that takes one; and numbers that no column holds."""

from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.architecture.test_forged_posts import everything
from tests.architecture.test_hostile_input import addresses_of
from tests.architecture.test_routes import rules
from tests.architecture.world import World
from tests.browser import Browser

pytestmark = pytest.mark.crawl

MOST_PARTS = 200
MOST_IN_A_FIELD = 200_000
MOST_IN_ALL = 1024 * 1024
MOST_IN_A_TEXT = 20_000
PLAIN = "application/x-www-form-urlencoded"
NUMBERS = (
    "2147483648",
    "4294967296",
    "9223372036854775808",
    "1" + "0" * 40,
    "-1",
    "0",
    "1e9",
    "0x10",
    "٣",
    "%00",
)


def parts(number: int) -> bytes:
    """A form without files of so many parts, none of which any form knows."""
    return b"&".join(b"a=" for _ in range(number))


def multipart(number: int, size: int = 1) -> bytes:
    one = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * size
    return b"\r\n".join([one] * number) + b"\r\n--b--\r\n"


TOO_MUCH = {
    "more than a request may hold": (b"a=" + b"x" * MOST_IN_ALL, PLAIN),
    "one part too many": (parts(MOST_PARTS + 1), PLAIN),
    "one part too many, with files": (multipart(MOST_PARTS + 1), "multipart/form-data; boundary=b"),
    "a field too large": (b"a=" + b"x" * MOST_IN_A_FIELD, PLAIN),
    "a field too large, with files": (multipart(1, MOST_IN_A_FIELD + 1), "multipart/form-data; boundary=b"),
}
ALSO_TOO_MUCH = {
    "a field too large, encoded": b"a=" + b"%78" * MOST_IN_A_FIELD,
    "names alone": parts(MOST_IN_ALL // 3),
}
"""Plain forms are counted before any route is asked, so that one route will do."""
ENOUGH = {
    "as many parts as may be": (parts(MOST_PARTS), PLAIN),
    "as large a field as may be": (b"a=" + b"x" * (MOST_IN_A_FIELD - 2), PLAIN),
    "as large a field, with files": (multipart(1, MOST_IN_A_FIELD), "multipart/form-data; boundary=b"),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_no_route_takes_more_than_it_may(app: Flask, world: World, browser: Browser, what: str) -> None:
    body, kind = TOO_MUCH[what]
    before = everything()
    for one in list(addresses_of(app, world, "POST")):
        status = browser.post(one.url, data=body, content_type=kind).status_code
        assert status == (403 if status == 403 and kind != PLAIN else 413), one  # not theirs, and so not read
    assert everything() == before


@pytest.mark.parametrize("what", ALSO_TOO_MUCH)
def test_what_is_too_much_is_so_however_it_is_written(client: Browser, what: str) -> None:
    assert client.post("/sign-in", data=ALSO_TOO_MUCH[what], content_type=PLAIN).status_code == 413


@pytest.mark.parametrize("what", ENOUGH)
def test_what_is_just_not_too_much_gets_as_far_as_the_form(client: Browser, what: str) -> None:
    body, kind = ENOUGH[what]
    assert client.post("/sign-in", data=body, content_type=kind).status_code == 422


def test_a_body_without_a_length_is_held_to_the_same(client: Browser) -> None:
    """As a server hands on what was sent in chunks."""

    class Endless:
        sent = 0

        def read(self, size: int = -1) -> bytes:
            self.sent += 65_536
            assert self.sent <= 3 * MOST_IN_ALL, "read on although it was too much"
            return b"x" * 65_536

    answer = client.post(
        "/sign-in",
        content_type=PLAIN,
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f438"])
def test_a_text_is_held_to_its_length_in_letters_and_comes_back_where_it_is_longer(
    world: World, browser: Browser, letter: str
) -> None:
    page = f"/cases/{world.case.reference}/notes/new"
    hidden = browser.hidden_fields(page)
    longer = letter * (MOST_IN_A_TEXT + 1)
    answer = browser.post(page, data={**hidden, "body": longer})
    assert answer.status_code == 422
    assert longer in answer.text
    assert "20,000 characters or fewer; you have 20,001" in answer.text


def test_a_query_may_have_as_many_parts_as_its_line_holds(world: World, browser: Browser) -> None:
    many = urlencode([("stage", "analysis")] * 200)
    for path in ("/board", "/cases", "/sharing", "/actions"):
        assert browser.get(f"{path}?{many}").status_code == 200


def test_a_number_that_no_column_holds_names_nothing(app: Flask, browser: Browser) -> None:
    numbered = [rule for rule in rules(app) if "<int:" in rule.rule]
    assert len(numbered) > 5
    for rule in numbered:
        for number in NUMBERS:
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<int:{argument}>", number).replace(f"<{argument}>", f"PSG-{number}")
            for method in (rule.methods or set()) & {"GET", "POST"}:
                if "<" not in path:
                    assert browser.open(path, method=method).status_code in (403, 404), (path, method)
