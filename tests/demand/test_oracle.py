"""The product's statements give what the rules give, whatever the contacts and whichever day is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from psg.accounts.models import User
from psg.base import new_audit_id
from psg.demand.conditions import When
from psg.demand.models import Contact, ContactKind, ContactRole, Exclusion, ExclusionReason, Incident
from psg.demand.queries import demand_of
from psg.demand.ranking import NOTHING, WINDOWS, Wanted, figures_of, ranked, spread_of, standing_of
from psg.extensions import db
from psg.subjects.models import Subject, SubjectKind
from psg.web.dates import london
from tests.demand import oracle
from tests.demand.oracle import Asked, Told
from tests.factories.accounts import make_agency, make_user
from tests.factories.subjects import make_person

pytestmark = pytest.mark.usefixtures("session")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
PEOPLE = [f"Person{number}" for number in range(24)]
AGENCIES = ("Ambulance", "Housing", "Police")


def moments(first: date, last: date) -> st.SearchStrategy[datetime]:
    """Any minute, and often the hours in which London and UTC are on different days."""
    days = st.dates(first, last)
    hours = st.one_of(st.sampled_from([0, 1, 22, 23]), st.integers(0, 23))
    return st.builds(
        lambda day, hour, minute: datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC),
        days,
        hours,
        st.sampled_from([0, 29, 30, 59]),
    )


@st.composite
def contacts(draw: st.DrawFn, around: date) -> Told:
    happened = draw(
        st.one_of(
            moments(around - timedelta(days=2), around + timedelta(days=2)),
            moments(around - timedelta(days=370), around),
        )
    )
    later = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
    recorded = happened + draw(later)
    left_out = None
    if draw(st.booleans()):
        since = recorded + draw(later)
        left_out = (since, draw(st.none() | later.map(lambda after: since + after + timedelta(seconds=1))))
    incident = draw(st.none() | st.integers(1, 3))
    subject = draw(st.sampled_from(PEOPLE[:2]) | st.sampled_from(PEOPLE))
    return Told(
        subject=subject,
        agency=draw(st.sampled_from(AGENCIES)),
        role=draw(st.sampled_from([role.value for role in ContactRole])),
        kind="asb",
        happened_at=happened,
        recorded_at=recorded,
        is_crisis=draw(st.booleans()),
        withdrawn_at=draw(st.none() | later.map(lambda after: recorded + after)),
        left_out=left_out,
        # an incident belongs to one subject
        incident=None if incident is None else 10 * PEOPLE.index(subject) + incident,
        grouped_at=None if incident is None else recorded + draw(later),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Told], Asked]:
    around = draw(st.sampled_from([SPRING, AUTUMN]))
    near = st.dates(around - timedelta(days=3), around + timedelta(days=3))
    asked = Asked(draw(near | st.just(around + timedelta(days=27))), draw(st.none() | near))
    every = draw(st.lists(contacts(around), max_size=30))
    if draw(st.booleans()):
        # enough people for a percentile
        noon = datetime(around.year, around.month, around.day, 12, tzinfo=UTC) - timedelta(days=3)
        every += [Told(name, "Police", "subject", "asb", noon, noon) for name in PEOPLE]
    return every, asked


@dataclass
class Held:
    """The people, agencies and decider that every history is told of."""

    officer: User
    people: dict[str, Subject]
    agencies: dict[str, int]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def told(self, every: list[Told]) -> Iterator[None]:
        savepoint = db.session.begin_nested()
        incidents: dict[int, int] = {}
        for told in every:
            self._write(told, incidents)
        yield
        savepoint.rollback()

    def _write(self, told: Told, incidents: dict[int, int]) -> None:
        subject = self.people[told.subject].id
        day = london(told.happened_at).date()
        if told.incident is not None and told.incident not in incidents:
            made = insert(Incident).values(
                subject_id=subject, kind=ContactKind.ASB, happened_on=day, created_at=told.recorded_at
            )
            incidents[told.incident] = _key(made)
        number = _key(
            insert(Contact).values(
                subject_id=subject,
                agency_id=self.agencies[told.agency],
                kind=ContactKind(told.kind),
                role=ContactRole(told.role),
                happened_at=told.happened_at,
                happened_on=day,
                recorded_at=told.recorded_at,
                recorded_by_id=self.officer.id,
                is_crisis=told.is_crisis,
                withdrawn_at=told.withdrawn_at,
                withdrawn_reason="Recorded in error" if told.withdrawn_at else "",
                excluded_reason=(
                    ExclusionReason.PANEL if told.left_out and told.left_out[1] is None else None
                ),
                incident_id=None if told.incident is None else incidents[told.incident],
                grouped_at=told.grouped_at,
            )
        )
        if told.left_out:
            since, until = told.left_out
            db.session.execute(
                insert(Exclusion).values(
                    contact_id=number,
                    reason=ExclusionReason.PANEL,
                    why="Theirs",
                    decided_by_id=self.officer.id,
                    decided_at=since,
                    lifted_by_id=self.officer.id if until else None,
                    lifted_at=until,
                    lifted_why="Not theirs" if until else "",
                )
            )


def _key(statement) -> int:
    return db.session.execute(statement.values(audit_id=new_audit_id())).inserted_primary_key[0]


@pytest.fixture
def held(session) -> Held:
    return Held(
        officer=make_user(),
        people={name: make_person(family_name=name) for name in PEOPLE},
        agencies={name: make_agency(code=name[:3].upper(), name=name).id for name in AGENCIES},
    )


def at(day: date, hour: int, minute: int = 30) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


SUMMER_NIGHT = [
    Told("Person0", "Police", "subject", "asb", at(date(2026, 7, 31), 23), at(date(2026, 8, 1), 9)),
    Told("Person0", "Police", "subject", "asb", at(SPRING, 0), at(SPRING, 9)),
    Told("Person0", "Police", "subject", "asb", at(SPRING, 23), at(SPRING, 23)),
    Told("Person0", "Police", "subject", "asb", at(AUTUMN, 0), at(AUTUMN, 1)),
    Told("Person0", "Police", "subject", "asb", at(AUTUMN, 23), at(AUTUMN, 23)),
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories())
@example(history=(SUMMER_NIGHT, Asked(date(2026, 8, 1))))
@example(history=(SUMMER_NIGHT, Asked(SPRING, SPRING)))
@example(history=(SUMMER_NIGHT, Asked(AUTUMN, AUTUMN)))
def test_figures_are_those_of_the_rules(held: Held, history: tuple[list[Told], Asked]) -> None:
    every, asked = history
    when = When(asked.as_at, asked.known_on)
    with held.told(every):
        found = figures_of([person.id for person in held.people.values()], when)
        for name, person in held.people.items():
            figures = found.get(person.id, NOTHING)
            expected = oracle.figures(every, name, asked)
            assert list(zip(figures.counts, figures.agencies, strict=True)) == expected, name
        for days in WINDOWS:
            spread = spread_of(held.officer, SubjectKind.PERSON, when, days)
            for name, person in held.people.items():
                expected = oracle.percentile(every, PEOPLE, name, asked, days)
                assert spread.percentile(found.get(person.id, NOTHING).count_in(days)) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories())
def test_page_of_a_person_says_what_the_rules_say(held: Held, history: tuple[list[Told], Asked]) -> None:
    every, asked = history
    when = When(asked.as_at, asked.known_on)
    name, person = "Person0", held.people["Person0"]
    with held.told(every):
        demand = demand_of(person, when)
        expected = oracle.by_agency(every, name, asked)
        found = {
            row.agency: list(zip(row.counted, row.crisis, row.aside, row.left_out, strict=True))
            for row in demand.agencies
        }
        assert found == expected
        assert list(demand.incidents) == oracle.incidents(every, name, asked)
        assert sum(number for _, number in demand.weeks) == len(
            [told for told in oracle.contacts_in(every, asked, 364) if told.subject == name]
        )
        standing = standing_of(held.officer, SubjectKind.PERSON, when, demand.counted)
        assert [place.percentile for place in standing] == [
            oracle.percentile(every, PEOPLE, name, asked, days) for days in WINDOWS
        ]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), days=st.sampled_from(WINDOWS), agency=st.none() | st.sampled_from(AGENCIES))
def test_ranking_is_in_the_order_of_the_rules(held: Held, history, days, agency) -> None:
    every, asked = history
    wanted = Wanted(
        SubjectKind.PERSON,
        When(asked.as_at, asked.known_on),
        window=days,
        sort=str(days),
        agency_id=held.agencies[agency] if agency else None,
    )
    told = [one for one in every if agency in (None, one.agency)]
    numbers = {
        person.id: oracle.figures(told, name, asked)[WINDOWS.index(days)][0]
        for name, person in held.people.items()
    }
    with held.told(every):
        order = [row.id for row in db.session.execute(ranked(held.officer, wanted))]
    assert order == sorted(numbers, key=lambda number: (-numbers[number], number))
