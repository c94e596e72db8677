"""Sessions: begun anew at each proof, locked when idle, ended everywhere at once, and one's own only."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from psg.accounts import sessions
from psg.accounts.guard import SID
from psg.accounts.models import Role, User
from psg.accounts.sessions import State
from psg.accounts.sign_in_models import Factor, SignedIn
from psg.audit.models import Leaf
from psg.extensions import db
from psg.web.dates import now
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, give_app, make_user
from tests.factories.cases import make_case
from tests.factories.meetings import make_open_meeting

pytestmark = pytest.mark.usefixtures("session")
LOCKED = sessions.IDLE + timedelta(seconds=1)
CANARY = "Sedgewick"


def token_of(browser: Browser) -> str:
    with browser.session_transaction() as cookie:
        return str(cookie[SID])


def with_token(app: Flask, token: str) -> Browser:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie[SID] = token
    assert isinstance(browser, Browser)
    return browser


def is_open(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def rows() -> dict[int, Any]:
    """Past the session, as the pages left them."""
    found = db.engines[None].execute(select(SignedIn.__table__)).mappings()  # type: ignore[attr-defined]
    return {row["id"]: row for row in found}


class TestState:
    def begun(self, factor: Factor = Factor.CODE) -> SignedIn:
        token = sessions.begin(make_user(), factor=factor, device="", now=now())
        signed_in = sessions.signed_in_by(token, now=now())
        assert signed_in is not None
        return signed_in

    @pytest.mark.parametrize(
        ("factor", "after", "state"),
        [
            (Factor.CODE, timedelta(0), State.OPEN),
            (Factor.RECOVERY, sessions.IDLE - timedelta(seconds=1), State.OPEN),
            (Factor.WAIVED_DEMO, sessions.IDLE, State.LOCKED),
            (Factor.CODE, sessions.ABSOLUTE - timedelta(seconds=1), State.LOCKED),
            (Factor.CODE, sessions.ABSOLUTE, State.OVER),
            (Factor.PENDING, timedelta(0), State.PENDING),
            (Factor.PENDING, sessions.IDLE, State.OVER),
        ],
    )
    def test_follows_from_the_factor_and_the_clock(
        self, factor: Factor, after: timedelta, state: State
    ) -> None:
        begun = self.begun(factor)
        assert sessions.state_of(begun, begun.began_at + after) is state

    def test_is_over_at_once_where_the_account_is_suspended_or_the_session_ended(self) -> None:
        one, other = self.begun(), self.begun()
        one.user.is_active = False
        sessions.end(other, now=now())
        assert {sessions.state_of(begun, now()) for begun in (one, other)} == {State.OVER}

    def test_can_be_locked_by_hand(self) -> None:
        begun = self.begun()
        sessions.lock(begun, now=now())
        assert sessions.state_of(begun, now()) is State.LOCKED
        sessions.unlock(begun, now=now())
        assert sessions.state_of(begun, now()) is State.OPEN

    def test_of_long_ago_is_forgotten_when_another_begins(self) -> None:
        self.begun()
        with time_machine.travel(now() + sessions.ABSOLUTE + sessions.FORGOTTEN + timedelta(days=1)):
            later = self.begun()
        assert list(db.session.scalars(select(SignedIn.token_hash))) == [later.token_hash]

    def test_stores_no_token(self) -> None:
        token = sessions.begin(make_user(), factor=Factor.CODE, device="", now=now())
        assert len(token) >= 43
        db.session.commit()
        assert token not in str(list(rows().values()))


class TestToken:
    def test_from_before_signing_in_opens_nothing_after_it(self, app: Flask, client: Browser) -> None:
        user = make_user()
        telephone, _ = give_app(user)
        db.session.commit()
        planted = sessions.begin(make_user(), factor=Factor.PENDING, device="", now=now())
        db.session.commit()
        with client.session_transaction() as cookie:
            cookie[SID] = planted
        answer = client.send("/sign-in", {"email": user.email, "password": PASSWORD})
        half = token_of(client)
        assert client.send(answer.location, {"code": telephone.code()}).status_code == 303
        assert is_open(client)
        assert len({planted, half, token_of(client)}) == 3
        assert not is_open(with_token(app, planted))
        assert not is_open(with_token(app, half))

    def test_is_new_after_unlocking_and_after_showing_that_it_is_you(self, app: Flask, sign_in) -> None:
        user = make_user()
        telephone, _ = give_app(user)
        browser = sign_in(user)
        seen = [token_of(browser)]
        with time_machine.travel(now() + LOCKED):
            browser.send("/locked", {"password": PASSWORD})
            seen.append(token_of(browser))
            browser.send("/step-up", {"password": PASSWORD, "code": telephone.code()})
            seen.append(token_of(browser))
            assert len(set(seen)) == 3
            assert [is_open(with_token(app, token)) for token in seen] == [False, False, True]

    def test_that_is_made_up_opens_nothing(self, app: Flask) -> None:
        assert with_token(app, "x" * 43).get("/account").location.startswith("/sign-in")


class TestIdle:
    def test_locks_every_page_and_shows_nothing_of_what_was_asked_for(self, sign_in) -> None:
        user = make_user()
        case = make_case(by=user, summary=f"{CANARY} of Bittern Drove")
        browser = sign_in(user)
        page = f"/cases/{case.reference}"
        assert CANARY in browser.get(page).text
        with time_machine.travel(now() + LOCKED):
            locked = browser.get(page)
            assert locked.status_code == 401
            assert "<h1" in locked.text
            assert "Locked" in locked.text
            assert CANARY not in locked.text
            assert "no-store" in locked.headers["Cache-Control"]
            answer = browser.send(f"/locked?next={page}", {"password": PASSWORD})
            assert (answer.status_code, answer.location) == (303, page)
            assert CANARY in browser.get(page).text

    def test_sends_htmx_to_the_lock_and_a_script_away(self, sign_in) -> None:
        browser = sign_in(make_user())
        with time_machine.travel(now() + LOCKED):
            part = browser.get(
                "/cases",
                headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/cases?state=open"},
            )
            assert (part.status_code, part.text) == (401, "")
            assert part.headers["HX-Redirect"] == "/locked?next=%2Fcases%3Fstate%3Dopen"
            asked = browser.get("/sessions/left", headers={"Accept": "application/json"})
            assert (asked.status_code, asked.text) == (401, "")

    def test_is_put_off_by_use_and_not_by_polling(self, sign_in) -> None:
        used, polled = sign_in(make_user()), sign_in(make_user())
        start = now()
        for minute in range(0, 40, 10):
            with time_machine.travel(start + timedelta(minutes=minute)):
                used.get("/account")
                polled.get("/sessions/left")
        with time_machine.travel(start + timedelta(minutes=40)):
            assert is_open(used)
            assert polled.get("/account").status_code == 401

    def test_is_put_off_by_typing(self, sign_in) -> None:
        """A long statement, typed for forty minutes without a press of a button."""
        user = make_user()
        page = f"/cases/{make_case(by=user).reference}/notes/new"
        browser = sign_in(user)
        token = browser.hidden_fields(page)["csrf_token"]
        start = now()
        for minute in range(1, 41):
            with time_machine.travel(start + timedelta(minutes=minute)):
                answer = browser.post(
                    "/drafts",
                    json={"path": page, "page": page, "typed": {"body": [f"Still typing, minute {minute}"]}},
                    headers={"X-CSRFToken": token},
                )
                assert answer.json["open"] is True
        with time_machine.travel(start + timedelta(minutes=41)):
            assert is_open(browser)

    def test_writes_at_most_twice_a_minute(self, sign_in) -> None:
        browser = sign_in(make_user())
        before = rows()
        browser.get("/account")
        assert rows() == before
        with time_machine.travel(now() + sessions.TOUCHED):
            browser.get("/account")
        assert rows() != before

    def test_is_not_ended_by_the_wrong_password_which_counts_as_a_failure(self, sign_in) -> None:
        browser = sign_in(make_user())
        with time_machine.travel(now() + LOCKED):
            for attempt in range(11):
                answer = browser.send("/locked", {"password": "something else"})
                assert answer.status_code == (422 if attempt < 10 else 429)
            assert browser.send("/locked", {"password": PASSWORD}).status_code == 429
        with time_machine.travel(now() + LOCKED + timedelta(minutes=6)):
            assert browser.send("/locked", {"password": PASSWORD}).status_code == 303

    def test_says_how_long_is_left_and_stays_when_asked(self, sign_in) -> None:
        browser = sign_in(make_user())
        token = browser.hidden_fields("/account", "/sign-out")["csrf_token"]
        with time_machine.travel(now() + sessions.IDLE - sessions.WARNED):
            assert 110 <= browser.get("/sessions/left").json["left"] <= 120
            stayed = browser.post("/sessions/stay", headers={"X-CSRFToken": token})
            assert stayed.json["left"] > 800
        with time_machine.travel(now() + LOCKED):
            assert is_open(browser)

    def test_leaves_the_way_out_open(self, sign_in) -> None:
        browser = sign_in(make_user())
        with time_machine.travel(now() + LOCKED):
            token = re.search(r'action="/sign-out">\s*<input[^>]*value="([^"]+)"', browser.get("/").text)
            assert token
            assert browser.post("/sign-out", data={"csrf_token": token[1]}).location == "/sign-in"
            assert browser.get("/").location.startswith("/sign-in")


class TestEnd:
    def test_twelve_hours_are_the_most_however_busy_somebody_is(self, sign_in) -> None:
        browser, start = sign_in(make_user()), now()
        for quarter in range(12 * 6):
            with time_machine.travel(start + timedelta(minutes=10 * quarter)):
                assert is_open(browser)
        with time_machine.travel(start + sessions.ABSOLUTE):
            assert browser.get("/account").location.startswith("/sign-in")

    def test_console_of_an_open_meeting_carries_the_session_to_its_end(self, sign_in) -> None:
        chair = make_user(role=Role.COORDINATOR)
        make_case(by=chair)
        meeting, browser = make_open_meeting(by=chair), sign_in(chair)
        soon = now() + timedelta(minutes=5)
        table = SignedIn.__table__
        db.session.execute(table.update().values(seen_at=now() - timedelta(minutes=1), ends_at=soon))
        db.session.commit()
        browser.get("/account")
        assert [row["ends_at"] for row in rows().values()] == [soon]
        with time_machine.travel(now() + timedelta(minutes=4)):
            assert browser.get(f"/meetings/{meeting.reference}/run").status_code == 200
        with time_machine.travel(now() + timedelta(minutes=10)):
            assert is_open(browser)

    def test_sign_out_ends_the_row_and_clears_the_browser(self, app: Flask, sign_in) -> None:
        browser = sign_in(make_user())
        stolen = with_token(app, token_of(browser))
        answer = browser.send("/sign-out", page="/account")
        assert '"cache"' in answer.headers["Clear-Site-Data"]
        assert not is_open(browser)
        assert not is_open(stolen)

    def test_password_changed_at_one_browser_ends_the_others(self, sign_in) -> None:
        user = make_user()
        here, there = sign_in(user), sign_in(user)
        assert is_open(there)
        answer = here.send(
            "/account/password", {"password": PASSWORD, "new_password": "bittern kettle orchard ladder"}
        )
        assert answer.status_code == 303
        assert is_open(here)
        assert there.get("/account").location.startswith("/sign-in")

    def test_suspending_the_account_ends_it_on_the_next_request(self, sign_in) -> None:
        user = make_user()
        browser = sign_in(user)
        user.is_active = False
        db.session.commit()
        assert browser.get("/account").location.startswith("/sign-in")


class TestList:
    def test_shows_ones_own_browsers_and_ends_one_of_them(self, sign_in) -> None:
        user = make_user()
        here, there, other = sign_in(user), sign_in(user), sign_in(make_user())
        page = here.get("/sessions").text
        ends = re.findall(r'action="(/sessions/\d+/end)"', page)
        assert len(ends) == 1
        assert here.send(ends[0], page="/sessions").status_code == 303
        assert (is_open(here), is_open(there), is_open(other)) == (True, False, True)

    def test_ends_nobody_elses_and_not_the_one_in_use(self, sign_in) -> None:
        user = make_user()
        here, other = sign_in(user), sign_in(make_user())
        token = here.hidden_fields("/sessions", "/sign-out")["csrf_token"]
        for number in rows():
            assert here.post(f"/sessions/{number}/end", data={"csrf_token": token}).status_code == 404
        assert is_open(here)
        assert is_open(other)

    def test_ends_all_others_at_once(self, sign_in) -> None:
        user = make_user()
        here, *others = (sign_in(user) for _ in range(3))
        assert here.send("/sessions/end-others", page="/sessions").status_code == 303
        assert is_open(here)
        assert not any(is_open(there) for there in others)

    @pytest.mark.parametrize(
        ("agent", "device"),
        [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) … Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) … Version/18.0 Safari/604.1", "Safari on iPhone"),
            ("", "A browser"),
        ],
    )  # fmt: skip
    def test_names_a_browser_as_people_do(self, agent: str, device: str) -> None:
        assert sessions.device_of(agent) == device


class TestStepUp:
    WAIT = sessions.STEP_UP + timedelta(seconds=1)

    def disclosure_page(self, user: User) -> str:
        return f"/cases/{make_case(by=user).reference}/sharing/new"

    def test_is_asked_for_ten_minutes_after_the_last_proof(self, sign_in) -> None:
        user = make_user()
        telephone, _ = give_app(user)
        page, browser = self.disclosure_page(user), sign_in(user)
        assert browser.get(page).status_code == 200
        with time_machine.travel(now() + self.WAIT):
            asked = browser.get(page)
            assert asked.status_code == 303
            proved = browser.send(asked.location, {"password": PASSWORD, "code": telephone.code()})
            assert (proved.status_code, proved.location) == (303, page)
            assert browser.get(page).status_code == 200

    def test_takes_the_password_and_the_code_and_neither_alone(self, sign_in) -> None:
        user = make_user()
        telephone, _ = give_app(user)
        page, browser = self.disclosure_page(user), sign_in(user)
        with time_machine.travel(now() + self.WAIT):
            for wrong in ({"password": PASSWORD}, {"password": "another", "code": telephone.code()}):
                assert browser.send("/step-up", wrong).status_code == 422
            assert browser.get(page).status_code == 303

    def test_gives_back_what_was_posted(self, sign_in) -> None:
        user = make_user()
        telephone, _ = give_app(user)
        page, browser = self.disclosure_page(user), sign_in(user)
        hidden = browser.hidden_fields(page)
        with time_machine.travel(now() + self.WAIT):
            asked = browser.post(
                page, data={**hidden, "purpose": "Safeguarding", "description": "Two visits"}
            )
            assert asked.location.startswith("/step-up?next=%2Fkept%2F")
            proved = browser.send(asked.location, {"password": PASSWORD, "code": telephone.code()})
            back = browser.get(proved.location)
            assert back.status_code == 422
            assert "Two visits" in back.text

    def test_asks_a_waived_account_for_the_password_alone(self, sign_in) -> None:
        user = make_user()
        page, browser = self.disclosure_page(user), sign_in(user)
        db.session.execute(SignedIn.__table__.update().values(factor=Factor.WAIVED_DEMO))
        db.session.commit()
        with time_machine.travel(now() + self.WAIT):
            asked = browser.get(page)
            assert 'name="code"' not in browser.get(asked.location).text
            assert browser.send(asked.location, {"password": PASSWORD}).location == page


class TestWaiver:
    def test_is_said_on_every_page_of_a_waived_session_and_on_no_other(self, sign_in) -> None:
        waived, met = sign_in(make_user()), sign_in(make_user())
        first = min(rows())
        table = SignedIn.__table__
        db.session.execute(table.update().where(table.c.id == first).values(factor=Factor.WAIVED_DEMO))
        db.session.commit()
        pages = ("/", "/board", "/account", "/sessions", "/cases/PSG-9999", "/nowhere")
        for page in pages:
            assert "Demonstration: second factor switched off" in waived.get(page).text, page
            assert "second factor switched off" not in met.get(page).text, page


def test_signed_in_pages_vary_by_cookie_and_are_kept_nowhere(sign_in) -> None:
    browser = sign_in(make_user())
    for page in ("/", "/sessions", "/kept", "/step-up", "/sessions/left"):
        answer = browser.get(page)
        assert "Cookie" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_proofs_and_ends_stand_in_the_record_and_signs_of_life_do_not(sign_in) -> None:
    user = make_user(role=Role.PRACTITIONER)
    browser, _other = sign_in(user), sign_in(user)
    count = select(func.count()).select_from(Leaf)

    def entries() -> int:
        return int(db.engines[None].execute(count).scalar())  # type: ignore[attr-defined]

    token = browser.hidden_fields("/sessions", "/sign-out")["csrf_token"]
    before = entries()
    browser.post("/sessions/stay", headers={"X-CSRFToken": token})
    browser.get("/sessions/left")
    browser.post("/drafts", data=json.dumps({}), headers={"X-CSRFToken": token})
    assert entries() == before
    browser.post("/sessions/end-others", data={"csrf_token": token})
    assert entries() == before + 1
    with time_machine.travel(now() + LOCKED):
        browser.send("/locked", {"password": "something else"})
        browser.send("/locked", {"password": PASSWORD})
    assert entries() == before + 3
