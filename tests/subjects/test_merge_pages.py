"""Comparing two records, combining them and taking it back, as a coordinator meets it; and the old reference afterwards."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from psg.accounts.models import Role
from psg.cases.models import PartyRole, Visibility
from psg.cases.services import add_party
from psg.subjects import services
from psg.subjects.merging.models import Merge
from psg.subjects.models import Person
from psg.web.dates import now
from tests.access.standing import shut_out
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.demand import make_contact
from tests.factories.merging import make_known_person, merge
from tests.factories.subjects import make_person, make_place

BORN = date(1979, 3, 7)
REASON = {"reason": "The same date of birth"}


@pytest.fixture
def chair(session: Any) -> Any:
    return make_user(role=Role.COORDINATOR)


@pytest.fixture
def browser(sign_in: Any, chair: Any) -> Browser:
    browser: Browser = sign_in(chair)
    return browser


@pytest.fixture
def pair(chair: Any, session: Any) -> tuple[Person, Person]:
    kept = make_person(
        by=chair, family_name="Reedmace", date_of_birth=BORN, contact="07700 900001", aliases=("Reedy",)
    )
    gone = make_person(
        by=chair, family_name="Reedmase", date_of_birth=BORN, contact="07700 900002", known_as="Jim"
    )
    session.commit()
    return kept, gone


def at(pair: tuple[Person, Person], what: str = "merge") -> str:
    return f"{pair[0].path}/{what}/{pair[1].reference}"


def merges(session: Any) -> list[Merge]:
    return list(session.scalars(select(Merge)).all())


def test_the_two_stand_side_by_side_with_what_differs_marked(browser: Browser, pair: Any) -> None:
    page = browser.get(at(pair, "duplicates")).text
    assert re.search(r"Name.*Reedmace.*Reedmase.*<strong>Differs", page, re.S)
    assert re.search(r"Date of birth.*?The same", page, re.S)
    assert at(pair) in page
    turned = browser.get(at(pair[::-1], "duplicates")).text
    assert f"{pair[0].reference}: Compare with {pair[1].reference}" in turned, "the older one first"


def test_combining_asks_field_by_field_and_keeps_what_was_chosen(
    browser: Browser, pair: Any, session: Any
) -> None:
    make_contact(pair[1], by=make_user())
    session.commit()
    page = browser.get(at(pair)).text
    assert "1 contact" in page
    assert re.search(r'name="keep_name"[^>]*value="kept"[^>]*checked', page)
    assert 'name="keep_date_of_birth"' not in page, "nothing is asked where the two agree"
    answer = browser.send(
        at(pair), REASON | {"keep_name": "gone", "keep_contact": "kept", "keep_known_as": "gone"}
    )
    assert (answer.status_code, answer.location) == (303, pair[0].path)
    session.expire_all()
    assert (pair[0].name, pair[0].contact, pair[0].known_as) == ("Reedmase", "07700 900001", "Jim")
    assert {alias.name for alias in pair[0].aliases} == {"Reedy", "Reedmace"}
    page = browser.get(pair[0].path).text
    assert f"Earlier reference: {pair[1].reference}" in page
    assert f"/merges/{merges(session)[0].id}/undo" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "Enter why they are one"),
        ({"reason": "x" * 501}, "500 characters or fewer"),
        ({"keep_name": "both"}, "Choose which name stays"),
        ({"versions": "0.0"}, "compare them again"),
        ({"versions": "٣.1"}, "compare them again"),
    ],
)
def test_bad_answer_is_refused_in_words_and_kept(
    browser: Browser, pair: Any, session: Any, typed: dict[str, str], sentence: str
) -> None:
    good = REASON | {"keep_name": "gone", "keep_contact": "gone", "keep_known_as": "kept"}
    answer = browser.send(at(pair), good | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert re.search(r'name="keep_contact"[^>]*value="gone"[^>]*checked', answer.text)
    assert merges(session) == []


def test_a_record_edited_meanwhile_is_compared_again(
    browser: Browser, pair: Any, session: Any, chair: Any
) -> None:
    hidden = browser.hidden_fields(at(pair))
    details = services.PersonDetails(family_name="Reedmase", contact="07700 900999")
    services.edit_person(pair[1], details, by=chair, now=now())
    session.commit()
    typed = hidden | REASON | {"keep_name": "kept", "keep_contact": "gone"}
    answer = browser.post(at(pair), data=typed)
    assert answer.status_code == 422
    assert "07700 900999" in answer.text
    versions = re.search(r'name="versions" value="([\d.]+)"', answer.text)
    assert versions is not None
    again = browser.post(at(pair), data=typed | {"versions": versions.group(1)})
    assert again.status_code == 303


def test_sending_it_twice_combines_once(browser: Browser, pair: Any, session: Any) -> None:
    typed = (
        browser.hidden_fields(at(pair))
        | REASON
        | {"keep_name": "kept", "keep_contact": "kept", "keep_known_as": "gone"}
    )
    first, second = (browser.post(at(pair), data=typed) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(merges(session)) == 1


def test_the_password_is_asked_for_again_after_ten_minutes(
    browser: Browser, pair: Any, session: Any, chair: Any
) -> None:
    combined = merge(make_person(by=chair), make_person(by=chair), by=chair)
    session.commit()
    with time_machine.travel(now() + timedelta(minutes=11)):
        for path in (at(pair), f"{combined.kept.path}/merges/{combined.id}/undo"):
            answer = browser.get(path)
            assert answer.status_code == 303
            assert answer.location is not None
            assert answer.location.startswith("/step-up")
        assert browser.get(at(pair, "duplicates")).status_code == 200, "comparing changes nothing"


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_find_no_such_page(sign_in: Any, pair: Any, session: Any, chair: Any, role: Role) -> None:
    combined = merge(*pair, by=chair)
    session.commit()
    browser = sign_in(make_user(role=role))
    other = make_person(by=chair)
    for path in (f"{pair[0].path}/merge/{other.reference}", f"{pair[0].path}/merges/{combined.id}/undo"):
        assert browser.get(path).status_code == 404
    page = browser.get(pair[0].path)
    if role in (Role.PRACTITIONER, Role.AGENCY_LEAD):
        assert f"Earlier reference: {pair[1].reference}" in page.text
        assert "/undo" not in page.text


@pytest.mark.parametrize("other", ["P-9999", "L-0001", "nobody", "%00"])
def test_a_person_is_compared_with_another_person_only(browser: Browser, pair: Any, other: str) -> None:
    make_place()
    for what in ("merge", "duplicates"):
        assert browser.get(f"{pair[0].path}/{what}/{other}").status_code == 404
        assert browser.get(f"{pair[0].path}/{what}/{pair[0].reference}").status_code == 404


class TestTheOldReference:
    """It leads to the record that stayed, for those who may see that; for others there is no such record."""

    @pytest.mark.parametrize(
        "rest", ["", "/contacts", "/edit", "/links", "/links/new?to=P-0009", "/contacts/new"]
    )
    def test_every_page_of_it_is_that_of_the_one_that_stayed(
        self, browser: Browser, pair: Any, session: Any, chair: Any, rest: str
    ) -> None:
        merge(*pair, by=chair)
        session.commit()
        answer = browser.get(f"{pair[1].path}{rest}")
        assert (answer.status_code, answer.location) == (303, f"{pair[0].path}{rest}")
        assert browser.get(pair[1].path.lower(), follow_redirects=True).status_code == 200

    def test_what_somebody_was_typing_meets_what_is_saved(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        """The form goes on to the record that stayed with every word in it, and shows both texts."""
        typed = browser.hidden_fields(f"{pair[1].path}/edit") | {
            "family_name": "Reedmase",
            "contact": "My words",
        }
        merge(*pair, by=chair)
        session.commit()
        answer = browser.post(f"{pair[1].path}/edit", data=typed)
        assert (answer.status_code, answer.location) == (307, f"{pair[0].path}/edit")
        met = browser.post(answer.location, data=typed)
        assert met.status_code == 409
        assert "My words" in met.text
        assert "07700 900001" in met.text

    def test_typed_into_the_search_it_opens_the_one_that_stayed(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        merge(*pair, by=chair)
        session.commit()
        assert browser.send("/search", {"q": pair[1].reference}).location == pair[0].path

    @pytest.mark.parametrize("how", ["sealed", "in conflict"])
    def test_it_betrays_no_record_that_is_hidden(
        self, pair: Any, session: Any, chair: Any, sign_in: Any, how: str
    ) -> None:
        merge(*pair, by=chair)
        stranger, case = make_user(), make_case(subject=pair[0], by=chair)
        if how == "sealed":
            case.visibility = Visibility.SEALED
        else:
            shut_out(case, stranger)
        session.commit()
        browser = sign_in(stranger)
        missing = browser.get("/people/P-9999")
        for path in (pair[1].path, pair[0].path):
            answer = browser.get(path)
            assert (answer.status_code, answer.text) == (404, missing.text)
        assert browser.send("/search", {"q": pair[1].reference}).status_code == 200


class TestNobodySeesMoreByIt:
    """Somebody known only from cases that are kept to their members is not made known through another record."""

    def test_a_person_of_a_restricted_case_stays_apart_from_one_whom_others_know(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        make_case(subject=pair[1], by=chair).visibility = Visibility.MEMBERS
        make_case(subject=pair[0], by=chair)
        session.commit()
        page = browser.get(at(pair, "duplicates")).text
        assert "These two are not combined here" in page
        assert at(pair) not in page
        answer = browser.send(
            at(pair), REASON | {"keep_name": "kept", "keep_contact": "kept", "keep_known_as": "kept"}
        )
        assert answer.status_code == 422
        assert "These two are not combined here" in answer.text
        assert merges(session) == []

    def test_a_conflict_of_interest_is_not_gone_round(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        shut_out(make_case(subject=pair[1], by=chair), make_user())
        make_case(subject=pair[0], by=chair)
        session.commit()
        assert "These two are not combined here" in browser.get(at(pair, "duplicates")).text

    def test_whoever_is_known_from_an_open_case_too_is_combined(
        self, pair: Any, session: Any, chair: Any
    ) -> None:
        make_case(subject=pair[1], by=chair).visibility = Visibility.MEMBERS
        for one in pair:
            make_case(subject=one, by=chair)
        session.flush()
        assert merge(*pair, by=chair).kept is pair[0]

    def test_what_the_answer_is_does_not_depend_on_a_case_that_they_may_not_see(
        self, pair: Any, session: Any, chair: Any, sign_in: Any
    ) -> None:
        officer, reader = make_user(), make_user(role=Role.COORDINATOR)
        for one in pair:
            make_case(subject=one, by=officer)
        browser = sign_in(reader)
        before = browser.get(at(pair, "duplicates")).text
        hidden = make_case(by=officer)
        add_party(hidden, pair[1], role=PartyRole.VICTIM, by=officer, now=now())
        hidden.visibility = Visibility.SEALED
        shut_out(hidden, reader)
        session.commit()
        told = re.compile(r'value="[^"]*"')
        assert told.sub("", browser.get(at(pair, "duplicates")).text) == told.sub("", before)

    def test_who_saw_only_one_sees_no_more_afterwards(
        self, pair: Any, session: Any, chair: Any, sign_in: Any
    ) -> None:
        """A record in no case goes into one of a restricted case: who did not see that one sees neither now."""
        make_case(subject=pair[1], by=chair).visibility = Visibility.MEMBERS
        stranger = make_user()
        session.flush()
        merge(*pair, by=chair)
        session.commit()
        browser = sign_in(stranger)
        for one in pair:
            assert browser.get(one.path).status_code == 404
        assert "Reedmase" not in browser.send("/search", {"q": "reedmase"}).text.replace(
            'value="reedmase"', ""
        )


class TestUndoing:
    def test_it_is_undone_from_the_page_of_the_one_that_stayed(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        combined = merge(*pair, by=chair)
        session.commit()
        path = f"{pair[0].path}/merges/{combined.id}/undo"
        assert "The same date of birth and address" in browser.get(path).text
        answer = browser.send(path)
        assert (answer.status_code, answer.location) == (303, pair[0].path)
        assert browser.get(pair[1].path).status_code == 200
        page = browser.get(pair[0].path).text
        assert "Undone " in page
        assert path not in page
        assert browser.send(path).status_code == 422

    def test_the_reason_stands_in_place_of_the_button_where_it_cannot_be(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        combined = merge(*pair, by=chair, choice={})
        session.commit()
        services.edit_person(
            pair[0], services.PersonDetails(family_name="Reedmace", known_as="Jimmy"), by=chair, now=now()
        )
        session.commit()
        path = f"{pair[0].path}/merges/{combined.id}/undo"
        page = browser.get(pair[0].path).text
        assert path not in page
        assert re.search(rf"Cannot be undone: {pair[0].reference} was changed on", page)
        assert "It cannot be undone as it is" in browser.get(path).text
        answer = browser.send(path)
        assert answer.status_code == 422
        assert "was changed on" in answer.text

    def test_the_later_one_comes_first(self, browser: Browser, pair: Any, session: Any, chair: Any) -> None:
        first = merge(*pair, by=chair)
        later = merge(pair[0], make_person(by=chair), by=chair)
        session.commit()
        page = browser.get(pair[0].path).text
        assert f"/merges/{later.id}/undo" in page
        assert f"/merges/{first.id}/undo" not in page
        assert "Undo the later one first" in page

    def test_a_merge_of_another_record_is_not_found_there(
        self, browser: Browser, pair: Any, session: Any, chair: Any
    ) -> None:
        combined = merge(*pair, by=chair)
        other = make_person(by=chair)
        session.commit()
        for number in (combined.id, 999_999, 10**12):
            assert browser.get(f"{other.path}/merges/{number}/undo").status_code == 404


def test_comparing_and_combining_take_the_same_statements_however_much_there_is(
    browser: Browser, session: Any, chair: Any, queries: Any
) -> None:
    few = make_person(by=chair), make_person(by=chair)
    many = make_known_person(by=chair), make_known_person(by=chair)
    session.commit()
    for what in ("duplicates", "merge"):
        browser.get(at(few, what))
        counts = []
        for pair in (few, many):
            with queries() as sent:
                assert browser.get(at(pair, what)).status_code == 200
            counts.append(sent.count)
        assert abs(counts[0] - counts[1]) <= 2, (what, counts)
