"""Letters that wait to be sent: queued in the transaction that causes them, sent by a command of its own.

No letter carries a name, a reference of a case or a word of its content.
"""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base
from psg.extensions import db
from psg.web.sealing import seal


class Letter(Base):
    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    queued_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)


def post(recipient: str, subject: str, body: str, *, now: datetime) -> None:
    """Queue a letter; it leaves when the transaction has been committed and `psg mail send` runs."""
    db.session.add(Letter(recipient=recipient, subject=subject, body=seal(body), queued_at=now))
