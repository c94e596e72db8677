"""People and places for tests, added through the services that add them in use."""

from itertools import count
from typing import Any

from psg.accounts.models import User
from psg.subjects import services
from psg.subjects.models import Person, Place
from psg.subjects.services import PersonDetails, PlaceDetails
from psg.web.dates import now

_numbers = count(1)


def make_person(*, by: User | None = None, **details: Any) -> Person:
    details.setdefault("family_name", f"Lapwynd{next(_numbers)}")
    return services.add_person(PersonDetails(**details), by=by, now=now())


def make_place(*, by: User | None = None, **details: Any) -> Place:
    details.setdefault("address", f"{next(_numbers)} Sedge Lane")
    return services.add_place(PlaceDetails(**details), by=by, now=now())
