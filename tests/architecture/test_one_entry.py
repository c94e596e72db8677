"""Who saw what: each page that shows a case or a subject, refused or not, writes one entry; no other does."""

from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from psg.audit.models import Leaf
from psg.extensions import db
from tests.architecture.routes import WHILE_TYPING
from tests.architecture.world import Address, World
from tests.browser import Browser

pytestmark = pytest.mark.crawl

WITHOUT = {
    "subjects.search", "subjects.new_person", "subjects.new_place", "plan.index", "reports.index", "reports.scores",
    "responses.index", "meetings.index", "meetings.new", "meetings.edit", "meetings.attendance",
    "meetings.guest", "screening.index", "screening.new", "costs.index", "costs.new",
    "matrices.index", "matrices.show", "matrices.compare", "matrices.export", "matrices.new",
    "matrices.bring_in", "matrices.propose", "matrices.answer", "matrices.withdraw", "drafting.details",
    "drafting.bands", "drafting.add_factor", "drafting.change_factor", "drafting.remove_factor",
    "drafting.move_factor", "drafting.add_floor", "drafting.change_floor", "drafting.remove_floor",
    "duplicates.choose",
    "areas.index", "imports.index", "imports.new", "imports.columns", "imports.sheet", "imports.codes",
    "imports.put_away", "imports.undo",
}  # fmt: skip
"""Pages without a case or a subject on them: empty forms, totals, the plan, the matrices, the dates of meetings."""
_keys = count(1)


def entries() -> int:
    """Past the session, which would open a savepoint around what the page writes."""
    return int(db.engines[None].execute(select(func.count()).select_from(Leaf)).scalar())  # type: ignore[attr-defined]


def of_method(app: Flask, world: World, method: str) -> list[Address]:
    takes = {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
    return [one for one in world.addresses() if one.endpoint in takes and one.endpoint != "accounts.sign_out"]


def test_a_page_that_shows_a_case_or_a_subject_writes_one_entry(
    app: Flask, world: World, browser: Browser
) -> None:
    for one in of_method(app, world, "GET"):
        before = entries()
        answer = browser.get(one.url)
        if one.endpoint == "sharing.export_csv":  # the chair may not: nothing is shown
            assert (answer.status_code, entries() - before) == (403, 0)
            continue
        pending = one.endpoint == "sharing.receipt"  # the record is not signed yet: back to the entry
        assert answer.status_code == (303 if pending or one.endpoint in WHILE_TYPING else 200), one
        assert entries() - before == (one.endpoint not in WITHOUT | WHILE_TYPING), one


def test_a_form_sent_writes_one_entry_whether_it_is_saved_or_shown_again(
    app: Flask, world: World, browser: Browser
) -> None:
    token = browser.hidden_fields("/people/new")["csrf_token"]
    for one in of_method(app, world, "POST"):
        before = entries()
        answer = browser.post(one.url, data={"csrf_token": token, "request_key": f"key-{next(_keys)}"})
        assert answer.status_code in (303, 422), one
        shows = answer.status_code == 303 or one.endpoint not in WITHOUT
        assert entries() - before == (shows and one.endpoint not in WHILE_TYPING), one


def test_a_page_that_is_not_there_writes_nothing(app: Flask, world: World, browser: Browser) -> None:
    before = entries()
    for path in ("/cases/PSG-9999", "/people/P-9999", "/meetings/M-9999", "/sharing/D-9999", "/plan/X-9"):
        assert browser.get(path).status_code == 404
        assert browser.post(f"{path}/edit").status_code in (404, 405)
    assert entries() == before
