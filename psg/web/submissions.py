"""What was already sent: one row for each form that was saved, so that a second press changes nothing."""

import hashlib
import re
from datetime import datetime, timedelta
from enum import Enum, auto

from flask import Request
from flask_login import current_user
from sqlalchemy import String, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base
from psg.extensions import db
from psg.web.sealing import fingerprint

KEPT_FOR = timedelta(hours=24)
PIECE = 1 << 16
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Submission(Base):
    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("person", "request_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    request_key: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)


class Earlier(Enum):
    """What the table knows of a form that arrives."""

    NOTHING = auto()
    SAME = auto()
    OTHER = auto()


class Claim:
    """The right of one request to do the work that its form asks for."""

    def __init__(self, request: Request) -> None:
        self.person = str(current_user.get_id() or "")
        self.key = request.form.get("request_key", "")
        self.content = _digest(request)
        self.location = ""

    @property
    def applies(self) -> bool:
        return bool(self.person and KEY.fullmatch(self.key))

    def earlier(self) -> Earlier:
        if not self.applies:
            return Earlier.NOTHING
        row = db.session.execute(
            select(Submission.content, Submission.location).where(
                Submission.person == self.person, Submission.request_key == self.key
            )
        ).first()
        if row is None:
            return Earlier.NOTHING
        self.location = row.location
        return Earlier.SAME if row.content == self.content else Earlier.OTHER

    def take(self, moment: datetime) -> None:
        """Raises IntegrityError where another request is doing, or has done, the same work."""
        if not self.applies:
            return
        db.session.execute(delete(Submission).where(Submission.created_at < moment - KEPT_FOR))
        db.session.execute(
            insert(Submission).values(
                person=self.person, request_key=self.key, content=self.content, location="", created_at=moment
            )
        )

    def answer(self, location: str) -> None:
        if self.applies:
            db.session.execute(
                update(Submission)
                .where(Submission.person == self.person, Submission.request_key == self.key)
                .values(location=location[:500])
            )


def was_sent(person: str, key: str) -> bool:
    """Whether the page that carries this key was already saved."""
    sent = select(Submission.id).where(Submission.person == person, Submission.request_key == key)
    return bool(KEY.fullmatch(key)) and db.session.scalar(sent) is not None


def _digest(request: Request) -> str:
    """Under a key: what was sent may be a password, and no list of likely ones is to find it here."""
    digest = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.form.lists()):
        if name not in ("csrf_token", "request_key"):
            digest.update(repr((name, values)).encode())
    for name, upload in sorted(request.files.items()):
        content = hashlib.sha256()  # mended, it may have the name it had
        while piece := upload.stream.read(PIECE):
            content.update(piece)
        upload.stream.seek(0)
        digest.update(repr((name, upload.filename, content.hexdigest())).encode())
    return fingerprint("submission", digest.hexdigest())
