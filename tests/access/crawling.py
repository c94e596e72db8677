"""Walking through the product as a browser does, by every address that its pages hold."""

import re
from collections import Counter, deque

from werkzeug.test import TestResponse

from tests.architecture.pages import addresses_in, leads_away
from tests.browser import Browser

HTMX = {"HX-Request": "true"}
NEVER = re.compile(r"^/(sign-out|static/|health|ready|account/)|\.(css|js|svg|woff2|png)(\?|$)")
NUMBERS = re.compile(r"\d+")
OWN = re.compile(
    r'(?<=name="csrf_token" value=")[^"]*|(?<=name="request_key" value=")[^"]*|'
    r'(?<="X-CSRFToken": ")[^"]*|(?<=nonce=")[^"]*|(?<=Error reference: )<strong[^/]*'
)
"""What each answer has of its own: tokens, the keys of forms, and the line of the operating log."""


def addresses_of(answer: TestResponse) -> set[str]:
    """The addresses on one of our pages that lead on in the product."""
    if "html" not in answer.content_type:
        return set()
    found = {one.partition("#")[0] for one in addresses_in(answer.text) if not leads_away(one)}
    here = answer.request.path
    return {
        (here + one if one.startswith("?") else one)
        for one in found
        if one and not NEVER.search(one) and one.startswith(("/", "?"))
    }


def crawl(browser: Browser, *starts: str, of_a_kind: int = 2) -> dict[str, str]:
    """The pages that are reached from these, by their address; so many of those alike but for numbers."""
    seen: dict[str, str] = {}
    alike: Counter[str] = Counter()
    waiting = deque(starts or ("/",))
    while waiting:
        url = waiting.popleft()
        kind = NUMBERS.sub("N", url)
        if url in seen or alike[kind] >= of_a_kind:
            continue
        alike[kind] += 1
        answer = browser.get(url)
        if answer.status_code == 405:
            continue
        seen[url] = answer.text
        if answer.status_code == 200:
            waiting.extend(sorted(addresses_of(answer)))
        elif answer.location:
            waiting.append(answer.location)
    return seen


def as_told(answer: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, body and headers, without what each answer has of its own."""
    headers = [
        (name, OWN.sub("", value))
        for name, value in answer.headers
        if name not in ("Set-Cookie", "Content-Length")
    ]
    return answer.status_code, OWN.sub("", answer.text), sorted(headers)
