"""What is kept of what was typed: for whom, for how long, what of it never, and how it goes away."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from psg.accounts import sessions
from psg.accounts.models import Role, User
from psg.accounts.sign_in_models import Factor, SignedIn
from psg.cases.models import Note
from psg.extensions import db
from psg.web.dates import now, today
from psg.web.kept import KEPT_FOR, MOST_KEPT, KeptText, keep, worth_keeping
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, give_app, make_user
from tests.factories.cases import make_case
from tests.factories.meetings import make_open_meeting

pytestmark = pytest.mark.usefixtures("session")
LOCKED = sessions.IDLE + timedelta(seconds=1)
WORDS = "She said: “not again”"
A_NOTE = {"body": WORDS, "audience": "case"} | {
    f"happened_on-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")
}


@pytest.fixture
def officer() -> User:
    return make_user()


@pytest.fixture
def form(officer: User) -> str:
    return f"/cases/{make_case(by=officer).reference}/notes/new"


def held() -> list[KeptText]:
    return list(db.session.scalars(select(KeptText).execution_options(populate_existing=True)))


def save_draft(browser: Browser, page: str, **typed: str):
    hidden = browser.hidden_fields(page)
    return browser.post(
        "/drafts",
        json={
            "path": page,
            "page": page,
            "typed": {name: [value] for name, value in {**hidden, **typed}.items()},
        },
        headers={"X-CSRFToken": hidden["csrf_token"]},
    )


class TestGivenBack:
    def test_after_signing_in_by_password_and_code_the_words_are_saved_by_the_next_press(
        self, sign_in, officer: User, form: str
    ) -> None:
        telephone, _ = give_app(officer)
        browser = sign_in(officer)
        hidden = browser.hidden_fields(form)
        with time_machine.travel(now() + sessions.ABSOLUTE):
            answer = browser.post(form, data={**hidden, "body": WORDS})
            answer = browser.send(answer.location, {"email": officer.email, "password": PASSWORD})
            answer = browser.send(answer.location, {"code": telephone.code()})
            way = answer.location
            assert way.startswith("/kept/")
            assert WORDS in browser.get(way).text
            saved = browser.send(form, A_NOTE, page=way)
        assert saved.status_code == 303
        assert WORDS in list(db.session.scalars(select(Note.body)))
        assert held() == []

    def test_a_post_before_the_second_factor_waits_for_it(self, sign_in, officer: User, form: str) -> None:
        telephone, _ = give_app(officer)
        browser = sign_in(officer)
        hidden = browser.hidden_fields(form)
        db.session.execute(update(SignedIn).values(factor=Factor.PENDING))
        db.session.commit()
        answer = browser.post(form, data={**hidden, "body": WORDS})
        assert answer.location.startswith("/sign-in/second-factor?next=%2Fkept%2F")
        answer = browser.send(answer.location, {"code": telephone.code()})
        assert WORDS in browser.get(answer.location).text

    def test_it_says_when_it_was_typed_and_nothing_of_what_is_missing(
        self, sign_in, officer: User, form: str
    ) -> None:
        browser = sign_in(officer)
        save_draft(browser, form, body=WORDS)
        back = browser.get(f"/kept/{held()[0].id}").text
        assert re.search(r"You typed this at \d\d:\d\d and it is not saved yet", back)
        assert back.count("govuk-error-message") == 0

    def test_the_version_that_was_edited_comes_with_it_so_that_a_clash_still_shows(
        self, sign_in, officer: User
    ) -> None:
        case = make_case(by=officer)
        edit, browser = f"/cases/{case.reference}/edit", sign_in(officer)
        hidden = browser.hidden_fields(edit)
        save_draft(browser, edit, summary=WORDS)
        back = browser.get(f"/kept/{held()[0].id}").text
        assert f'name="version" value="{hidden["version"]}"' in back

    def test_words_of_a_form_that_is_gone_are_shown_as_they_are(self, sign_in, officer: User) -> None:
        number = keep(officer.get_id(), "/cases/PSG-9999/notes/new", {"body": [WORDS]}, now=now()).id  # type: ignore[union-attr]
        back = sign_in(officer).get(f"/kept/{number}")
        assert back.status_code == 200
        assert WORDS in back.text

    def test_somebody_else_at_the_same_browser_is_led_home(
        self, sign_in, client: Browser, officer: User, form: str
    ) -> None:
        browser, other = sign_in(officer), make_user()
        telephone, _ = give_app(other)
        hidden = browser.hidden_fields(form)
        with time_machine.travel(now() + sessions.ABSOLUTE):
            answer = browser.post(form, data={**hidden, "body": WORDS})
            answer = browser.send(answer.location, {"email": other.email, "password": PASSWORD})
            answer = browser.send(answer.location, {"code": telephone.code()})
        assert answer.location == "/"

    def test_unlocking_a_page_leads_to_what_was_typed_on_it(self, sign_in, officer: User, form: str) -> None:
        browser = sign_in(officer)
        save_draft(browser, form, body=WORDS)
        with time_machine.travel(now() + LOCKED):
            answer = browser.send(f"/locked?next={form}", {"password": PASSWORD})
            assert answer.location == f"/kept/{held()[0].id}"


class TestOffered:
    def test_on_the_page_it_was_typed_on_until_it_is_discarded(
        self, sign_in, officer: User, form: str
    ) -> None:
        browser, colleague = sign_in(officer), sign_in(make_user())
        save_draft(browser, form, body=WORDS)
        number = held()[0].id
        assert f'href="/kept/{number}"' in browser.get(form).text
        assert f"/kept/{number}" in browser.get("/kept").text
        assert "/kept/" not in colleague.get("/kept").text
        assert colleague.send("/sign-out", page="/kept").status_code == 303
        discard = f"/kept/{number}/discard"
        answer = browser.send(f"{discard}?from=page", page=form)
        assert (answer.status_code, answer.location) == (303, form)
        assert "that is not saved" not in browser.get(form).text

    def test_on_the_console_whose_forms_are_sent_elsewhere(self, sign_in) -> None:
        chair = make_user(role=Role.COORDINATOR)
        make_case(by=chair)
        meeting, browser = make_open_meeting(by=chair), sign_in(chair)
        console = f"/meetings/{meeting.reference}/run"
        path = re.search(r'action="([^"]+/capture)"', browser.get(console).text)
        assert path
        keep(chair.get_id(), path[1], {"text": [WORDS]}, page=console, now=now())
        db.session.commit()
        assert "that is not saved" in browser.get(console).text

    def test_on_the_first_page_in_a_line(self, sign_in, officer: User, form: str) -> None:
        browser, colleague = sign_in(officer), sign_in(make_user())
        save_draft(browser, form, body=WORDS)
        assert "You typed something that is not saved" in browser.get("/").text
        assert "You typed something that is not saved" not in colleague.get("/").text

    def test_not_any_more_once_the_form_is_saved(self, sign_in, officer: User, form: str) -> None:
        browser = sign_in(officer)
        save_draft(browser, form, body=WORDS)
        assert browser.send(form, A_NOTE).status_code == 303
        assert held() == []

    def test_still_where_the_form_was_refused(self, sign_in, officer: User, form: str) -> None:
        browser = sign_in(officer)
        save_draft(browser, form, body=WORDS)
        assert browser.send(form, {"body": ""}).status_code == 422
        assert len(held()) == 1

    def test_to_nobody_else_under_its_number(self, sign_in, officer: User, form: str) -> None:
        save_draft(sign_in(officer), form, body=WORDS)
        other, number = sign_in(make_user()), held()[0].id
        token = other.hidden_fields("/account", "/sign-out")["csrf_token"]
        assert other.get(f"/kept/{number}").status_code == 404
        assert other.post(f"/kept/{number}/discard", data={"csrf_token": token}).status_code == 404
        assert len(held()) == 1


class TestDraft:
    def test_is_one_for_each_person_and_form(self, sign_in, officer: User) -> None:
        pages = [f"/cases/{make_case(by=officer).reference}/notes/new" for _ in range(3)]
        browser = sign_in(officer)
        for form in (*pages, *pages):
            assert re.fullmatch(
                r"\d\d:\d\d", save_draft(browser, form, body=f"Words of {form}").json["kept_at"]
            )
        assert sorted(row.path for row in held()) == sorted(pages)

    def test_that_arrives_after_its_form_was_saved_is_not_kept(
        self, sign_in, officer: User, form: str
    ) -> None:
        browser = sign_in(officer)
        hidden = browser.hidden_fields(form)
        assert browser.post(form, data={**hidden, **A_NOTE}).status_code == 303
        late = browser.post(
            "/drafts",
            json={"path": form, "typed": {"body": [WORDS], "request_key": [hidden["request_key"]]}},
            headers={"X-CSRFToken": hidden["csrf_token"]},
        )
        assert (late.json["kept_at"], held()) == (None, [])

    def test_is_sealed_in_the_database(self, sign_in, officer: User, form: str) -> None:
        save_draft(sign_in(officer), form, body=WORDS)
        assert b"again" not in held()[0].body

    def test_is_kept_although_the_session_was_locked_or_ended_meanwhile(
        self, sign_in, officer: User, form: str
    ) -> None:
        browser = sign_in(officer)
        token = browser.hidden_fields(form)["csrf_token"]
        for minutes in (20, 13 * 60):
            with time_machine.travel(now() + timedelta(minutes=minutes)):
                sent = {"path": form, "page": form, "typed": {"body": [f"{WORDS} {minutes}"]}}
                answer = browser.post("/drafts", json=sent, headers={"X-CSRFToken": token})
            assert answer.json["open"] is False
            assert held()[0].typed() == {"body": [f"{WORDS} {minutes}"]}

    @pytest.mark.parametrize(
        "path", ["", "/nowhere", "/sign-in", "/drafts", "//other.example/cases", "https://other.example/", "/board", None, 7]
    )  # fmt: skip
    def test_is_taken_for_our_own_forms_only(self, sign_in, officer: User, path) -> None:
        browser = sign_in(officer)
        token = browser.hidden_fields("/account", "/sign-out")["csrf_token"]
        sent = {"path": path, "typed": {"body": [WORDS]}}
        assert browser.post("/drafts", json=sent, headers={"X-CSRFToken": token}).status_code == 400
        assert held() == []

    @pytest.mark.parametrize(
        "typed",
        [None, [], "words", {"body": [7]}, {"body": ["x" * 200_001]}, {str(n): ["x"] for n in range(201)}],
    )
    def test_is_no_larger_and_no_stranger_than_a_form(self, sign_in, officer: User, form: str, typed) -> None:
        browser = sign_in(officer)
        token = browser.hidden_fields(form)["csrf_token"]
        sent = {"path": form, "typed": typed}
        assert browser.post("/drafts", json=sent, headers={"X-CSRFToken": token}).status_code == 400

    def test_of_another_site_is_not_taken(self, sign_in, officer: User, form: str) -> None:
        browser = sign_in(officer)
        token = browser.hidden_fields(form)["csrf_token"]
        sent = {"path": form, "typed": {"body": [WORDS]}}
        assert browser.post("/drafts", json=sent).status_code == 400
        foreign = {"X-CSRFToken": token, "Sec-Fetch-Site": "cross-site"}
        assert browser.post("/drafts", json=sent, headers=foreign).status_code == 400
        with time_machine.travel(now() + LOCKED):
            browser.post(form, data={"body": "Words of a stranger"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert held() == []

    def test_makes_room_for_the_newest(self, officer: User) -> None:
        for number in range(MOST_KEPT + 3):
            moment = now() + timedelta(seconds=number)
            keep(officer.get_id(), f"/cases/PSG-{number:04}/notes/new", {"body": [WORDS]}, now=moment)
        assert len(held()) == MOST_KEPT
        assert min(row.path for row in held()) == "/cases/PSG-0003/notes/new"

    def test_is_forgotten_after_fourteen_days(self, sign_in, officer: User, form: str) -> None:
        save_draft(sign_in(officer), form, body=WORDS)
        with time_machine.travel(now() + KEPT_FOR + timedelta(minutes=1)):
            keep(officer.get_id(), "/cases/new", {"summary": ["Other words"]}, now=now())
        assert [row.path for row in held()] == ["/cases/new"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": ["a"], "new_password": ["b"], "old_password": ["c"]}, {}),
        ({"code": ["123 456"]}, {}),
        ({"code": ["K7QF-M2XW-9HDR-T4BN"]}, {}),
        ({"code": ["objective_met"]}, {"code": ["objective_met"]}),
        ({"csrf_token": ["t"], "request_key": ["k"], "version": ["3"]}, {}),
        ({"body": ["  "], "title": [""]}, {}),
        ({"body": ["Words"], "version": ["3"], "password": ["a"]}, {"body": ["Words"], "version": ["3"]}),
    ],
)
def test_what_proves_who_one_is_is_never_kept(typed, words) -> None:
    assert worth_keeping(typed) == words
