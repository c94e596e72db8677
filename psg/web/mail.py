"""Letters that wait to be sent: queued in the transaction that causes them, sent by a command of its own.

No letter carries a name, a reference of a case or a word of its content. What a letter is to open is
made when it is sent: a place in its text such as `{reset_link}` is filled then, or the letter is
dropped. So what asks for a letter does the same work whether or not anybody is to have one.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base, Refused
from psg.extensions import db
from psg.web.sealing import seal, unseal

MOST_AT_ONCE = 200
MOST_FAILURES = 10
KEPT_FOR = timedelta(days=14)
PATIENCE = 30
PORTS = {"smtp": 587, "smtps": 465}
UNSAFE_ADDRESS = "Set PSG_SMTP_URL to smtp://user:password@host:587 or smtps://user:password@host:465."
NO_SENDER = "Set PSG_MAIL_FROM to the address that letters come from, such as psg@council.example."

_PLACE = re.compile(r"\{([a-z_]+)\}")
_fillers: dict[str, Callable[[str, datetime], str | None]] = {}


class Letter(Base):
    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    queued_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Ready:
    """A letter as it leaves."""

    recipient: str
    subject: str
    body: str

    def message(self, sender: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, self.recipient, self.subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.body)
        return message


Sender = Callable[[Ready], None]
"""Sends one letter; raises `OSError` or `SMTPException` where it cannot."""


def post(recipient: str, subject: str, body: str, *, now: datetime) -> None:
    """Queue a letter; it leaves when the transaction has been committed and `psg mail send` runs."""
    db.session.add(Letter(recipient=recipient, subject=subject, body=seal(body), queued_at=now))


def fill_with(place: str, filler: Callable[[str, datetime], str | None]) -> None:
    """Say what stands at `{place}` for a recipient; None where this recipient is to have no letter."""
    _fillers[place] = filler


def waiting() -> Sequence[int]:
    """The letters to send, the oldest first; one that failed ten times is left."""
    return db.session.scalars(
        select(Letter.id)
        .where(Letter.sent_at.is_(None), Letter.failures < MOST_FAILURES)
        .order_by(Letter.queued_at, Letter.id)
        .limit(MOST_AT_ONCE)
    ).all()


def take(number: int, *, now: datetime) -> Ready | None:
    """The letter as it is to leave; None where nobody is to have it, and then it is gone."""
    letter = db.session.get(Letter, number)
    if letter is None:
        return None
    text = _filled(unseal(letter.body), letter.recipient, now)
    if text is None:
        db.session.delete(letter)
        return None
    return Ready(letter.recipient, letter.subject, text)


def note_sent(number: int, *, now: datetime) -> None:
    """The letter has left. That it was sent is kept for a while, what it said is not."""
    letter = db.session.get_one(Letter, number)
    letter.sent_at, letter.body = now, b""


def note_failed(number: int) -> None:
    """The letter did not leave: it waits for the next time."""
    db.session.get_one(Letter, number).failures += 1


def forget_old(now: datetime) -> None:
    db.session.execute(delete(Letter).where(Letter.queued_at < now - KEPT_FOR))


def by_smtp(address: str, sender: str) -> Sender:
    """Sends over TLS, with the server's name proved; only a server on this machine may go without."""
    target = _target(address)
    if not sender:
        raise Refused(NO_SENDER)

    def send(letter: Ready) -> None:
        host, port = target.hostname or "", target.port or PORTS[target.scheme]
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
            if target.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=PATIENCE)
        ) as server:
            if target.scheme == "smtp" and not _is_here(host):
                server.starttls(context=context)
            if target.username:
                server.login(unquote(target.username), unquote(target.password or ""))
            server.send_message(letter.message(sender))

    return send


def into_folder(folder: Path, sender: str) -> Sender:
    """For development: each letter is a file, to be read by whoever runs the product."""

    def send(letter: Ready) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = len(list(folder.glob("*.eml"))) + 1
        path = folder / f"{number:04d}.eml"
        path.write_bytes(letter.message(sender or "psg@localhost").as_bytes())
        path.chmod(0o600)

    return send


def _target(address: str) -> SplitResult:
    target = urlsplit(address)
    try:
        is_whole = target.scheme in PORTS and target.hostname and target.port != 0
    except ValueError:
        is_whole = None
    if not is_whole:
        raise Refused(UNSAFE_ADDRESS)
    return target


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _filled(text: str | None, recipient: str, now: datetime) -> str | None:
    if text is None:
        return None
    words = {place: _fillers[place](recipient, now) for place in set(_PLACE.findall(text))}
    if any(word is None for word in words.values()):
        return None
    return _PLACE.sub(lambda found: words[found[1]] or "", text)
