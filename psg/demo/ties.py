"""Who belongs to whom in the invented district, and where: recorded by officers as they heard of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from psg.demo.clock import Dice, Story, office_hours
from psg.demo.world import World
from psg.subjects.links import services
from psg.subjects.links.models import LinkKind


@dataclass(frozen=True)
class Bond:
    """One link: `ago` and `since` count days before loading, `ended` the days until somebody ended it."""

    begins: str
    kind: LinkKind
    leads_to: str
    by: str
    source: str
    ago: int
    since: int | None = None
    ended: tuple[int, str] | None = None


K = LinkKind
BONDS = (
    # a tenant whose flat was taken over
    Bond("Kayleigh Ospreyle", K.LIVES_AT, "Quayfield House", "housing", "Tenancy record", 80, 700),
    Bond("Dean Sedgewane", K.ASSOCIATE, "Kayleigh Ospreyle", "housing", "Seen leaving her flat", 74),
    Bond("Dean Sedgewane", K.PARTNER, "Lorraine Sedgewane", "police", "Said so on a visit", 72),
    Bond("Lorraine Sedgewane", K.LIVES_AT, "Quayfield House", "housing", "Tenancy record", 72, 1500),
    Bond("Elaine Sluiceby", K.NEIGHBOUR, "Kayleigh Ospreyle", "housing", "Her own statement", 70),
    Bond("Elaine Sluiceby", K.LIVES_AT, "Quayfield House", "housing", "Tenancy record", 70, 4000),
    Bond("Lewis Ternby", K.VISITS, "Quayfield House", "police", "Found in the stairwell", 30),
    Bond("Dean Sedgewane", K.STAYS_AT, "Quayfield House", "housing", "Neighbours", 66, 120,
         (40, "Excluded from the block")),
    # the moorings
    Bond("Peter Dykeham", K.LIVES_AT, "Kingfisher moorings", "police", "Mooring licence", 38, 2200),
    Bond("Viktor Lodemark", K.LIVES_AT, "Kingfisher moorings", "police", "Mooring licence", 38, 900),
    Bond("Peter Dykeham", K.NEIGHBOUR, "Viktor Lodemark", "police", "Berths side by side", 37),
    Bond("Graham Plovermere", K.FRIEND, "Peter Dykeham", "police", "Said so himself", 25),
    Bond("Graham Plovermere", K.VISITS, "Kingfisher moorings", "environment", "Ranger’s notebook", 20),
    # three young people
    Bond("Ryan Cattailer", K.SIBLING, "Tyler Cattailer", "children", "School record", 48),
    Bond("Ryan Cattailer", K.FRIEND, "Mason Rushlow", "youth", "Youth worker", 46),
    Bond("Tyler Cattailer", K.ASSOCIATE, "Mason Rushlow", "youth", "Youth worker", 45),
    Bond("Ryan Cattailer", K.VISITS, "Weir Close recreation ground", "youth", "Detached youth work", 44),
    Bond("Mason Rushlow", K.VISITS, "Weir Close recreation ground", "youth", "Detached youth work", 12),
    Bond("Callum Osprell", K.ASSOCIATE, "Ryan Cattailer", "neighbourhood", "Patrol", 60, 300,
         (18, "Not seen together since the summer")),
    # households and families
    Bond("Stacey Bulrusher", K.PARTNER, "Kevin Bulrusher", "housing", "Joint tenancy", 31, 2900),
    Bond("Stacey Bulrusher", K.LIVES_AT, "Grebe Court", "housing", "Joint tenancy", 31, 1300),
    Bond("Craig Wellstream", K.SIBLING, "Jodie Wellstream", "heron", "Tenancy record", 79),
    Bond("Phil Drovemere", K.LIVES_AT, "Grebe Court", "heron", "Tenancy record", 43, 800),
    Bond("Darren Lockspit", K.NEIGHBOUR, "Maureen Bitternell", "housing", "Tenancy records", 128),
    Bond("Olive Brightmere", K.GRANDPARENT, "Ethan Brightmere", "coordinator", "Said so on referral", 430),
    Bond("Rita Willowby", K.PARENT, "Alan Willowby", "police", "Said so on a visit", 315),
    Bond("Alan Willowby", K.CARER, "Rita Willowby", "adult.care", "Carer’s assessment", 300, 1000),
    Bond("Hannah Causeway", K.PARTNER, "Neil Causeway", "police", "Said so on a visit", 64),
    Bond("Sharon Gadwell", K.PARTNER, "Lee Gadwell", "antisocial", "Said so on a visit", 370),
    Bond("Margaret Alderwick", K.LIVES_AT, "Lantern Court", "police", "Her own statement", 90, 6000),
    Bond("Sheila Fenwarden", K.LIVES_AT, "Lantern Court", "fire", "Safe and well visit", 145, 5200),
    Bond("Graham Plovermere", K.LIVES_AT, "Lantern Court", "police", "His own statement", 100, 3000),
    Bond("Adele Kingmere", K.WORKS_AT, "Osier Parade shops", "neighbourhood", "Shopkeepers’ group", 66, 600),
)  # fmt: skip


def tie_stories(world: World) -> Iterable[Story]:
    return [_recorded(world, bond) for bond in BONDS]


def _recorded(world: World, bond: Bond) -> Story:
    dice = Dice(f"link {bond.begins} {bond.kind} {bond.leads_to}")
    by = world.users[bond.by]
    now = yield office_hours(world.today - timedelta(days=bond.ago), dice)
    link = services.add_link(
        world.subjects[bond.begins],
        world.subjects[bond.leads_to],
        services.LinkDetails(
            kind=bond.kind,
            since=None if bond.since is None else world.today - timedelta(days=bond.since),
            source_agency=by.agency,
            source=bond.source,
        ),
        by=by,
        now=now,
    )
    if bond.ended:
        ago, reason = bond.ended
        now = yield office_hours(world.today - timedelta(days=ago), dice)
        services.end_link(link, reason=reason, until=None, by=by, now=now)
