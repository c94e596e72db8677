"""People and places, each known to the product once. A role such as victim belongs to a case, never here."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.base import Base, Recorded, Referenced, Timestamped, enum_column


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


class Ward(Base):
    """A ward of the district, the smallest area that totals are given for."""

    __tablename__ = "ward"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Subject(Recorded, Referenced, Timestamped, Base):
    """What people and places share: a name to show, a ward, and being searched, scored and linked."""

    __tablename__ = "subject"
    record_kind: ClassVar[str] = "subject"
    reference_prefix: ClassVar[str] = "S"

    kind: Mapped[SubjectKind] = mapped_column(enum_column(SubjectKind), index=True)
    name: Mapped[str] = mapped_column(String(200))
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"), index=True)
    warning: Mapped[str] = mapped_column(Text, default="")
    warning_review_on: Mapped[date | None]

    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}

    ward: Mapped[Ward | None] = relationship()
    aliases: Mapped[list["Alias"]] = relationship(
        back_populates="subject", cascade="all, delete-orphan", order_by="Alias.id"
    )

    @property
    def is_person(self) -> bool:
        return self.kind is SubjectKind.PERSON

    @property
    def path(self) -> str:
        """Where this subject's page is: a reference, so that no name stands in a URL."""
        return subject_path(self.kind, self.id)


class Person(Subject):
    """A person: date of birth or, where that is not known, an approximate age band."""

    __tablename__ = "person"
    __mapper_args__ = {"polymorphic_identity": SubjectKind.PERSON}
    record_kind: ClassVar[str] = "person"
    reference_prefix: ClassVar[str] = "P"

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    given_name: Mapped[str] = mapped_column(String(80), default="")
    family_name: Mapped[str] = mapped_column(String(80))
    date_of_birth: Mapped[date | None]
    age_band: Mapped[str] = mapped_column(String(20), default="")
    has_no_fixed_abode: Mapped[bool] = mapped_column(default=False)
    is_care_leaver: Mapped[bool] = mapped_column(default=False)
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(200), default="")
    safe_address: Mapped[str] = mapped_column(String(200), default="")
    safe_address_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    postcode: Mapped[str] = mapped_column(String(10), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")

    def safe_address_for(self, agency_id: int) -> str:
        """Where they are safe, to the agency that recorded it; nothing to any other."""
        return self.safe_address if self.safe_address_agency_id == agency_id else ""

    def is_child_on(self, day: date) -> bool:
        """Under 18 on the day, where the date of birth is known."""
        born = self.date_of_birth
        if born is None:
            return self.age_band == "under 18"
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < 18


class Place(Subject):
    """A place: a dwelling, a block, a park. Its UPRN is the national number of the property."""

    __tablename__ = "place"
    __table_args__ = (CheckConstraint("uprn <> ''", name="uprn_filled"),)
    __mapper_args__ = {"polymorphic_identity": SubjectKind.PLACE}
    record_kind: ClassVar[str] = "place"
    reference_prefix: ClassVar[str] = "L"

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    place_kind: Mapped[PlaceKind] = mapped_column(enum_column(PlaceKind))
    address: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(10), default="")
    uprn: Mapped[str | None] = mapped_column(String(12), index=True)
    manager: Mapped[str] = mapped_column(String(120), default="")


class Alias(Base):
    """Another name by which a subject is known."""

    __tablename__ = "alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))

    subject: Mapped[Subject] = relationship(back_populates="aliases")


class SearchTerm(Base):
    """One word by which a subject is found, and what it came from, so that a result says why it matched."""

    __tablename__ = "search_term"
    __table_args__ = (Index("ix_search_term_word_subject", "word", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    word: Mapped[str] = mapped_column(String(80).with_variant(String(80, collation="C"), "postgresql"))
    origin: Mapped[str] = mapped_column(String(20))


def subject_path(kind: SubjectKind, number: int) -> str:
    if kind is SubjectKind.PERSON:
        return f"/people/{Person.reference_for(number)}"
    return f"/places/{Place.reference_for(number)}"
