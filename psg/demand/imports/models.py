"""What an import keeps while it is under way, and what is remembered of how an agency's files are read."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base, enum_column
from psg.demand.models import ContactKind, ContactRole
from psg.subjects.merging.columns import PASSES


class Act(StrEnum):
    BROUGHT = "brought"
    UNDONE = "undone"


class ImportAct(Base):
    """Who brought a file, and who took back what it added, with the reason. Nobody is a command of the server."""

    __tablename__ = "import_act"
    __table_args__ = (UniqueConstraint("import_id", "act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("demand_import.id"))
    act: Mapped[Act] = mapped_column(enum_column(Act))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")


class ImportFile(Base):
    """The file of an import while it is under way, and while its bad rows may be fetched; then it is gone.

    `body` is what is known of it (`work.Work`), sealed as its parts are. `worker` reads it now, and said so at
    `worked_at`: one that fell silent was ended with its process, and another begins anew.
    """

    __tablename__ = "import_file"

    import_id: Mapped[int] = mapped_column(ForeignKey("demand_import.id"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    rows_read: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(32), default="")
    worked_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ImportPart(Base):
    """A piece of the file, sealed."""

    __tablename__ = "import_part"

    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.import_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class WaitingContact(Base):
    """A row that was read and found good, and waits for its import to be completed: then all of them become
    contacts in one statement, or none does. A row that takes a contact back waits here too.
    """

    __tablename__ = "waiting_contact"
    __table_args__ = {"info": {PASSES: True}}

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("demand_import.id"), index=True)
    audit_id: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[ContactKind] = mapped_column(enum_column(ContactKind))
    role: Mapped[ContactRole] = mapped_column(enum_column(ContactRole))
    happened_at: Mapped[datetime]
    happened_on: Mapped[date]
    source_reference: Mapped[str] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(String(200))
    is_crisis: Mapped[bool]
    is_withdrawn: Mapped[bool]


class AgencyColumns(Base):
    """Which columns and codes of an agency's files are which of ours, as somebody settled it last."""

    __tablename__ = "agency_columns"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
