"""The information-sharing log: what was disclosed, about whom, to whom, on what power and why.

A disclosure needs a gateway that fits the recipient and a lawful basis, and must be necessary and
proportionate (Human Rights Act 1998, Art 8; Data Protection Act 2018 s.62 for the log). An entry is
never changed and never removed: a correction is a new entry that names the one it puts right.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, NoReturn, Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from psg.accounts.models import Agency, AgencyKind, User
from psg.base import Base, Recorded, Referenced, enum_column
from psg.cases.models import Case, PartyRole
from psg.subjects.models import Subject
from psg.web.dates import london

LATE_AFTER = timedelta(hours=48)
"""An entry written down later than this after the disclosure is flagged as late. The product's default."""


class GroundFamily(StrEnum):
    """What a legal ground is: the power to disclose, the data-protection basis, or the condition for special data."""

    GATEWAY = "gateway"
    BASIS = "basis"
    CONDITION = "condition"


class LegalGround(Base):
    """One version of a gateway, lawful basis or condition: dated reference data, immutable once loaded.

    A changed law is entered as a new version beside the old one, and a disclosure keeps the version it
    was made under. `must_verify` marks what a lawyer has still to confirm before live use.
    """

    __tablename__ = "legal_ground"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("in_force_until >= in_force_from", name="in_force_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[GroundFamily] = mapped_column(enum_column(GroundFamily))
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    sequence: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(300))
    rule: Mapped[str] = mapped_column(Text, default="")
    in_force_from: Mapped[date | None]
    in_force_until: Mapped[date | None]
    must_verify: Mapped[bool]
    loaded_at: Mapped[datetime]

    kinds: Mapped[list["GroundKind"]] = relationship(order_by="GroundKind.kind")

    def is_in_force_on(self, day: date) -> bool:
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_until is None or day <= self.in_force_until)

    def fits(self, kind: AgencyKind) -> bool:
        """Whether a gateway reaches such a recipient, or such a discloser may rely on a basis.
        A ground that names no kind is for all."""
        return not self.kinds or any(fitting.kind is kind for fitting in self.kinds)


class GroundKind(Base):
    """A kind of agency that a ground is for: the recipient of a gateway, the discloser of a basis."""

    __tablename__ = "legal_ground_kind"
    __table_args__ = (UniqueConstraint("ground_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ground_id: Mapped[int] = mapped_column(ForeignKey("legal_ground.id"), index=True)
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))


class Channel(StrEnum):
    """How the information went."""

    MEETING = "meeting"
    PHONE = "phone"
    EMAIL = "email"
    SYSTEM = "system"
    PAPER = "paper"

    @property
    def label(self) -> str:
        return {
            Channel.MEETING: "In a meeting",
            Channel.PHONE: "By phone",
            Channel.EMAIL: "By secure e-mail",
            Channel.SYSTEM: "Through a shared system",
            Channel.PAPER: "On paper",
        }[self]


class Category(StrEnum):
    """What kind of information was disclosed. Two kinds need a condition of their own."""

    IDENTITY = "identity"
    HOUSING = "housing"
    INCIDENTS = "incidents"
    ASSESSMENT = "assessment"
    SUPPORT = "support"
    HOUSEHOLD = "household"
    SAFEGUARDING = "safeguarding"
    IMAGES = "images"
    PLACE = "place"
    CRIMINAL = "criminal"
    HEALTH = "health"
    SPECIAL = "special"

    @property
    def label(self) -> str:
        return {
            Category.IDENTITY: "Name, date of birth, contact details",
            Category.HOUSING: "Address and tenancy",
            Category.INCIDENTS: "Incidents and contacts with services",
            Category.ASSESSMENT: "Risk and need, scores",
            Category.SUPPORT: "Support offered and taken up",
            Category.HOUSEHOLD: "Family and household",
            Category.SAFEGUARDING: "Safeguarding concerns",
            Category.IMAGES: "Photographs and CCTV",
            Category.PLACE: "About a place, and no person",
            Category.CRIMINAL: "Offences, allegations and court proceedings",
            Category.HEALTH: "Health, including mental health, alcohol and drugs",
            Category.SPECIAL: "Ethnicity, religion, beliefs, sexual life or orientation, biometrics",
        }[self]

    @property
    def short(self) -> str:
        """For a list of entries."""
        return {
            Category.IDENTITY: "Identity",
            Category.HOUSING: "Address",
            Category.INCIDENTS: "Incidents",
            Category.ASSESSMENT: "Risk and need",
            Category.SUPPORT: "Support",
            Category.HOUSEHOLD: "Household",
            Category.SAFEGUARDING: "Safeguarding",
            Category.IMAGES: "Images",
            Category.PLACE: "Place only",
            Category.CRIMINAL: "Criminal offence data",
            Category.HEALTH: "Health",
            Category.SPECIAL: "Other special category data",
        }[self]

    @property
    def protection(self) -> str:
        """Why a condition is needed, or nothing where none is (UK GDPR Arts 9 and 10)."""
        if self is Category.CRIMINAL:
            return "Criminal offence data"
        return "Special category data" if self in (Category.HEALTH, Category.SPECIAL) else ""


