import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from psg.accounts.models import Role
from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.cases.models import PartyRole
from psg.demand.models import Contact, ContactKind, ContactRole
from psg.subjects.services import add_ward
from psg.web.dates import london, now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.demand import make_contact
from tests.factories.subjects import make_caution, make_person, make_place

pytestmark = pytest.mark.usefixtures("session")


def on(day) -> dict[str, str]:
    return {f"happened_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


A_CONTACT = on(today()) | {"kind": "asb", "role": "subject", "time": "00:00"}


def contacts(session) -> int:
    return session.scalar(select(func.count()).select_from(Contact))


def beside_the_record(texts: list[str]) -> int:
    """How many statements were not the writing of the entry."""
    return sum(not re.search("audit_(head|leaf|detail|mention|generation)", text) for text in texts)


def references(page) -> list[str]:
    return re.findall(r'<th scope="row".*?>([PL]-\d+)</a>', page.text)


def test_list_ranks_by_contacts_and_sorts_by_its_headings(sign_in) -> None:
    some, many, none = (make_person(family_name=name) for name in ("Some", "Many", "Zilch"))
    for number in range(3):
        make_contact(many, happened_at=now() - timedelta(days=number))
    make_contact(some)
    browser = sign_in(make_user())
    page = browser.get("/people")
    assert references(page) == [many.reference, some.reference, none.reference]
    assert 'aria-sort="descending"' in page.text
    assert references(browser.get("/people?sort=name")) == [many.reference, some.reference, none.reference]
    assert references(browser.get("/people?sort=-name")) == [none.reference, some.reference, many.reference]
    assert "sort=-365" in page.text
    assert references(browser.get("/places")) == []


def test_list_filters_by_ward_and_its_fragment_is_part_of_the_page(sign_in) -> None:
    ward = add_ward("Sutton")
    here = make_place(ward=ward)
    make_place()
    browser = sign_in(make_user())
    page = browser.get(f"/places?ward={ward.id}")
    assert references(page) == [here.reference]
    part = browser.get(f"/places?ward={ward.id}", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert part.text.strip() in page.text


@pytest.mark.parametrize(
    "query",
    [
        "ward=999999",
        "ward=x",
        "ward=%00",
        "sort=secret",
        "sort=-",
        "sort=%00",
        "page=0",
        "page=-1",
        "page=x",
        "page=99999",
    ],
)
def test_nonsense_in_the_address_of_a_list_is_as_good_as_nothing(sign_in, query) -> None:
    make_person()
    assert sign_in(make_user()).get(f"/people?{query}").status_code == 200


def test_empty_list_says_what_will_be_there(sign_in) -> None:
    browser = sign_in(make_user())
    assert "People appear here once they are added" in browser.get("/people").text
    ward = add_ward("Sutton")
    assert "matches these filters" in sign_in(make_user()).get(f"/people?ward={ward.id}").text


def test_list_turns_pages(sign_in) -> None:
    for number in range(51):
        make_person(family_name=f"Marshlow{number}")
    browser = sign_in(make_user())
    assert len(references(browser.get("/people"))) == 50
    assert len(references(browser.get("/people?page=2"))) == 1


def test_list_is_a_fixed_number_of_statements(sign_in, queries) -> None:
    def statements() -> int:
        browser = sign_in(officer)
        with queries() as sent:
            assert browser.get("/people").status_code == 200
        return beside_the_record(sent.texts)

    officer = make_user()
    make_contact(make_person(), by=officer)
    few = statements()
    for number in range(30):
        person = make_person(family_name=f"Lodeham{number}", aliases=("L",), ward=add_ward(f"Ward {number}"))
        make_contact(person, by=officer)
    assert statements() == few == 6


def test_list_writes_one_entry_with_the_ids_it_showed(sign_in) -> None:
    person, officer = make_person(), make_user()
    browser = sign_in(officer)
    before = len(latest(limit=50))
    browser.get("/people")
    entry = latest(limit=1)[0]
    assert len(latest(limit=50)) == before + 1
    assert (entry.op, entry.actor) == (Operation.CONSULTATION, officer.record_id)
    assert entry.detail == {"action": "people.list", "ids": [person.record_id]}


def test_page_of_a_person_shows_warning_cases_and_demand(sign_in) -> None:
    officer = make_user(agency=make_agency(code="POL", name="Fenland Police"))
    person = make_person(
        given_name="James",
        family_name="Reedmace",
        aliases=("Reedy",),
    )
    make_caution(person, words="Dog at the address", review_on=today() + timedelta(days=3))
    case = make_case(subject=person, role=PartyRole.VICTIM, by=officer, summary="Shouting at night")
    make_contact(person, by=officer, summary="Rang at midnight", is_crisis=True)
    make_contact(person, by=officer, role=ContactRole.WITNESS)
    browser = sign_in(officer)
    page = browser.get(f"/people/{person.reference}")
    assert page.status_code == 200
    for words in (
        "Dog at the address", "Reedy", case.reference, "Victim", "Fenland Police", "Rang at midnight", "<svg",
        "As victim or witness, not counted", "never evidence of unnecessary use", f"/cases/new?subject={person.reference}",
    ):  # fmt: skip
        assert words in page.text, words
    assert page.text.index("Dog at the address") < page.text.index("Shouting at night")
    assert "Reedmace" not in re.search("<title>.*</title>", page.text).group()
    assert latest(limit=1)[0].detail == {"action": "person.view", "ids": [case.record_id]}
    assert latest(limit=1)[0].obj == person.record_id


def test_page_of_nobody_much_says_what_will_be_there(sign_in) -> None:
    place = make_place(name="Lantern Court")
    page = sign_in(make_user()).get(f"/places/{place.reference}")
    assert page.status_code == 200
    assert "Cases in which this place has a part appear here" in page.text
    assert "in the last 365 days appear here" in page.text


def test_page_is_a_fixed_number_of_statements(sign_in, queries) -> None:
    officer, person = make_user(), make_person(aliases=("Reedy",))

    def statements() -> int:
        browser, path = sign_in(officer), person.path
        with queries() as sent:
            assert browser.get(path).status_code == 200
        return beside_the_record(sent.texts)

    make_contact(person, by=officer)
    make_case(subject=person, by=officer)
    few = statements()
    for _ in range(12):
        make_contact(person, by=make_user())
        make_case(subject=person, by=officer)
    assert statements() == few <= 19


@pytest.mark.parametrize(
    "path", ["/people/P-9999", "/people/L-0001", "/places/P-0001", "/people/x", "/people/P-99999999999"]
)
@pytest.mark.parametrize("rest", ["", "/contacts", "/contacts/new", "/incidents/new", "/contacts/1/withdraw"])
def test_page_of_nobody_is_not_found(sign_in, path, rest) -> None:
    assert sign_in(make_user()).get(path + rest).status_code == 404


@pytest.mark.parametrize("role", [Role.DELIVERY_GROUP, Role.AUDITOR, Role.ADMINISTRATOR])
def test_hidden_and_missing_are_alike_to_who_may_not_read(sign_in, role) -> None:
    person = make_person()
    browser = sign_in(make_user(role=role))
    hidden, missing = browser.get(f"/people/{person.reference}"), browser.get("/people/P-9999")
    assert (hidden.status_code, hidden.data) == (missing.status_code, missing.data)
    assert hidden.status_code == 404


def test_contact_is_recorded_by_hand(sign_in, session) -> None:
    officer, person = make_user(), make_person()
    day = today() - timedelta(days=2)
    answer = sign_in(officer).send(
        f"/people/{person.reference}/contacts/new",
        A_CONTACT
        | on(day)
        | {"time": "14.05", "kind": "health", "role": "caller", "is_crisis": "y", "summary": "Rang  twice"},
    )
    assert (answer.status_code, answer.location) == (303, f"/people/{person.reference}")
    contact = session.scalars(select(Contact)).one()
    assert (contact.kind, contact.role, contact.summary) == (
        ContactKind.HEALTH,
        ContactRole.CALLER,
        "Rang twice",
    )
    assert (contact.agency, contact.is_crisis, contact.source_reference) == (officer.agency, True, None)
    assert f"{london(contact.happened_at):%Y-%m-%d %H:%M}" == f"{day} 14:05"


def test_contact_about_a_place_asks_for_no_part(sign_in, session) -> None:
    place = make_place()
    browser = sign_in(make_user())
    path = f"/places/{place.reference}/contacts/new"
    assert 'name="role"' not in browser.get(path).text
    assert browser.send(path, on(today()) | {"kind": "noise"}).status_code == 303
    assert session.scalars(select(Contact)).one().role is ContactRole.SUBJECT


BAD = [
    ({"kind": ""}, "Choose what the contact was about"),
    ({"kind": "parking"}, "Choose what the contact was about"),
    ({"role": ""}, "Choose their part in this contact"),
    ({"role": "offender"}, "Choose their part in this contact"),
    ({"time": "25:00"}, "24-hour clock"),
    ({"time": "noon"}, "24-hour clock"),
    ({"happened_on-day": "31", "happened_on-month": "2"}, "must be a real date"),
    (
        {"happened_on-day": "", "happened_on-month": "", "happened_on-year": ""},
        "Enter the day of the contact",
    ),
    ({"happened_on-year": "2999"}, "cannot be in the future"),
    ({"summary": "s" * 201}, "must be 200 characters or fewer"),
    ({"summary": "\x00"}, "cannot be stored"),
    ({"source_reference": "r" * 61}, "must be 60 characters or fewer"),
    ({"source_reference": "CAD 1"}, "already has a contact with this reference"),
    ({"csrf_token": "stale"}, "This page was open for too long"),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_bad_contact_is_refused_with_a_sentence_and_what_was_typed(sign_in, session, typed, sentence) -> None:
    officer, person = make_user(), make_person()
    make_contact(person, by=officer, source_reference="CAD 1")
    browser = sign_in(officer)
    answer = browser.send(
        f"/people/{person.reference}/contacts/new", A_CONTACT | {"source_reference": "Kept"} | typed
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Kept"' in answer.text or "source_reference" in typed
    assert contacts(session) == 1


def test_same_contact_sent_twice_is_one(sign_in, session) -> None:
    person = make_person()
    browser = sign_in(make_user())
    path = f"/people/{person.reference}/contacts/new"
    hidden = browser.hidden_fields(path)
    assert {browser.post(path, data=hidden | A_CONTACT).status_code for _ in range(3)} == {303}
    assert contacts(session) == 1


def test_contacts_are_grouped_from_their_page(sign_in, session) -> None:
    person = make_person()
    first, second = (make_contact(person, by=make_user()) for _ in range(2))
    browser = sign_in(make_user())
    assert "May be one incident" in browser.get(f"/people/{person.reference}/contacts").text
    path = f"/people/{person.reference}/incidents/new"
    for ticked in ([], [str(first.id)], ["999999", str(first.id)], ["x"]):
        assert browser.send(path, {"contacts": ticked}).status_code == 422
    assert browser.send(path, {"contacts": [str(first.id), str(second.id)]}).status_code == 303
    session.expire_all()
    assert first.incident_id == second.incident_id is not None
    assert f"Incident {first.incident_id}" in browser.get(f"/people/{person.reference}/contacts").text


def test_contact_is_withdrawn_with_a_reason_by_its_agency(sign_in, session) -> None:
    officer, person = make_user(), make_person()
    contact = make_contact(person, by=officer)
    path = f"/people/{person.reference}/contacts/{contact.id}/withdraw"
    assert sign_in(make_user()).send(path, {"reason": "Not ours"}).status_code == 422
    browser = sign_in(officer)
    assert browser.send(path, {"reason": ""}).status_code == 422
    assert browser.send(path, {"reason": "Wrong person"}).status_code == 303
    session.expire_all()
    assert contact.withdrawn_reason == "Wrong person"
    assert "Withdrawn" in browser.get(f"/people/{person.reference}/contacts").text


def test_contact_of_another_person_is_not_found_under_this_one(sign_in) -> None:
    contact = make_contact(make_person())
    browser = sign_in(make_user())
    other = make_person().reference
    assert browser.get(f"/people/{other}/contacts/{contact.id}/withdraw").status_code == 404
    assert browser.get(f"/people/{other}/contacts/99999999999999999999/withdraw").status_code == 404


def test_contacts_page_is_a_fixed_number_of_statements_and_turns(sign_in, queries) -> None:
    officer, person = make_user(), make_person()

    def statements() -> int:
        browser, path = sign_in(officer), f"{person.path}/contacts"
        with queries() as sent:
            assert browser.get(path).status_code == 200
        return beside_the_record(sent.texts)

    make_contact(person, by=officer)
    few = statements()
    for _ in range(55):
        make_contact(person, by=officer)
    assert statements() == few <= 5
    assert sign_in(officer).get(f"/people/{person.reference}/contacts?page=2").text.count("Withdraw<") == 6
