"""Which two records may be one, and why; and saying of two that they are not."""

import re
from datetime import date
from typing import Any

import pytest

from psg.accounts.models import Role
from psg.cases.models import Visibility
from psg.extensions import db
from psg.subjects import services
from psg.subjects.duplicates import queries as duplicates
from psg.subjects.duplicates.models import Rule
from psg.subjects.duplicates.services import compare_again, keep_apart
from psg.subjects.models import PlaceKind, Subject, SubjectKind
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_ward
from tests.factories.merging import merge
from tests.factories.subjects import make_person, make_place

BORN = date(1986, 8, 12)


@pytest.fixture
def chair(session: Any) -> Any:
    return make_user(role=Role.COORDINATOR)


@pytest.fixture
def browser(sign_in: Any, chair: Any) -> Browser:
    browser: Browser = sign_in(chair)
    return browser


def found(
    user: Any, kind: SubjectKind = SubjectKind.PERSON, **terms: Any
) -> dict[tuple[str, str], list[str]]:
    rows = db.session.execute(duplicates.candidates(user, kind, **terms)).all()
    pairs = [duplicates.pair_of(row, kind) for row in rows]
    return {(pair.older.reference, pair.younger.reference): list(pair.why) for pair in pairs}


def why(user: Any, one: Subject, other: Subject) -> list[str] | None:
    return found(user, one.kind).get((one.reference, other.reference))


PEOPLE_ALIKE = [
    ("a misspelt family name", {}, {"family_name": "Reedmase"}, Rule.BORN),
    ("a family name that is misheard", {"family_name": "Stephens"}, {"family_name": "Stevens"}, Rule.BORN),
    ("a day off", {}, {"date_of_birth": date(1986, 8, 13)}, Rule.BORN),
    ("a day off at the end of a month", {"date_of_birth": date(1986, 2, 28)}, {"date_of_birth": date(1986, 3, 1)}, Rule.BORN),
    ("day and month the other way round", {}, {"date_of_birth": date(1986, 12, 8)}, Rule.BORN),
    ("a former family name", {}, {"family_name": "Sallowby"}, Rule.GIVEN_AND_BORN),
    ("a short given name and another family name", {}, {"given_name": "Jim", "family_name": "Sallowby"}, Rule.GIVEN_AND_BORN),
    ("a former family name at home", {"address": "14 Sedge Lane"},
     {"family_name": "Sallowby", "address": "14, Sedge Ln", "date_of_birth": None}, Rule.GIVEN_AT_HOME),
    ("an initial at home", {"address": "Flat 2, Quayfield House"},
     {"given_name": "J", "family_name": "Reedmaice", "address": "Flt 2 Quayfield Hse", "date_of_birth": None}, Rule.FAMILY_AT_HOME),
    ("a telephone", {"contact": "07700 900123"},
     {"family_name": "Sallowby", "contact": "+44 7700 900 123, by text", "date_of_birth": None}, Rule.TELEPHONE),
    ("no date of birth", {}, {"family_name": "Reedmayce", "date_of_birth": None}, Rule.NAME),
    ("an alias that is the other’s name", {"aliases": ("Jim Sallowby",)}, {"family_name": "Sallowby"}, Rule.BORN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("_what", "one", "other", "rule"), PEOPLE_ALIKE, ids=[case[0] for case in PEOPLE_ALIKE]
)
def test_two_records_of_a_person_meet(chair: Any, _what: str, one: Any, other: Any, rule: Rule) -> None:
    usual = {"given_name": "James", "family_name": "Reedmace", "date_of_birth": BORN, "ward": make_ward()}
    first, second = make_person(**usual | one), make_person(**usual | other)
    told = why(chair, first, second)
    assert told is not None
    assert rule.words in told


PEOPLE_APART = [
    ("another year", {"date_of_birth": date(1976, 8, 12)}),
    ("two days off", {"date_of_birth": date(1986, 8, 14)}),
    ("another name on the same day", {"given_name": "Robert", "family_name": "Sallowby"}),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "other"), PEOPLE_APART, ids=[case[0] for case in PEOPLE_APART])
def test_two_people_do_not_meet(chair: Any, _what: str, other: Any) -> None:
    usual = {"given_name": "James", "family_name": "Reedmace", "date_of_birth": BORN, "ward": make_ward()}
    assert why(chair, make_person(**usual), make_person(**usual | other)) is None


