"""One name, given out and answered to; and a way back after signing in that never leads to somebody else's site."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from psg.web import headers, hosts
from tests.web.conftest import ROOT, build

HOSTILE = [
    "evil.example", "psg.example.evil.example", "evilpsg.example", "psg.example:444", "psg.example:80",
    "psg.example.", "psg.example@evil.example", "evil.example/psg.example", "psg.example,evil.example",
    "psg.example evil.example", "psg.example\\evil.example", "psg.example#evil.example", "*.psg.example",
    "www.psg.example", "localhost", "127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "", ":443",
    "psg.example:", "psg.example:443:443", "psg.example:0443", "psg。example", "xn--bcher-kva.example",
    "psg.example%00", "psg.example\t",
]  # fmt: skip
STRANGERS = [
    "", "evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "https://evil.example",
    "http://evil.example", "https:/evil.example", "https:evil.example", "http:///evil.example",
    "HTTPS://EVIL.EXAMPLE", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "vbscript:x", "mailto:x@evil.example", "ftp://evil.example", "file:///etc/passwd",
    " //evil.example", "\t//evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example",
    "/\r\n/evil.example", "/\x00/evil.example", "/x\r\nSet-Cookie: a=b", "/x\nLocation: //evil.example",
    "/%2fevil.example", "/%2Fevil.example", "/%2f%2fevil.example", "%2f%2fevil.example",
    "/%5cevil.example", "/%5Cevil.example", "%5c%5cevil.example", "/%252fevil.example",
    "/%255cevil.example", "/%25252fevil.example", "/%2525252525252525252fevil.example", "/%09/evil.example",
    "/%0a/evil.example", "/%0d%0aSet-Cookie:a=b", "/%00/evil.example", "/x%0d%0aX: y", "/%7f",
    "/.//evil.example", "/..//evil.example", "/x//evil.example", "/?x=//evil.example", "?next=//evil",
    "#//evil.example", "@evil.example", "./evil", "../evil", "cases", "／／evil.example", "/／evil.example",
    "/＼evil.example", "/%EF%BC%8Fevil.example", "/\u2028/evil", "/\x85evil",
    "/" + "x" * 2001,
]  # fmt: skip
OURS = [
    "/", "/cases", "/cases/PSG-0142", "/cases/PSG-0142?tab=notes", "/search?q=Jo%20Reedmace",
    "/search?q=Si%C3%A2n", "/board?ward=1&stage=analysis", "/people?sort=-name#top",
]  # fmt: skip


def live(**settings: Any) -> Flask:
    """As in production, behind as many proxies as are named."""
    app = build(
        **{"PSG_ENV": "production", "PSG_BASE_URL": "https://psg.example", "PSG_PROXY_HOPS": 0, **settings}
    )
    app.add_url_rule("/link", view_func=lambda: hosts.absolute("/reset/abc"), endpoint="link")
    hosts.init_app(app)
    return app


def test_there_are_enough_hostile_strings() -> None:
    assert len(set(HOSTILE)) >= 20
    assert len(set(STRANGERS)) >= 60


@pytest.mark.parametrize("host", HOSTILE)
def test_request_for_another_name_is_refused_before_anything_else(host: str) -> None:
    app = live()

    @app.before_request
    def never() -> None:
        raise AssertionError("a request for another name got in")

    for path in ("/link", "/missing", "/static/css/psg.css"):
        answer = app.test_client().get(path, environ_overrides={"HTTP_HOST": host})
        assert answer.status_code == 400
        assert answer.text == hosts.REFUSED
        assert "evil" not in answer.text + str(answer.headers)
        assert dict(answer.headers).items() >= headers.of_refusal(app.config).items()


@pytest.mark.parametrize("host", ["psg.example", "PSG.example", "psg.example:443"])
def test_our_own_name_is_answered_to(host: str) -> None:
    assert live().test_client().get("/link", headers={"Host": host}).text == "https://psg.example/reset/abc"


def test_request_without_a_host_is_refused() -> None:
    def nameless(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_HOST")
        return app.wsgi_app(environ, start_response)

    app = live()
    plain = Flask("nameless")
    plain.wsgi_app = nameless  # type: ignore[method-assign]
    assert plain.test_client().get("/link").status_code == 400


@pytest.mark.parametrize("host", HOSTILE)
def test_forwarded_host_counts_for_nothing_without_a_proxy(host: str) -> None:
    sent = {"Host": "psg.example", "Forwarded": "host=evil.example", "X-Original-Host": "evil.example"}
    environ = {"HTTP_X_FORWARDED_HOST": host, "HTTP_X_FORWARDED_PROTO": "http"}
    answer = live().test_client().get("/link", headers=sent, environ_overrides=environ)
    assert answer.text == "https://psg.example/reset/abc"


@pytest.mark.parametrize("host", [host for host in HOSTILE if host])
def test_forwarded_host_of_a_proxy_is_held_to_the_same_name(host: str) -> None:
    client = live(PSG_PROXY_HOPS=1).test_client()
    sent = {"Host": "10.1.1.1", "X-Forwarded-Host": "psg.example"}
    assert client.get("/link", headers=sent).text == "https://psg.example/reset/abc"
    if host in ("psg.example,evil.example", "psg.example\t"):
        return  # of several names the proxy's own counts, as the next test says; white space is no part of one
    hostile = client.get("/link", headers=sent, environ_overrides={"HTTP_X_FORWARDED_HOST": host})
    assert hostile.status_code == 400


def test_of_several_forwarded_names_that_of_our_own_proxy_counts() -> None:
    client = live(PSG_PROXY_HOPS=1).test_client()
    for given, status in (("evil.example, psg.example", 200), ("psg.example, evil.example", 400)):
        sent = {"Host": "10.1.1.1", "X-Forwarded-Host": given}
        assert client.get("/link", headers=sent).status_code == status


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:49152", "psg.example"])
def test_development_answers_on_this_machine_on_any_port(host: str) -> None:
    client = live(PSG_ENV="development").test_client()
    assert client.get("/link", headers={"Host": host}).status_code == 200
    assert client.get("/link", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("wanted", STRANGERS)
def test_way_on_that_could_lead_elsewhere_leads_home(wanted: str) -> None:
    assert hosts.local_path(wanted) == "/"


@pytest.mark.parametrize("wanted", OURS)
def test_way_on_within_this_site_is_kept(wanted: str) -> None:
    assert hosts.local_path(wanted) == wanted


def test_nothing_makes_an_address_of_the_request() -> None:
    """No absolute link but those that begin with the setting."""
    made = re.compile(r"_external|host_url|url_root|base_url|request\.host\b|request\.url\b|SERVER_NAME")
    files = [*Path(ROOT, "psg").rglob("*.py"), *Path(ROOT, "templates").rglob("*.html")]
    assert len(files) > 100
    found = [file for file in files if file.name != "config.py" and made.search(file.read_text())]
    assert found == []
