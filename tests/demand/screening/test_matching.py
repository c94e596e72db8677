from datetime import date, timedelta

import pytest

from psg.accounts.models import Role
from psg.cases.models import PartyRole, Visibility
from psg.cases.services import add_party
from psg.demand.conditions import When
from psg.demand.exclusions import exclude_contact
from psg.demand.models import ContactKind, ContactRole, ExclusionReason
from psg.demand.screening import queries, services
from psg.demand.services import group_contacts, withdraw_contact
from psg.subjects.models import PlaceKind
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.demand import make_contact
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")
TODAY = today()


@pytest.fixture(autouse=True)
def rules(session) -> None:
    services.load_reference_data(now())


@pytest.fixture
def coordinator(session):
    return make_user(role=Role.COORDINATOR)


@pytest.fixture
def police(session):
    return make_user(agency=make_agency(code="POL", name="Police"))


@pytest.fixture
def health(session):
    return make_user(agency=make_agency(code="MH", name="Health"))


def tell(subject, *days: int, **values):
    return [make_contact(subject, on=TODAY - timedelta(days=ago) if ago else None, **values) for ago in days]


def found(user, day: date = TODAY, known_on: date | None = None) -> dict[int, list[str]]:
    when = When(day, known_on)
    matches = queries.matches_of(user, queries.set_in_force(day), when)
    return {subject: [match.rule.code for match in some] for subject, some in matches.items()}


def words(user, subject) -> list[str]:
    return [
        match.words
        for match in queries.matches_of(user, queries.set_in_force(TODAY), When(TODAY))[subject.id]
    ]


def test_five_contacts_with_one_agency_in_28_days(coordinator, police, health) -> None:
    person = make_person()
    tell(person, 1, 2, 3, 27, by=police)
    tell(person, 1, by=health)
    assert found(coordinator) == {}
    tell(person, 28, by=police)
    assert found(coordinator) == {}, "the day before the window"
    tell(person, 20, by=police, is_crisis=True)
    assert found(coordinator) == {person.id: ["agency-28"]}
    assert words(coordinator, person) == [
        "5 contacts with Police in 28 days, 1 of them in a health crisis, which shows a need for support"
    ]


def test_twelve_contacts_with_one_agency_in_90_days(coordinator, police) -> None:
    person = make_person()
    tell(person, *range(30, 41), by=police)
    assert found(coordinator) == {}
    tell(person, 89, by=police)
    assert found(coordinator) == {person.id: ["agency-90"]}


def test_three_contacts_with_each_of_two_agencies_in_28_days(coordinator, police, health) -> None:
    person = make_person()
    tell(person, 1, 2, 3, by=police)
    tell(person, 1, 2, by=health)
    assert found(coordinator) == {}
    tell(person, 4, by=health)
    assert found(coordinator) == {person.id: ["several-28"]}
    assert words(coordinator, person) == ["3 with Health, 3 with Police in 28 days"]


@pytest.mark.parametrize(
    ("born", "band", "is_child"),
    [
        (TODAY.replace(year=TODAY.year - 18) + timedelta(days=1), "", True),
        (TODAY.replace(year=TODAY.year - 18), "", False),
        (None, "under 18", True),
        (None, "18 to 24", False),
        (date(1980, 1, 1), "under 18", False),
    ],
)
def test_child_is_proposed_at_three_contacts_in_six_months(coordinator, born, band, is_child) -> None:
    person = make_person(date_of_birth=born, age_band=band)
    tell(person, 1, 40, 170)
    assert found(coordinator) == ({person.id: ["child"]} if is_child else {})
    assert person.is_child_on(TODAY) is is_child


