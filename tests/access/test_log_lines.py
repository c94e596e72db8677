"""The operating log of a day with a case, written as production writes it, names nobody and no case."""

import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO

import pytest

from psg.accounts.models import Role
from psg.web.dates import now, today
from psg.web.logs import JsonLines
from tests.access.crawling import crawl
from tests.access.standing import shut_out
from tests.architecture.world import World
from tests.browser import Browser
from tests.factories.accounts import make_user

pytestmark = pytest.mark.crawl

TOLD = re.compile(
    r"Sedgewick|Reedy|Shouting|Bittern|Quillfeather|PSG-\d|P-\d{4}|L-\d{4}|D-\d{4}|@psg\.example", re.I
)


@pytest.fixture
def written() -> Iterator[StringIO]:
    lines, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    before = logging.getLogger("psg").level
    logging.getLogger("psg").setLevel(logging.INFO)
    yield lines
    logging.getLogger("psg").setLevel(before)
    root.removeHandler(handler)


def test_it_names_nobody(session: object, sign_in: Callable[..., Browser], written: StringIO) -> None:
    world = World()
    member, stranger = sign_in(world.chair), make_user(role=Role.COORDINATOR)
    shut_out(world.case, stranger)
    met = crawl(member, "/", f"/cases/{world.case.reference}", of_a_kind=1)
    for words in ("Sedgewick", "Quillfeather", world.person.reference):
        member.send("/search", {"q": words}, page="/search")
    day = today()
    note = {"body": "Quillfeather", "audience": "case", "happened_on-day": day.day, "happened_on-month": day.month, "happened_on-year": day.year}  # fmt: skip
    page = f"/cases/{world.case.reference}/notes/new"
    assert member.send(page, note).status_code == 303
    assert member.send(page, {**note, "happened_on-year": now().year + 1}).status_code == 422
    refused = sign_in(stranger)
    for url in (
        page,
        f"/people/{world.person.reference}",
        f"/cases/{world.case.reference}/Quillfeather?q=Reedy",
    ):
        assert refused.get(url).status_code == 404
    lines = written.getvalue()
    assert len(lines.splitlines()) > len(met) > 100
    assert "cases.show" in lines
    assert not TOLD.search(lines), TOLD.findall(lines)