PLACES_ALIKE = [
    ("one UPRN", {"uprn": "999900000001", "address": "1 Mere Row"}, {"address": "The old barn"}, Rule.UPRN),
    ("Road and Rd", {"address": "14 Osier Road"}, {"address": "14 Osier Rd."}, Rule.ADDRESS),
    ("a flat in two forms", {"address": "Flat 2, Quayfield House"}, {"address": "2 Quayfield Hse, flat 2"}, None),
    ("a flat written short", {"address": "Flat 2, Quayfield House"}, {"address": "Flt 2 Quayfield Hse"}, Rule.ADDRESS),
    ("a name in two forms", {"address": "Bittern Drove", "name": "Bittern underpass", "place_kind": PlaceKind.UNDERPASS},
     {"address": "By the A10", "name": "The Bittern underpass", "place_kind": PlaceKind.UNDERPASS}, Rule.PLACE_NAME),
]  # fmt: skip


@pytest.mark.parametrize(
    ("_what", "one", "other", "rule"), PLACES_ALIKE, ids=[case[0] for case in PLACES_ALIKE]
)
def test_two_records_of_a_place_meet(chair: Any, _what: str, one: Any, other: Any, rule: Rule | None) -> None:
    ward = make_ward()
    first, second = make_place(ward=ward, **one), make_place(ward=ward, **other)
    if "uprn" in one:  # the form refuses a second one; an import of another source may bring it
        second.uprn = first.uprn
        services.keep_findable(second)
    told = why(chair, first, second)
    assert (told is None) if rule is None else (told is not None and rule.words in told)


def test_two_places_of_one_street_do_not_meet(chair: Any) -> None:
    ward = make_ward()
    for address, kind in (
        ("1 Weir Close", PlaceKind.DWELLING), ("2 Weir Close", PlaceKind.DWELLING), ("Weir Close", PlaceKind.PARK),
        ("Weir Close", PlaceKind.CAR_PARK),
    ):  # fmt: skip
        make_place(address=address, place_kind=kind, ward=ward)
    make_place(address="1 Weir Close", place_kind=PlaceKind.DWELLING, ward=make_ward())
    assert found(chair, SubjectKind.PLACE) == {}


def test_what_many_share_tells_nothing(chair: Any) -> None:
    """A dozen people written down as unknown are not a hundred pairs."""
    for _ in range(duplicates.MOST_WITH_ONE_KEY + 1):
        make_person(given_name="Unknown", family_name="Unknown")
    assert found(chair) == {}


def test_a_record_that_changes_meets_others_as_it_is_now(chair: Any) -> None:
    one = make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN)
    other = make_person(given_name="Ann", family_name="Sallowby", date_of_birth=BORN)
    assert why(chair, one, other) is None
    details = services.PersonDetails(given_name="Ann", family_name="Reedmase", date_of_birth=BORN)
    services.edit_person(other, details, by=chair, now=now())
    assert why(chair, one, other) == [Rule.BORN.words]


def test_what_was_combined_meets_nobody(chair: Any) -> None:
    people = [make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN) for _ in range(3)]
    assert len(found(chair)) == 3
    merge(people[0], people[1], by=chair)
    assert found(chair).keys() == {(people[0].reference, people[2].reference)}


def test_nothing_hidden_makes_a_pair_nor_hides_one(chair: Any) -> None:
    one, hidden = (
        make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN) for _ in range(2)
    )
    officer = make_user()
    make_case(subject=hidden, by=officer).visibility = Visibility.SEALED
    stranger = make_user(role=Role.COORDINATOR)
    db.session.flush()
    assert found(stranger) == {}
    assert duplicates.number_alike_for(stranger, one, today()) == 0
    for _ in range(duplicates.MOST_WITH_ONE_KEY - 1):
        make_case(
            subject=make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN), by=officer
        )
    assert len(found(stranger)) == 66, "thirteen of whom twelve are seen would be too many"


def test_the_number_on_the_page_is_that_of_the_list(chair: Any, browser: Browser, session: Any) -> None:
    people = [make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN) for _ in range(3)]
    make_person(given_name="Ann", family_name="Sallowby", date_of_birth=BORN)
    session.commit()
    page = browser.get(people[1].path).text
    link = re.search(r'href="(/people/duplicates\?about=[^"]+)">Possible duplicates \(2\)', page)
    assert link is not None
    listed = browser.get(link.group(1)).text
    assert len(re.findall(r'href="/people/P-\d+/duplicates/P-\d+"', listed)) == 2
    assert len(found(chair, about=people[1])) == 2
    keep_apart(people[0], people[1], by=chair, now=now())
    session.commit()
    assert "Possible duplicates (1)" in browser.get(people[1].path).text


def test_others_are_told_of_none(sign_in: Any, session: Any) -> None:
    one, _other = (
        make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN) for _ in range(2)
    )
    session.commit()
    officer = sign_in(make_user())
    assert "Possible duplicates" not in officer.get(one.path).text
    for kind in ("people", "places"):
        assert officer.get(f"/{kind}/duplicates").status_code == 403


