"""A file imported again changes nothing, in whatever order its rows stand; what does change is told apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from psg.accounts.models import Agency
from psg.base import Base
from psg.demand import services
from psg.demand.imports import importing
from psg.demand.imports.bulk import parts
from psg.demand.imports.checking import ContactCheck
from psg.demand.imports.models import ImportAct, WaitingContact
from psg.demand.imports.sheet import ContactRow
from psg.demand.models import Contact, ContactKind, ContactRole, DemandImport, SuppliedMonth
from psg.extensions import db
from psg.subjects.models import Person
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.demand import a_row
from tests.factories.subjects import make_person

NOW = datetime(2026, 8, 12, 12, tzinfo=UTC)
BUT_OUR_OWN = ("id", "audit_id", "import_id", "recorded_at")


@pytest.fixture
def fresh(session) -> tuple[Agency, list[Person]]:
    return make_agency(code="POL"), [make_person() for _ in range(4)]


def everything_but_the_record() -> dict[str, list[Any]]:
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if not table.name.startswith("audit_")
    }


def contacts() -> list[tuple[Any, ...]]:
    """What is told of each, without what differs from one import to the next."""
    columns = [column for column in Contact.__table__.columns if column.name not in BUT_OUR_OWN]
    return sorted((tuple(row) for row in db.session.execute(select(*columns))), key=repr)


def rows_of(people: list[Person]) -> st.SearchStrategy[list[ContactRow]]:
    one = st.builds(
        ContactRow,
        number=st.just(0),
        source_reference=st.integers(0, 30).map(lambda number: f"R-{number}"),
        subject=st.sampled_from([person.reference for person in people]),
        happened_at=st.integers(0, 900 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        kind=st.sampled_from(ContactKind),
        role=st.sampled_from(ContactRole),
        summary=st.sampled_from(["", "shouting"]),
        is_crisis=st.booleans(),
        is_withdrawn=st.booleans(),
    )
    return st.lists(one, min_size=1, max_size=25, unique_by=lambda row: row.source_reference)


def send(rows: list[ContactRow], agency: Agency) -> services.Imported:
    return services.import_contacts(rows, agency=agency, file_hash="0" * 64, by=None, now=NOW)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_import_and_import_again_is_import_once_in_any_order(fresh, data: st.DataObject) -> None:
    agency, people = fresh
    rows = data.draw(rows_of(people))
    order = data.draw(st.permutations(rows))
    point = db.session.begin_nested()
    first = send(rows, agency)
    after, told = everything_but_the_record(), contacts()
    again = send(order, agency)
    assert everything_but_the_record() == after
    assert (again.added, again.withdrawn, again.differing, again.held) == (0, 0, (), len(rows))
    assert first.added == len(rows)
    point.rollback()
    point = db.session.begin_nested()
    send(order, agency)
    assert contacts() == told
    point.rollback()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_two_files_that_overlap_are_as_one_file_of_both(fresh, data: st.DataObject) -> None:
    agency, people = fresh
    rows = data.draw(rows_of(people))
    cut, other = data.draw(st.integers(1, len(rows))), data.draw(st.integers(0, len(rows) - 1))
    point = db.session.begin_nested()
    send(rows, agency)
    told, months = contacts(), set(db.session.scalars(select(SuppliedMonth.month)))
    point.rollback()
    point = db.session.begin_nested()
    send(rows[:cut], agency)
    send(rows[min(cut, other) :], agency)
    assert contacts() == told
    assert set(db.session.scalars(select(SuppliedMonth.month))) == months
    point.rollback()


@pytest.mark.usefixtures("session")
def test_of_two_rows_with_one_reference_the_first_good_one_stands() -> None:
    person, agency = make_person(), make_agency(code="POL")
    bad, good, second = (a_row(person, source_reference="R-A", number=number) for number in (2, 3, 4))
    unknown = ContactRow(
        number=2, source_reference="R-A", subject="P-99999", happened_at=bad.happened_at, kind=bad.kind
    )
    with pytest.raises(services.BadRows) as refusal:
        send([unknown, good, second], agency)
    assert [str(problem) for problem in refusal.value.problems] == [
        "Row 2: no person known here has this reference",
        "Row 4: it has the same source_reference as row 3",
    ]


@pytest.mark.usefixtures("session")
def test_person_hidden_from_who_brings_the_file_is_unknown_to_it() -> None:
    agency, officer = make_agency(code="POL"), make_user()
    person = make_person()
    make_case(subject=person).visibility = "sealed"
    db.session.flush()
    with pytest.raises(services.BadRows, match="1 of 1"):
        services.import_contacts(
            [a_row(person)], agency=agency, file_hash="0" * 64, by=officer, now=a_row(person).happened_at
        )
    assert send([a_row(person)], agency).added == 1


@pytest.mark.usefixtures("session")
def test_two_people_who_import_one_file_at_once_add_its_rows_once() -> None:
    """Both have checked it before either completes it; the second meets what the first has added."""
    agency, person = make_agency(code="POL"), make_person()
    rows = [a_row(person, is_withdrawn=number == 3) for number in range(8)]
    under_way = []
    for _ in range(2):
        check = ContactCheck(agency.id, None)
        source = importing.new_import(agency.id, "0" * 64, by=None, now=NOW)
        for part in parts(rows, 3):
            importing.stage(source.id, check.take(part))
        under_way.append((source, check.tally))
    first, second = (importing.complete(source, tally, by=None, now=NOW) for source, tally in under_way)
    assert (first.added, first.held, second.added, second.held) == (8, 0, 0, 8)
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 8
    for model, left in ((WaitingContact, 0), (DemandImport, 1), (ImportAct, 1)):
        assert db.session.scalar(select(func.count()).select_from(model)) == left


@pytest.mark.usefixtures("session")
def test_import_that_was_never_completed_is_forgotten_after_a_day() -> None:
    agency, person = make_agency(code="POL"), make_person()
    source = importing.new_import(agency.id, "0" * 64, by=None, now=NOW)
    importing.stage(source.id, ContactCheck(agency.id, None).take([a_row(person)]))
    importing.forget_old(NOW + timedelta(hours=23))
    assert db.session.scalar(select(func.count()).select_from(WaitingContact)) == 1
    importing.forget_old(NOW + timedelta(hours=25))
    for model in (WaitingContact, DemandImport, ImportAct):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
