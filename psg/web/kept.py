"""Words that were typed and not saved: kept sealed on the server, for the one who typed them.

One for each person and address of a form. They come from a page that saves itself while somebody
types, or from a post that met a locked or ended session. They are given back by sending the page
once more as if it had been open too long, so that every form shows them in its own boxes.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base
from psg.extensions import db
from psg.web.sealing import seal, unseal

KEPT_FOR = timedelta(days=14)
LONGEST_PATH = 500
NEVER_KEPT = frozenset({"csrf_token", "request_key", "password", "new_password", "code"})
Typed = dict[str, list[str]]


class KeptText(Base):
    __tablename__ = "kept_text"
    __table_args__ = (UniqueConstraint("person", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(LONGEST_PATH))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(index=True)

    def typed(self) -> Typed:
        """What was typed, by field; empty where the secret it was sealed under is gone."""
        text = unseal(self.body)
        return json.loads(text) if text else {}


def keep(person: str, path: str, typed: Typed, *, now: datetime) -> KeptText:
    """Keep the newest words for this person and form."""
    words = {name: values for name, values in typed.items() if name not in NEVER_KEPT}
    held = for_path(person, path)
    body = seal(json.dumps(words))
    if held is None:
        held = KeptText(person=person, path=path[:LONGEST_PATH], body=body, kept_at=now)
        db.session.add(held)
    else:
        held.body, held.kept_at = body, now
    db.session.flush()
    return held


def for_path(person: str, path: str) -> KeptText | None:
    return db.session.scalars(
        select(KeptText).where(KeptText.person == person, KeptText.path == path[:LONGEST_PATH])
    ).one_or_none()


def of_person(person: str, number: int) -> KeptText | None:
    """The kept words with this number, to the person who typed them and to nobody else."""
    return db.session.scalars(
        select(KeptText).where(KeptText.person == person, KeptText.id == number)
    ).one_or_none()


def all_of(person: str) -> list[KeptText]:
    return list(
        db.session.scalars(
            select(KeptText).where(KeptText.person == person).order_by(KeptText.kept_at.desc())
        )
    )


def forget(person: str, path: str) -> None:
    """The words are saved, or no longer wanted."""
    db.session.execute(
        delete(KeptText).where(KeptText.person == person, KeptText.path == path[:LONGEST_PATH])
    )


def forget_old(now: datetime) -> None:
    db.session.execute(delete(KeptText).where(KeptText.kept_at < now - KEPT_FOR))
