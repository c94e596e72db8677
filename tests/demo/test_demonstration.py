"""The demonstration as it stands once loaded: how much of it, how believable, and how safe."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import LargeBinary, String, Text, cast, func, select
from sqlalchemy.orm import selectinload

from psg.accounts.models import Agency, User
from psg.accounts.queries import user_by_email
from psg.actions.models import Action, ActionStatus
from psg.audit.verify import verify
from psg.base import Base
from psg.cases.models import Band, Case, Event, Note
from psg.cases.network import network_of
from psg.demand import matching
from psg.demand.areas.models import AreaContact, AreaMonth
from psg.demand.conditions import When
from psg.demand.models import Contact, Exclusion, ExclusionReason, Incident, Mismatch
from psg.demand.screening import queries as screening
from psg.demo.commands import demo_group
from psg.demo.office import SHOWN_ACCOUNTS
from psg.demo.problems import CLOSED, OPEN
from psg.extensions import db
from psg.meetings.models import AgendaItem, Attendance, Meeting, MeetingStatus
from psg.osara import queries as osara
from psg.osara.locks import lock_of
from psg.osara.measurement import Change
from psg.osara.models import Outcome
from psg.osara.passages import Move, StageChange, Waiver
from psg.plan.models import AreaOfFocus, Commitment
from psg.responses.models import Response, ResponseStatus
from psg.scoring.models import Score
from psg.sharing.models import Disclosure
from psg.subjects.duplicates.queries import candidates
from psg.subjects.links.models import Link
from psg.subjects.merging.models import Merge
from psg.subjects.models import Alias, Person, Place, SubjectKind, Ward
from psg.web.dates import today
from tests.demo.conftest import Demonstration, NewDatabase, loaded_into

pytestmark = pytest.mark.whole

FORGOTTEN = {"Osier Parade shops", "Sluice Yard", "Ryan Cattailer"}
NOT_COMPARED = {"audit_id", "password_hash"}


@pytest.fixture(autouse=True)
def reading(demonstration: Demonstration) -> Iterator[None]:
    with demonstration.app.app_context():
        yield
        db.session.rollback()


def count(model: type[Base], *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def case_about(name: str, *, closed: bool = False) -> Case:
    is_closed = Case.closed_at.is_not(None)
    found = select(Case).where(Case.subject.has(name=name), is_closed if closed else ~is_closed)
    return db.session.scalars(found).one()


def test_it_has_its_people_and_places(demonstration: Demonstration) -> None:
    assert count(Agency) == 15
    assert count(User) == 26
    assert count(User, User.is_demo) == len(SHOWN_ACCOUNTS) == 8
    assert count(User, ~User.is_active) == 1
    assert (count(Person), count(Place), count(Ward)) == (60 + 3, 22 + 3, 14)  # and those recorded twice
    assert count(Person, Person.has_no_fixed_abode) == 5
    assert count(Person, Person.needs_interpreter) == 2
    people = db.session.scalars(select(Person).options(selectinload(Person.aliases))).all()
    assert sum(person.is_child_on(today()) for person in people) == 3
    assert sum(bool(person.aliases) for person in people) == 9
    assert count(Alias) >= 14
    assert (count(AreaOfFocus), count(Commitment)) == (22, 94)


def test_rules_propose_some_of_every_kind_and_people_decide(demonstration: Demonstration) -> None:
    chair = db.session.scalars(select(User).where(User.email == "chair@psg.example")).one()
    when = When(today())
    matches = screening.matches_of(chair, screening.set_in_force(when.as_at), when)
    codes = Counter(match.rule.code for some in matches.values() for match in some)
    assert {"agency-28", "several-28", "premises-28", "week", "victim-related", "victim-hate"} <= set(codes)
    assert len(matches) < 20
    assert len(screening.dismissed(chair, today())) == 1
    assert Counter(db.session.scalars(select(Contact.excluded_reason))) == {
        None: count(Contact) - 6,
        ExclusionReason.EMERGENCY: 2,
        ExclusionReason.PANEL: 2,
        ExclusionReason.PROFESSIONAL_SAFEGUARDING: 2,
    }
    assert (count(Exclusion), count(Exclusion, Exclusion.lifted_at.is_not(None)), count(Mismatch)) == (
        7,
        1,
        1,
    )
    assert 2_200 <= count(Contact) <= 2_600
    shouting = db.session.scalars(select(Person).where(Person.name == "Sharon Gadwell")).one()
    assert matching.suggestions(shouting, today())


def test_every_case_stands_where_its_story_says() -> None:
    expected = sorted((problem.about, problem.stage) for problem in OPEN)
    found = db.session.scalars(select(Case).options(selectinload(Case.subject), selectinload(Case.parties)))
    cases = list(found)
    assert sorted((case.name, case.stage) for case in cases if case.is_open) == expected
    assert sorted(case.name for case in cases if not case.is_open) == sorted(p.about for p in CLOSED)
    parties = Counter(len(case.parties) for case in cases if case.is_open)
    assert parties == Counter(1 + len(problem.others) for problem in OPEN)
    assert Counter(case.stage.number for case in cases if case.is_open) == {1: 5, 2: 7, 3: 7, 4: 8, 5: 4}


def test_there_is_as_much_of_everything_as_the_specification_says() -> None:
    assert 2_200 <= count(Contact) <= 2_700
    assert 20 <= count(Incident) <= 60
    assert 150 <= count(Score) <= 195
    assert count(Disclosure) == 260
    assert count(Disclosure, Disclosure.corrects_id.is_not(None)) == 5
    assert 55 <= count(Response) <= 75
    assert count(Note, Note.corrects_id.is_not(None)) == 2
    per_case = db.session.scalars(select(func.count(Event.id)).group_by(Event.case_id)).all()
    assert len(per_case) == 45
    assert 3 <= min(per_case) <= max(per_case) <= 80


def test_people_and_places_are_linked_as_their_stories_say() -> None:
    assert count(Link) == 33
    assert count(Link, Link.ended_at.is_not(None)) == 2
    chair = db.session.scalars(select(User).where(User.email == "chair@psg.example")).one()
    for about, others in (("Kayleigh Ospreyle", 5), ("Peter Dykeham", 3), ("Ryan Cattailer", 3)):
        network = network_of(case_about(about), chair, as_at=today())
        assert len(network.drawn) >= others, about


def test_actions_are_open_overdue_nameless_late_and_dropped() -> None:
    actions = db.session.scalars(select(Action)).all()
    still_open = [action for action in actions if action.is_open]
    done = [action for action in actions if action.status is ActionStatus.DONE]
    assert (len(actions), len(still_open), len(done)) == (150, 48, 98)
    assert sum(action.due_on < today() for action in still_open) == 11
    assert sum(action.owner_id is None for action in still_open) == 5
    assert (
        sum(action.closed_at is not None and action.closed_at.date() > action.due_on for action in done) == 12
    )
    assert all(action.due_on.weekday() < 5 for action in actions)


def test_meetings_step_back_four_weeks_at_a_time() -> None:
    meetings = db.session.scalars(select(Meeting).order_by(Meeting.held_on)).all()
    assert [meeting.status for meeting in meetings] == [MeetingStatus.CLOSED] * 12 + [
        MeetingStatus.PLANNED
    ] * 3
    assert {(after.held_on - before.held_on).days for before, after in pairwise(meetings)} == {28}
    ready = meetings[12]
    assert ready.held_on == today()
    items = db.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == ready.id)).all()
    assert len(items) == 31
    assert len({item.reason for item in items}) >= 4
    held = [meeting.id for meeting in meetings[:12]]
    undecided = count(AgendaItem, AgendaItem.meeting_id.in_(held), AgendaItem.outcome.is_(None))
    assert undecided <= 2
    assert min(count(Attendance, Attendance.meeting_id == number) for number in held) >= 9


def test_three_reviews_are_forgotten_and_no_other_is() -> None:
    late = db.session.scalars(
        select(Case).where(Case.next_review_on < today(), Case.closed_at.is_(None))
    ).all()
    assert {case.name for case in late} == FORGOTTEN
    scored = set(db.session.scalars(select(Score.case_id)))
    running = db.session.scalars(select(Case).where(Case.closed_at.is_(None))).all()
    assert {case.name for case in running if case.id not in scored} == {
        "Amina Carrside",
        "Kingfisher moorings",
    }
    bands = Counter(case.headline_band for case in running)
    assert all(bands[band] for band in Band)


def test_each_case_moved_without_a_gap() -> None:
    changes = db.session.scalars(select(StageChange).order_by(StageChange.id)).all()
    for case in db.session.scalars(select(Case)):
        steps = [change for change in changes if change.case_id == case.id]
        for before, after in pairwise(steps):
            assert before.to_stage is after.from_stage
        assert (steps[-1].to_stage if steps else case.stage) is case.stage
    kinds = Counter(change.kind for change in changes)
    assert kinds[Move.RETURNED] == 2
    assert kinds[Move.REOPENED] == 2
    assert kinds[Move.CLOSED] == 16


def test_the_stories_are_told_to_their_end() -> None:
    underpass = case_about("Bittern Drove underpass")
    assert osara.closing_gate(underpass, today()).is_open
    assert osara.pending_closure(underpass) is not None
    measured = osara.measures_of(underpass)[0]
    assert measured.after_count is not None
    assert Change(measured.before_count, measured.after_count).is_beyond_variation
    unmoved = case_about("Simon Washby", closed=True)
    assert [one.outcome for one in osara.objectives_of(unmoved)] == [Outcome.NOT_MET]
    footpath = case_about("Station Drove footpath", closed=True)
    assert footpath.closure_code == "objective_met"
    waived = db.session.scalars(select(Waiver).where(Waiver.requirement == "review")).one()
    assert waived.case_id == case_about("Sheila Fenwarden").id


def test_enforcement_under_way_is_within_its_lock() -> None:
    running = db.session.scalars(select(Response).where(Response.status == ResponseStatus.UNDER_WAY)).all()
    firm = [one for one in running if one.step.is_enforcement]
    assert len(firm) == 2
    for response in firm:
        case = db.session.get_one(Case, response.case_id)
        assert [one.sentence for one in lock_of(case, response, today()) if not one.is_met] == []


def test_the_record_of_it_verifies_and_its_times_never_step_back() -> None:
    with db.engine.connect() as connection:
        result = verify(connection)
    assert result.holds, result.verdict
    assert result.notes == ()
    assert 4_000 <= result.entries <= 6_500


def test_nothing_in_it_could_belong_to_anybody() -> None:
    words = " ".join(texts())
    for number in re.findall(r"\b0[1-9](?:[ ]?\d){8,9}\b", words):
        assert re.fullmatch(r"07700900\d{3}|01632960\d{3}", number.replace(" ", "")), number
    for code in re.findall(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b", words):
        assert re.fullmatch(r"ZZ[1-9] [0-9][A-Z]{2}", code), code
    for address in re.findall(r"\S+@\S+", words):
        assert address.strip(",.").endswith(".example"), address
    assert all(uprn.startswith("9999") for uprn in db.session.scalars(select(Place.uprn)) if uprn)
    assert not re.search(r"\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b", words), "a number plate"


def test_it_is_loaded_within_half_a_minute(demonstration: Demonstration) -> None:
    assert demonstration.seconds < 30


def test_the_command_says_that_it_is_loaded_already(demonstration: Demonstration) -> None:
    answer = demonstration.app.test_cli_runner().invoke(demo_group, ["load"])
    assert answer.exit_code == 0
    assert "loaded already" in answer.output


def test_two_loads_on_one_day_give_the_same_rows(
    demonstration: Demonstration, new_database: NewDatabase
) -> None:
    first = rows_of_every_table()
    with new_database("again") as url, loaded_into(url):
        second = rows_of_every_table()
    for table, rows in first.items():
        assert rows == second[table], table


def texts() -> Iterator[str]:
    """Every text in the database but the plan's, which is the partnership's own, and the law's."""
    for table in Base.metadata.sorted_tables:
        if table.name.startswith(("audit_", "commitment", "ladder_", "legal_", "matrix", "factor", "anchor")):
            continue
        columns = [
            column
            for column in table.columns
            if isinstance(column.type, String) and column.name != "audit_id"
        ]
        if columns:
            for row in db.session.execute(select(*columns)):
                yield from (str(value) for value in row if value)


