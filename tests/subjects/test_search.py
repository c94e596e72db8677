from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select

from psg.accounts.models import Role, User
from psg.audit.queries import latest
from psg.cases.models import Visibility
from psg.extensions import db
from psg.subjects import queries as subjects
from psg.subjects import services
from psg.subjects.commands import subjects_group
from psg.subjects.finding.models import SearchKey, SearchTerm
from psg.subjects.services import PersonDetails
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def reedmace():
    return make_person(
        given_name="James",
        family_name="Reedmace",
        aliases=("Reedy", "Jim the Boat"),
        address="4 Bittern Drove, Littleport",
        postcode="ZZ1 1AB",
        contact="07700 900123",
    )


@pytest.fixture
def underpass():
    return make_place(
        name="Bittern Drove underpass", address="Bittern Drove, Ely", uprn="999900000012", postcode="ZZ2 3CD"
    )


def found(text: str) -> list[str]:
    answer = subjects.search(make_user(), text)
    return [hit.reference for hit in (*answer.people, *answer.places)]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("reedmace", ("name",)),
        ("JAMES reed", ("name",)),
        ("reedm jam", ("name",)),
        ("reedy", ("alias: Reedy",)),
        ("boat", ("alias: Jim the Boat",)),
        ("littlep", ("address: 4 Bittern Drove, Littleport",)),
        ("zz1 1ab", ("postcode: ZZ1 1AB",)),
        ("zz11ab", ("postcode: ZZ1 1AB",)),
        ("07700900123", ("contact: 07700 900123",)),
        ("james littleport", ("name", "address: 4 Bittern Drove, Littleport")),
    ],
)
def test_person_is_found_by_every_name_address_and_number_and_the_result_says_why(
    reedmace, typed, why
) -> None:
    make_person(given_name="Ann", family_name="Sallowby", address="4 Weir Close, Soham", postcode="ZZ1 9XY")
    answer = subjects.search(make_user(), typed)
    assert [hit.reference for hit in answer.people] == [reedmace.reference]
    assert answer.people[0].why == why


@pytest.mark.parametrize("typed", ["reedmace sallowby", "mace", "eedm", "%", "_eedm", "r%mace", "*", "'; --"])
def test_every_word_is_accounted_for_and_no_letter_is_a_wildcard(reedmace, typed) -> None:
    assert found(typed) == []


def test_places_are_found_by_name_address_postcode_and_uprn(underpass) -> None:
    for typed in ("underpass", "bittern ely", "zz2 3cd", "999900000012"):
        assert found(typed) == [underpass.reference]


def test_people_and_places_stand_apart(reedmace, underpass) -> None:
    answer = subjects.search(make_user(), "bittern drove")
    assert [hit.name for hit in answer.people] == ["James Reedmace"]
    assert [hit.name for hit in answer.places] == ["Bittern Drove underpass"]


def test_one_letter_finds_nobody_and_a_letter_is_not_every_reference() -> None:
    person = make_person(given_name="Kay", family_name="Lapwynd")
    assert subjects.search(make_user(), "k").is_too_short
    assert found("kay p") == []
    assert found("kay l") == [person.reference]


def test_results_stop_at_fifty_and_say_so() -> None:
    for number in range(52):
        make_person(family_name=f"Marshlow {number}")
    answer = subjects.search(make_user(), "marshlow")
    assert (len(answer.people), answer.has_more) == (50, True)


def test_an_edit_changes_the_words_a_person_is_found_by(reedmace) -> None:
    services.edit_person(reedmace, PersonDetails(family_name="Sallowby"), by=make_user(), now=now())
    assert found("reedmace") == found("reedy") == []
    assert found("sallowby") == [reedmace.reference]


def test_every_word_of_a_subject_is_kept_once(reedmace, session) -> None:
    rows = session.execute(
        select(SearchTerm.word, SearchTerm.origin).where(SearchTerm.subject_id == reedmace.id)
    ).all()
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("typed", ["PSG-0142", "psg-142", "PSG142", " psg-0142 "])
def test_case_reference_leads_to_the_case_whether_or_not_there_is_one(typed) -> None:
    assert subjects.exact_path(make_user(), typed) == "/cases/PSG-0142"


def test_reference_of_a_person_or_place_leads_there_only_where_there_is_one(reedmace, underpass) -> None:
    assert subjects.exact_path(make_user(), reedmace.reference.lower()) == f"/people/{reedmace.reference}"
    assert subjects.exact_path(make_user(), f"L{underpass.id}") == f"/places/{underpass.reference}"
    assert subjects.exact_path(make_user(), f"L-{reedmace.id}") is None
    assert subjects.exact_path(make_user(), "P-999999999") is None
    assert subjects.exact_path(make_user(), "P-99999999999999999999") is None


