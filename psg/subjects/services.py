"""Adding and changing people, places and wards. Each change keeps the words they are found by."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm.attributes import flag_modified

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects import queries
from psg.subjects.indexing import keep_findable
from psg.subjects.models import (
    Alias,
    Person,
    Place,
    PlaceKind,
    Residence,
    ResidenceKind,
    Subject,
    Ward,
)

SomeSubject = TypeVar("SomeSubject", bound=Subject)
KEPT_OTHERWISE = frozenset({"aliases", "safe_address", "address", "postcode", "block_reference"})
SOUTH, NORTH, WEST, EAST = 49.8, 60.9, -8.7, 1.8
"""Great Britain with its islands, in degrees: Scilly to Shetland, St Kilda to Lowestoft."""
NOT_HERE = "This cannot be kept here: speak to the PSG coordinator about it"


@dataclass(frozen=True, kw_only=True)
class SubjectDetails:
    """What is known of a person or a place alike."""

    ward: Ward | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonDetails(SubjectDetails):
    family_name: str
    given_name: str = ""
    known_as: str = ""
    date_of_birth: date | None = None
    age_band: str = ""
    has_no_fixed_abode: bool = False
    is_care_leaver: bool = False
    needs_interpreter: bool = False
    address: str = ""
    """Where they live as they are added; from then on `residences` keeps it."""
    postcode: str = ""
    contact: str = ""
    preferred_contact: str = ""
    safe_address: str | None = None
    """Where they are safe, as the agency of who writes knows it. None leaves what that agency holds."""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, kw_only=True)
class PlaceDetails(SubjectDetails):
    """`name` is what people call the place; without one it goes by its address."""

    address: str
    name: str = ""
    place_kind: PlaceKind = PlaceKind.OTHER
    postcode: str = ""
    uprn: str | None = None
    manager: str = ""
    manager_contact: str = ""
    parish: str = ""
    latitude: float | None = None
    longitude: float | None = None
    block_reference: str = ""
    """The block this is a flat in, such as L-0007."""


def add_person(details: PersonDetails, *, by: User | None, now: datetime) -> Person:
    """Make a person known to the product, once: search for them first."""
    person = Person(created_at=now, address=details.address, postcode=details.postcode)
    _keep_safe_address(person, details.safe_address, by)
    if details.address or details.postcode:
        person.residences.append(
            Residence(
                address=details.address,
                postcode=details.postcode,
                kind=ResidenceKind.HOME,
                recorded_by=by,
                recorded_at=now,
            )
        )
    return _add(person, details, by=by, now=now)


def edit_person(person: Person, details: PersonDetails, *, by: User, now: datetime) -> None:
    before = described(person)
    _keep_safe_address(person, details.safe_address, by)
    _edit(person, details, before, by=by, now=now)


def add_place(details: PlaceDetails, *, by: User | None, now: datetime) -> Place:
    """Make a place known to the product, once: its UPRN, where it has one, belongs to no other."""
    _check_uprn(details, None, by)
    _check_coordinates(details)
    place = Place(created_at=now)
    place.block = _block(details, place, by)
    return _add(place, _named(details), by=by, now=now)


def edit_place(place: Place, details: PlaceDetails, *, by: User, now: datetime) -> None:
    _check_uprn(details, place, by)
    _check_coordinates(details)
    before = described(place)
    place.block = _block(details, place, by)
    _edit(place, _named(details), before, by=by, now=now)


def add_alias(subject: Subject, name: str, *, by: User | None, now: datetime) -> None:
    """Another name by which a subject is known; adding it twice changes nothing."""
    if name.casefold() in {alias.name.casefold() for alias in subject.aliases}:
        return
    subject.aliases.append(Alias(name=name))
    count_change(subject)
    keep_findable(subject)
    audit.record(
        Operation.ALTERATION, f"{subject.record_kind}.alias", by=by, obj=subject, at=now, fields=["aliases"]
    )


def add_ward(name: str) -> Ward:
    """A ward of the district, or the one that already has this name. Reference data, so no entry of its own."""
    known = next((ward for ward in queries.wards() if ward.name == name), None)
    if known:
        return known
    ward = Ward(name=name)
    db.session.add(ward)
    db.session.flush()
    return ward


def described(subject: Subject) -> dict[str, object]:
    """A subject's fields as plain values, named as its details are."""
    kind = PersonDetails if subject.is_person else PlaceDetails
    values = {field.name: getattr(subject, field.name, None) for field in fields(kind)}
    if isinstance(subject, Place):
        values |= {
            "block_reference": Place.reference_for(subject.block_id) if subject.block_id else "",
            "latitude": _in_degrees(subject.latitude),
            "longitude": _in_degrees(subject.longitude),
        }
    return values | {"ward": subject.ward_id, "aliases": [alias.name for alias in subject.aliases]}


