"""The agencies of the partnership and the people who work for them."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.base import Base, Recorded, Timestamped, Versioned, enum_column


class AgencyKind(StrEnum):
    """What an agency is, which decides the gateways by which it may receive information."""

    POLICE = "police"
    COUNCIL = "council"
    HOUSING = "housing"
    FIRE = "fire"
    AMBULANCE = "ambulance"
    ADULT_CARE = "adult_care"
    CHILDRENS_SERVICES = "childrens_services"
    PROBATION = "probation"
    HEALTH = "health"
    SUBSTANCE_USE = "substance_use"
    EMPLOYMENT = "employment"
    YOUTH_JUSTICE = "youth_justice"
    VOLUNTARY = "voluntary"
    OVERSIGHT = "oversight"


class Role(StrEnum):
    """What a person may do in principle. The chair has the coordinator's role."""

    PRACTITIONER = "practitioner"
    COORDINATOR = "coordinator"
    AGENCY_LEAD = "agency_lead"
    DELIVERY_GROUP = "delivery_group"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Agency(Recorded, Timestamped, Versioned, Base):
    """A partner, or an oversight body to which no case is open."""

    __tablename__ = "agency"
    __table_args__ = (CheckConstraint("agreement_until >= agreement_from", name="agreement_order"),)
    record_kind: ClassVar[str] = "agency"

    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))
    agreement_from: Mapped[date]
    agreement_until: Mapped[date]

    def has_agreement_on(self, day: date) -> bool:
        """Whether the information sharing agreement is in force; a lapse closes everything at once."""
        return self.agreement_from <= day <= self.agreement_until

    @property
    def is_oversight(self) -> bool:
        return self.kind is AgencyKind.OVERSIGHT


class User(UserMixin, Recorded, Timestamped, Versioned, Base):
    """A person with an account at one agency. `password_hash` is empty until they have chosen one themselves."""

    __tablename__ = "user_account"
    record_kind: ClassVar[str] = "user"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)

    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)

    def get_id(self) -> str:
        return self.audit_id
