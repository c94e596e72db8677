"""Invitations and resets: one link, once, in time, for one person; and nobody learns who has an account."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from psg.accounts import credentials, factors, links, passwords, sessions, throttle
from psg.accounts.models import User
from psg.accounts.sign_in_models import AccountLink, Factor, LinkPurpose
from psg.base import Refused
from psg.extensions import db
from psg.web import commands, mail
from psg.web.commands import mail_group
from psg.web.dates import now
from psg.web.mail import Letter
from tests.accounts.signing_in import CODE, entries, give_password, newest
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, give_app, make_user

NOON = datetime(2027, 8, 12, 12, 0, 5, tzinfo=UTC)
NEW = "lantern thimble crater"
FORGOTTEN = "/forgotten-password"


@pytest.fixture
def letters(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: object):
    """Sends what waits, and gives each letter of the folder: whom to, and what it says."""
    monkeypatch.setattr(app, "instance_path", str(tmp_path))

    def sent() -> list[tuple[str, str]]:
        db.session.commit()
        done = CliRunner().invoke(mail_group, ["send"])
        assert done.exit_code == 0, done.output
        found = sorted((tmp_path / commands.FOLDER).glob("*.eml"))
        read = [message_from_bytes(path.read_bytes(), policy=default) for path in found]
        return [(str(letter["To"]), letter.get_content()) for letter in read]

    return sent


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+/choose-password/\S+", text)
    assert found is not None
    return urlsplit(found[0]).path


def a_link(person: User, purpose: LinkPurpose = LinkPurpose.RESET) -> str:
    address = links.create(person, purpose, now=now())
    db.session.flush()
    return urlsplit(address).path


def test_a_reset_proves_the_mailbox_and_still_asks_for_the_second_factor(client: Browser, letters) -> None:
    person = make_user()
    give_app(person)
    assert client.send(FORGOTTEN, {"email": person.email.upper()}).location == "/sign-in"
    ((to, text),) = letters()
    assert to.casefold() == person.email
    before = entries()
    assert client.send(link_in(text), {"new_password": NEW}).location == "/sign-in"
    assert entries() == before + 1
    assert (newest()["action"], newest()["by_link"]) == ("password.choose", "reset")
    assert client.get("/").status_code == 303, "a link signs nobody in"
    assert give_password(client, person, NEW).location == CODE
    assert give_password(client, person, PASSWORD).status_code == 422
    assert any("password of your account was changed" in text for _, text in letters())


def test_a_link_works_once(client: Browser) -> None:
    page = a_link(make_user())
    assert client.get(page).status_code == client.get(page).status_code == 200, "looking does not use it up"
    assert client.send(page, {"new_password": NEW}).status_code == 303
    assert client.get(page).status_code == 404


def test_a_link_whose_password_was_refused_still_works(client: Browser) -> None:
    page = a_link(make_user())
    refused = client.send(page, {"new_password": "Password1234"})
    assert refused.status_code == 422
    assert "Password1234" not in refused.text
    assert client.send(page, {"new_password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("purpose", "good_for"),
    [(LinkPurpose.INVITATION, timedelta(days=7)), (LinkPurpose.RESET, timedelta(hours=1))],
)
def test_a_link_is_good_for_as_long_as_its_letter_says(
    client: Browser, purpose: LinkPurpose, good_for: timedelta
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        page = a_link(make_user(), purpose)
        clock.shift(good_for - timedelta(seconds=1))
        assert client.get(page).status_code == 200
        hidden = client.hidden_fields(page)
        clock.shift(timedelta(seconds=1))
        assert client.post(page, data={**hidden, "new_password": NEW}).status_code == 404


def test_used_old_made_up_and_suspended_are_answered_with_the_same_page(client: Browser) -> None:
    used, suspended = make_user(), make_user()
    pages = [a_link(used), a_link(suspended), "/choose-password/" + "x" * 43, "/choose-password/%ED%A0%80"]
    client.send(pages[0], {"new_password": NEW})
    suspended.is_active = False
    db.session.commit()
    client.get("/sign-in")
    answers = {(answer.status_code, answer.text) for answer in map(client.get, pages)}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_a_link_changes_the_password_of_its_own_account_alone(client: Browser) -> None:
    one, other = make_user(), make_user()
    page = a_link(one)
    client.send(page, {"new_password": NEW, "email": other.email, "user_id": str(other.id)})
    db.session.expire_all()
    assert passwords.is_right(other.password_hash, PASSWORD)
    assert passwords.is_right(one.password_hash, NEW)


def test_choosing_a_password_ends_every_session_and_every_other_link(client: Browser, sign_in) -> None:
    person = make_user()
    elsewhere, other = sign_in(person), a_link(person)
    assert elsewhere.get("/").status_code == 200
    client.send(a_link(person), {"new_password": NEW})
    assert elsewhere.get("/").status_code == 303
    assert client.get(other).status_code == 404


def test_the_database_holds_no_link(session) -> None:
    person = make_user()
    token = a_link(person).rpartition("/")[2]
    assert len(token) >= 43
    assert session.scalars(select(AccountLink.token_hash)).one() != token
    credentials.ask_for_reset(person.email, origin=throttle.Origin(""), now=now())
    session.flush()
    assert all(person.email.encode() not in body for body in session.scalars(select(Letter.body)))


def test_a_letter_is_read_by_nobody_after_it_has_left(client: Browser, letters) -> None:
    client.send(FORGOTTEN, {"email": make_user().email})
    assert len(letters()) == 1
    assert db.session.scalars(select(Letter.body)).all() == [b""]
    assert len(letters()) == 1, "sent once"


def test_asking_for_somebody_without_an_account_sends_nothing(client: Browser, letters) -> None:
    invited, suspended = make_user(), make_user()
    invited.password_hash, suspended.is_active = "", False
    db.session.commit()
    for email in ("nobody@psg.example", invited.email, suspended.email):
        assert client.send(FORGOTTEN, {"email": email}).status_code == 303
    assert letters() == []
    assert db.session.scalars(select(Letter.id)).all() == []


def test_nobody_fills_another_persons_mailbox(client: Browser, letters) -> None:
    person = make_user()
    for _ in range(6):
        client.send(FORGOTTEN, {"email": person.email})
    assert len(letters()) == links.MOST_RESETS


def test_asking_is_answered_alike_whether_or_not_there_is_an_account(client: Browser, queries) -> None:
    person = make_user(email="person01@psg.example")
    db.session.commit()
    seen = []
    for email in (person.email, "person02@psg.example"):
        hidden = client.hidden_fields(FORGOTTEN)
        before = entries()
        with queries() as sent:
            answer = client.post(FORGOTTEN, data={**hidden, "email": email})
        page = client.get(answer.location)
        seen.append(
            (
                answer.status_code,
                answer.text,
                sorted(answer.headers.keys()),
                [re.sub(r"'[^']*'", "", text) for text in sent.texts],
                entries() - before,
                newest(),
                re.sub(r'value="[^"]*"', "", page.text),
            )
        )
        assert "If there is an account with that address" in page.text
    assert seen[0] == seen[1]


def test_many_letters_asked_for_are_too_many(client: Browser) -> None:
    for _ in range(throttle.PER_ACCOUNT):
        assert client.send(FORGOTTEN, {"email": "anybody@psg.example"}).status_code == 303
    answer = client.send(FORGOTTEN, {"email": "anybody@psg.example"})
    assert answer.status_code == 429
    assert "anybody@psg.example" in answer.text


def test_asking_for_letters_shuts_nobody_out_of_signing_in(client: Browser) -> None:
    person = make_user()
    give_app(person)
    for _ in range(throttle.PER_ACCOUNT):
        client.send(FORGOTTEN, {"email": person.email})
    assert give_password(client, person).location == CODE


def test_losing_telephone_and_password_is_not_mended_by_a_link_alone(client: Browser) -> None:
    person = make_user()
    give_app(person)
    client.send(a_link(person), {"new_password": NEW})
    give_password(client, person, NEW)
    assert client.get("/sign-in/set-up").location == CODE
    assert factors.of_user(person) is not None


def test_a_link_begins_with_the_address_that_is_set_and_not_with_the_hosts(
    client: Browser, app: Flask, letters
) -> None:
    hidden = client.hidden_fields(FORGOTTEN)
    person = make_user()
    client.post(
        FORGOTTEN, data={**hidden, "email": person.email}, headers={"X-Forwarded-Host": "evil.example"}
    )
    ((_, text),) = letters()
    assert app.config["PSG_BASE_URL"] + "/choose-password/" in text
    assert "evil" not in text


def test_a_letter_that_cannot_leave_waits_and_says_so(app: Flask, session, monkeypatch) -> None:
    mail.post("jo@psg.example", "Subject", "Text", now=now())
    session.commit()

    def refuse(_: mail.Ready) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(commands, "_sender", lambda: (refuse, "sent"))
    failed = CliRunner().invoke(mail_group, ["send"])
    assert failed.exit_code == 1
    assert "1 letter could not be sent" in failed.output
    assert [(letter.failures, letter.sent_at) for letter in session.scalars(select(Letter))] == [(1, None)]


def test_production_does_not_write_letters_to_a_folder(app: Flask, session, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "PSG_ENV", "production")
    refused = CliRunner().invoke(mail_group, ["send"])
    assert refused.exit_code == 1
    assert "Set PSG_SMTP_URL" in refused.output


class Postman(StreamRequestHandler):
    """As much of a mail server as takes one letter."""

    said: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        in_letter = False
        while raw := self.rfile.readline():
            line = raw.decode().rstrip()
            self.said.append(line)
            if in_letter and line != ".":
                continue
            in_letter = line.casefold() == "data"
            self.wfile.write(
                {"data": b"354 go on\r\n", "quit": b"221 bye\r\n"}.get(line.casefold(), b"250 good\r\n")
            )


def test_a_letter_leaves_by_a_mail_server() -> None:
    with TCPServer(("127.0.0.1", 0), Postman) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        send = mail.by_smtp(f"smtp://127.0.0.1:{server.server_address[1]}", "psg@council.example")
        send(mail.Ready("jo@psg.example", "Subject", "One line of text"))
        thread.join(timeout=10)
    said = {line.casefold().partition(" size=")[0] for line in Postman.said}
    assert {"mail from:<psg@council.example>", "rcpt to:<jo@psg.example>", "one line of text"} <= said


@pytest.mark.parametrize(
    "address", ["", "smtp:", "http://mail.example", "smtp://", "smtp://mail.example:x", "mail"]
)
def test_an_address_that_names_no_mail_server_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="PSG_SMTP_URL"):
        mail.by_smtp(address, "psg@council.example")


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(Refused, match="PSG_MAIL_FROM"):
        mail.by_smtp("smtps://mail.example", "")


def test_the_session_of_a_link_is_not_needed(session) -> None:
    """An invited person has no session, and gets none by choosing."""
    person = make_user()
    link = links.find(a_link(person).rpartition("/")[2], now=now())
    assert link is not None
    token = sessions.begin(person, factor=Factor.CODE, device="", now=now())
    credentials.choose_password(link, NEW, now=now())
    session.expire_all()
    assert sessions.signed_in_by(token, now=now()) is None
