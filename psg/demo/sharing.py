"""Disclosures: who told whom what, by a gateway that reaches them, soon written down and sometimes late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from psg.accounts.models import AgencyKind, User
from psg.cases.models import Party, PartyRole
from psg.demo.clock import Dice, Story, office_hours
from psg.demo.sharing_words import NECESSARY, OF_PEOPLE, OF_PLACES, PROPORTIONATE, WRONG
from psg.demo.timelines import Timeline
from psg.demo.world import Desk, World
from psg.extensions import db
from psg.sharing import services
from psg.sharing.models import Category, Channel, LegalGround
from psg.sharing.particulars import Particulars, Recipient

IN_ALL, CORRECTED, LATE = 255, 5, 18
FOUR_WEEKS = 28
FULL = frozenset(
    {"Gordon Marshlow", "Maureen Bitternell", "Shane Teasdrake", "James Reedmace", "Bittern Drove underpass"}
)
"""Cases whose chronology is long enough."""
GATEWAYS: Mapping[AgencyKind, tuple[str, ...]] = {
    AgencyKind.POLICE: ("cda-1998-s115", "cda-1998-s115", "common-law"),
    AgencyKind.COUNCIL: ("cda-1998-s115", "cda-1998-s115", "common-law"),
    AgencyKind.PROBATION: ("cda-1998-s115", "oma-2007-s14"),
    AgencyKind.HEALTH: ("care-2014", "cda-1998-s115", "nhs-acts"),
    AgencyKind.AMBULANCE: ("nhs-acts", "cda-1998-s115"),
    AgencyKind.ADULT_CARE: ("care-2014", "common-law"),
    AgencyKind.CHILDRENS_SERVICES: ("children-2004",),
    AgencyKind.YOUTH_JUSTICE: ("cda-1998-yjs", "children-2004"),
    AgencyKind.HOUSING: ("cda-1998-s115-housing", "asb-2014"),
    AgencyKind.FIRE: ("cda-1998-s115-fire", "frs-2004"),
    AgencyKind.VOLUNTARY: ("consent", "cda-1998-s115-agent"),
    AgencyKind.SUBSTANCE_USE: ("consent", "cda-1998-s115-agent"),
    AgencyKind.EMPLOYMENT: ("consent",),
}
ABOUT_A_PATIENT = frozenset({"consent", "nhs-acts", "care-2014"})
WITHOUT_CONSENT = ("own-power",)
CHANNELS = (
    (Channel.EMAIL,) * 5 + (Channel.PHONE,) * 3 + (Channel.MEETING,) * 3 + (Channel.SYSTEM, Channel.PAPER)
)
CONDITIONS = {Category.HEALTH: "dpa-sch1-para18", Category.CRIMINAL: "dpa-sch1-para10"}
LAW_ENFORCEMENT = "dpa-2018-part3"


def sharing_stories(world: World) -> Iterable[Story]:
    """More of them the longer a case has been open."""
    dice = Dice("sharing")
    grounds = {ground.code: ground for ground in db.session.scalars(select(LegalGround))}
    lengths = [
        (line.last_day - line.opened).days ** 0.5 if line.key not in FULL else 0 for line in world.lines
    ]
    lines = list(world.lines) + dice.choices(world.lines, lengths, k=IN_ALL - len(world.lines))
    return [
        _told(
            world,
            line,
            Dice(f"disclosure {number}"),
            grounds,
            is_wrong=number < CORRECTED,
            is_late=number >= IN_ALL - LATE,
        )
        for number, line in enumerate(lines)
    ]


def _told(
    world: World,
    line: Timeline,
    dice: Dice,
    grounds: Mapping[str, LegalGround],
    *,
    is_wrong: bool,
    is_late: bool,
) -> Story:
    desk = Desk(world, line, dice)
    channel = dice.choice(CHANNELS)
    days = max((line.last_day - line.opened).days - 4, 1)
    day = line.opened + timedelta(days=4 + dice.randrange(days))
    if channel is Channel.MEETING:
        day, channel = _meeting_day(world, line, day)
    day = min(day, line.last_day - timedelta(days=6 if is_late else 3 if is_wrong else 0))
    now = yield office_hours(max(day, line.opened + timedelta(days=3)), dice, since=10)
    by = desk.lead if dice.one_in(1.6) else desk.colleague(now)
    said = _particulars(desk, by, channel, now - timedelta(minutes=dice.randrange(5, 55)), grounds)
    if is_late:
        now = yield now + timedelta(days=dice.randint(3, 5))
    entry = services.record_disclosure(desk.case, said, by=by, now=now)
    if is_wrong:
        now = yield now + timedelta(days=2)
        right = replace(said, description=f"{said.description} (corrected)")
        services.correct_disclosure(entry, right, what_was_wrong=dice.choice(WRONG), by=by, now=now)


def _meeting_day(world: World, line: Timeline, day: date) -> tuple[date, Channel]:
    """The meeting after that day, where the case was open for it."""
    ago = (world.today - day).days // FOUR_WEEKS
    held = world.today - timedelta(days=FOUR_WEEKS * ago)
    return (held, Channel.MEETING) if 1 <= ago <= 12 and held < line.last_day else (day, Channel.PHONE)


def _particulars(
    desk: Desk, by: User, channel: Channel, at: datetime, grounds: Mapping[str, LegalGround]
) -> Particulars:
    dice = desk.dice
    known = OF_PEOPLE if desk.about_person else OF_PLACES
    shared = dice.choice([one for one in known if not one.held_by or by.agency.kind in one.held_by])
    others = [code for code in desk.involved(at)[:5] if code != by.agency.code]
    told = dice.sample(others, min(dice.choice((1, 1, 1, 2, 3)), len(others)))
    if Category.IMAGES in shared.categories and channel is Channel.PHONE:
        channel = Channel.SYSTEM
    parties = [desk.party(desk.key, desk.line.problem.role)]
    if desk.about_person and len(desk.case.parties) > 1 and dice.one_in(3):
        parties.append(dice.choice(desk.case.parties[1:]))
    condition = next((CONDITIONS[one] for one in shared.categories if one in CONDITIONS), None)
    return Particulars(
        parties=tuple(parties),
        recipients=tuple(_recipient(desk, code, grounds, parties) for code in told),
        categories=shared.categories,
        description=shared.what,
        purpose=shared.purpose,
        basis=grounds[_basis(by, condition, dice)],
        why_necessary=dice.choice(NECESSARY),
        why_proportionate=dice.choice(PROPORTIONATE),
        channel=channel,
        disclosed_at=at,
        condition=grounds[condition] if condition else None,
        policy_document=f"Appropriate policy document, {by.agency.name}" if condition else "",
    )


def _recipient(
    desk: Desk, code: str, grounds: Mapping[str, LegalGround], parties: Sequence[Party]
) -> Recipient:
    """Somebody there, and a gateway that reaches them. Nobody is asked for the consent of a place or a suspect."""
    agency = desk.world.agencies[code]
    ways = GATEWAYS[agency.kind]
    if any(party.role in (PartyRole.PLACE, PartyRole.PERPETRATOR) for party in parties):
        ways = tuple(way for way in ways if way not in ABOUT_A_PATIENT) or WITHOUT_CONSENT
    return Recipient(agency, desk.world.worker_of(code, desk.dice).name, grounds[desk.dice.choice(ways)])


def _basis(by: User, condition: str | None, dice: Dice) -> str:
    """Public task, or law enforcement where the police share for it; a charity relies on consent."""
    if by.agency.kind is AgencyKind.VOLUNTARY:
        return "ukgdpr-6-1-a"
    if by.agency.kind is AgencyKind.POLICE and condition is None and dice.one_in(4):
        return LAW_ENFORCEMENT
    return "ukgdpr-6-1-e"