@pytest.mark.parametrize(
    ("kind", "number", "codes"),
    [
        (PlaceKind.BLOCK, 14, ["week"]),
        (PlaceKind.BLOCK, 15, ["communal-28", "week"]),
        (PlaceKind.DWELLING, 4, []),
        (PlaceKind.DWELLING, 5, ["premises-28"]),
    ],
)
def test_block_needs_fifteen_contacts_and_a_single_premises_five(coordinator, kind, number, codes) -> None:
    place = make_place(place_kind=kind)
    spread = [ago * 27 // max(number - 1, 1) for ago in range(number)]
    tell(place, *spread)
    assert found(coordinator).get(place.id, []) == codes


def test_block_and_its_flats_are_counted_apart(coordinator) -> None:
    block = make_place(place_kind=PlaceKind.BLOCK)
    flat = make_place(place_kind=PlaceKind.DWELLING)
    flat.block_id = block.id
    tell(flat, 1, 8, 15, 22, 26)
    assert found(coordinator) == {flat.id: ["premises-28"]}


def test_place_with_a_week_three_times_its_usual(coordinator) -> None:
    place = make_place(place_kind=PlaceKind.STREET)
    tell(place, *[7 * week + 3 for week in range(52)])
    assert found(coordinator) == {}
    tell(place, 10, 11)
    assert found(coordinator) == {place.id: ["week"]}
    assert words(coordinator, place) == ["3 contacts in one week, against a usual 1 in 52 weeks"]


def test_victim_of_three_related_reports_or_one_hate_incident(coordinator, police, health) -> None:
    person = make_person()
    told = tell(person, 3, 60, role=ContactRole.VICTIM, kind=ContactKind.NOISE, by=police)
    tell(person, 5, role=ContactRole.VICTIM, kind=ContactKind.CRIME, by=police)
    tell(person, 6, role=ContactRole.WITNESS, kind=ContactKind.NOISE, by=police)
    assert found(coordinator) == {}
    again = tell(person, 3, role=ContactRole.VICTIM, kind=ContactKind.NOISE, by=health)
    assert found(coordinator) == {person.id: ["victim-related"]}
    group_contacts(person, [told[0].id, again[0].id], by=police, now=now())
    assert found(coordinator) == {}, "one incident told to two agencies is one report"
    tell(person, 100, role=ContactRole.VICTIM, kind=ContactKind.HATE, by=police)
    assert words(coordinator, person) == ["1 hate incident as victim in 6 months"]


def test_what_is_done_to_somebody_is_never_their_demand(coordinator, police) -> None:
    person = make_person(age_band="under 18")
    for role in (ContactRole.VICTIM, ContactRole.WITNESS):
        tell(person, *range(6), role=role, kind=ContactKind.HEALTH, by=police)
    assert set(found(coordinator)[person.id]) == {"victim-related"}


def test_domestic_abuse_proposes_nobody_who_is_suspected_of_it(coordinator, police) -> None:
    suspected, victim = make_person(), make_person()
    tell(suspected, *range(6), role=ContactRole.SUSPECTED, kind=ContactKind.DOMESTIC, by=police)
    tell(victim, *range(3), role=ContactRole.VICTIM, kind=ContactKind.DOMESTIC, by=police)
    assert found(coordinator) == {victim.id: ["victim-related"]}


def test_contacts_left_out_or_withdrawn_propose_nobody(coordinator, police) -> None:
    person = make_person()
    told = tell(person, 1, 2, 3, 4, 5, by=police)
    assert found(coordinator) == {person.id: ["agency-28"]}
    exclude_contact(told[0], reason=ExclusionReason.PANEL, why="Theirs", by=police, now=now())
    assert found(coordinator) == {}
    tell(person, 6, by=police)
    withdraw_contact(told[1], reason="Wrong person", by=police, now=now())
    assert found(coordinator) == {}


def test_whoever_is_on_an_open_case_is_not_proposed(coordinator, police) -> None:
    person, other = make_person(), make_person()
    for subject in (person, other):
        tell(subject, 1, 2, 3, 4, 5, by=police)
    case = make_case(by=police)
    add_party(case, person, role=PartyRole.WITNESS, by=police, now=now())
    assert set(found(coordinator)) == {other.id}
    case.closed_at, case.closure_code = now(), "met"
    assert set(found(coordinator)) == {person.id, other.id}


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.SEALED])
def test_who_is_known_only_from_a_hidden_case_is_no_candidate(police, visibility) -> None:
    person = make_person()
    tell(person, 1, 2, 3, 4, 5, by=police)
    make_case(subject=person, by=police).visibility = visibility
    assert found(make_user(role=Role.COORDINATOR)) == {}


def test_as_known_on_a_day_is_as_it_was_proposed_then(coordinator, police) -> None:
    person = make_person()
    tell(person, 1, 2, 3, 4, 5, by=police)
    yesterday = TODAY - timedelta(days=1)
    assert found(coordinator, TODAY, TODAY) == {person.id: ["agency-28"]}
    assert found(coordinator, TODAY, yesterday) == {}


def test_dismissed_is_not_proposed_until_the_day_has_passed(coordinator, police) -> None:
    person = make_person()
    tell(person, 1, 2, 3, 4, 5, by=police)
    services.dismiss(
        person, reason="Health leads", until=TODAY + timedelta(days=3), by=coordinator, now=now()
    )
    assert found(coordinator) == {}
    assert found(coordinator, TODAY + timedelta(days=3)) == {}
    assert found(coordinator, TODAY + timedelta(days=4)) == {person.id: ["agency-28"]}


def test_most_rules_come_first_then_the_largest_count(coordinator, police) -> None:
    few, many, two = make_person(), make_person(), make_person(age_band="under 18")
    tell(few, *[1] * 5, by=police)
    tell(many, *[1] * 7, by=police)
    tell(two, *[1] * 5, by=police)
    assert list(found(coordinator)) == [two.id, many.id, few.id]
