"""What a browser's report of a broken content policy may leave behind: words from closed lists, and few of them.

Anybody may post a report, with anything in it, and a true one names the page that somebody was reading.
So nothing of it is copied: which rule was broken and what kind of thing broke it is all that is kept.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

KINDS = ("application/csp-report", "application/reports+json", "application/json")
LARGEST = 16 * 1024
PER_MINUTE = 60
DIRECTIVES = frozenset({
    "base-uri", "child-src", "connect-src", "default-src", "font-src", "form-action", "frame-ancestors",
    "frame-src", "img-src", "manifest-src", "media-src", "object-src", "script-src", "script-src-attr",
    "script-src-elem", "style-src", "style-src-attr", "style-src-elem", "worker-src",
})  # fmt: skip
BLOCKED = frozenset({"inline", "eval", "wasm-eval", "self", "trusted-types-policy"})
SCHEMES = frozenset(
    {"data", "blob", "http", "https", "chrome-extension", "moz-extension", "safari-web-extension"}
)


class Unreadable(ValueError):
    """Not a report of a content policy."""


class Limiter:
    """At most so many in any minute, all senders together: who sent one is not kept."""

    def __init__(self, most: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock, self._lock = most, clock, threading.Lock()
        self._times: deque[float] = deque()

    def admits(self) -> bool:
        with self._lock:
            moment = self._clock()
            while self._times and self._times[0] <= moment - 60:
                self._times.popleft()
            if len(self._times) >= self._most:
                return False
            self._times.append(moment)
            return True


def summaries(body: bytes) -> list[dict[str, str]]:
    """The reports of one post, old form or new; of each what rule was broken, and by what kind of thing."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    reports = sent if isinstance(sent, list) else [sent]
    found = [_summary(report) for report in reports[:10] if isinstance(report, dict)]
    if not found:
        raise Unreadable
    return found


def _summary(report: dict[str, Any]) -> dict[str, str]:
    said = report.get("csp-report", report.get("body"))
    if not isinstance(said, dict):
        raise Unreadable
    directive = _word(said, "effective-directive", "effectiveDirective", "violated-directive")
    directive = directive.partition(" ")[0]
    return {
        "directive": directive if directive in DIRECTIVES else "other",
        "blocked": _kind_of(_word(said, "blocked-uri", "blockedURL")),
    }


def _word(said: dict[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := said.get(name), str)), "")


def _kind_of(blocked: str) -> str:
    if blocked in BLOCKED:
        return blocked
    try:
        scheme = urlsplit(blocked).scheme or blocked
    except ValueError:
        return "other"
    return scheme if scheme in SCHEMES else "other"
