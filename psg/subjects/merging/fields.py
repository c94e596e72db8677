"""What two records say of themselves, side by side, and which of it the one that stays will say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from psg.accounts.models import User
from psg.subjects import queries
from psg.subjects.models import Person, Place, Subject
from psg.web.dates import short_day


class Side(StrEnum):
    """Whose value stays."""

    KEPT = "kept"
    GONE = "gone"


@dataclass(frozen=True)
class Field:
    """Columns that are chosen together, because one without the others would say something else."""

    key: str
    label: str
    columns: tuple[str, ...]


WARD = Field("ward", "Ward", ("ward_id",))
OF_PEOPLE = (
    Field("name", "Name", ("name", "given_name", "family_name")),
    Field("known_as", "Known as", ("known_as",)),
    Field("date_of_birth", "Date of birth", ("date_of_birth",)),
    Field("age_band", "Age, where the date of birth is not known", ("age_band",)),
    Field("has_no_fixed_abode", "No fixed abode", ("has_no_fixed_abode",)),
    Field("is_care_leaver", "Care leaver", ("is_care_leaver",)),
    Field("needs_interpreter", "Needs an interpreter", ("needs_interpreter",)),
    Field("contact", "Telephone or e-mail", ("contact",)),
    Field("preferred_contact", "How to contact them safely", ("preferred_contact",)),
    WARD,
)
OF_PLACES = (
    Field("name", "What people call it", ("name",)),
    Field("place_kind", "Kind of place", ("place_kind",)),
    Field("address", "Address", ("address", "postcode")),
    Field("uprn", "UPRN", ("uprn",)),
    Field("block", "Block it is in", ("block_id",)),
    Field("coordinates", "Latitude and longitude", ("latitude", "longitude")),
    Field("manager", "Who manages it", ("manager", "manager_contact")),
    Field("parish", "Parish", ("parish",)),
    WARD,
)
NOT_CHOSEN = {
    **dict.fromkeys(("id", "audit_id", "kind", "created_at", "version"), "It is of the record, not of whom it is about"),
    "merged_into_id": "It says what became of the record",
    "address": "Every address of a person is kept; where they came last counts as the present one",
    "postcode": "As the address",
    "safe_address": "It is nobody’s to choose but of the agency that recorded it",
    "safe_address_agency_id": "As the safe address",
}  # fmt: skip
"""Columns of a person or place that nobody chooses between, each with the reason."""


@dataclass(frozen=True)
class Compared:
    """One field of both records in words. `usual` is whose value stays unless somebody says otherwise."""

    key: str
    label: str
    kept: str
    gone: str
    differs: bool
    usual: Side


def fields_of(subject: Subject) -> Sequence[Field]:
    return OF_PEOPLE if subject.is_person else OF_PLACES


def compare(kept: Subject, gone: Subject, reader: User) -> list[Compared]:
    """Every field of the two. The older record’s value stays, unless it has none."""
    found = []
    for field in fields_of(kept):
        ours, theirs = values_of(kept, field), values_of(gone, field)
        said = _in_words(kept, field, reader), _in_words(gone, field, reader)
        usual = usual_choice(kept, gone)[field.key]
        found.append(Compared(field.key, field.label, *said, ours != theirs, usual))
    return found


def usual_choice(kept: Subject, gone: Subject) -> dict[str, Side]:
    """Whose value stays where nobody chose."""
    return {
        field.key: Side.GONE
        if _is_empty(values_of(kept, field)) and not _is_empty(values_of(gone, field))
        else Side.KEPT
        for field in fields_of(kept)
    }


def take(kept: Subject, gone: Subject, choice: Mapping[str, Side]) -> list[str]:
    """Give the record that stays the values chosen from the other; the fields that changed."""
    changed = []
    for field in fields_of(kept):
        if choice[field.key] is Side.GONE and values_of(kept, field) != values_of(gone, field):
            changed.append(field.key)
            for column in field.columns:
                setattr(kept, column, getattr(gone, column))
    return changed


def values_of(subject: Subject, field: Field) -> tuple[Any, ...]:
    return tuple(getattr(subject, column) for column in field.columns)


def _is_empty(values: tuple[Any, ...]) -> bool:
    """A box that nobody ticked says nothing."""
    return all(value in (None, "", False) for value in values)


def _in_words(subject: Subject, field: Field, reader: User) -> str:
    if field is WARD:
        return subject.ward.name if subject.ward else ""
    if field.key == "name":
        return subject.name
    if field.key == "block" and isinstance(subject, Place):
        block = queries.block_of(reader, subject) if subject.block_id else None
        return f"{block.reference} {block.name}" if block else ""
    return ", ".join(filter(None, map(_word, values_of(subject, field))))


def _word(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "Yes"
    if isinstance(value, date):
        return short_day(value)
    return str(value.label if isinstance(value, StrEnum) and hasattr(value, "label") else value)


def other_names(kept: Subject, gone: Subject) -> list[str]:
    """What the two were called that the record that stays no longer says of itself, so that it is found by it."""
    said = [gone.name, kept.name]
    for subject in (gone, kept):
        said.append(subject.known_as if isinstance(subject, Person) else "")
        said.append(subject.address if isinstance(subject, Place) else "")
    return [name for name in said if name]
