"""Likely duplicates: shown before somebody is added, and never those who only look alike."""

from datetime import date

import pytest
from sqlalchemy import func, select

from psg.cases.models import Visibility
from psg.subjects import matching, services
from psg.subjects.models import Person
from psg.subjects.services import PersonDetails, PlaceDetails
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.subjects import make_person
from tests.subjects.pairs import APART, ONE

pytestmark = pytest.mark.usefixtures("session")
JIM = {"given_name": "Jim", "family_name": "Reedmace"}


def add(details: PersonDetails | PlaceDetails):
    if isinstance(details, PersonDetails):
        return services.add_person(details, by=None, now=now())
    return services.add_place(details, by=None, now=now())


@pytest.fixture
def searched(sign_in):
    browser = sign_in(make_user())
    browser.send("/search", {"q": "nobody known"})
    return browser


@pytest.mark.parametrize("pair", APART, ids=str)
def test_two_that_only_look_alike_are_not_taken_for_each_other(pair) -> None:
    add(pair[0])
    assert matching.alike(make_user(), pair[1]) == []


@pytest.mark.parametrize("pair", ONE, ids=str)
def test_one_under_another_name_is_found_from_either_end(pair) -> None:
    known = add(pair[0])
    assert [hit.reference for hit in matching.alike(make_user(), pair[1])] == [known.reference]


def test_there_are_fifty_pairs_apart() -> None:
    assert len(APART) >= 50


def test_record_is_not_its_own_duplicate() -> None:
    person = make_person(given_name="James", family_name="Reedmace")
    other = make_person(given_name="Jim", family_name="Reedmace")
    assert [hit.reference for hit in matching.alike(make_user(), person)] == [other.reference]


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.SEALED])
def test_hidden_one_is_told_of_only_where_restricted_ones_are(visibility) -> None:
    officer = make_user()
    hidden = make_person(given_name="James", family_name="Reedmace", date_of_birth=date(1986, 8, 12))
    make_case(subject=hidden, by=officer).visibility = visibility
    likely = matching.look(make_user(), PersonDetails(**JIM))
    assert likely.hits == ()
    assert likely.restricted == (1 if visibility is Visibility.MEMBERS else 0)


def number_of_people(session) -> int:
    return session.scalar(select(func.count()).select_from(Person))


def test_whoever_adds_is_asked_once_and_may_go_on(searched, session) -> None:
    known = make_person(given_name="James", family_name="Reedmace")
    session.commit()
    asked = searched.send("/people/new", JIM)
    assert asked.status_code == 422
    assert "Is it one of these?" in asked.text
    assert known.reference in asked.text
    assert 'value="Jim"' in asked.text
    assert number_of_people(session) == 1
    shown = ",".join(sorted({known.reference, "restricted0"}))
    assert searched.send("/people/new", JIM | {"none_of_these": shown}).status_code == 303
    assert number_of_people(session) == 2


def test_answer_about_others_is_no_answer(searched, session) -> None:
    make_person(given_name="James", family_name="Reedmace")
    session.commit()
    answer = searched.send("/people/new", JIM | {"none_of_these": "P-9999,restricted0"})
    assert answer.status_code == 422
    assert number_of_people(session) == 1


def test_while_typing_the_hint_is_the_part_of_the_page_and_saves_nothing(searched, session) -> None:
    known = make_person(given_name="James", family_name="Reedmace")
    session.commit()
    hidden = searched.hidden_fields("/people/new")
    typed = {"csrf_token": hidden["csrf_token"], "given_name": "Jim", "family_name": "Reedm"}
    part = searched.post("/people/new/alike", data=typed, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert known.reference in part.text
    assert "<html" not in part.text
    odd = typed | {"date_of_birth-day": "x", "place_kind": "castle"}
    assert searched.post("/people/new/alike", data=odd, headers={"HX-Request": "true"}).status_code == 200
    assert number_of_people(session) == 1
    assert searched.get("/people/new/alike").location == "/people/new"
