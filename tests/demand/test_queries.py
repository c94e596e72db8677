from datetime import timedelta

import pytest

from psg.cases.models import PartyRole
from psg.cases.services import add_party
from psg.demand import matching, queries, services
from psg.demand.conditions import When
from psg.demand.counting import Trend
from psg.demand.models import ContactKind, ContactRole
from psg.demand.ranking import NOTHING, Wanted, figures_of, ranked
from psg.extensions import db
from psg.subjects.models import SubjectKind
from psg.subjects.services import add_ward
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.demand import a_row, at_noon, make_contact
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")
TODAY = today()
NOW = When(TODAY)


def days_ago(days: int):
    return at_noon(TODAY - timedelta(days=days)) if days else now()


def make_contacts(subject, *days: int, **values) -> None:
    for number in days:
        make_contact(subject, happened_at=days_ago(number), **values)


def ranking(*, when: When = NOW, kind: SubjectKind = SubjectKind.PERSON, by=None, **terms):
    wanted = Wanted(kind, when, **terms)
    rows = db.session.execute(ranked(by or make_user(), wanted)).all()
    figures = figures_of([row.id for row in rows], when, wanted.agency_id)
    return [(row.name, *figures.get(row.id, NOTHING).counts) for row in rows]


def test_windows_hold_their_first_day_and_the_as_at_day_and_no_more() -> None:
    person = make_person(family_name="Reedmace")
    make_contacts(person, 0, 27, 28, 89, 90, 364, 365)
    assert ranking() == [("Reedmace", 2, 4, 6)]


def test_figures_as_at_an_earlier_day_leave_out_what_came_after() -> None:
    person = make_person(family_name="Reedmace")
    make_contacts(person, 0, 10)
    earlier = When(TODAY - timedelta(days=5))
    assert ranking(when=earlier) == [("Reedmace", 1, 1, 1)]
    assert figures_of([person.id], earlier)[person.id].last_on == TODAY - timedelta(days=10)


def test_contacts_as_victim_or_witness_and_withdrawn_ones_do_not_rank_anybody() -> None:
    officer, person = make_user(), make_person(family_name="Reedmace")
    for role in ContactRole:
        make_contact(person, role=role, by=officer)
    services.withdraw_contact(make_contact(person, by=officer), reason="Wrong person", by=officer, now=now())
    assert ranking() == [("Reedmace", 3, 3, 3)]


def test_most_contacts_come_first_and_nobody_is_missing() -> None:
    few, none, many = (make_person(family_name=name) for name in ("Few", "None", "Many"))
    make_contacts(few, 0)
    make_contacts(many, 40, 41, 200)
    assert [name for name, *_ in ranking()] == ["Few", "None", "Many"]
    assert [name for name, *_ in ranking(sort="90")] == ["Many", "Few", "None"]
    assert [name for name, *_ in ranking(sort="365")] == ["Many", "Few", "None"]
    assert [name for name, *_ in ranking(sort="name", descending=False)] == ["Few", "Many", "None"]
    assert [name for name, *_ in ranking(sort="last")] == ["Few", "Many", "None"]
    assert none.reference


def test_ranking_is_of_one_kind_and_one_ward() -> None:
    sutton = add_ward("Sutton")
    make_person(family_name="Here", ward=sutton)
    make_person(family_name="Elsewhere")
    make_place(ward=sutton)
    assert ranking(ward_id=sutton.id) == [("Here", 0, 0, 0)]
    assert len(ranking(kind=SubjectKind.PLACE)) == 1


def test_demand_is_counted_by_agency_with_crisis_and_harm_apart() -> None:
    police, health = (make_user(agency=make_agency(code=code, name=code)) for code in ("POL", "MH"))
    person = make_person()
    make_contacts(person, 0, 30, by=police)
    make_contacts(person, 1, by=health, is_crisis=True)
    make_contacts(person, 2, 100, by=police, role=ContactRole.VICTIM)
    demand = queries.demand_of(person, NOW)
    assert [(row.agency, row.counted) for row in demand.agencies] == [("MH", (1, 1, 1)), ("POL", (1, 2, 2))]
    assert demand.counted == (2, 3, 3)
    assert demand.crisis == (1, 1, 1)
    assert demand.aside == (1, 1, 2)
    assert demand.agency_numbers == (2, 2, 2)
    assert sum(number for _, number in demand.weeks) == 3


def test_one_incident_told_to_two_agencies_is_two_contacts_and_one_incident() -> None:
    person = make_person()
    told = [make_contact(person, by=make_user()) for _ in range(2)]
    make_contact(person)
    services.group_contacts(person, [contact.id for contact in told], by=make_user(), now=now())
    demand = queries.demand_of(person, NOW)
    assert demand.counted == (3, 3, 3)
    assert demand.incidents == (2, 2, 2)


def test_trend_counts_incidents_and_may_be_asked_of_a_victim() -> None:
    person = make_person()
    make_contacts(person, *range(6))
    make_contacts(person, *range(50, 56), role=ContactRole.VICTIM)
    assert queries.trend(person, as_at=TODAY) is Trend.RISING_FAST
    assert queries.trend(person, as_at=TODAY, roles=frozenset({ContactRole.VICTIM})) is Trend.FALLING
    assert queries.trend(make_person(), as_at=TODAY) is None


def test_month_without_data_is_a_gap_and_month_without_contacts_a_nought() -> None:
    agency, person, another = make_agency(code="POL", name="Police"), make_person(), make_person()
    this_month = TODAY.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    rows = [a_row(person), a_row(another, happened_at=at_noon(last_month))]
    services.import_contacts(rows, agency=agency, file_hash="0" * 64, by=None, now=now())
    demand = queries.demand_of(person, NOW)
    before = (last_month - timedelta(days=1)).replace(day=1)
    assert [demand.in_month("Police", month) for month in (this_month, last_month, before)] == [
        "1",
        "0",
        "No data",
    ]
    assert demand.month_total(this_month) == 1


def test_alike_contacts_are_of_one_kind_with_two_agencies_within_a_day() -> None:
    person, police, housing = make_person(), make_user(), make_user()
    first = make_contact(person, happened_at=days_ago(10), by=police)
    same = make_contact(person, happened_at=days_ago(10) + timedelta(hours=24), by=housing)
    make_contact(person, happened_at=days_ago(10), by=police)
    make_contact(person, happened_at=days_ago(10), by=housing, kind=ContactKind.FIRE)
    make_contact(person, happened_at=days_ago(8), by=housing)
    pairs = {pair.ids for pair in matching.suggestions(person, TODAY)}
    assert (first.id, same.id) in pairs
    assert len(pairs) == 2
    services.group_contacts(person, [first.id, same.id], by=police, now=now())
    assert (first.id, same.id) not in {pair.ids for pair in matching.suggestions(person, TODAY)}


def test_cases_of_a_subject_carry_each_part_it_has_and_open_ones_come_first() -> None:
    officer, person = make_user(), make_person()
    case = make_case(subject=person, role=PartyRole.VICTIM, by=officer)
    add_party(case, person, role=PartyRole.WITNESS, by=officer, now=now())
    closed = make_case(by=officer)
    add_party(closed, person, role=PartyRole.PERPETRATOR, by=officer, now=now())
    closed.closed_at, closed.closure_code = now(), "met"
    db.session.flush()
    make_case(by=officer)
    found = queries.cases_of(person, officer)
    assert [(row.reference, row.roles) for row in found] == [
        (case.reference, (PartyRole.VICTIM, PartyRole.WITNESS)),
        (closed.reference, (PartyRole.PERPETRATOR,)),
    ]
