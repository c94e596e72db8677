"""What there is before the first case: agencies, accounts, wards, the plan, and every person and place."""

from datetime import date, datetime, timedelta
from importlib.resources import files

from psg.accounts import services as accounts
from psg.accounts.models import Agency, AgencyKind, User
from psg.base import Refused
from psg.demand.costs import services as costs
from psg.demand.screening import services as screening
from psg.demo.clock import Dice
from psg.demo.partnership import AGENCIES, MEMBERS, OVERSIGHT, WARDS
from psg.demo.people import PEOPLE, SAFE_CONTACT, Someone
from psg.demo.places import MANAGERS, OPEN_LAND, PARISHES, PLACES, Somewhere
from psg.plan import queries as plan_queries
from psg.plan import services as plan
from psg.plan.models import Commitment
from psg.responses import services as responses
from psg.scoring import services as scoring
from psg.sharing import services as sharing
from psg.subjects import queries as subject_queries
from psg.subjects import services as subjects
from psg.subjects.models import PlaceKind, Subject, Ward

PLAN_YEAR = "2021-22"
AGREED_BEFORE = timedelta(days=3 * 365)
AGREED_FOR = timedelta(days=365)
SHOWN_ACCOUNTS = (
    "police", "housing", "chair", "coordinator", "auditor", "delivery", "admin", "police.lead",
)  # fmt: skip
NUMBERED = (PlaceKind.DWELLING, PlaceKind.BLOCK, PlaceKind.SHOP, PlaceKind.CAR_PARK)
COSTS = {
    AgencyKind.POLICE: 100_00,
    AgencyKind.COUNCIL: 50_00,
    AgencyKind.HOUSING: 50_00,
    AgencyKind.FIRE: 200_00,
    AgencyKind.AMBULANCE: 200_00,
}
"""In pence. Invented."""
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def load_reference(now: datetime) -> None:
    """The matrices, gateways and ladder that ship with the product, where they are not there yet."""
    for load in (
        scoring.load_reference_data,
        sharing.load_reference_data,
        responses.load_reference_data,
        screening.load_reference_data,
    ):
        load(now)


def set_up_agencies(today: date, now: datetime) -> dict[str, Agency]:
    return {
        code: accounts.create_agency(
            code=code,
            name=name,
            kind=kind,
            agreement_from=today - AGREED_BEFORE,
            agreement_until=today + AGREED_FOR,
            by=None,
            now=now,
        )
        for code, name, kind in (*AGENCIES, OVERSIGHT)
    }


def set_up_users(agencies: dict[str, Agency], password: str, now: datetime) -> dict[str, User]:
    """Everyone with an account. Those the sign-in page shows can sign in; the others were never invited."""
    return {
        member.key: accounts.create_demo_user(
            email=member.email,
            name=member.name,
            role=member.role,
            agency=agencies[member.agency],
            password=password,
            now=now,
        )
        if member.key in SHOWN_ACCOUNTS
        else accounts.create_user(
            email=member.email,
            name=member.name,
            role=member.role,
            agency=agencies[member.agency],
            is_active=member.is_active,
            by=None,
            now=now,
        )
        for member in MEMBERS
    }


def bring_in_plan(by: User, now: datetime) -> dict[str, Commitment]:
    content = files("psg.demo").joinpath("data", "eccsp-action-plan-2021-22.csv").read_bytes()
    plan.import_plan(content, year=PLAN_YEAR, by=by, now=now)
    return {line.reference: line for line in plan_queries.commitments_of_year(PLAN_YEAR)}


def enter_costs(by: User, now: datetime) -> None:
    """Round figures that nobody could take for sourced ones; some kinds of agency have none."""
    costs.enter_version(
        COSTS,
        effective_from=now.date(),
        price_year=now.year,
        source="Invented for the demonstration",
        by=by,
        now=now,
    )


def add_subjects(today: date, by: User, now: datetime) -> dict[str, Subject]:
    """Every person and place, one a minute."""
    wards = {name: subjects.add_ward(name) for name in WARDS}
    known: dict[str, Subject] = {}
    for number, someone in enumerate(PEOPLE):
        details = _person(someone, number, wards[someone.ward], today)
        known[someone.key] = subjects.add_person(details, by=by, now=now + timedelta(minutes=number))
    for number, somewhere in enumerate(PLACES):
        block = known[somewhere.block].reference if somewhere.block else ""
        details_of_place = _place(somewhere, number, wards[somewhere.ward], block)
        moment = now + timedelta(minutes=len(PEOPLE) + number)
        known[somewhere.key] = subjects.add_place(details_of_place, by=by, now=moment)
    return known


def check_empty() -> None:
    """The demonstration has a database to itself: its references count from one."""
    if plan_queries.years() or subject_queries.wards():
        raise Refused(
            "This database already holds other data: load the demonstration into an empty one, or run psg demo reset."
        )


def _person(someone: Someone, number: int, ward: Ward, today: date) -> subjects.PersonDetails:
    dice = Dice(f"person {someone.key}")
    born = date(today.year - someone.age - 1, today.month, 1) + timedelta(days=dice.randrange(31, 360))
    named = f"{someone.given}.{someone.family}".lower()
    phone = f"07700 9{number:05d}" if number % 7 else f"01632 96{number:04d}"
    return subjects.PersonDetails(
        given_name=someone.given,
        family_name=someone.family,
        known_as=someone.known_as,
        date_of_birth=born,
        ward=ward,
        aliases=someone.aliases,
        has_no_fixed_abode=not someone.address,
        is_care_leaver=someone.is_care_leaver,
        needs_interpreter=someone.needs_interpreter,
        address=someone.address,
        postcode=_postcode(someone.address, someone.ward) if someone.address else "",
        contact=f"{phone}, {named}@post.example" if dice.one_in(3) else phone,
        preferred_contact=SAFE_CONTACT.get(someone.key, ""),
    )


def _place(somewhere: Somewhere, number: int, ward: Ward, block: str) -> subjects.PlaceDetails:
    has_number = somewhere.kind in NUMBERED
    dice = Dice(f"place {somewhere.name}")
    latitude, longitude = OPEN_LAND[somewhere.ward]
    return subjects.PlaceDetails(
        name=somewhere.name,
        place_kind=somewhere.kind,
        address=somewhere.address,
        postcode=_postcode(somewhere.address, somewhere.ward) if has_number else "",
        uprn=f"9999{20_000_017 + 7_919 * number}" if has_number else None,
        ward=ward,
        parish=PARISHES.get(somewhere.ward, somewhere.ward),
        latitude=round(latitude + dice.uniform(-0.006, 0.006), 5),
        longitude=round(longitude + dice.uniform(-0.009, 0.009), 5),
        block_reference=block,
        manager=somewhere.manager,
        manager_contact=MANAGERS.get(somewhere.manager, ""),
        aliases=somewhere.aliases,
    )


def _postcode(address: str, ward: str) -> str:
    """One for each street. No real code begins with ZZ1 to ZZ9."""
    street = " ".join(word for word in address.split(",")[-1].split() if not any(map(str.isdigit, word)))
    dice = Dice(f"postcode of {street}, {ward}")
    return f"ZZ{1 + WARDS.index(ward) % 9} {dice.randint(1, 9)}{dice.choice(LETTERS)}{dice.choice(LETTERS)}"
