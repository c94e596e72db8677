"""The search box, and what is entered about a person or a place."""

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from psg.accounts.models import User
from psg.subjects import queries
from psg.subjects.models import Person, Place, PlaceKind, Subject, Ward
from psg.subjects.services import PersonDetails, PlaceDetails, described
from psg.web.dates import today
from psg.web.fields import Checks, Choice, DayField, Line, Paragraphs, choices_of
from psg.web.forms import EditForm, Form

AGE_BANDS = ("under 18", "18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over")
TRAITS = (
    ("has_no_fixed_abode", "Has no fixed abode"),
    ("is_care_leaver", "Is a care leaver"),
    ("needs_interpreter", "Needs an interpreter"),
)
LONGEST_ALIAS = 120
MOST_ALIASES = 20
_DEGREES = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{1,12})?", re.ASCII)
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")


class SearchForm(Form):
    """Sent again with every letter, so it carries no key: searching twice is searching twice."""

    request_key = None

    q = Line("Search", required="Enter a reference, a name or an address")


class PersonPart(Form):
    given_name = Line("Given names", maximum=80)
    family_name = Line(
        "Family name", required="Enter the family name, or the only name they are known by", maximum=80
    )
    known_as = Line("Known as", hint="What they like to be called, where it is another name", maximum=80)
    date_of_birth = DayField("Date of birth", hint="For example, 12 8 1986")
    age_band = Choice(
        "Age, where the date of birth is not known",
        choices=[(band, band.capitalize()) for band in AGE_BANDS],
        empty="Not known",
    )
    address = Line("Address", hint="Where they live now: number and street, town or village")
    postcode = Line("Postcode", maximum=10)
    contact = Line("Telephone or e-mail", hint="Only where it is safe to contact them there")
    preferred_contact = Line(
        "How to contact them safely", hint="For example: by text, weekday mornings, never by letter"
    )
    safe_address = Line(
        "Safe address",
        hint="Where they went to be safe. Only your own agency reads it here; no search finds it and no export has it",
    )
    traits = Checks("Tick what applies", choices=TRAITS)

    def validate_date_of_birth(self, field: DayField) -> None:
        if field.data and field.data > today():
            raise ValidationError("Date of birth must be in the past")


class PlacePart(Form):
    name = Line(
        "What people call it", hint="For example, Bittern Drove underpass. Leave it empty to use the address"
    )
    place_kind = Choice(
        "Kind of place",
        choices=[(kind.value, kind.label) for kind in PlaceKind],
        required="Choose the kind of place",
    )
    address = Line(
        "Address",
        required="Enter the address, or where the place is",
        hint="Number and street, or the nearest street, and town or village",
    )
    postcode = Line("Postcode", maximum=10)
    uprn = Line("UPRN", hint="The national number of the property, up to 12 digits", maximum=12)
    parish = Line("Parish", maximum=80)
    latitude = Line("Latitude", hint="In degrees, such as 52.39932. Give both or neither", maximum=20)
    longitude = Line(
        "Longitude", hint="In degrees, such as 0.26252; with a minus west of Greenwich", maximum=20
    )
    manager = Line("Who manages it", hint="The landlord, owner or service responsible", maximum=120)
    manager_contact = Line("How to reach the manager", hint="Telephone or e-mail")
    block_reference = Line("Block it is a flat in", hint="The block’s reference, such as L-0007", maximum=20)

    def validate_uprn(self, field: Line) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError("UPRN must be digits only, such as 999900000012")

    def validate_latitude(self, field: Line) -> None:
        if field.data and not _DEGREES.fullmatch(field.data):
            raise ValidationError(f"{field.label.text} must be a number of degrees, such as 52.39932")

    validate_longitude = validate_latitude


