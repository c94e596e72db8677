import pytest

from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.base import Refused
from psg.subjects import queries, services
from psg.subjects.models import PlaceKind
from psg.subjects.services import PersonDetails, PlaceDetails
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")


def newest_entry(session):
    session.commit()
    return latest(limit=1)[0]


def test_person_is_added_with_one_entry_that_names_fields_and_no_values(session) -> None:
    officer = make_user()
    session.commit()
    before = len(latest(limit=50))
    person = make_person(by=officer, given_name="James", family_name="Reedmace", aliases=("Reedy",))
    entry = newest_entry(session)
    assert len(latest(limit=50)) == before + 1
    assert (entry.op, entry.actor, entry.obj) == (Operation.COLLECTION, officer.record_id, person.record_id)
    assert entry.detail == {"action": "person.add", "fields": ["aliases", "family_name", "given_name"]}


def test_edit_changes_every_field_counts_a_version_and_records_which(session) -> None:
    person, officer, ward = (
        make_person(given_name="Jim", family_name="Reed"),
        make_user(),
        services.add_ward("Sutton"),
    )
    details = PersonDetails(
        given_name="James", family_name="Reedmace", ward=ward, needs_interpreter=True, aliases=("Reedy",)
    )
    services.edit_person(person, details, by=officer, now=now())
    session.expire_all()
    assert (person.name, person.ward, person.version) == ("James Reedmace", ward, 2)
    assert person.needs_interpreter
    entry = newest_entry(session)
    assert entry.op is Operation.ALTERATION
    assert entry.detail["fields"] == ["aliases", "family_name", "given_name", "needs_interpreter", "ward"]
    assert "Reedmace" not in str(entry.detail)


def test_change_of_an_alias_alone_makes_a_new_version(session) -> None:
    person = make_person(family_name="Reed", aliases=("Reedy", "Jim"))
    services.edit_person(
        person, PersonDetails(family_name="Reed", aliases=("Jim", "Jimmy")), by=make_user(), now=now()
    )
    session.expire_all()
    assert person.version == 2
    assert [alias.name for alias in person.aliases] == ["Jim", "Jimmy"]


def test_alias_is_added_once_whatever_its_capitals(session) -> None:
    person, officer = make_person(), make_user()
    for name in ("Reedy", "REEDY"):
        services.add_alias(person, name, by=officer, now=now())
    assert [alias.name for alias in person.aliases] == ["Reedy"]
    assert subjects_found("reedy") == [person.reference]


def test_place_without_a_name_goes_by_its_address() -> None:
    assert make_place(address="4 Sedge Lane").name == "4 Sedge Lane"
    assert make_place(address="4 Sedge Lane", name="Lantern Court").name == "Lantern Court"


def test_uprn_belongs_to_one_place(session) -> None:
    first, second = make_place(uprn="999900000001"), make_place(uprn="999900000002")
    with pytest.raises(Refused, match=first.reference) as refusal:
        make_place(uprn="999900000001")
    assert refusal.value.field == "uprn"
    same = PlaceDetails(address="1 Sedge Lane", uprn="999900000002", place_kind=PlaceKind.BLOCK)
    services.edit_place(second, same, by=make_user(), now=now())
    assert second.place_kind is PlaceKind.BLOCK


def test_ward_of_a_name_there_is_already_is_that_ward() -> None:
    assert services.add_ward("Sutton") is services.add_ward("Sutton")


def test_subject_is_found_by_a_reference_of_either_kind() -> None:
    person, place = make_person(), make_place()
    assert queries.subject_by_reference(make_user(), person.reference) is person
    assert queries.subject_by_reference(make_user(), place.reference) is place
    assert queries.subject_by_reference(make_user(), f"L-{person.id:04d}") is None
    assert queries.subject_by_reference(make_user(), "") is None
    assert [hit.reference for hit in queries.find(make_user(), person.reference)] == [person.reference]


def subjects_found(text: str) -> list[str]:
    return [hit.reference for hit in queries.find(make_user(), text)]
