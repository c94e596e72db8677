"""Four officers who add notes over HTTP, and count one only when the server has said that it is kept.

The standard library alone. An answer that does not come, or is a 503, is asked for again with the same
form and the same key, as somebody would who presses the button once more.
"""

import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from bench.server import HOST

CUT_OFF, OPENED, SEE_OTHER, UNAVAILABLE = 0, 200, 303, 503
TRIED_AGAIN_AFTER = 0.05
PATIENCE = 60.0


class Lost(RuntimeError):
    """The server answered something that no officer should see, or nothing for a minute."""


class NoteForm(HTMLParser):
    """What a browser would send of the form on the page: what is hidden, chosen or filled in beforehand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = said.get("method") == "post" and "/sign-out" not in said.get("action", "")
        elif self._is_inside and tag == "input" and "name" in said:
            is_choice = said.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in said:
                self.fields[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False


@dataclass
class Told:
    """What the officers know: the words of each note that they were told is kept, and how else they fared."""

    kept: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    cut_off: int = 0
    longest_wait: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, status: int) -> None:
        with self.lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def keep(self, words: str, waited: float) -> None:
        with self.lock:
            self.kept.append(words)
            self.longest_wait = max(self.longest_wait, waited)


class Officer:
    """One of them, with a session of their own and a case to write in."""

    def __init__(self, name: str, port: int, cookie: str, case: str, told: Told) -> None:
        self._name, self._port, self._cookie, self._told = name, port, cookie, told
        self._case = f"/cases/{case}"
        self._path = f"{self._case}/notes/new"
        self._connection = HTTPConnection(HOST, port, timeout=15)
        self._form: dict[str, str] = {}

    def write_until(self, stop: threading.Event) -> None:
        number = 0
        with closing(self._connection):
            while not stop.is_set():
                number += 1
                words = f"{self._name} {number}"
                began = time.monotonic()
                self._insist(words)
                self._told.keep(words, time.monotonic() - began)

    def _insist(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, where = self._send(words)
            if status == SEE_OTHER and where == f"{self._case}/chronology":
                return
            if status not in (CUT_OFF, UNAVAILABLE):
                raise Lost(f"a note was answered {status} {where}")
            time.sleep(TRIED_AGAIN_AFTER)
        raise Lost(f"no note was kept for {PATIENCE:.0f} seconds")

    def _send(self, words: str) -> tuple[int, str]:
        """The status, and where it leads on to."""
        if not self._form:
            status, where, page = self._ask("GET", {})
            if status != OPENED:
                return status, where
            self._form = NoteForm(page).fields
        key = words.replace(" ", "-")
        return self._ask("POST", {**self._form, "request_key": key, "body": words})[:2]

    def _ask(self, method: str, form: dict[str, str]) -> tuple[int, str, str]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self._connection.request(method, self._path, urlencode(form) if form else None, headers)
            response = self._connection.getresponse()
            page = response.read().decode()
        except (OSError, HTTPException):
            self._connection.close()
            with self._told.lock:
                self._told.cut_off += 1
            return CUT_OFF, "", ""
        for given in response.headers.get_all("Set-Cookie") or []:
            self._cookie = given.partition(";")[0]
        self._told.answered(response.status)
        return response.status, response.headers.get("Location", ""), page