class TestKeepingApart:
    def test_two_that_are_not_the_same_are_listed_no_more_until_it_is_taken_back(
        self, browser: Browser, session: Any, chair: Any
    ) -> None:
        one, other = (
            make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN) for _ in range(2)
        )
        session.commit()
        comparison = f"{one.path}/duplicates/{other.reference}"
        assert comparison in browser.get("/people/duplicates").text
        assert browser.send(comparison).location == "/people/duplicates"
        assert comparison not in browser.get("/people/duplicates").text
        listed = browser.get("/people/duplicates?state=apart").text
        assert comparison in listed
        assert chair.name in listed
        page = browser.get(comparison).text
        assert "found them to be two on" in page
        assert f"/merge/{other.reference}" not in page
        assert browser.send(comparison).status_code == 303
        assert comparison in browser.get("/people/duplicates").text

    def test_it_stays_when_a_record_is_edited(self, chair: Any, session: Any) -> None:
        one, other = (
            make_person(given_name="James", family_name="Reedmace", date_of_birth=BORN) for _ in range(2)
        )
        keep_apart(other, one, by=chair, now=now())
        keep_apart(one, other, by=chair, now=now())
        services.add_alias(one, "Jim", by=chair, now=now())
        assert found(chair) == {}
        compare_again(one, other, by=chair, now=now())
        assert len(found(chair)) == 1

    def test_an_answer_that_is_none_is_refused(self, browser: Browser, session: Any) -> None:
        one, other = make_person(), make_person()
        session.commit()
        path = f"{one.path}/duplicates/{other.reference}"
        answer = browser.send(path, {"answer": "perhaps"})
        assert answer.status_code == 422
        assert "Press the button on this page" in answer.text

    def test_what_is_hidden_now_is_not_listed(self, sign_in: Any, session: Any, chair: Any) -> None:
        one, other = make_person(), make_person(family_name="Sedgewick")
        keep_apart(one, other, by=chair, now=now())
        make_case(subject=other, by=make_user()).visibility = Visibility.SEALED
        session.commit()
        page = sign_in(make_user(role=Role.COORDINATOR)).get("/people/duplicates?state=apart").text
        assert "Sedgewick" not in page
        assert "No pair matches" in page


class TestChoosingTwo:
    def test_any_two_are_compared_by_their_references(
        self, browser: Browser, session: Any, chair: Any
    ) -> None:
        one, other = make_place(), make_place()
        session.commit()
        answer = browser.send(
            "/places/duplicates/compare", {"one": other.reference, "other": one.reference.lower()}
        )
        assert answer.location == f"{other.path}/duplicates/{one.reference}"

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"one": ""}, "Enter the first reference"),
            ({"other": "P-9999"}, "Enter the reference of one of the people"),
            ({"other": "L-0001"}, "Enter the reference of one of the people"),
            ({"other": "nonsense"}, "Enter the reference of one of the people"),
            ({"other": None}, "That is the same record"),
        ],
    )
    def test_bad_answer_is_refused_in_words_and_kept(
        self, browser: Browser, session: Any, typed: dict[str, Any], sentence: str
    ) -> None:
        one, other = make_person(), make_person()
        session.commit()
        good = {"one": one.reference, "other": other.reference}
        sent = good | {name: one.reference if value is None else value for name, value in typed.items()}
        answer = browser.send("/people/duplicates/compare", sent)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{sent["other"]}"' in answer.text


def test_list_sorts_pages_and_says_why_in_one_number_of_statements(
    browser: Browser, session: Any, queries: Any
) -> None:
    def make_pair(number: int) -> None:
        for name in ("James", "Jim"):
            make_person(
                given_name=name,
                family_name=f"Alder{chr(97 + number % 26)}{chr(97 + number // 26)}",
                date_of_birth=BORN.replace(year=1900 + number),
            )

    make_pair(0)
    session.commit()
    browser.get("/people/duplicates")
    with queries() as few:
        page = browser.get("/people/duplicates").text
    assert (
        "Family names that sound alike, born on or about the same day; the same given name and date of birth"
        in page
    )
    for number in range(1, 60):
        make_pair(number)
    session.commit()
    with queries() as many:
        page = browser.get("/people/duplicates").text
    assert few.count == many.count
    assert "page=2" in page
    for sort in ("name", "-name", "reference", "-likeness"):
        assert browser.get(f"/people/duplicates?sort={sort}").status_code == 200
    assert "<html" not in browser.get("/people/duplicates?page=2", headers={"HX-Request": "true"}).text
    assert "Records that sound or look alike appear here" in browser.get("/places/duplicates").text
    assert "No pair matches" in browser.get("/people/duplicates?page=99").text


@pytest.mark.parametrize("query", ["?about=P-9999", "?about=L-0001", "?about=%00", "?sort=x&state=y&page=z"])
def test_odd_addresses_show_the_usual_list(browser: Browser, query: str) -> None:
    assert browser.get(f"/people/duplicates{query}").status_code == 200
