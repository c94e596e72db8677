"""What is for one agency only is not there for the others, though the case is: the same case is told twice.

Once with a health visitor's note, its correction, a note for two agencies and a safe address; once without.
Somebody of another agency who works in the case meets the same pages: text, counts, agenda, console, minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from psg.accounts.models import User
from psg.base import Base
from psg.cases.models import AudienceKind
from psg.cases.services import add_note
from psg.extensions import db
from psg.web.dates import now
from tests.access.crawling import as_told, crawl
from tests.access.oblivion import forget, taken_back
from tests.access.standing import let_in
from tests.access.test_twins import Answer, report
from tests.architecture.world import World
from tests.browser import Browser
from tests.conftest import signed_in_at, undone
from tests.factories.accounts import make_agency, make_user
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.crawl

FOR_US, CORRECTED, FOR_TWO, SAFE = "Corncrakewell", "Pipitstead", "Dunnockshaw", "4 Turnstone Reach"
CANARIES = (FOR_US, CORRECTED, FOR_TWO, SAFE)


@dataclass
class Told:
    app: Flask
    case: str
    author: int
    reader: int
    third: int
    notes: set[int]
    person: int


@pytest.fixture(scope="module")
def told(app: Flask) -> Iterator[Told]:
    with undone(app), time_machine.travel(now(), tick=False) as clock:
        world = World()
        author, reader, third = make_user(), make_user(), make_user()
        for one in (author, reader, third):
            let_in(world.case, one)
        clock.shift(60)
        moment = now()
        ours = add_note(
            world.case, body=FOR_US, happened_at=moment, by=author, now=moment, audience=AudienceKind.OWN
        )
        mended = add_note(
            world.case, body=CORRECTED, happened_at=moment, by=author, now=moment, corrects=ours
        )
        for_two = add_note(
            world.case,
            body=FOR_TWO,
            happened_at=moment,
            by=author,
            now=moment,
            audience=AudienceKind.AGENCIES,
            readers=[third.agency, make_agency()],
        )
        world.person.safe_address, world.person.safe_address_agency_id = SAFE, author.agency_id
        make_meeting(by=world.chair)
        yield Told(
            app,
            world.case.reference,
            author.id,
            reader.id,
            third.id,
            {ours.id, mended.id, for_two.id},
            world.person.id,
        )


def forget_what_is_not_for_all(told: Told) -> None:
    connection = db.session.connection()
    tables = Base.metadata.tables
    events = connection.scalars(select(tables["event"].c.id).where(tables["event"].c.note_id.in_(told.notes)))
    forget(connection, tables["event"], set(events))
    forget(connection, tables["note"], told.notes)
    person = tables["person"]
    connection.execute(
        update(person).where(person.c.id == told.person).values(safe_address="", safe_address_agency_id=None)
    )
    db.session.commit()
    db.session.expire_all()


def browser_of(told: Told, who: int) -> Browser:
    return signed_in_at(told.app, db.session.get_one(User, who))


def test_another_agency_in_the_case_meets_what_it_would_without_them(told: Told) -> None:
    met = crawl(browser_of(told, told.author), "/", f"/cases/{told.case}")
    for canary in CANARIES:
        assert any(canary in page for page in met.values()), canary
    with taken_back():
        browser = browser_of(told, told.reader)
        said = {url: as_told(browser.get(url)) for url in met}
        forget_what_is_not_for_all(told)
        without = {url: as_told(browser.get(url)) for url in met}
    for url, (_status, page, _headers) in said.items():
        assert not any(canary in page for canary in CANARIES), url
    numbered = [url for url in met if any(f"/notes/{one}/" in url for one in told.notes)]
    assert numbered
    assert all(said[url][0] == 404 for url in numbered)
    looked = f"/cases/{told.case}/access"  # grows with every look of one's own: see test_looked
    different: dict[str, tuple[Answer, Answer]] = {
        url: (said[url], one)
        for url, one in without.items()
        if said[url] != one and not url.startswith(looked)
    }
    assert not different, report(different)


def test_a_named_agency_reads_the_note_that_names_it_and_no_other(told: Told) -> None:
    page = browser_of(told, told.third).get(f"/cases/{told.case}/chronology").text
    assert FOR_TWO in page
    assert not any(canary in page for canary in (FOR_US, CORRECTED, SAFE))
