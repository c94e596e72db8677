import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from psg.accounts.models import Role
from psg.audit.queries import latest
from psg.subjects.models import Person, Place, Subject
from psg.subjects.services import add_ward
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")
A_PERSON = {"given_name": "James", "family_name": "Reedmace"}
A_PLACE = {"address": "4 Sedge Lane", "place_kind": "dwelling"}


@pytest.fixture
def searched(sign_in):
    """An officer's browser, after a search that found nobody."""
    browser = sign_in(make_user())
    browser.send("/search", {"q": "nobody known"})
    return browser


def number_of(session, model=Subject) -> int:
    return session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("path", ["/people/new", "/places/new"])
def test_nobody_is_added_without_a_search_first(sign_in, path) -> None:
    browser = sign_in(make_user())
    answer = browser.get(path)
    assert (answer.status_code, answer.location) == (303, "/search")
    assert "Search first" in browser.get("/search").text


def test_search_of_half_an_hour_ago_is_made_again(searched, sign_in) -> None:
    with time_machine.travel(now() + timedelta(minutes=31)):
        answer = sign_in(make_user(), searched).get("/people/new")
    assert (answer.status_code, answer.location) == (303, "/search")


def test_words_searched_for_start_the_new_record_and_stand_in_no_address(searched) -> None:
    answer = searched.send("/search", {"q": "James Reedmace"})
    hidden = re.search(r'action="/people/new".*?</form>', answer.text, re.S).group()
    token = re.search(r'name="csrf_token" value="([^"]+)"', hidden).group(1)
    person = searched.post("/people/new", data={"csrf_token": token, "q": "James Reedmace"})
    assert person.status_code == 200
    assert 'value="James"' in person.text
    assert 'value="Reedmace"' in person.text
    place = searched.post("/places/new", data={"csrf_token": token, "q": "4 Sedge Lane"})
    assert 'value="4 Sedge Lane"' in place.text


def test_start_with_a_stale_token_keeps_the_words(searched) -> None:
    answer = searched.post("/people/new", data={"csrf_token": "stale", "q": "James Reedmace"})
    assert answer.status_code == 422
    assert 'value="James Reedmace"' in answer.text


def test_person_is_added_and_found(searched, session) -> None:
    ward = add_ward("Sutton")
    session.commit()
    answer = searched.send(
        "/people/new",
        A_PERSON | {
            "date_of_birth-day": "1", "date_of_birth-month": "2", "date_of_birth-year": "1990", "ward": str(ward.id),
            "postcode": "zz11ab", "traits": ["is_care_leaver"], "aliases": "Reedy\r\n\r\n Jim  the Boat ",
        },
    )  # fmt: skip
    person = session.scalars(select(Person)).one()
    assert (answer.status_code, answer.location) == (303, f"/people/{person.reference}")
    assert (person.name, person.postcode, person.ward) == ("James Reedmace", "ZZ1 1AB", ward)
    assert [alias.name for alias in person.aliases] == ["Reedy", "Jim the Boat"]
    assert person.is_care_leaver
    assert not person.needs_interpreter
    assert latest(limit=1)[0].detail["action"] == "person.add"


def test_place_is_added(searched, session) -> None:
    answer = searched.send("/places/new", A_PLACE | {"uprn": "999900000001", "manager": "Lodeside Homes"})
    place = session.scalars(select(Place)).one()
    assert (answer.status_code, answer.location) == (303, f"/places/{place.reference}")
    assert (place.name, place.uprn) == ("4 Sedge Lane", "999900000001")


def test_form_that_took_long_is_kept_and_asks_for_another_search(searched, sign_in, session) -> None:
    hidden = searched.hidden_fields("/people/new")
    with time_machine.travel(now() + timedelta(hours=13)):
        answer = sign_in(make_user(), searched).post("/people/new", data=hidden | A_PERSON)
    assert answer.status_code == 422
    assert "Search for them in another tab" in answer.text
    assert 'value="Reedmace"' in answer.text
    assert number_of(session) == 0


def test_same_form_sent_twice_adds_one_person(searched, session) -> None:
    hidden = searched.hidden_fields("/people/new")
    first = searched.post("/people/new", data=hidden | A_PERSON)
    second = searched.post("/people/new", data=hidden | A_PERSON)
    assert (first.location, second.status_code) == (second.location, 303)
    assert number_of(session) == 1


def test_same_form_sent_again_with_other_words_is_not_lost(searched, session) -> None:
    hidden = searched.hidden_fields("/people/new")
    searched.post("/people/new", data=hidden | A_PERSON)
    answer = searched.post("/people/new", data=hidden | A_PERSON | {"family_name": "Sallowby"})
    assert answer.status_code == 409
    assert 'value="Sallowby"' in answer.text
    assert number_of(session) == 1


