"""Cases that are not open to everyone: kept to their members, sealed, in conflict, and opened in an emergency."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from psg.cases import emergency, membership
from psg.cases.access_models import Finding, Urgency
from psg.cases.models import Case, Visibility
from psg.demo.clock import Dice, Story, office_hours, working
from psg.demo.world import World

RESTRICTED = (
    ("Kayleigh Ospreyle", 30, "Those who use her flat have friends who work in the town"),
    ("Anita Lodeham", 2, "Her new address must not become known"),
)
SEALED = ("Tyler Cattailer", 2, "A police operation is under way and a child is at risk")
CONFLICT = ("Brian Droveham", "neighbourhood", 3, "He is a cousin of the officer")
EMERGENCIES = (
    (
        "employment",
        20,
        Urgency.SAFEGUARDING,
        "She is at the counter with bruises and afraid to go home",
        Finding.PROPER,
        "Rang the lead within the hour; the reading was what was needed",
    ),
    (
        "voluntary",
        11,
        Urgency.COURT,
        "A volunteer was asked about her by a solicitor this morning",
        Finding.QUERIED,
        "The lead could have been telephoned. Spoken to; advice given",
    ),
)


def access_stories(world: World) -> Iterable[Story]:
    return [
        *(_restricted(world, *one) for one in RESTRICTED),
        _sealed(world, *SEALED),
        _conflict(world, *CONFLICT),
        *(_emergency(world, *one) for one in EMERGENCIES),
        _asked(world),
    ]


def _case(world: World, about: str) -> Case:
    return next(
        world.cases[line.key]
        for line in world.lines
        if line.problem.about == about and line.key in world.cases
    )


def _restricted(world: World, about: str, ago: int, reason: str) -> Story:
    now = yield _some_time(world, ago, f"restricted {about}")
    case = _case(world, about)
    membership.change_visibility(case, Visibility.MEMBERS, reason=reason, by=case.lead, now=now)


def _sealed(world: World, about: str, ago: int, reason: str) -> Story:
    now = yield _some_time(world, ago, f"sealed {about}")
    case = _case(world, about)
    membership.change_visibility(case, Visibility.SEALED, reason=reason, by=case.lead, now=now)
    now = yield now + timedelta(minutes=25)
    membership.answer_visibility(case, grant=True, by=world.users["coordinator"], now=now)


def _conflict(world: World, about: str, who: str, ago: int, reason: str) -> Story:
    now = yield _some_time(world, ago, f"conflict {about}")
    by = world.users["coordinator"]
    emergency.declare_conflict(_case(world, about), world.users[who], reason=reason, by=by, now=now)


def _emergency(
    world: World, who: str, ago: int, urgency: Urgency, reason: str, finding: Finding, note: str
) -> Story:
    now = yield _some_time(world, ago, f"emergency {who}")
    case = _case(world, RESTRICTED[0][0])
    glass = emergency.break_glass(case, urgency=urgency, reason=reason, by=world.users[who], now=now)
    now = yield _some_time(world, ago - 1, f"review {who}")
    emergency.review_emergency(
        glass, case, finding=finding, note=note, by=world.users["coordinator"], now=now
    )


def _asked(world: World) -> Story:
    """One request waits for its answer, and one officer has an invitation to answer."""
    now = yield _some_time(world, 1, "asked")
    membership.ask_to_join(
        _case(world, RESTRICTED[0][0]),
        reason="She has asked us for a debt adviser",
        by=world.users["employment"],
        now=now,
    )
    now = yield now + timedelta(minutes=40)
    membership.invite(
        _case(world, RESTRICTED[1][0]),
        world.users["employment"],
        until=None,
        by=world.users["coordinator"],
        now=now,
    )


def _some_time(world: World, ago: int, key: str) -> datetime:
    return office_hours(working(world.today - timedelta(days=ago)), Dice(key), since=14)
