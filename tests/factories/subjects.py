"""People and places for tests, added through the services that add them in use."""

from datetime import timedelta
from itertools import count
from typing import Any

from psg.accounts.models import User
from psg.subjects import cautions, residences, services
from psg.subjects.models import Caution, CautionKind, Person, Place, Residence, Subject
from psg.subjects.residences import Stay
from psg.subjects.services import PersonDetails, PlaceDetails
from psg.web.dates import now, today

_numbers = count(1)


def make_person(*, by: User | None = None, **details: Any) -> Person:
    details.setdefault("family_name", f"Lapwynd{next(_numbers)}")
    return services.add_person(PersonDetails(**details), by=by, now=now())


def make_place(*, by: User | None = None, **details: Any) -> Place:
    details.setdefault("address", f"{next(_numbers)} Sedge Lane")
    return services.add_place(PlaceDetails(**details), by=by, now=now())


def make_caution(subject: Subject, *, by: User | None = None, **values: Any) -> Caution:
    values = {
        "kind": CautionKind.WARNING,
        "words": "Visit in pairs",
        "review_on": today() + timedelta(days=60),
    } | values
    at = values.pop("now", now())
    return cautions.add_caution(subject, **values, by=by, now=at)


def make_residence(
    person: Person, *, by: User | None = None, has_left_others: bool = True, **stay: Any
) -> Residence:
    stay.setdefault("address", f"{next(_numbers)} Weir Close")
    return residences.add_residence(person, Stay(**stay), has_left_others=has_left_others, by=by, now=now())
