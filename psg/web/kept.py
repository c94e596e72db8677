"""Words that were typed and not saved: kept sealed on the server, for the one who typed them.

One for each person and address of a form. They come from a page that saves itself while somebody
types, or from a post that met a locked or ended session. They are given back by sending the page
once more as if it had been open too long, so that every form shows them in its own boxes.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base
from psg.extensions import db
from psg.web.sealing import seal, unseal

KEPT_FOR = timedelta(days=14)
LONGEST_PATH = 500
MOST_KEPT = 250
"""For one person; the oldest make room for the newest."""
NEVER_KEPT = frozenset({"csrf_token", "request_key", "sealed"})
"""What a page puts in by itself. What proves who somebody is, is not kept either: `_is_proof`."""
PROOF = re.compile(r"[0-9 ]{6,9}|(?:[A-Z0-9]{4}-?){4}")
NOT_TYPED = frozenset({"version"})
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
        words: Typed = self._opened().get("typed", {})
        return words

    @property
    def page(self) -> str:
        """The page on which it was typed, where that is not the address the form is sent to."""
        return str(self._opened().get("page", "")) or self.path

    def _opened(self) -> dict[str, Any]:
        text = unseal(self.body)
        return json.loads(text) if text else {}


def worth_keeping(typed: Mapping[str, list[str]]) -> Typed:
    """The fields of a form that somebody filled; empty where there is nothing but a button in it."""
    words = {
        name: values
        for name, values in typed.items()
        if name not in NEVER_KEPT and not _is_proof(name, values)
    }
    is_filled = any(
        value.strip() for name, values in words.items() if name not in NOT_TYPED for value in values
    )
    return words if is_filled else {}


def _is_proof(name: str, values: list[str]) -> bool:
    """A password, or a code of an app or on paper. The reason for which a case is closed is a code, too."""
    return "password" in name or (name == "code" and any(PROOF.fullmatch(value.strip()) for value in values))


def keep(person: str, path: str, typed: Typed, *, page: str = "", now: datetime) -> KeptText | None:
    """Keep the newest words for this person and form, where there are any."""
    words = worth_keeping(typed)
    if not words or len(path) > LONGEST_PATH or not path.isprintable():
        return None
    forget_old(now)
    held = for_path(person, path)
    if held is None:
        _make_room(person)
        held = KeptText(person=person, path=path)
        db.session.add(held)
    held.body = seal(json.dumps({"typed": words, "page": page}))
    held.kept_at = now
    db.session.flush()
    return held


def _make_room(person: str) -> None:
    for oldest in all_of(person)[MOST_KEPT - 1 :]:
        db.session.delete(oldest)


def for_path(person: str, path: str) -> KeptText | None:
    return db.session.scalars(
        select(KeptText).where(KeptText.person == person, KeptText.path == path)
    ).one_or_none()


def of_person(person: str, number: int) -> KeptText | None:
    """The kept words with this number, to the person who typed them and to nobody else."""
    return db.session.scalars(
        select(KeptText).where(KeptText.person == person, KeptText.id == number)
    ).one_or_none()


def all_of(person: str) -> list[KeptText]:
    return list(
        db.session.scalars(
            select(KeptText).where(KeptText.person == person).order_by(KeptText.kept_at.desc(), KeptText.id)
        )
    )


def on_page(person: str, page: str) -> list[KeptText]:
    """What this person typed on this page and did not save."""
    return [held for held in all_of(person) if page in (held.path, held.page)]


def forget(person: str, path: str) -> None:
    """The words are saved, or no longer wanted."""
    db.session.execute(delete(KeptText).where(KeptText.person == person, KeptText.path == path))


def forget_old(now: datetime) -> None:
    db.session.execute(delete(KeptText).where(KeptText.kept_at < now - KEPT_FOR))
