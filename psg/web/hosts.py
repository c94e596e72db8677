"""The one name this service answers to, and the addresses it gives out.

A Host that is not ours is refused before anything else is asked: a link made of it would send a
colleague, or the reset of a password, to somebody else's machine. No absolute link is made of a
request; they all begin with `PSG_BASE_URL`.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from psg.web import headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOME = "/"
LOCAL = ("localhost", "127.0.0.1")
STANDARD_PORTS = {"https": "443", "http": "80"}
LONGEST_PATH = 2000
DEEPEST_ENCODING = 5
NAMED = re.compile(r"([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
LEADS_AWAY = re.compile(r"//|\\|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
REFUSED = (
    "This service does not answer to that name.\n\n"
    "Nothing was read or saved. Check the address, or ask the administrator of your PSG for the right one.\n"
)


class Doorkeeper:
    """Refuses what was sent to another name, before a session is opened or a record is read."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app
        base = urlsplit(app.config["PSG_BASE_URL"])
        self._standard = STANDARD_PORTS[base.scheme]
        self._name = (base.hostname, str(base.port or self._standard))
        self._is_local = app.config["PSG_ENV"] != "production"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self.admits(environ.get("HTTP_HOST", "")):
            return self._inner(environ, start_response)
        refusal = Response(REFUSED, 400, headers.of_refusal(self._app.config), mimetype="text/plain")
        return refusal(environ, start_response)

    def admits(self, host: str) -> bool:
        """Our name and port alone; in development this machine too, on any port."""
        parts = NAMED.fullmatch(host.lower())
        if parts is None:
            return False
        name, port = parts[1].strip("[]"), parts[2] or self._standard
        return (name, port) == self._name or (self._is_local and name in LOCAL)


def absolute(path: str) -> str:
    """The address of one of our pages, for what leaves this site: mail, a printed page, a published file."""
    return f"{current_app.config['PSG_BASE_URL']}{path}"


def local_path(wanted: str | None) -> str:
    """A path on this site to go on to, or home: never another host, however it is spelled or encoded."""
    return wanted if wanted and _stays_here(wanted) else HOME


def _stays_here(wanted: str) -> bool:
    plain = wanted
    for _ in range(DEEPEST_ENCODING):
        if not plain.startswith("/") or LEADS_AWAY.search(normalize("NFKC", plain)):
            return False
        plain, before = unquote(plain), plain
        if plain == before:
            return len(wanted) <= LONGEST_PATH
    return False


def init_app(app: Flask) -> None:
    """Forwarded headers count only for as many proxies as stand in front; without any they are what a stranger typed."""
    app.wsgi_app = Doorkeeper(app)  # type: ignore[method-assign]
    hops = app.config["PSG_PROXY_HOPS"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
