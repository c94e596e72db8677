"""A few signed-in officers who ask for pages as fast as the server answers: the standard library alone."""

import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from statistics import quantiles
from urllib.parse import urlencode

from bench import names
from bench.data import PASSWORD, officer_emails
from bench.history import NOTE
from bench.server import HOST
from psg.web.dates import today

MOST_REQUESTS = 20_000
RENEWED_AFTER = 25
_HIDDEN = re.compile(r'name="([^"]+)" value="([^"]*)"')


class Refused(RuntimeError):
    """The server did not answer as it should, so that there is nothing to measure."""


class Session:
    """One officer's browser: a cookie, and a connection that is renewed now and then, so that the
    workers of the server get equal shares of the officers."""

    def __init__(self, port: int, email: str) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=30)
        self._cookie = ""
        self._asked = 0
        self.token = ""
        self.chance = random.Random(email)
        self._sign_in(email)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form) if form else None
        self._asked += 1
        if self._asked % RENEWED_AFTER == 0:
            self._connection.close()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        except (OSError, HTTPException):  # the server closes a connection that was quiet for a while
            self._connection.close()
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        for given in response.headers.get_all("Set-Cookie") or []:
            self._cookie = given.partition(";")[0]
        return response.status, response.read()

    def _sign_in(self, email: str) -> None:
        page = self.ask("GET", "/sign-in")[1].decode()
        hidden = dict(_HIDDEN.findall(page))
        status, _ = self.ask("POST", "/sign-in", {**hidden, "email": email, "password": PASSWORD})
        if status != 303:
            raise Refused(f"signing in answered {status}")
        page = self.ask("GET", "/search")[1].decode()
        self.token = dict(_HIDDEN.findall(page))["csrf_token"]


@dataclass(frozen=True)
class Page:
    """One thing people do, as a request about an open case and the status that is its right answer."""

    name: str
    right: int
    request: Callable[[Session, Sequence[int]], tuple[str, str, dict[str, str] | None]]


def _board(_session: Session, _open: Sequence[int]) -> tuple[str, str, None]:
    return "GET", "/board", None


def _case(session: Session, open_cases: Sequence[int]) -> tuple[str, str, None]:
    return "GET", f"/cases/PSG-{session.chance.choice(open_cases):04d}", None


def _search(session: Session, _open: Sequence[int]) -> tuple[str, str, dict[str, str]]:
    words = f"{session.chance.choice(names.GIVEN)} {names.family_name(session.chance)}"
    return "POST", "/search", {"csrf_token": session.token, "q": words}


def _note(session: Session, open_cases: Sequence[int]) -> tuple[str, str, dict[str, str]]:
    day = today()
    form = {
        "csrf_token": session.token,
        "request_key": secrets.token_urlsafe(16),
        "body": NOTE,
        "happened_on-day": str(day.day),
        "happened_on-month": str(day.month),
        "happened_on-year": str(day.year),
    }
    return "POST", f"/cases/PSG-{session.chance.choice(open_cases):04d}/notes/new", form


PAGES = (
    Page("Board", 200, _board),
    Page("Case page", 200, _case),
    Page("Search", 200, _search),
    Page("Add a note", 303, _note),
)


@dataclass
class Measured:
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: int = 0
    largest: int = 0

    @classmethod
    def together(cls, parts: Sequence["Measured"]) -> "Measured":
        return cls(
            seconds=sum(part.seconds for part in parts),
            times=[taken for part in parts for taken in part.times],
            wrong=sum(part.wrong for part in parts),
            largest=max(part.largest for part in parts),
        )

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, number: int) -> float:
        """In milliseconds."""
        return 1000 * quantiles(self.times, n=100, method="inclusive")[number - 1]


def sign_in(port: int) -> list[Session]:
    return [Session(port, email) for email in officer_emails()]


def measure(page: Page, sessions: list[Session], open_cases: Sequence[int], seconds: float) -> Measured:
    """Every officer asks again as soon as the last answer is in, for so many seconds."""
    for session in sessions:
        session.ask(*page.request(session, open_cases))
    found = Measured()
    lock = threading.Lock()
    start = time.perf_counter()

    def work(session: Session) -> None:
        times: list[float] = []
        wrong = largest = 0
        while (begun := time.perf_counter()) - start < seconds and len(times) < MOST_REQUESTS:
            status, body = session.ask(*page.request(session, open_cases))
            times.append(time.perf_counter() - begun)
            wrong += status != page.right
            largest = max(largest, len(body))
        with lock:
            found.times += times
            found.wrong += wrong
            found.largest = max(found.largest, largest)

    threads = [threading.Thread(target=work, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - start
    return found
