"""What an import keeps while it is under way, and what is remembered of how an agency's files are read."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
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