def _add(subject: SomeSubject, details: SubjectDetails, *, by: User | None, now: datetime) -> SomeSubject:
    _fill(subject, details)
    db.session.add(subject)
    db.session.flush()
    keep_findable(subject)
    filled = sorted(name for name, value in described(subject).items() if value not in (None, "", [], False))
    audit.record(
        Operation.COLLECTION, f"{subject.record_kind}.add", by=by, obj=subject, at=now, fields=filled
    )
    return subject


def _edit(
    subject: Subject, details: SubjectDetails, before: dict[str, object], *, by: User, now: datetime
) -> None:
    _fill(subject, details)
    count_change(subject)
    keep_findable(subject)
    changed = audit.changes(before, described(subject))
    audit.record(Operation.ALTERATION, f"{subject.record_kind}.edit", by=by, obj=subject, at=now, **changed)


def _fill(subject: Subject, details: SubjectDetails) -> None:
    for field in fields(details):
        if field.name not in KEPT_OTHERWISE:
            setattr(subject, field.name, getattr(details, field.name))
    if isinstance(details, PersonDetails):
        subject.name = details.name
    else:
        for name in ("address", "postcode"):
            setattr(subject, name, getattr(details, name))
    known = {alias.name: alias for alias in subject.aliases}
    subject.aliases = [known.get(name) or Alias(name=name) for name in dict.fromkeys(details.aliases)]


def _keep_safe_address(person: Person, address: str | None, by: User | None) -> None:
    """It belongs to the agency that recorded it: nobody else reads, changes or finds it, or learns of it."""
    if address is None or by is None:
        return
    if person.safe_address_agency_id not in (None, by.agency_id):
        if address:
            raise Refused(NOT_HERE, field="safe_address")
        return
    person.safe_address = address
    person.safe_address_agency_id = by.agency_id if address else None


def count_change(subject: Subject) -> None:
    """A change of an alias alone still makes a new version, so that two people's edits meet."""
    flag_modified(subject, "name")
    db.session.flush()


def _named(details: PlaceDetails) -> PlaceDetails:
    return details if details.name else replace(details, name=details.address)


def _check_uprn(details: PlaceDetails, place: Place | None, by: User | None) -> None:
    known = queries.place_by_uprn(by, details.uprn) if details.uprn else None
    if known and known is not place:
        raise Refused(f"{known.reference} has this UPRN already: open that place instead", field="uprn")


def _check_coordinates(details: PlaceDetails) -> None:
    if (details.latitude is None) != (details.longitude is None):
        empty = "latitude" if details.latitude is None else "longitude"
        raise Refused("Enter both latitude and longitude, or neither", field=empty)
    if details.latitude is not None and not SOUTH <= details.latitude <= NORTH:
        raise Refused(f"Latitude must be in Great Britain, from {SOUTH} to {NORTH}", field="latitude")
    if details.longitude is not None and not WEST <= details.longitude <= EAST:
        raise Refused(f"Longitude must be in Great Britain, from {WEST} to {EAST}", field="longitude")


def _block(details: PlaceDetails, place: Place, by: User | None) -> Place | None:
    """The block a flat is in: a place that is a block, and in none itself, so that no place is ever inside itself.

    A block that is hidden from who edits stays what it is: they see an empty box.
    """
    is_block = details.place_kind is PlaceKind.BLOCK
    if place.id and not is_block and queries.flats_in(place, None):
        raise Refused("This block has flats: it stays a block until they are moved", field="place_kind")
    if not details.block_reference:
        hidden = place.block and by and queries.block_of(by, place) is None
        return place.block if hidden else None
    block = queries.place_by_reference(by, details.block_reference)
    if block is None or block is place or not block.is_block:
        raise Refused(
            "Enter the reference of a block that is known here, such as L-0007", field="block_reference"
        )
    if is_block:
        raise Refused("A block cannot be a flat in another block", field="block_reference")
    return block


def _in_degrees(number: float | None) -> str | None:
    return None if number is None else f"{number:.5f}".rstrip("0").rstrip(".")
