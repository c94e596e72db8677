"""People and places, each known to the product once. A role such as victim belongs to a case, never here."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded, Referenced, Timestamped, Versioned, enum_column


class SubjectKind(StrEnum):
    PERSON = "person"
    PLACE = "place"


class PlaceKind(StrEnum):
    DWELLING = "dwelling"
    BLOCK = "block"
    STREET = "street"
    PARK = "park"
    SHOP = "shop"
    CAR_PARK = "car_park"
    MOORING = "mooring"
    UNDERPASS = "underpass"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class CautionKind(StrEnum):
    CONTACT = "contact"
    WARNING = "warning"

    @property
    def label(self) -> str:
        return {"contact": "How to contact them safely", "warning": "Warning to staff"}[self.value]


class ResidenceKind(StrEnum):
    HOME = "home"
    TEMPORARY = "temporary"
    SUPPORTED = "supported"
    STAYING = "staying"
    INSTITUTION = "institution"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "home": "Home",
            "temporary": "Temporary accommodation",
            "supported": "Supported or care accommodation",
            "staying": "Staying with others",
            "institution": "Hospital, prison or other institution",
            "other": "Other",
        }[self.value]


class Ward(Base):
    """A ward of the district, the smallest area that totals are given for."""

    __tablename__ = "ward"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Subject(Recorded, Referenced, Timestamped, Base):
    """What people and places share: a name to show, a ward, and being searched, scored and linked."""

    __tablename__ = "subject"
    __table_args__: tuple[CheckConstraint, ...] = (
        CheckConstraint("merged_into_id < id", name="merged_into_an_older"),
    )
    record_kind: ClassVar[str] = "subject"
    reference_prefix: ClassVar[str] = "S"

    kind: Mapped[SubjectKind] = mapped_column(enum_column(SubjectKind), index=True)
    name: Mapped[str] = mapped_column(String(200))
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    """The older record of the same person or place that this one was combined with, and leads to since."""

    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}

    ward: Mapped[Ward | None] = relationship()
    aliases: Mapped[list["Alias"]] = relationship(
        back_populates="subject", cascade="all, delete-orphan", order_by="Alias.id"
    )
    cautions: Mapped[list["Caution"]] = relationship(
        back_populates="subject", order_by="(Caution.review_on, Caution.id)"
    )

    @property
    def is_person(self) -> bool:
        return self.kind is SubjectKind.PERSON

    @property
    def standing_cautions(self) -> list["Caution"]:
        """What keeps people safe today: the one to be looked at soonest comes first."""
        return [caution for caution in self.cautions if caution.ended_at is None]

    @property
    def path(self) -> str:
        """Where this subject's page is: a reference, so that no name stands in a URL."""
        return subject_path(self.kind, self.id)


