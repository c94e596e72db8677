"""Loading the demonstration: everything through the services a person's click calls, in the order of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from psg.accounts.queries import user_by_email
from psg.cases.models import Case, Event
from psg.demo import (
    access,
    actions,
    contacts,
    deciding,
    judging,
    known,
    looking,
    meetings,
    notes,
    office,
    outlines,
    scores,
    sharing,
    streets,
    ties,
    twofold,
    work,
)
from psg.demo.calls import DAYS, Calls
from psg.demo.clock import Story, moment, tell, working
from psg.demo.partnership import MEMBERS
from psg.demo.timelines import timelines
from psg.demo.world import World
from psg.extensions import db
from psg.web.dates import start_of

RECORD_STARTS = timedelta(days=DAYS + 5)


@dataclass(frozen=True)
class Loaded:
    """What a load has made."""

    cases: int
    entries: int


def is_loaded() -> bool:
    return user_by_email(MEMBERS[0].email) is not None


def load(today: date, *, password: str) -> Loaded:
    """Load everything as it stands at the beginning of `today`. The same day gives the same rows."""
    office.check_empty()
    world = set_up(today, password)
    tell(stories(world), until=start_of(today))
    db.session.flush()
    return Loaded(
        cases=db.session.scalar(select(func.count(Case.id))) or 0,
        entries=db.session.scalar(select(func.count(Event.id))) or 0,
    )


def set_up(today: date, password: str) -> World:
    """The partnership before its first case."""
    begun = moment(working(today - RECORD_STARTS), 9)
    office.load_reference(begun)
    agencies = office.set_up_agencies(today, begun)
    users = office.set_up_users(agencies, password, begun + timedelta(minutes=10))
    coordinator = users["coordinator"]
    commitments = office.bring_in_plan(coordinator, begun + timedelta(minutes=30))
    office.enter_costs(coordinator, begun + timedelta(minutes=40))
    subjects = office.add_subjects(today, coordinator, begun + timedelta(hours=1))
    outlines.draw_outlines(users["admin"], begun + timedelta(hours=3))
    lines = timelines(today)
    return World(today, lines, Calls(lines, today), agencies, users, subjects, commitments)


def stories(world: World) -> Iterable[Story]:
    agreed = actions.think_out(world)
    return [
        *contacts.import_stories(world),
        *deciding.decision_stories(world),
        *work.case_stories(world),
        *ties.tie_stories(world),
        *twofold.twofold_stories(world),
        *streets.street_stories(world),
        *scores.score_stories(world),
        *judging.judgement_stories(world),
        *notes.note_stories(world),
        *sharing.sharing_stories(world),
        *meetings.meeting_stories(world, actions.by_meeting(agreed)),
        *actions.action_stories(world, agreed),
        *access.access_stories(world),
        *known.known_stories(world),
        *looking.view_stories(world),
    ]
