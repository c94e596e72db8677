"""Eight people press at once: one change or eight, no lost update, no lost words, and a record that is whole."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from psg.accounts import sessions
from psg.accounts.guard import SID
from psg.accounts.models import Role
from psg.accounts.sign_in_models import Factor
from psg.audit.models import Leaf
from psg.audit.verify import verify
from psg.base import Base
from psg.cases.models import Case, Event, Note
from psg.demand.models import Contact
from psg.extensions import db
from psg.osara.gates import WITHOUT_ASSESSMENT
from psg.osara.models import ScanningRecord
from psg.plan.models import CaseCommitment
from psg.scoring import queries as scoring
from psg.scoring.models import MatrixKind, Score
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.actions import make_action
from tests.factories.cases import a_place, make_case
from tests.factories.demand import make_contact
from tests.factories.osara import enter_reference_data, perpetrator_of
from tests.factories.plan import commitment

AT_ONCE = 8
Typed = Callable[[int], dict[str, str]]


class Desk:
    """One officer's case, and as many of their browsers as press at once, each with its own open page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        app.test_client_class = Browser
        with app.app_context():
            enter_reference_data()
            officer = make_user(role=Role.COORDINATOR)
            case = make_case(by=officer)
            self.path, self.party = f"/cases/{case.reference}", perpetrator_of(case).id
            self.commitment = commitment("ASB-1").id
            self.place = a_place().reference
            action, self.other = make_action(case, by=officer), make_user().id
            contact = make_contact(case.subject, by=officer)
            self.action, self.person = action.id, f"/people/{case.subject.reference}"
            self.contact = contact.id
            matrix = scoring.matrix_on(MatrixKind.RISK, today())
            assert matrix is not None
            self.factors = [factor.code for factor in matrix.factors]
            tokens = [
                sessions.begin(officer, factor=Factor.CODE, device="", now=now()) for _ in range(AT_ONCE)
            ]
            db.session.commit()
        self.browsers = [self._browser(token) for token in tokens]

    def _browser(self, token: str) -> Browser:
        browser = self.app.test_client()
        assert isinstance(browser, Browser)
        with browser.session_transaction() as cookie:
            cookie[SID] = token
        return browser

    def press(self, where: str, typed: Typed, *, key: str | None = None) -> list[TestResponse]:
        page = where if where.startswith("/") else f"{self.path}/{where}"
        opened = [browser.hidden_fields(page) for browser in self.browsers]
        together = Barrier(AT_ONCE)

        def send(number: int) -> TestResponse:
            own = {"request_key": key} if key else {}
            together.wait()
            return self.browsers[number].post(page, data={**opened[number], **own, **typed(number)})

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(send, range(AT_ONCE)))

    def lines(self, words: str) -> int:
        with self.app.app_context():
            return sum(words in title for title in db.session.scalars(select(Event.title)))

    def count(self, model: type[Base]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def desk(own_app: Flask) -> Desk:
    return Desk(own_app)


@pytest.fixture(autouse=True)
def _the_record_is_whole_afterwards(own_app: Flask):
    yield
    with own_app.app_context(), db.engine.connect() as connection:
        entries = connection.scalar(select(func.count()).select_from(Leaf))
        assert verify(connection).verdict.startswith(f"OK: {entries} entries, ")


def statuses(answers: list[TestResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def a_note(number: int) -> dict[str, str]:
    return {"body": f"Seen by {number}", **a_day("happened_on")}


def a_day(name: str) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")}


def test_one_form_sent_eight_times_is_saved_once_and_answered_alike(desk: Desk) -> None:
    answers = desk.press("notes/new", lambda _: a_note(0), key="one-key")
    assert statuses(answers) == {303: AT_ONCE}
    assert {answer.location for answer in answers} == {f"{desk.path}/chronology"}
    assert desk.count(Note) == 1


def test_one_form_sent_with_eight_texts_saves_one_and_gives_back_the_others(desk: Desk) -> None:
    answers = desk.press("notes/new", a_note, key="one-key")
    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    assert all(f"Seen by {n}" in one.text for n, one in enumerate(answers) if one.status_code == 409)
    assert desk.count(Note) == 1


def test_eight_notes_at_once_are_eight_notes(desk: Desk) -> None:
    assert statuses(desk.press("notes/new", a_note)) == {303: AT_ONCE}
    assert desk.count(Note) == AT_ONCE


def test_of_eight_edits_of_one_case_one_is_saved_and_the_others_meet_it(desk: Desk) -> None:
    def typed(number: int) -> dict[str, str]:
        return {"summary": f"As {number} sees it", "priority": "priority_1", "aims": "need", "ward": ""}

    answers = desk.press("edit", typed)
    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    with desk.app.app_context():
        saved = db.session.scalars(select(Case.summary)).one()
    for number, answer in enumerate(answers):
        if answer.status_code == 409:
            assert f"As {number} sees it" in answer.text
            assert saved in answer.text


def test_of_eight_who_begin_one_record_one_is_saved_and_the_others_meet_it(desk: Desk) -> None:
    answers = desk.press("scanning/problem", lambda number: {"harm": f"Harm {number}"})
    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    assert all(f"Harm {n}" in one.text for n, one in enumerate(answers) if one.status_code == 409)
    assert desk.count(ScanningRecord) == 1


def test_of_eight_scores_of_one_person_one_is_saved_and_the_others_meet_it(desk: Desk) -> None:
    def typed(number: int) -> dict[str, str]:
        return {code: str(number % 3) for code in desk.factors}

    answers = desk.press(f"scores/new/{desk.party}/risk", typed)
    assert set(statuses(answers)) <= {303, 409}
    with desk.app.app_context():
        numbers = sorted(db.session.scalars(select(Score.number)))
    assert numbers == list(range(1, statuses(answers)[303] + 1))


def test_a_commitment_linked_eight_times_is_linked_once(desk: Desk) -> None:
    answers = desk.press(
        "commitments/link", lambda number: {"commitments": str(desk.commitment), "how": f"Plan {number}"}
    )
    assert statuses(answers)[303] == 1
    assert set(statuses(answers)) <= {303, 409, 422}
    assert desk.count(CaseCommitment) == 1


def test_what_is_done_once_is_done_once_however_many_press(desk: Desk) -> None:
    """Each act with words of the line that it leaves in the chronology."""
    acts = (
        (f"parties/new?subject={desk.place}", {"role": "place"}, "added as place"),
        (f"actions/{desk.action}/complete", {"outcome": "Fitted"}, "Action done"),
        ("lead", {"lead": str(desk.other), "reason": "On leave"}, "Lead passed"),
        (f"waive/{WITHOUT_ASSESSMENT}", {"reason": "Agreed by the group"}, "waived by"),
        ("closure", {"code": "opened_in_error", "reason": "Opened twice"}, "Closure proposed"),
    )
    for where, typed, words in acts:
        answers = desk.press(where, lambda _, typed=typed: typed)
        assert set(statuses(answers)) <= {303, 409, 422}, where
        assert desk.lines(words) == statuses(answers)[303] == 1, where


def test_a_contact_is_withdrawn_once_and_keeps_the_reason_that_was_given(desk: Desk) -> None:
    page = f"{desk.person}/contacts/{desk.contact}/withdraw"
    answers = desk.press(page, lambda number: {"reason": f"Wrong {number}"})
    assert statuses(answers) == {303: 1, 422: AT_ONCE - 1}
    with desk.app.app_context():
        kept = db.session.scalars(select(Contact.withdrawn_reason)).one()
    assert answers[int(kept.removeprefix("Wrong "))].status_code == 303
