"""What people decided about contacts: which count towards nothing, which two are not one, whom not to propose yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from psg.demand import exclusions, matching
from psg.demand.models import Contact, ContactKind, ExclusionReason
from psg.demand.screening import services as screening
from psg.demo.clock import Dice, Story, moment, office_hours
from psg.demo.world import World
from psg.extensions import db

LONG_ENOUGH_AGO = 75
DECIDED_AGO = 36
LIFTED_AGO = 20
DISMISSED_FOR = timedelta(days=60)


@dataclass(frozen=True)
class LeftOut:
    """The newest contacts of one kind, of those that are no longer fresh, and who left them out."""

    key: str
    agency: str
    kind: ContactKind
    number: int
    reason: ExclusionReason
    why: str
    by: str


LEFT_OUT = (
    LeftOut(
        "Carly Wigmere",
        "AMB",
        ContactKind.HEALTH,
        2,
        ExclusionReason.EMERGENCY,
        "Taken to hospital: anybody would have rung",
        "chair",
    ),
    LeftOut(
        "Gordon Marshlow",
        "ASC",
        ContactKind.WELFARE,
        2,
        ExclusionReason.PANEL,
        "Dealt with elsewhere",
        "adult.care",
    ),
    LeftOut(
        "Tyler Cattailer",
        "CSC",
        ContactKind.WELFARE,
        3,
        ExclusionReason.PROFESSIONAL_SAFEGUARDING,
        "The school rang, not the family",
        "council.lead",
    ),
)


def decision_stories(world: World) -> Iterable[Story]:
    return [*(_left_out(world, one) for one in LEFT_OUT), _brought_back(world), _at_the_end(world)]


def _left_out(world: World, one: LeftOut) -> Story:
    now = yield office_hours(world.today - timedelta(days=DECIDED_AGO), Dice(f"left out {one.key}"))
    for contact in _contacts(world, one):
        exclusions.exclude_contact(contact, reason=one.reason, why=one.why, by=world.users[one.by], now=now)


def _brought_back(world: World) -> Story:
    """Of the safeguarding contacts one was the family's own after all."""
    now = yield office_hours(world.today - timedelta(days=LIFTED_AGO), Dice("brought back"))
    one = LEFT_OUT[-1]
    for contact in _contacts(world, one)[:1]:
        exclusions.lift_exclusion(
            contact, why="The family rang themselves that day", by=world.users[one.by], now=now
        )


def _at_the_end(world: World) -> Story:
    """The evening before: two contacts are two incidents, and somebody's old case is well looked after."""
    coordinator = world.users["coordinator"]
    now = yield moment(world.today - timedelta(days=1), 19)
    for subject in world.subjects.values():
        pairs = matching.suggestions(subject, world.today)
        if len(pairs) > 1:
            matching.keep_apart(subject, pairs[-1], by=coordinator, now=now)
            break
    screening.dismiss(
        world.subjects["Simon Washby"],
        reason="Probation sees him each week and will tell us",
        until=world.today + DISMISSED_FOR,
        by=coordinator,
        now=now,
    )


def _contacts(world: World, one: LeftOut) -> list[Contact]:
    before = world.today - timedelta(days=LONG_ENOUGH_AGO)
    found = select(Contact).where(
        Contact.subject_id == world.subjects[one.key].id,
        Contact.agency_id == world.agencies[one.agency].id,
        Contact.kind == one.kind,
        Contact.happened_on < before,
    )
    newest = found.order_by(Contact.happened_at.desc(), Contact.id).limit(one.number)
    return list(db.session.scalars(newest))