BAD = [
    ("people", {"family_name": ""}, "Enter the family name"),
    ("people", {"family_name": " \t "}, "Enter the family name"),
    ("people", {"family_name": "R" * 81}, "must be 80 characters or fewer"),
    ("people", {"family_name": "Reed\x00mace"}, "cannot be stored"),
    ("people", {"postcode": "Z" * 11}, "must be 10 characters or fewer"),
    (
        "people",
        {"date_of_birth-day": "31", "date_of_birth-month": "2", "date_of_birth-year": "1990"},
        "a real date",
    ),
    (
        "people",
        {"date_of_birth-day": "x", "date_of_birth-month": "2", "date_of_birth-year": "1990"},
        "a real date",
    ),
    ("people", {"date_of_birth-day": "1"}, "must include a month and year"),
    (
        "people",
        {"date_of_birth-day": "1", "date_of_birth-month": "1", "date_of_birth-year": "2999"},
        "in the past",
    ),
    ("people", {"ward": "999999"}, "Choose ward from the list"),
    ("people", {"ward": "Sutton"}, "Choose ward from the list"),
    ("people", {"age_band": "140 to 150"}, "from the list"),
    ("people", {"traits": ["is_admin"]}, "from the list"),
    ("people", {"aliases": "\n".join(f"Name {number}" for number in range(21))}, "20 other names or fewer"),
    ("people", {"aliases": "a" * 121}, "120 characters or fewer"),
    ("people", {"csrf_token": "stale"}, "This page was open for too long"),
    ("places", {"address": ""}, "Enter the address"),
    ("places", {"address": "a" * 201}, "must be 200 characters or fewer"),
    ("places", {"place_kind": ""}, "Choose the kind of place"),
    ("places", {"place_kind": "castle"}, "Choose the kind of place"),
    ("places", {"uprn": "12a"}, "digits only"),
    ("places", {"uprn": "1" * 13}, "must be 12 characters or fewer"),
    ("places", {"uprn": "999900000001"}, "Is it one of these?"),
    ("places", {"manager": "m" * 121}, "must be 120 characters or fewer"),
]


@pytest.mark.parametrize(("where", "typed", "sentence"), BAD)
def test_bad_answer_is_refused_with_a_sentence_and_nothing_is_changed(
    searched, session, where, typed, sentence
) -> None:
    make_place(uprn="999900000001")
    session.commit()
    filled = (A_PERSON if where == "people" else A_PLACE) | {"aliases": "Kept words"} | typed
    answer = searched.send(f"/{where}/new", filled)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept words" in answer.text or "aliases" in typed
    assert number_of(session) == 1


def test_error_summary_links_to_the_field(searched) -> None:
    answer = searched.send("/people/new", {"family_name": ""})
    assert "<title>Error: Add a person" in answer.text
    assert 'href="#family_name"' in answer.text


def test_edit_page_shows_what_is_saved_and_saves_what_is_typed(sign_in, session) -> None:
    person = make_person(given_name="James", family_name="Reedmace", aliases=("Reedy",), is_care_leaver=True)
    browser = sign_in(make_user())
    page = browser.get(f"/people/{person.reference}/edit")
    assert "Reedy</textarea>" in page.text
    assert "Reedmace" not in re.search("<title>.*</title>", page.text).group()
    answer = browser.send(
        f"/people/{person.reference}/edit", A_PERSON | {"family_name": "Sallowby", "aliases": "Sal"}
    )
    assert (answer.status_code, answer.location) == (303, f"/people/{person.reference}")
    session.expire_all()
    assert (person.name, person.is_care_leaver) == ("James Sallowby", False)


def test_two_people_editing_one_person_see_both_texts(sign_in, session) -> None:
    person = make_person(family_name="Reedmace", aliases=("Reedy",))
    first, second = sign_in(make_user()), sign_in(make_user())
    path = f"/people/{person.reference}/edit"
    hidden = second.hidden_fields(path)
    first.send(path, {"family_name": "Reedmace", "aliases": "Reedy\nTheir alias"})
    answer = second.post(path, data=hidden | {"family_name": "Reedmace", "aliases": "Reedy\nMy alias"})
    assert answer.status_code == 409
    assert "Their alias" in answer.text
    assert "My alias" in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text).group(1)
    again = second.post(
        path, data=hidden | {"version": version, "family_name": "Reedmace", "aliases": "Both"}
    )
    assert again.status_code == 303
    session.expire_all()
    assert [alias.name for alias in person.aliases] == ["Both"]


def test_edit_of_a_place_keeps_its_own_uprn_and_refuses_anothers(sign_in, session) -> None:
    place = make_place(uprn="999900000001")
    make_place(uprn="999900000002")
    browser = sign_in(make_user())
    path = f"/places/{place.reference}/edit"
    assert browser.send(path, A_PLACE | {"uprn": "999900000001"}).status_code == 303
    assert browser.send(path, A_PLACE | {"uprn": "999900000002"}).status_code == 422


@pytest.mark.parametrize(
    "reference", ["P-9999", "L-0001", "PSG-0001", "0", "P-", "P-99999999999999999999", "%00"]
)
def test_edit_of_nobody_is_not_found(sign_in, reference) -> None:
    assert sign_in(make_user()).get(f"/people/{reference}/edit").status_code == 404


def test_edit_page_is_not_found_for_who_may_not_read(sign_in) -> None:
    person = make_person()
    assert sign_in(make_user(role=Role.AUDITOR)).get(f"/people/{person.reference}/edit").status_code == 404


def test_child_is_known_by_date_of_birth_or_band() -> None:
    assert make_person(date_of_birth=today() - timedelta(days=365 * 15)).is_child_on(today())
    assert not make_person(date_of_birth=today() - timedelta(days=365 * 40)).is_child_on(today())
