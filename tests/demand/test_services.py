from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.base import Refused
from psg.demand import services
from psg.demand.imports.sheet import RowProblem
from psg.demand.models import Contact, ContactKind, ContactRole, DemandImport, SuppliedMonth
from psg.web.dates import london, now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.demand import a_row, at_noon, make_contact
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")


def send(*rows, agency=None, **values):
    values = {"file_hash": "0" * 64, "by": None, "now": now()} | values
    return services.import_contacts(rows, agency=agency or make_agency(code="POL"), **values)


def held(session) -> int:
    return session.scalar(select(func.count()).select_from(Contact))


def test_contact_by_hand_belongs_to_the_agency_of_who_records_it(session) -> None:
    officer, person = make_user(), make_person()
    contact = make_contact(person, by=officer, source_reference="CAD 12", is_crisis=True)
    session.commit()
    session.expire_all()
    assert (contact.agency, contact.recorded_by, contact.import_id) == (officer.agency, officer, None)
    assert contact.happened_on == london(contact.happened_at).date()
    entry = latest(limit=1)[0]
    assert (entry.op, entry.obj) == (Operation.COLLECTION, contact.record_id)
    assert entry.detail["subject"] == person.record_id


def test_day_of_a_contact_is_the_day_in_london() -> None:
    summer_night = at_noon(date(2025, 7, 1)) + timedelta(hours=12)
    assert make_contact(make_person(), happened_at=summer_night).happened_on.day == 2


def test_contact_in_the_future_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        make_contact(make_person(), happened_at=now() + timedelta(minutes=5))
    assert refusal.value.field == "happened_on"


def test_agencys_own_reference_is_used_once_in_the_agency_and_again_in_another() -> None:
    officer, person = make_user(), make_person()
    make_contact(person, by=officer, source_reference="12")
    with pytest.raises(Refused) as refusal:
        make_contact(make_person(), by=officer, source_reference="12")
    assert refusal.value.field == "source_reference"
    make_contact(person, by=make_user(), source_reference="12")
    make_contact(person, by=officer)
    make_contact(person, by=officer)


def test_place_has_no_part_but_that_it_was_about_it() -> None:
    with pytest.raises(Refused):
        make_contact(make_place(), role=ContactRole.CALLER)


def test_only_the_agency_that_holds_a_contact_withdraws_it(session) -> None:
    officer, person = make_user(), make_person()
    contact = make_contact(person, by=officer)
    with pytest.raises(Refused, match="Only"):
        services.withdraw_contact(contact, reason="Wrong person", by=make_user(), now=now())
    services.withdraw_contact(contact, reason="Wrong person", by=officer, now=now())
    assert not contact.is_counted
    with pytest.raises(Refused, match="already"):
        services.withdraw_contact(contact, reason="Wrong person", by=officer, now=now())


def test_contacts_are_grouped_as_one_incident_and_more_join_it(session) -> None:
    officer, person = make_user(), make_person()
    first, second, third = (make_contact(person, by=make_user()) for _ in range(3))
    incident = services.group_contacts(person, [second.id, first.id], by=officer, now=now())
    assert services.group_contacts(person, [third.id, first.id], by=officer, now=now()) is incident
    assert {first.incident_id, second.incident_id, third.incident_id} == {incident.id}
    session.commit()
    entry = latest(limit=1)[0]
    assert (entry.op, entry.obj) == (Operation.COMBINATION, incident.record_id)
    assert set(entry.detail["ids"]) == {first.record_id, third.record_id}


def test_contacts_that_cannot_be_one_incident_are_refused() -> None:
    officer, person = make_user(), make_person()
    mine = [make_contact(person) for _ in range(4)]
    elsewhere = make_contact(make_person())
    for numbers in (
        [],
        [mine[0].id],
        [mine[0].id, mine[0].id],
        [mine[0].id, elsewhere.id],
        [999999, mine[0].id],
    ):
        with pytest.raises(Refused, match="two or more"):
            services.group_contacts(person, numbers, by=officer, now=now())
    services.group_contacts(person, [contact.id for contact in mine[:2]], by=officer, now=now())
    services.group_contacts(person, [contact.id for contact in mine[2:]], by=officer, now=now())
    with pytest.raises(Refused, match="two incidents"):
        services.group_contacts(person, [mine[0].id, mine[2].id], by=officer, now=now())


