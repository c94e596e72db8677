"""Unit costs: money in whole pence, versions that stay, an estimate inside the case, totals, and nowhere else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from psg.accounts.models import AgencyKind, Role
from psg.base import Refused
from psg.cases.models import PartyRole, Visibility
from psg.demand.conditions import When
from psg.demand.costs import queries, services
from psg.demand.costs.arithmetic import MOST_PENCE, estimate, in_pounds, pence_from, whole_pounds
from psg.demand.costs.models import CostSet
from psg.demand.mapping.page import settled_quarter
from psg.demand.models import ContactRole
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_person, a_place, make_case
from tests.factories.demand import make_contact

POLICE, FIRE, HOUSING = AgencyKind.POLICE, AgencyKind.FIRE, AgencyKind.HOUSING
SHOWN = "Estimated cost of contacts"


def coordinator():
    return make_user(role=Role.COORDINATOR)


def enter(pence=None, **values):
    return services.enter_version(
        {POLICE: 112_50} if pence is None else pence,
        **{
            "effective_from": today(),
            "price_year": 2024,
            "source": "Minute 9",
            "by": coordinator(),
            "now": now(),
        }
        | values,
    )


@given(st.integers(1, MOST_PENCE))
def test_an_amount_reads_back_as_it_was_typed(pence: int) -> None:
    assert pence_from(in_pounds(pence)) == pence
    assert pence_from(f"£{pence // 100:,}.{pence % 100:02d}") == pence


@pytest.mark.parametrize(
    "text", ["", "0", "0.00", "-1", "1.234", "1,2", "ten", "1e3", "1000000.01", "٣", "1.", "112,50"]
)
def test_what_is_no_amount_is_refused_with_what_to_enter(text: str) -> None:
    with pytest.raises(ValueError, match="enter"):
        pence_from(text)


def test_estimate_says_how_many_contacts_have_a_unit_cost_and_rounds_half_up() -> None:
    found = estimate({POLICE: 3, FIRE: 2}, {POLICE: 112_50, HOUSING: 1})
    assert (found.pence, found.priced, found.counted, found.pounds) == (337_50, 3, 5, "£338")
    assert [whole_pounds(pence) for pence in (49, 50, 149, 150, 1_234_567_50)] == [
        "£0", "£1", "£1", "£2", "£1,234,568",
    ]  # fmt: skip


def test_a_version_stays_as_it_was_when_another_follows(session) -> None:
    day = today()
    first = enter()
    later = enter({POLICE: 200_00, FIRE: 1}, effective_from=day + timedelta(days=10), price_year=day.year)
    assert [one.number for one in queries.sets()] == [2, 1]
    session.expire_all()
    assert (first.pence, first.price_year) == ({POLICE: 112_50}, 2024)
    assert queries.set_in_force(day - timedelta(days=1)) is None
    assert queries.set_in_force(day) == first
    assert queries.set_in_force(day + timedelta(days=10)) == later
    for wrong, sentence in (
        ({"effective_from": day - timedelta(days=1)}, "begin today or later"),
        ({"price_year": day.year + 1}, "Enter the year of the prices"),
        ({"pence": {}}, "at least one unit cost"),
    ):
        with pytest.raises(Refused, match=sentence):
            enter(**wrong)


def test_a_version_is_entered_by_page_and_nothing_that_was_typed_is_lost(sign_in, session) -> None:
    browser = sign_in(coordinator())
    assert "No unit costs are entered yet" in browser.get("/demand/costs").text
    day = {f"effective_from-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")}
    whole = day | {"price_year": "2024", "source": "Minute 9", "police": "112.50", "fire": "£1,250"}
    for wrong, sentence in (
        ({"police": "about 90"}, "Police: enter pounds and pence, such as 112.50"),
        ({"police": "0"}, "Police: enter more than 0"),
        ({"police": "", "fire": ""}, "Enter at least one unit cost"),
        ({"source": ""}, "Enter where these unit costs come from"),
        ({"price_year": ""}, "Enter the year of the prices"),
        ({"effective_from-year": "2020"}, "New unit costs begin today or later"),
    ):
        answer = browser.send("/demand/costs/new", whole | wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
        for typed in (whole | wrong).values():
            assert not typed or f'value="{typed}"' in answer.text
    assert session.scalar(select(func.count()).select_from(CostSet)) == 0
    assert browser.send("/demand/costs/new", whole).status_code == 303
    page = browser.get("/demand/costs").text
    for words in ("Version 1", "In force", "Prices of 2024", "Minute 9", "£112.50", "£1250.00"):
        assert words in page, words
    page = browser.get("/demand/costs/new").text
    assert 'value="112.50"' in page
    assert 'value="2024"' in page
    assert "Minute 9" not in page


def test_the_estimate_stands_in_the_case_and_in_no_ranking_and_on_no_page_of_a_subject(sign_in) -> None:
    officer, crew = make_user(), make_user(agency=make_agency(kind=FIRE))
    person, victim = a_person(name="Sallowby"), a_person()
    case = make_case(lead=officer, subject=person, role=PartyRole.PERSON_OF_CONCERN)
    hurt = make_case(lead=officer, subject=victim, role=PartyRole.VICTIM)
    for by in (officer, officer, officer, crew):
        make_contact(person, by=by)
    make_contact(victim, by=officer)
    make_contact(person, by=officer, is_crisis=True)
    make_contact(person, by=officer, role=ContactRole.VICTIM)
    make_contact(person, by=officer, on=today() - timedelta(days=365))
    browser = sign_in(officer)
    at = f"/cases/{case.reference}"
    assert SHOWN not in browser.get(at).text
    enter()
    page = browser.get(at).text
    assert "365 days: <strong>£338</strong> (3 of 4 contacts have a unit cost), prices of 2024, as at" in page
    assert "Minute 9" in page
    for path in (
        f"/cases/{hurt.reference}", person.path, "/people", "/places", "/cases", "/board", f"{at}/scores",
    ):  # fmt: skip
        page = browser.get(path).text
        assert SHOWN not in page, path
        assert "£" not in page, path
    case.visibility = Visibility.MEMBERS
    for stranger in (make_user(), coordinator()):
        answer = sign_in(stranger).get(at, follow_redirects=True).text
        assert SHOWN not in answer
        assert "£338" not in answer


def test_totals_are_by_kind_of_agency_of_five_people_and_places_or_more(sign_in, session) -> None:
    officer, crew = make_user(), make_user(agency=make_agency(kind=FIRE))
    landlord = make_user(agency=make_agency(kind=HOUSING))
    when = settled_quarter(today())
    subjects = [a_person(), a_person(), a_person(), a_person(), a_place()]
    for subject in subjects:
        make_contact(subject, by=officer, on=when.as_at)
        make_contact(subject, by=landlord, on=when.as_at)
    for subject in subjects[:4]:
        make_contact(subject, by=crew, on=when.as_at)
    costs = enter({POLICE: 10_10, FIRE: 100_00})
    reader = make_user(role=Role.DELIVERY_GROUP)
    lines = queries.totals(reader, costs, When(when.as_at))
    assert {line.kind: line.shown for line in lines} == {POLICE: "£51", HOUSING: None, FIRE: "not shown"}
    assert queries.totals(reader, costs, when) == []  # recorded since: not known then
    case = make_case(lead=officer, subject=subjects[0], role=PartyRole.PERSON_OF_CONCERN)
    case.visibility = Visibility.SEALED
    lines = queries.totals(reader, costs, When(when.as_at))
    assert {line.kind: line.shown for line in lines}[POLICE] == "not shown"
    page = sign_in(reader).get("/reports").text
    assert "There was no contact in the year to" in page
    assert "/demand/costs" not in page
