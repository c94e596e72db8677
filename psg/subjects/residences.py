"""Where a person lives and lived. The present address on the person is always that of a residence here."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects import queries
from psg.subjects.indexing import keep_findable
from psg.subjects.models import Person, Place, Residence, ResidenceKind
from psg.subjects.services import count_change
from psg.web.dates import london
from psg.web.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A residence as it is typed. Without an address of its own it takes that of the place."""

    address: str = ""
    postcode: str = ""
    place_reference: str = ""
    kind: ResidenceKind = ResidenceKind.HOME
    since: date | None = None
    until: date | None = None


def residence_of(person: Person, number: int) -> Residence:
    residence = next((one for one in person.residences if one.id == number), None)
    if residence is None:
        raise NotFound
    return residence


def in_order(person: Person) -> Sequence[Residence]:
    """Where they live now first, then the latest they left."""
    return sorted(
        person.residences,
        key=lambda one: (one.until is None, one.until or date.max, one.since or date.min, one.id),
        reverse=True,
    )


def present(person: Person) -> Residence | None:
    """Where they live now; of several, where they came last."""
    standing = [one for one in in_order(person) if one.until is None]
    return standing[0] if standing else None


def add_residence(
    person: Person, stay: Stay, *, has_left_others: bool, by: User | None, now: datetime
) -> Residence:
    """Another address of theirs. A move ends the others on the day this one begins, or today."""
    residence = Residence(recorded_by=by, recorded_at=now)
    _fill(residence, stay, by, now)
    if has_left_others and residence.until is None:
        for other in person.residences:
            if other.until is None:
                other.until = max(filter(None, (other.since, stay.since or london(now).date())))
    person.residences.append(residence)
    _keep_in_step(person)
    _record(Operation.COLLECTION, "add", residence, by=by, now=now)
    return residence


def correct_residence(residence: Residence, stay: Stay, *, by: User, now: datetime) -> None:
    """It was written down wrongly. A move is another residence, never a correction."""
    before = _described(residence)
    _fill(residence, stay, by, now)
    _keep_in_step(residence.person)
    changed = audit.changes(before, _described(residence))
    _record(Operation.ALTERATION, "edit", residence, by=by, now=now, **changed)


def end_residence(residence: Residence, *, until: date, by: User, now: datetime) -> None:
    """They no longer live there; where they went may not be known."""
    if residence.until is not None:
        raise Refused("This address has an end already: correct it if the day is wrong")
    before = _described(residence)
    _check_days(residence.since, until, now)
    residence.until = until
    _keep_in_step(residence.person)
    changed = audit.changes(before, _described(residence))
    _record(Operation.ALTERATION, "end", residence, by=by, now=now, **changed)


def _fill(residence: Residence, stay: Stay, by: User | None, now: datetime) -> None:
    _check_days(stay.since, stay.until, now)
    place = _place(residence, stay, by)
    address, postcode = stay.address, stay.postcode
    if place and not address:
        address, postcode = place.address, postcode or place.postcode
    if not address and not postcode:
        raise Refused("Enter the address, or the reference of a place known here", field="address")
    residence.address, residence.postcode, residence.place = address, postcode, place
    residence.kind, residence.since, residence.until = stay.kind, stay.since, stay.until


def _place(residence: Residence, stay: Stay, by: User | None) -> Place | None:
    """The place meant. One that is hidden from who edits stays: they see an empty box."""
    if not stay.place_reference:
        held = residence.place
        hidden = held and by and queries.place_by_reference(by, held.reference) is None
        return held if hidden else None
    place = queries.place_by_reference(by, stay.place_reference)
    if place is None:
        raise Refused(
            "Enter the reference of a place that is known here, such as L-0007", field="place_reference"
        )
    return place


def _check_days(since: date | None, until: date | None, now: datetime) -> None:
    current = london(now).date()
    if since and since > current:
        raise Refused("The day they came must not be in the future", field="since")
    if until and until > current:
        raise Refused("The day they left must not be in the future", field="until")
    if since and until and until < since:
        raise Refused("The day they left must not be before the day they came", field="until")


def _keep_in_step(person: Person) -> None:
    db.session.flush()
    home = present(person)
    person.address, person.postcode = (home.address, home.postcode) if home else ("", "")
    count_change(person)
    keep_findable(person)


def _described(residence: Residence) -> dict[str, object]:
    values = {field.name: getattr(residence, field.name, None) for field in fields(Stay)}
    return values | {"place_reference": residence.place.reference if residence.place else ""}


def _record(
    op: Operation, act: str, residence: Residence, *, by: User | None, now: datetime, **detail: Any
) -> None:
    audit.record(
        op, f"residence.{act}", by=by, obj=residence.person, at=now, residence=residence.record_id, **detail
    )