def test_search_is_a_fixed_number_of_statements(queries) -> None:
    for number in range(3):
        make_person(family_name=f"Ternby {number}", aliases=("Tern",))
    user = make_user()
    db.session.flush()
    with queries() as few:
        subjects.search(user, "ternby")
    for number in range(30):
        make_person(family_name=f"Ternby {number}", aliases=("Tern", "T"))
    with queries() as many:
        assert len(subjects.search(user, "ternby").people) == 33
    assert few.count == many.count == 6


def test_search_page_answers_with_a_box_and_then_with_results(sign_in, reedmace) -> None:
    browser = sign_in(make_user())
    page = browser.get("/search")
    assert page.status_code == 200
    assert 'name="q"' in page.text
    answer = browser.send("/search", {"q": "reedy"})
    assert answer.status_code == 200
    assert "alias: Reedy" in answer.text
    assert "Create a new person" in answer.text
    assert answer.request.query_string == b""


def test_search_from_the_head_of_a_page_needs_no_other_field(sign_in, reedmace) -> None:
    browser = sign_in(make_user())
    answer = browser.send("/search", {"q": "reedmace"}, page="/people")
    assert "James Reedmace" in answer.text


def test_whole_reference_goes_straight_to_its_record(sign_in, reedmace) -> None:
    browser = sign_in(make_user())
    answer = browser.send("/search", {"q": reedmace.reference})
    assert (answer.status_code, answer.location) == (303, f"/people/{reedmace.reference}")
    assert browser.send("/search", {"q": "psg-7"}).location == "/cases/PSG-0007"


def test_while_typing_a_reference_is_a_link_and_the_list_is_the_part_of_the_page(sign_in, reedmace) -> None:
    browser = sign_in(make_user())
    whole = browser.send("/search", {"q": "reedy"})
    part = browser.send("/search", {"q": "reedy"}, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert _without_tokens(part.text).strip() in _without_tokens(whole.text)
    typing = browser.send("/search", {"q": reedmace.reference}, headers={"HX-Request": "true"})
    assert typing.status_code == 200
    assert f'href="/people/{reedmace.reference}"' in typing.text
    assert "HX-Redirect" not in typing.headers


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter a reference, a name or an address"),
        ("   ", "Enter a reference, a name or an address"),
        ("r" * 201, "must be 200 characters or fewer"),
        ("reed\x00mace", "cannot be stored"),
    ],
)
def test_search_that_cannot_be_made_is_refused_with_what_was_typed(sign_in, typed, sentence) -> None:
    answer = sign_in(make_user()).send("/search", {"q": typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'href="#q"' in answer.text


def test_stale_token_keeps_the_words(sign_in) -> None:
    answer = sign_in(make_user()).send("/search", {"q": "reedmace", "csrf_token": "stale"})
    assert answer.status_code == 422
    assert 'value="reedmace"' in answer.text


def test_search_writes_one_entry_of_ids_and_never_the_words(sign_in, reedmace, session) -> None:
    browser = sign_in(make_user())
    hidden = browser.hidden_fields("/search")
    browser.post("/search", data={**hidden, "q": "reedmace"})
    entry = latest(limit=1)[0]
    assert entry.detail == {"action": "search", "ids": [reedmace.record_id]}
    before = len(latest(limit=50))
    browser.post("/search", data={**hidden, "q": "nobody at all"})
    assert len(latest(limit=50)) == before + 1
    assert "nobody" not in str(latest(limit=1)[0].detail)


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_read_cases_may_not_search(sign_in, role) -> None:
    browser = sign_in(make_user(role=role))
    assert browser.get("/search").status_code == 403
    assert browser.post("/search", data={"q": "reedmace"}).status_code == 403


def _without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)


def names_found(text: str) -> list[str]:
    return [hit.name for hit in subjects.search(make_user(), text).hits]


def why(text: str) -> tuple[str, ...]:
    return subjects.search(make_user(), text).hits[0].why


def test_surest_come_first() -> None:
    for family in ("Betteny", "Elizabeth", "Bettyson", "Betty", "Bety"):
        make_person(family_name=family)
    assert names_found("betty") == ["Betty", "Bettyson", "Elizabeth", "Bety"]
    for family in ("Stephens", "Stevons", "Stevensby", "Stevens", "Stemens"):
        make_person(family_name=family)
    assert names_found("stevens") == ["Stevens", "Stevensby", "Stephens", "Stevons", "Stemens"]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("jim reedmace", "“jim” is short for James"),
        ("reidmace", "“reidmace” sounds like Reedmace"),
        ("redmacs", "“redmacs” is spelled nearly like Reedmace"),
        ("james reedmace 12/8/1986", "born that day"),
        ("james reedmace 13.8.86", "born a day apart"),
        ("reedmace 8/12/1986", "born with day and month the other way round"),
        ("reedmace 12 Aug 1996", "born on nearly that date"),
        ("reedmace 1986", "born in that year"),
        ("james peter reedmace", "but not “peter”"),
        ("+44 7700 900123", "contact: 07700 900123"),
        ("zz1 iab", "postcode: ZZ1 1AB"),
        ("reedmace soham", "ward: Soham North"),
    ],
)
def test_each_hit_is_explained_in_words(session, typed, reason) -> None:
    make_person(
        given_name="James",
        family_name="Reedmace",
        date_of_birth=date(1986, 8, 12),
        postcode="ZZ1 1AB",
        contact="07700 900123",
        ward=services.add_ward("Soham North"),
    )
    assert reason in why(typed)


