"""Where people live and lived: one history, with the present address always in step."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from psg.audit.queries import latest
from psg.base import Refused
from psg.cases.models import Visibility
from psg.subjects import queries, residences
from psg.subjects.models import ResidenceKind
from psg.subjects.residences import Stay
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.subjects import make_person, make_place, make_residence

pytestmark = pytest.mark.usefixtures("session")


def ago(days: int):
    return today() - timedelta(days=days)


def day(name: str, when) -> dict[str, str]:
    return {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}


def found(text: str) -> list[str]:
    return [hit.reference for hit in queries.search(make_user(), text).people]


def test_address_a_person_is_added_with_is_their_first_residence() -> None:
    person = make_person(address="4 Sedge Lane", postcode="ZZ1 1AB")
    (first,) = person.residences
    assert (first.address, first.postcode, first.kind) == ("4 Sedge Lane", "ZZ1 1AB", ResidenceKind.HOME)
    assert make_person().residences == []


def test_move_ends_the_address_before_and_both_find_the_person() -> None:
    person = make_person(address="4 Sedge Lane", postcode="ZZ1 1AB")
    make_residence(person, address="9 Weir Close", postcode="ZZ2 2CD", since=ago(10))
    assert (person.address, person.postcode) == ("9 Weir Close", "ZZ2 2CD")
    assert [one.until for one in residences.in_order(person)] == [None, ago(10)]
    assert found("weir close") == found("sedge lane") == [person.reference]
    hit = queries.search(make_user(), "sedge lane").people[0]
    assert hit.why == ("earlier address: 4 Sedge Lane",)


def test_second_home_leaves_the_first() -> None:
    person = make_person(address="4 Sedge Lane")
    make_residence(person, address="9 Weir Close", since=ago(10), has_left_others=False)
    assert [one.until for one in person.residences] == [None, None]
    assert person.address == "9 Weir Close"


def test_earlier_address_changes_nothing_today() -> None:
    person = make_person(address="4 Sedge Lane")
    make_residence(person, address="9 Weir Close", since=ago(900), until=ago(300))
    assert person.address == "4 Sedge Lane"
    assert person.residences[0].until is None


def test_who_has_left_lives_nowhere_known() -> None:
    person, officer = make_person(address="4 Sedge Lane", postcode="ZZ1 1AB"), make_user()
    residences.end_residence(person.residences[0], until=ago(2), by=officer, now=now())
    assert (person.address, person.postcode) == ("", "")
    with pytest.raises(Refused, match="has an end already"):
        residences.end_residence(person.residences[0], until=ago(1), by=officer, now=now())


def test_correction_changes_the_address_and_is_recorded_without_it(session) -> None:
    person, officer = make_person(address="4 Sedge Lane"), make_user()
    residences.correct_residence(person.residences[0], Stay(address="14 Sedge Lane"), by=officer, now=now())
    session.commit()
    assert person.address == "14 Sedge Lane"
    entry = latest(limit=1)[0]
    assert (entry.obj, entry.detail["action"]) == (person.record_id, "residence.edit")
    assert entry.detail["fields"] == ["address"]
    assert "Sedge" not in str(entry.detail)


@pytest.mark.parametrize(
    ("stay", "field"),
    [
        ({"since": ago(-1)}, "since"),
        ({"until": ago(-1)}, "until"),
        ({"since": ago(1), "until": ago(2)}, "until"),
        ({"address": ""}, "address"),
        ({"place_reference": "L-9999"}, "place_reference"),
        ({"place_reference": "nowhere"}, "place_reference"),
    ],
)
def test_what_cannot_be_is_refused(stay, field) -> None:
    with pytest.raises(Refused) as refusal:
        make_residence(make_person(), **({"address": "9 Weir Close"} | stay))
    assert refusal.value.field == field


def test_place_known_here_gives_the_address_and_lists_who_lives_there(sign_in) -> None:
    place = make_place(address="Flat 2, Quayfield House", postcode="ZZ1 1AB")
    person = make_person()
    make_residence(person, address="", place_reference=place.reference)
    assert (person.address, person.postcode) == ("Flat 2, Quayfield House", "ZZ1 1AB")
    browser = sign_in(make_user())
    assert person.reference in browser.get(place.path).text
    assert place.reference in browser.get(person.path).text
    assert place.reference in browser.get(f"{person.path}/addresses").text


def test_hidden_resident_and_hidden_place_are_not_betrayed_by_each_other(sign_in) -> None:
    officer, stranger = make_user(), make_user()
    hidden, person = make_person(family_name="Sallowby"), make_person()
    place, secret = make_place(address="9 Open Row"), make_place(address="3 Quiet Reach")
    make_residence(hidden, place_reference=place.reference, by=officer)
    make_residence(person, address="", place_reference=secret.reference, by=officer)
    for subject in (hidden, secret):
        make_case(subject=subject, by=officer).visibility = Visibility.SEALED
    browser = sign_in(stranger)
    assert "Sallowby" not in browser.get(place.path).text
    for page in (person.path, f"{person.path}/addresses"):
        assert secret.reference not in browser.get(page).text
    edit = f"{person.path}/addresses/{person.residences[0].id}/edit"
    assert secret.reference not in browser.get(edit).text
    answer = browser.send(edit, {"address": "3 Quiet Reach", "kind": "home"})
    assert answer.status_code == 303
    assert person.residences[0].place is secret
    answer = browser.send(edit, {"place_reference": secret.reference, "kind": "home"})
    assert answer.status_code == 422


def test_pages_add_correct_and_end(sign_in, session) -> None:
    person = make_person(address="4 Sedge Lane")
    browser = sign_in(make_user())
    base = f"{person.path}/addresses"
    typed = {"address": "9 Weir Close", "kind": "supported", "postcode": "zz22cd", **day("since", ago(10))}
    answer = browser.send(f"{base}/new", typed | {"has_left_others": "y"})
    assert (answer.status_code, answer.location) == (303, base)
    newest = residences.present(person)
    assert (newest.postcode, newest.kind) == ("ZZ2 2CD", ResidenceKind.SUPPORTED)
    again = browser.send(f"{base}/{newest.id}/edit", {"address": "19 Weir Close", "kind": "home"})
    assert again.status_code == 303
    session.expire_all()
    assert person.address == "19 Weir Close"
    assert browser.send(f"{base}/{newest.id}/end", day("until", ago(1))).status_code == 303
    session.expire_all()
    assert residences.present(person) is None
    page = browser.get(base).text
    assert page.index("19 Weir Close") < page.index("4 Sedge Lane")


def test_two_people_correcting_one_address_see_both_texts(sign_in) -> None:
    person = make_person(address="4 Sedge Lane")
    page = f"{person.path}/addresses/{person.residences[0].id}/edit"
    first, second = sign_in(make_user()), sign_in(make_user())
    hidden = second.hidden_fields(page)
    first.send(page, {"address": "14 Sedge Lane", "kind": "home"})
    answer = second.post(page, data=hidden | {"address": "40 Sedge Lane", "kind": "home"})
    assert answer.status_code == 409
    assert "14 Sedge Lane" in answer.text
    assert "40 Sedge Lane" in answer.text


def test_edit_page_of_a_person_leaves_their_addresses_alone(sign_in) -> None:
    person = make_person(family_name="Reed", address="4 Sedge Lane", postcode="ZZ1 1AB")
    page = f"{person.path}/edit"
    browser = sign_in(make_user())
    assert 'name="postcode"' not in browser.get(page).text
    assert browser.send(page, {"family_name": "Reed", "address": "1 Other Row"}).status_code == 303
    assert (person.address, person.postcode) == ("4 Sedge Lane", "ZZ1 1AB")


spans = some.lists(
    some.tuples(some.integers(0, 300), some.none() | some.integers(0, 300), some.booleans()), max_size=6
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans)
def test_present_address_is_always_that_of_the_latest_residence_without_an_end(session, stays) -> None:
    person = make_person()
    for number, (start, length, is_move) in enumerate(stays):
        until = None if length is None else ago(max(start - length, 0))
        make_residence(
            person, address=f"{number} Weir Close", since=ago(start), until=until, has_left_others=is_move
        )
    standing = [one for one in person.residences if one.until is None]
    latest_in = max(standing, key=lambda one: (one.since, one.id), default=None)
    assert person.address == (latest_in.address if latest_in else "")
    assert all(one.until is None or one.since <= one.until for one in person.residences)
