"""What a browser is told to load, frame and keep; on every answer, whatever its status."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from flask import Flask

from psg.web import headers
from tests.web.conftest import build

ANSWERS = [
    "/nothing",
    "/missing",
    "/broken",
    "/refused/403",
    "/refused/429",
    "/static/css/psg.css",
    "/static/none.css",
]


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_has_the_headers(look: Flask, address: str) -> None:
    response = look.test_client().get(address, buffered=True)
    for name, value in headers.FIXED.items():
        assert response.headers[name] == value
    assert response.headers["Content-Security-Policy"] == headers.policy(cdn=True)
    assert len(response.headers.getlist("Content-Security-Policy")) == 1


def test_policy_admits_nothing_but_our_own_and_htmx() -> None:
    policy = dict(part.split(" ", 1) for part in headers.policy(cdn=True).split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["font-src"] == "'none'"
    assert policy["style-src"] == policy["img-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["script-src"] == f"'self' '{headers.INLINE_LINE}' {headers.HTMX_ADDRESS}"
    assert "unsafe" not in headers.policy(cdn=True)


def test_site_that_forbids_the_public_address_has_it_nowhere() -> None:
    app = build(PSG_HTMX_SOURCE="local")
    response = app.test_client().get("/missing")
    assert "cdn.jsdelivr.net" not in response.headers["Content-Security-Policy"]
    assert "cdn.jsdelivr.net" not in response.text
    assert "vendor/htmx.min.js" in response.text


def test_hash_in_the_policy_is_that_of_the_one_inline_line(look: Flask) -> None:
    page = look.test_client().get("/missing").text
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(inline) == 1
    assert f"sha256-{b64encode(sha256(inline[0].encode()).digest()).decode()}" == headers.INLINE_LINE
    assert " style=" not in page
    assert "<style" not in page


def test_htmx_is_asked_for_with_its_hash(look: Flask) -> None:
    page = look.test_client().get("/missing").text
    tag = f'src="{headers.HTMX_ADDRESS}" integrity="{headers.HTMX_INTEGRITY}" crossorigin="anonymous"'
    assert tag in page


def test_no_page_may_be_kept(look: Flask) -> None:
    for address in ("/nothing", "/missing", "/broken", "/static/none.css"):
        response = look.test_client().get(address, buffered=True)
        assert response.headers["Cache-Control"] == "no-store"
        assert {"Cookie", "HX-Request"} <= set(response.vary)


def test_own_files_may_be_kept_under_an_address_that_changes_with_them(look: Flask) -> None:
    address = re.search(r'href="(/static/css/psg.css\?v=\w+)"', look.test_client().get("/missing").text)
    assert address
    response = look.test_client().get(address.group(1), buffered=True)
    assert response.headers["Cache-Control"] == headers.KEPT_FOR_EVER
    assert "Cookie" not in response.vary
    plain = look.test_client().get("/static/css/psg.css", buffered=True)
    assert plain.headers["Cache-Control"] == headers.KEPT_AN_HOUR


def test_only_production_insists_on_tls() -> None:
    assert "Strict-Transport-Security" not in build().test_client().get("/nothing").headers
    app = Flask("live")
    app.config["PSG_ENV"] = "production"
    headers.init_app(app)
    assert "max-age=63072000" in app.test_client().get("/nothing").headers["Strict-Transport-Security"]