def test_import_adds_contacts_by_reference_and_by_uprn_with_one_entry(session) -> None:
    person, place, agency = make_person(), make_place(uprn="999900000001"), make_agency(code="POL")
    session.commit()
    before = len(latest(limit=50))
    done = send(
        a_row(person, role=ContactRole.VICTIM),
        a_row(place),
        a_row("999900000001"),
        a_row(f"p{person.id}"),
        agency=agency,
    )
    session.commit()
    assert (done.added, done.held, done.problems) == (4, 0, ())
    entries = latest(limit=50)
    assert len(entries) == before + 1
    assert (entries[0].op, entries[0].actor) == (Operation.COLLECTION, "system")
    source = session.scalars(select(DemandImport)).one()
    assert entries[0].obj == source.record_id
    assert entries[0].detail["added"] == source.added == 4


def test_import_again_adds_nothing(session) -> None:
    rows = [a_row(make_person()) for _ in range(3)]
    send(*rows)
    done = send(*rows)
    assert (done.added, done.held, done.differing) == (0, 3, ())
    assert held(session) == 3
    assert session.scalar(select(func.count()).select_from(DemandImport)) == 1


def test_same_reference_of_another_agency_is_another_contact(session) -> None:
    row = a_row(make_person())
    send(row)
    assert send(row, agency=make_agency(code="HOU")).added == 1


def test_row_that_differs_from_what_is_held_is_named_and_left() -> None:
    person = make_person()
    send(a_row(person, source_reference="R-A", kind=ContactKind.ASB))
    done = send(a_row(person, source_reference="R-A", kind=ContactKind.FIRE, number=7))
    assert (done.added, done.differing) == (0, (7,))


def test_row_taken_back_stays_and_is_no_longer_counted(session) -> None:
    person = make_person()
    send(a_row(person, source_reference="R-A"))
    row = a_row(person, source_reference="R-A", is_withdrawn=True)
    assert (send(row).withdrawn, send(row).withdrawn) == (1, 0)
    session.expire_all()
    contact = session.scalars(select(Contact)).one()
    assert not contact.is_counted
    assert contact.withdrawn_reason


def test_bad_rows_stop_the_import_unless_they_are_left_out(session) -> None:
    good, unknown = a_row(make_person(), number=2), a_row("P-9999", number=4)
    unreadable = RowProblem(3, "kind must be one of …")
    with pytest.raises(services.BadRows) as refusal:
        send(good, unknown, problems=[unreadable])
    assert [problem.number for problem in refusal.value.problems] == [3, 4]
    assert "2 of 3 rows" in str(refusal.value)
    assert held(session) == 0
    done = send(good, unknown, problems=[unreadable], skip_bad_rows=True)
    assert (done.added, [problem.number for problem in done.problems]) == (1, [3, 4])


def test_file_of_bad_rows_only_is_refused_even_where_they_may_be_left_out() -> None:
    with pytest.raises(services.BadRows):
        send(a_row("L-9999"), a_row("999999999999"), skip_bad_rows=True)


def test_reference_of_a_place_is_not_that_of_a_person() -> None:
    person = make_person()
    with pytest.raises(services.BadRows):
        send(a_row(f"L-{person.id}"))


def test_months_an_agency_sent_are_remembered_once(session) -> None:
    person, agency = make_person(), make_agency(code="POL")
    rows = [
        a_row(person, happened_at=at_noon(day)) for day in (today(), today(), today() - timedelta(days=62))
    ]
    send(*rows, agency=agency)
    send(a_row(person, happened_at=at_noon(today())), agency=agency)
    months = session.scalars(select(SuppliedMonth.month).where(SuppliedMonth.agency_id == agency.id)).all()
    assert len(months) == 2


def test_large_file_takes_statements_in_proportion_to_parts_of_it(session, queries) -> None:
    person = make_person()
    agency = make_agency(code="POL")
    rows = [a_row(person) for _ in range(1_200)]
    with queries() as sent:
        assert send(*rows, agency=agency).added == 1_200
    assert sent.count < 20
