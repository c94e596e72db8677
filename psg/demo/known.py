"""What becomes known of people over the months: cautions recorded, looked at again and ended; moves."""

from collections.abc import Iterable
from datetime import date, timedelta

from psg.demo.clock import Dice, Story, office_hours
from psg.demo.people import PEOPLE
from psg.demo.world import World
from psg.subjects import cautions, residences
from psg.subjects.models import CautionKind, Person, ResidenceKind
from psg.subjects.residences import Stay

CONTACT = (
    ("Anita Lodeham", "Never ring the house. Text first, and only on weekday mornings.", 21),
    ("Amina Carrside", "Letters are opened by others. Leave word with the interpreter.", -4),
)
"""Whom, the words, and in how many days from today they are to be looked at again."""
ENDED = (
    "Shane Teasdrake",
    "Has said that he keeps a knife by the door.",
    "Searched with him there; no knife",
)
MOVES = (
    ("Kayleigh Ospreyle", "11 Brook Bank", "", ResidenceKind.SUPPORTED, 900, 230),
    ("Lewis Ternby", "17 Weir Close", "", ResidenceKind.STAYING, 500, 95),
    ("Sheila Fenwarden", "8 Mere Row", "", ResidenceKind.HOME, 4_000, 1_200),
)
"""Where they lived before, and for which days, counted back from today."""
AT_A_PLACE = (("Tracey Dunlow", "Flat 3, Quayfield House"), ("Elaine Sluiceby", "Flat 1, Quayfield House"))


def known_stories(world: World) -> Iterable[Story]:
    return [
        *(_warning(world, one.key, one.warning, number) for number, one in enumerate(PEOPLE) if one.warning),
        *(_contact(world, *one) for one in CONTACT),
        _ended(world, *ENDED),
        *(_moved(world, *one) for one in MOVES),
        *(_placed(world, *one) for one in AT_A_PLACE),
    ]


def _warning(world: World, key: str, words: str, number: int) -> Story:
    """Recorded when it was learnt and looked at once since; one of them is overdue for another look."""
    dice = Dice(f"warning {key}")
    subject, by = world.subjects[key], world.users["neighbourhood"]
    now = yield office_hours(world.today - timedelta(days=dice.randrange(200, 260)), dice)
    review_on = world.today - timedelta(days=dice.randrange(100, 120))
    caution = cautions.add_caution(
        subject, kind=CautionKind.WARNING, words=words, review_on=review_on, by=by, now=now
    )
    now = yield office_hours(review_on, dice)
    again = world.today + timedelta(days=dice.randrange(20, 90) if number else -6)
    cautions.review_caution(caution, review_on=again, by=by, now=now)


def _contact(world: World, key: str, words: str, again: int) -> Story:
    dice = Dice(f"contact caution {key}")
    now = yield office_hours(world.today - timedelta(days=dice.randrange(60, 80)), dice)
    cautions.add_caution(
        world.subjects[key],
        kind=CautionKind.CONTACT,
        words=words,
        review_on=world.today + timedelta(days=again),
        by=world.users["housing"],
        now=now,
    )


def _ended(world: World, key: str, words: str, reason: str) -> Story:
    dice = Dice(f"ended caution {key}")
    by = world.users["neighbourhood"]
    now = yield office_hours(world.today - timedelta(days=150), dice)
    review_on: date = now.date() + timedelta(days=60)
    caution = cautions.add_caution(
        world.subjects[key], kind=CautionKind.WARNING, words=words, review_on=review_on, by=by, now=now
    )
    now = yield office_hours(world.today - timedelta(days=110), dice)
    cautions.end_caution(caution, reason=reason, by=by, now=now)


def _moved(
    world: World, key: str, address: str, postcode: str, kind: ResidenceKind, since: int, until: int
) -> Story:
    dice = Dice(f"moved {key}")
    now = yield office_hours(world.today - timedelta(days=dice.randrange(30, 90)), dice)
    stay = Stay(
        address=address,
        postcode=postcode,
        kind=kind,
        since=world.today - timedelta(days=since),
        until=world.today - timedelta(days=until),
    )
    residences.add_residence(
        _person(world, key), stay, has_left_others=False, by=world.users["housing"], now=now
    )


def _placed(world: World, key: str, place: str) -> Story:
    """The flat they live in is known here as a place of its own."""
    dice = Dice(f"placed {key}")
    now = yield office_hours(world.today - timedelta(days=dice.randrange(300, 400)), dice)
    person = _person(world, key)
    home = residences.present(person)
    if home is not None:
        stay = Stay(
            address=home.address,
            postcode=home.postcode,
            place_reference=world.subjects[place].reference,
            kind=home.kind,
        )
        residences.correct_residence(home, stay, by=world.users["housing"], now=now)


def _person(world: World, key: str) -> Person:
    person = world.subjects[key]
    if not isinstance(person, Person):
        raise TypeError(key)
    return person