def test_short_form_is_told_the_other_way_round_too() -> None:
    make_person(given_name="Liz", family_name="Sallowby")
    assert why("Elizabeth Sallowby") == ("Liz is short for “elizabeth”", "name")
    assert why("Beth Sallowby")[0] == "“beth” is a form of the name Liz"


def test_known_name_is_not_a_misspelt_other_one() -> None:
    make_person(given_name="Jean", family_name="Sallowby")
    assert names_found("joan sallowby") == names_found("dean sallowby") == []


def test_day_that_is_in_no_calendar_is_words() -> None:
    make_place(address="31 2 Sedge Lane")
    assert names_found("31/2 sedge lane") == ["31 2 Sedge Lane"]


def test_right_flat_comes_before_the_other_way_round() -> None:
    make_place(address="Flat 14, 2 High Street")
    make_place(address="Flat 2, 14 High Street")
    for typed in ("flat 2 14 high st", "14 High St, Flat 2", "2/14 high street"):
        assert names_found(typed)[0] == "Flat 2, 14 High Street", typed


def test_number_of_a_house_is_whole_unless_more_is_to_come() -> None:
    make_place(address="14 Sedge Lane")
    assert names_found("1 sedge lane") == []
    assert names_found("sedge lane 1") == ["14 Sedge Lane"]


def test_word_left_out_is_left_out_only_where_nobody_fits_surely() -> None:
    make_person(given_name="James", family_name="Reedmace", address="4 Sedge Lane")
    make_person(given_name="James Peter", family_name="Reedmace", address="9 Sedge Lane")
    assert names_found("james peter reedmace") == ["James Peter Reedmace"]
    assert names_found("james paul reedmace") == ["James Reedmace", "James Peter Reedmace"]
    assert names_found("james paul") == []


def test_somebody_called_lane_is_found_by_it_alone() -> None:
    make_person(given_name="Tony", family_name="Lane")
    make_person(given_name="Tony", family_name="Brook", address="4 Sedge Lane")
    assert names_found("lane")[0] == names_found("tony lane")[0] == "Tony Lane"


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.SEALED])
def test_hidden_person_is_found_by_no_variant_and_counted_where_restricted(visibility) -> None:
    officer = make_user()
    hidden = make_person(given_name="James", family_name="Reedmace", date_of_birth=date(1986, 8, 12))
    make_case(subject=hidden, by=officer).visibility = visibility
    for typed in ("reedmace", "jim reidmace", "redmace james", "james peter reedmace", "reedmace 13/8/1986"):
        answer = subjects.search(make_user(), typed)
        assert answer.hits == ()
        assert answer.restricted == (1 if visibility is Visibility.MEMBERS else 0), typed
        assert [hit.reference for hit in subjects.search(officer, typed).hits] == [hidden.reference]


def test_sealed_person_is_asked_for_by_the_statements_of_nobody(queries) -> None:
    officer, stranger = make_user(), make_user()
    sealed = make_person(given_name="James", family_name="Reedmace")
    make_case(subject=sealed, by=officer).visibility = Visibility.SEALED
    db.session.flush()
    with queries() as about_them:
        subjects.search(stranger, "jim reidmace")
    with queries() as about_nobody:
        subjects.search(stranger, "kit oxterfold")
    assert about_them.count == about_nobody.count


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.text(max_size=60) | some.from_regex(r"[\w' /.+-]{1,60}"))
def test_nothing_that_is_typed_breaks_the_search(session, text) -> None:
    answer = subjects.search(_somebody(), text)
    assert answer.is_too_short or answer.hits == ()


def _somebody() -> User:
    return db.session.scalars(select(User)).first() or make_user()


def test_words_and_keys_are_made_anew_by_the_command(session, reedmace) -> None:
    session.execute(delete(SearchTerm))
    session.execute(delete(SearchKey))
    session.commit()
    assert found("reidmace") == []
    answer = CliRunner().invoke(subjects_group, ["index"])
    assert (answer.exit_code, answer.output) == (0, "1 people and places are indexed.\n")
    assert found("reidmace") == found("jim reedmace") == [reedmace.reference]
