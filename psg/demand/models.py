"""Contacts: one approach to one agency about a person or place. An incident is the thing that happened,
and may be behind contacts with several agencies.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Timestamped, enum_column
from psg.subjects.models import Subject


class ContactKind(StrEnum):
    """What a contact was about, in the few kinds that every agency's own codes fit."""

    ASB = "asb"
    NOISE = "noise"
    HATE = "hate"
    CRIME = "crime"
    DOMESTIC = "domestic"
    FIRE = "fire"
    HEALTH = "health"
    WELFARE = "welfare"
    TENANCY = "tenancy"
    OTHER = "other"

    @property
    def label(self) -> str:
        names = {ContactKind.ASB: "Anti-social behaviour", ContactKind.HATE: "Hate incident"}
        return names.get(self, self.value.capitalize())


class ContactRole(StrEnum):
    """What the subject was in this one contact. `SUBJECT` is whom or what it was about."""

    SUBJECT = "subject"
    CALLER = "caller"
    SUSPECTED = "suspected"
    VICTIM = "victim"
    WITNESS = "witness"

    @property
    def label(self) -> str:
        names = {ContactRole.SUBJECT: "It was about them", ContactRole.CALLER: "They made it"}
        return names.get(self, self.value.capitalize())


class ExclusionReason(StrEnum):
    """Why a contact is kept but left out of the counts that rules and rankings read.

    None of these words says which panel or what need: that belongs to whoever owns it.
    """

    PANEL = "panel"
    EMERGENCY = "emergency"
    PROFESSIONAL_SAFEGUARDING = "professional_safeguarding"

    @property
    def label(self) -> str:
        return {
            ExclusionReason.PANEL: "Owned by a specialist panel",
            ExclusionReason.EMERGENCY: "A genuine emergency",
            ExclusionReason.PROFESSIONAL_SAFEGUARDING: "Safeguarding raised by a professional",
        }[self]


NOT_COUNTED = frozenset({ContactRole.VICTIM, ContactRole.WITNESS})
"""Nobody's demand is measured by the harm done to them or seen by them."""


class ImportState(StrEnum):
    """How far a file has come. Nothing of it is seen anywhere else before it is complete."""

    RECEIVED = "received"
    READING = "reading"
    CHECKED = "checked"
    REFUSED = "refused"
    COMPLETE = "complete"


class DemandImport(Recorded, Timestamped, Base):
    """One file of contacts that an agency sent, with what came of it.

    `undone_at`: everything it added was taken back. Who brought it and who took it back are its `ImportAct`s.
    """

    __tablename__ = "demand_import"
    __table_args__ = (
        CheckConstraint("(state = 'complete') = (completed_at IS NOT NULL)", name="complete_with_time"),
    )
    record_kind: ClassVar[str] = "import"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    file_hash: Mapped[str] = mapped_column(String(64))
    added: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    differing: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    state: Mapped[ImportState] = mapped_column(enum_column(ImportState), default=ImportState.RECEIVED)
    completed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()


class SuppliedMonth(Base):
    """A month for which an agency has sent data. Any other month is a gap, never a nought."""

    __tablename__ = "supplied_month"
    __table_args__ = (UniqueConstraint("agency_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    month: Mapped[date]


class Incident(Recorded, Timestamped, Base):
    """One event that several contacts tell of, as a person has confirmed."""

    __tablename__ = "incident"
    record_kind: ClassVar[str] = "incident"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[ContactKind] = mapped_column(enum_column(ContactKind))
    happened_on: Mapped[date]


_COUNTING = (
    "agency_id", "role", "withdrawn_at", "excluded_reason", "recorded_at", "kind", "is_crisis", "incident_id",
)  # fmt: skip
"""All that a count asks of a contact: with the subject and the day, an index answers without the table.

The last three are asked by the rules of screening and by the map. They make adding a contact about 3% dearer,
and a count by kind of a million contacts ten times as fast.
"""


def _where_there_is(column: str) -> Index:
    """Of the few contacts that have one: an import writes as many indexes for every contact as there are."""
    there = text(f"{column} IS NOT NULL")
    return Index(f"ix_contact_{column}", column, sqlite_where=there, postgresql_where=there)


class Contact(Recorded, Base):
    """When it happened, and when it was recorded: late data changes a figure “as known on” a day.

    `happened_on` is the day in London that `happened_at` falls on, kept because windows are whole
    local days. An agency's own reference is unique within it, so that a file imported again adds nothing.
    `excluded_reason` is that of the exclusion in force, kept here too because every count asks for it;
    who decided it and why stands in `Exclusion`. `former_reference` is that of a contact whose import was taken
    back: the reference itself is free again.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("agency_id", "source_reference"),
        Index("ix_contact_of_subject", "subject_id", "happened_on", *_COUNTING),
        Index("ix_contact_by_day", "happened_on", "subject_id", *_COUNTING),
        _where_there_is("recorded_by_id"),
        _where_there_is("incident_id"),
        CheckConstraint("source_reference <> ''", name="source_reference_filled"),
        CheckConstraint("(recorded_by_id IS NULL) <> (import_id IS NULL)", name="by_hand_or_import"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
        CheckConstraint("(incident_id IS NULL) = (grouped_at IS NULL)", name="grouped_at_some_time"),
    )
    record_kind: ClassVar[str] = "contact"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[ContactKind] = mapped_column(enum_column(ContactKind))
    role: Mapped[ContactRole] = mapped_column(enum_column(ContactRole))
    happened_at: Mapped[datetime]
    happened_on: Mapped[date]
    source_reference: Mapped[str | None] = mapped_column(String(60))
    former_reference: Mapped[str | None] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(String(200), default="")
    is_crisis: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("demand_import.id"), index=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
    excluded_reason: Mapped[ExclusionReason | None] = mapped_column(enum_column(ExclusionReason))
    grouped_at: Mapped[datetime | None]

    subject: Mapped[Subject] = relationship()
    agency: Mapped[Agency] = relationship()
    recorded_by: Mapped[User | None] = relationship()
    incident: Mapped[Incident | None] = relationship()

    @property
    def is_counted(self) -> bool:
        return self.withdrawn_at is None and self.role not in NOT_COUNTED and self.excluded_reason is None


class Exclusion(Recorded, Base):
    """A person's decision that a contact counts towards no rule and no ranking, until somebody lifts it."""

    __tablename__ = "contact_exclusion"
    __table_args__ = (
        Index(
            "uq_contact_exclusion_in_force",
            "contact_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint("why <> ''", name="why_filled"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_why = '')", name="lifted_with_reason"),
    )
    record_kind: ClassVar[str] = "exclusion"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    reason: Mapped[ExclusionReason] = mapped_column(enum_column(ExclusionReason))
    why: Mapped[str] = mapped_column(String(200))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str] = mapped_column(String(200), default="")

    contact: Mapped[Contact] = relationship()
    decided_by: Mapped[User] = relationship(foreign_keys=[decided_by_id])
    lifted_by: Mapped[User | None] = relationship(foreign_keys=[lifted_by_id])


class Mismatch(Recorded, Base):
    """Two contacts that look like one incident and, as a person has said, are not: not suggested again."""

    __tablename__ = "contact_mismatch"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="in_order"),
    )
    record_kind: ClassVar[str] = "mismatch"

    one_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
