"""People and places that were recorded twice: one combined, one found to be two, and some still to be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from psg.demo.clock import Dice, Story, office_hours
from psg.demo.world import World
from psg.subjects import services
from psg.subjects.duplicates.services import keep_apart
from psg.subjects.merging.fields import usual_choice
from psg.subjects.merging.services import merge_records
from psg.subjects.models import Person, Place, Subject


@dataclass(frozen=True)
class Again:
    """Somebody recorded once more, as another agency heard their name. `ago` counts days before loading."""

    key: str
    given: str
    family: str
    by: str
    ago: int
    years_younger: int = 0
    one: tuple[int, str] | None = None
    two: int | None = None


PEOPLE = (
    Again("James Reedmace", "Jim", "Reedmase", "heron", 58, one=(51, "The same date of birth, and he goes by Jim")),
    Again("Brian Droveham", "Brian", "Droveham", "housing", 33, years_younger=27, two=30),
    Again("Kayleigh Ospreyle", "Kayley", "Ospreyle", "neighbourhood", 4),
)  # fmt: skip
"""A combined record, a father and his son who are two, and a pair for the coordinator to compare."""

STREET = ("Osier Parade shops", "Osier Parade, shops", "neighbourhood", 6)
"""A place recorded twice, which nobody has compared yet."""


def twofold_stories(world: World) -> Iterable[Story]:
    return [*(_person(world, again) for again in PEOPLE), _place(world, *STREET)]


def _person(world: World, again: Again) -> Story:
    dice = Dice(f"again {again.given} {again.family}")
    first = cast(Person, world.subjects[again.key])
    born = cast(date, first.date_of_birth)
    now = yield office_hours(world.today - timedelta(days=again.ago), dice)
    second = services.add_person(
        services.PersonDetails(
            given_name=again.given,
            family_name=again.family,
            date_of_birth=born.replace(year=born.year + again.years_younger, day=min(born.day, 28)),
            ward=first.ward,
            address=first.address,
            postcode=first.postcode,
        ),
        by=world.users[again.by],
        now=now,
    )
    yield from _compared(world, first, second, again, dice)


def _compared(world: World, first: Subject, second: Subject, again: Again, dice: Dice) -> Story:
    coordinator = world.users["coordinator"]
    if again.one is not None:
        ago, reason = again.one
        now = yield office_hours(world.today - timedelta(days=ago), dice)
        choice = usual_choice(first, second)
        merge_records(first, second, choice=choice, reason=reason, by=coordinator, now=now)
    elif again.two is not None:
        now = yield office_hours(world.today - timedelta(days=again.two), dice)
        keep_apart(first, second, by=coordinator, now=now)


def _place(world: World, key: str, name: str, by: str, ago: int) -> Story:
    first = cast(Place, world.subjects[key])
    now = yield office_hours(world.today - timedelta(days=ago), Dice(f"again {name}"))
    services.add_place(
        services.PlaceDetails(
            name=name,
            place_kind=first.place_kind,
            address=first.address,
            postcode=first.postcode,
            ward=first.ward,
        ),
        by=world.users[by],
        now=now,
    )