class Disclosure(Recorded, Referenced, Base):
    """One entry of the log: one disclosure by one agency, to one recipient or several."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint("NOT needs_condition OR condition_id IS NOT NULL", name="condition_given"),
        CheckConstraint("(corrects_id IS NULL) = (what_was_wrong = '')", name="correction_says_what"),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
        CheckConstraint("why_necessary <> '' AND why_proportionate <> ''", name="reasons_given"),
        Index("ix_disclosure_case_happened", "case_id", "disclosed_at", "id"),
        Index("ix_disclosure_happened", "disclosed_at", "id"),
    )
    record_kind: ClassVar[str] = "disclosure"
    reference_prefix: ClassVar[str] = "D"

    case_id: Mapped[int] = mapped_column(ForeignKey("psg_case.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    disclosed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), index=True)
    description: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(300))
    basis_id: Mapped[int] = mapped_column(ForeignKey("legal_ground.id"), index=True)
    needs_condition: Mapped[bool]
    condition_id: Mapped[int | None] = mapped_column(ForeignKey("legal_ground.id"), index=True)
    policy_document: Mapped[str] = mapped_column(String(200), default="")
    why_necessary: Mapped[str] = mapped_column(Text)
    why_proportionate: Mapped[str] = mapped_column(Text)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure.id"), index=True)
    what_was_wrong: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case] = relationship()
    agency: Mapped[Agency] = relationship()
    recorded_by: Mapped[User] = relationship()
    basis: Mapped[LegalGround] = relationship(foreign_keys=[basis_id])
    condition: Mapped[LegalGround | None] = relationship(foreign_keys=[condition_id])
    corrects: Mapped["Disclosure | None"] = relationship(remote_side="Disclosure.id")
    subjects: Mapped[list["DisclosureSubject"]] = relationship(order_by="DisclosureSubject.id")
    recipients: Mapped[list["DisclosureRecipient"]] = relationship(order_by="DisclosureRecipient.id")
    categories: Mapped[list["DisclosureCategory"]] = relationship(order_by="DisclosureCategory.id")

    @property
    def disclosed_on(self) -> date:
        """The day it was shared, as people in the district would give it."""
        return london(self.disclosed_at).date()

    @property
    def is_late(self) -> bool:
        return is_late(self)


class DisclosureSubject(Base):
    """Somebody or somewhere the information was about, with the part they had in the case at the time."""

    __tablename__ = "disclosure_subject"
    __table_args__ = (UniqueConstraint("disclosure_id", "subject_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(enum_column(PartyRole))

    subject: Mapped[Subject] = relationship()


class DisclosureRecipient(Base):
    """An agency that received the information, who there did, and the gateway that reaches it."""

    __tablename__ = "disclosure_recipient"
    __table_args__ = (UniqueConstraint("disclosure_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person: Mapped[str] = mapped_column(String(200))
    gateway_id: Mapped[int] = mapped_column(ForeignKey("legal_ground.id"), index=True)

    agency: Mapped[Agency] = relationship()
    gateway: Mapped[LegalGround] = relationship()


class DisclosureCategory(Base):
    """A kind of information that was disclosed."""

    __tablename__ = "disclosure_category"
    __table_args__ = (UniqueConstraint("disclosure_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"), index=True)
    category: Mapped[Category] = mapped_column(enum_column(Category))


class Dated(Protocol):
    """An entry, or a row of one."""

    @property
    def disclosed_at(self) -> Any: ...
    @property
    def recorded_at(self) -> Any: ...
    @property
    def corrects_id(self) -> Any: ...


def is_late(entry: Dated) -> bool:
    """Written down late, so that an auditor may ask why. A correction comes later by its nature."""
    return entry.corrects_id is None and entry.recorded_at - entry.disclosed_at > LATE_AFTER


class LogIsAppendOnly(RuntimeError):
    """Something tried to change or remove what the log keeps: a fault of the program, never of a person."""


def _refuse_change(_mapper: object, _connection: object, entry: Any) -> None:
    session = object_session(entry)
    if session is not None and session.is_modified(entry, include_collections=False):
        raise LogIsAppendOnly(f"{type(entry).__name__} is never changed: enter a correction or a new version")


def _refuse_removal(_mapper: object, _connection: object, entry: Any) -> NoReturn:
    raise LogIsAppendOnly(f"{type(entry).__name__} is never removed")


for _kept in (
    Disclosure,
    DisclosureSubject,
    DisclosureRecipient,
    DisclosureCategory,
    LegalGround,
    GroundKind,
):
    event.listen(_kept, "before_update", _refuse_change)
    event.listen(_kept, "before_delete", _refuse_removal)