def rows_of_every_table() -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name.startswith("audit_"):
            continue
        columns = [
            column
            for column in table.columns
            if column.name not in NOT_COMPARED
            and not isinstance(column.type, LargeBinary)  # sealed anew each time
        ]
        found[table.name] = [
            tuple(row)
            for row in db.session.execute(
                select(*columns).order_by(*(cast(column, Text) for column in columns))
            )
        ]
    return found


def test_a_record_made_twice_leads_to_the_first_and_two_pairs_wait_to_be_compared(
    demonstration: Demonstration,
) -> None:
    (merge,) = db.session.scalars(select(Merge)).all()
    assert merge.undone_at is None
    assert (merge.kept.name, merge.gone.merged_into_id) == ("James Reedmace", merge.kept.id)
    coordinator = user_by_email("coordinator@psg.example")
    for kind in (SubjectKind.PERSON, SubjectKind.PLACE):
        assert db.session.execute(candidates(coordinator, kind)).first() is not None


def test_street_level_crime_is_there_by_area_and_month(demonstration: Demonstration) -> None:
    assert count(AreaMonth) >= 9
    areas = db.session.scalar(select(func.count(AreaContact.area_code.distinct())))
    in_a_ward = count(AreaContact, AreaContact.ward_id.is_not(None))
    assert (areas, in_a_ward) == (14, count(AreaContact))