class Person(Subject):
    """A person: date of birth or, where that is not known, an approximate age band.

    `address` and `postcode` are those of the present residence, kept in step by `residences`.
    """

    __tablename__ = "person"
    __mapper_args__ = {"polymorphic_identity": SubjectKind.PERSON}
    record_kind: ClassVar[str] = "person"
    reference_prefix: ClassVar[str] = "P"

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    given_name: Mapped[str] = mapped_column(String(80), default="")
    family_name: Mapped[str] = mapped_column(String(80))
    known_as: Mapped[str] = mapped_column(String(80), default="")
    date_of_birth: Mapped[date | None] = mapped_column(index=True)
    age_band: Mapped[str] = mapped_column(String(20), default="")
    has_no_fixed_abode: Mapped[bool] = mapped_column(default=False)
    is_care_leaver: Mapped[bool] = mapped_column(default=False)
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(200), default="")
    safe_address: Mapped[str] = mapped_column(String(200), default="")
    safe_address_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    postcode: Mapped[str] = mapped_column(String(10), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    preferred_contact: Mapped[str] = mapped_column(String(200), default="")

    residences: Mapped[list["Residence"]] = relationship(
        back_populates="person", foreign_keys="Residence.person_id", order_by="Residence.id"
    )

    def safe_address_for(self, agency_id: int) -> str:
        """Where they are safe, to the agency that recorded it; nothing to any other."""
        return self.safe_address if self.safe_address_agency_id == agency_id else ""

    def flags_on(self, day: date) -> list[str]:
        """What whoever meets them must know first, in a few words each."""
        flags = (
            ("Under 18", self.is_child_on(day)),
            ("Care leaver", self.is_care_leaver),
            ("Needs an interpreter", self.needs_interpreter),
            ("No fixed abode", self.has_no_fixed_abode),
        )
        return [words for words, holds in flags if holds]

    def is_child_on(self, day: date) -> bool:
        """Under 18 on the day, where the date of birth is known."""
        born = self.date_of_birth
        if born is None:
            return self.age_band == "under 18"
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < 18


class Place(Subject):
    """A place: a dwelling, a block, a park. Its UPRN is the national number of the property.

    A flat is a dwelling in a block. Latitude and longitude are in degrees (WGS 84).
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("uprn <> ''", name="uprn_filled"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_coordinates"),
        CheckConstraint("latitude BETWEEN 49.8 AND 60.9", name="latitude_in_britain"),
        CheckConstraint("longitude BETWEEN -8.7 AND 1.8", name="longitude_in_britain"),
        CheckConstraint("block_id <> id", name="not_its_own_block"),
    )
    __mapper_args__ = {"polymorphic_identity": SubjectKind.PLACE}
    record_kind: ClassVar[str] = "place"
    reference_prefix: ClassVar[str] = "L"

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    place_kind: Mapped[PlaceKind] = mapped_column(enum_column(PlaceKind))
    address: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(10), default="")
    uprn: Mapped[str | None] = mapped_column(String(12), index=True)
    manager: Mapped[str] = mapped_column(String(120), default="")
    manager_contact: Mapped[str] = mapped_column(String(200), default="")
    parish: Mapped[str] = mapped_column(String(80), default="")
    latitude: Mapped[float | None] = mapped_column(Numeric(8, 5, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(8, 5, asdecimal=False))
    block_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)

    block: Mapped["Place | None"] = relationship(remote_side=id, foreign_keys=block_id)

    @property
    def is_block(self) -> bool:
        return self.place_kind is PlaceKind.BLOCK


class Alias(Base):
    """Another name by which a subject is known."""

    __tablename__ = "alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))

    subject: Mapped[Subject] = relationship(back_populates="aliases")


class Caution(Recorded, Base):
    """What staff must know to stay safe, or to contact somebody without harm to them, until a day it is looked at again.

    It is never rewritten: one that no longer holds is ended with the reason, and a new one is added.
    """

    __tablename__ = "caution"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name="ended_with_reason"),
        CheckConstraint("words <> ''", name="words_filled"),
    )
    record_kind: ClassVar[str] = "caution"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[CautionKind] = mapped_column(enum_column(CautionKind))
    words: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(500), default="")

    subject: Mapped[Subject] = relationship(back_populates="cautions")
    recorded_by: Mapped[User | None] = relationship(foreign_keys=recorded_by_id)
    ended_by: Mapped[User | None] = relationship(foreign_keys=ended_by_id)

    def is_overdue_on(self, day: date) -> bool:
        return self.ended_at is None and self.review_on < day


class Residence(Recorded, Versioned, Base):
    """Where somebody lived, from a day to a day, each as far as it is known. Without an end they live there now."""

    __tablename__ = "residence"
    __table_args__ = (
        CheckConstraint("address <> '' OR postcode <> ''", name="somewhere"),
        CheckConstraint("since <= until", name="in_order"),
    )
    record_kind: ClassVar[str] = "residence"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(10), default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    kind: Mapped[ResidenceKind] = mapped_column(enum_column(ResidenceKind))
    since: Mapped[date | None]
    until: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="residences", foreign_keys=person_id)
    place: Mapped[Place | None] = relationship(foreign_keys=place_id)
    recorded_by: Mapped[User | None] = relationship()


def subject_path(kind: SubjectKind, number: int) -> str:
    if kind is SubjectKind.PERSON:
        return f"/people/{Person.reference_for(number)}"
    return f"/places/{Place.reference_for(number)}"