class SubjectPart(Form):
    """What is asked of people and places alike."""

    ward = Choice("Ward", empty="Not known")
    aliases = Paragraphs("Other names", hint="One on each line", rows=3, maximum=2_500)

    def __init__(self, *args: Any, wards: Sequence[Ward] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wards = {str(ward.id): ward for ward in wards}
        self.ward.choices = choices_of((ward.id, ward.name) for ward in wards)

    def validate_aliases(self, field: Paragraphs) -> None:
        names = self.alias_names()
        if len(names) > MOST_ALIASES:
            raise ValidationError(f"Enter {MOST_ALIASES} other names or fewer; you have {len(names)}")
        if any(len(name) > LONGEST_ALIAS for name in names):
            raise ValidationError(f"Each other name must be {LONGEST_ALIAS} characters or fewer")

    def alias_names(self) -> tuple[str, ...]:
        lines = (" ".join(line.split()) for line in self.aliases.data.split("\n"))
        return tuple(dict.fromkeys(line for line in lines if line))

    def shared_details(self) -> dict[str, Any]:
        return {
            "ward": self.wards.get(self.ward.data),
            "aliases": self.alias_names(),
        }


class PersonForm(PersonPart, SubjectPart):
    def details(self) -> PersonDetails:
        address = (
            {"address": self.address.data, "postcode": tidy_postcode(self.postcode.data)}
            if "address" in self
            else {}
        )
        ticked: dict[str, Any] = {trait: trait in self.traits.data for trait, _ in TRAITS}
        return PersonDetails(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            known_as=self.known_as.data,
            date_of_birth=self.date_of_birth.data,
            age_band=self.age_band.data,
            contact=self.contact.data,
            preferred_contact=self.preferred_contact.data,
            safe_address=self.safe_address.data,
            **address,
            **ticked,
            **self.shared_details(),
        )


class PlaceForm(PlacePart, SubjectPart):
    def details(self) -> PlaceDetails:
        return PlaceDetails(
            name=self.name.data,
            place_kind=PlaceKind(self.place_kind.data or PlaceKind.OTHER),
            address=self.address.data,
            postcode=tidy_postcode(self.postcode.data),
            uprn=self.uprn.data or None,
            manager=self.manager.data,
            manager_contact=self.manager_contact.data,
            parish=self.parish.data,
            latitude=float(self.latitude.data) if self.latitude.data else None,
            longitude=float(self.longitude.data) if self.longitude.data else None,
            block_reference=self.block_reference.data,
            **self.shared_details(),
        )


class Asking(Form):
    """Whom it may be was shown, and whoever typed said that it is none of these."""

    none_of_these = HiddenField()
    """Those that were shown: where others turn up, they are asked again."""

    def was_asked(self, references: frozenset[str]) -> bool:
        sent = ",".join(self.none_of_these.raw_data or ())
        return references <= frozenset(sent.split(","))


class NewPersonForm(PersonForm, Asking):
    pass


class NewPlaceForm(PlaceForm, Asking):
    pass


class Unfinished(Form):
    """What is typed so far, sent as it is typed: it saves nothing, so it carries no key."""

    request_key = None

    def leave_out_what_is_wrong(self) -> None:
        """A half-typed day or number says nothing yet."""
        self.validate()
        for item in self.visible_fields():
            if item.errors:
                item.data = None if isinstance(item, DayField) else [] if isinstance(item, Checks) else ""


class LookForPersonForm(PersonForm, Unfinished):
    pass


class LookForPlaceForm(PlaceForm, Unfinished):
    pass


class EditPersonForm(PersonForm, EditForm):
    """Without an address: where they live has pages of its own, so that no address is lost to another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.address, self.postcode


class EditPlaceForm(PlaceForm, EditForm):
    pass


def as_typed(subject: Subject, reader: User) -> SimpleNamespace:
    """A record in the words and shapes of its form, as this person may read it, so that the two can be compared."""
    values = described(subject)
    values["ward"] = str(subject.ward_id or "")
    values["aliases"] = "\n".join(alias.name for alias in subject.aliases)
    if isinstance(subject, Person):
        values["safe_address"] = subject.safe_address_for(reader.agency_id)
        values["traits"] = [trait for trait, _ in TRAITS if getattr(subject, trait)]
    if isinstance(subject, Place):
        values |= {
            "place_kind": subject.place_kind.value,
            "uprn": subject.uprn or "",
            "latitude": values["latitude"] or "",
            "longitude": values["longitude"] or "",
        }
        if subject.block_id and queries.block_of(reader, subject) is None:
            values["block_reference"] = ""
    return SimpleNamespace(version=subject.version, **values)


def guessed(kind: str, words: str, block: Place | None) -> dict[str, Any]:
    """What a new record starts with: the words searched for, or what a flat has in common with its block."""
    if kind == "person":
        *given, family = words.split() or [""]
        return {"given_name": " ".join(given), "family_name": family}
    if block is None or not block.is_block:
        return {"address": words}
    shared = ("address", "postcode", "parish", "manager", "manager_contact")
    return {name: getattr(block, name) for name in shared} | {
        "place_kind": PlaceKind.DWELLING.value,
        "ward": str(block.ward_id or ""),
        "block_reference": block.reference,
    }


def tidy_postcode(text: str) -> str:
    """ZZ1 1AB, however it was spaced; anything else stays as typed."""
    match = _POSTCODE.fullmatch(text.upper())
    return f"{match.group(1)} {match.group(2)}" if match else text
