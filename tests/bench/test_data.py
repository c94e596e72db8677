"""What the bench writes in bulk is what the services would have left: pages and services work on it."""

import pytest
from sqlalchemy import func, select

from bench import data
from psg.accounts.models import User
from psg.audit.verify import verify
from psg.cases import services
from psg.cases.models import Case, Note, Party
from psg.extensions import db
from psg.subjects.queries import search
from psg.web.dates import now


@pytest.fixture
def officer(session) -> User:
    data.load(30)
    return db.session.scalars(select(User).order_by(User.id)).first()


def test_board_and_case_pages_open_on_it(officer: User, sign_in) -> None:
    browser = sign_in(officer)
    for number in (1, 30):
        assert browser.get(f"/cases/{Case.reference_for(number)}").status_code == 200
    page = browser.get("/board")
    opened = db.session.scalar(select(func.count()).select_from(Case).where(Case.closed_at.is_(None)))
    assert f"{opened} open case" in page.text


def test_services_go_on_where_it_ends(officer: User) -> None:
    case = db.session.scalars(select(Case).where(Case.closed_at.is_(None))).first()
    notes = db.session.scalar(select(func.count()).select_from(Note))
    note = services.add_note(case, body="Rang back", happened_at=now(), by=officer, now=now())
    assert note.id == notes + 1
    assert db.session.scalar(select(func.count(Party.case_id.distinct()))) == 30


def test_people_and_places_are_found(officer: User) -> None:
    case = db.session.get(Case, 1)
    assert case.subject.reference in {
        hit.reference for hit in search(case.lead, case.name).people + search(case.lead, case.name).places
    }


def test_record_verifies(officer: User) -> None:
    db.session.commit()
    assert verify(db.session.connection()).failure is None
