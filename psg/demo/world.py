"""What all stories share: the day of loading, who there is, and the cases as they come about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from psg.accounts.models import Agency, Role, User
from psg.cases.models import Case, Party, PartyRole
from psg.demo.calls import Calls
from psg.demo.clock import Dice
from psg.demo.partnership import MEMBERS
from psg.demo.themes import Theme
from psg.demo.timelines import Timeline
from psg.plan.models import Commitment
from psg.subjects.models import Subject

AT_MEETINGS = (
    "police",
    "housing",
    "chair",
    "coordinator",
    "council.lead",
    "fire",
    "adult.care",
    "probation",
    "mental.health",
)


@dataclass
class World:
    """The partnership as one load sees it. Things are named by the keys of the data modules."""

    today: date
    lines: Sequence[Timeline]
    calls: Calls
    agencies: Mapping[str, Agency]
    users: Mapping[str, User]
    subjects: Mapping[str, Subject]
    commitments: Mapping[str, Commitment]
    cases: dict[str, Case] = field(default_factory=dict)

    def workers_of(self, agency: str) -> list[User]:
        """Who there works on cases."""
        keys = [member.key for member in MEMBERS if member.agency == agency and member.is_active]
        return [
            self.users[key] for key in keys if self.users[key].role in (Role.PRACTITIONER, Role.AGENCY_LEAD)
        ]

    def worker_of(self, agency: str, dice: Dice) -> User:
        return dice.choice(self.workers_of(agency))

    def running(self, line: Timeline) -> Case | None:
        """The case, while it is open."""
        case = self.cases.get(line.key)
        return case if case is not None and case.is_open else None


@dataclass
class Desk:
    """One case as those who work on it have it before them."""

    world: World
    line: Timeline
    dice: Dice

    @property
    def key(self) -> str:
        return self.line.problem.about

    @property
    def theme(self) -> Theme:
        return self.line.theme

    @property
    def case(self) -> Case:
        return self.world.cases[self.line.key]

    @property
    def lead(self) -> User:
        return self.world.users[self.line.problem.lead]

    @property
    def about_person(self) -> bool:
        return self.line.problem.role is not PartyRole.PLACE

    def party(self, key: str, *roles: PartyRole) -> Party:
        subject = self.world.subjects[key]
        return next(
            p for p in self.case.parties if p.subject_id == subject.id and (not roles or p.role in roles)
        )

    def first_party(self, *roles: PartyRole) -> Party | None:
        return next((party for role in roles for party in self.case.parties if party.role is role), None)

    def involved(self, now: datetime) -> list[str]:
        """Agencies that have a part in the problem, those who hear most of it first."""
        parts = [*(agency for agency, _, _ in self.theme.calls), *(step.agency for step in self.theme.steps)]
        heard = self.world.calls.agencies(self.key, until=now.date(), days=180)
        return list(dict.fromkeys([*(one for one in heard if one in parts), *parts, "POL", "ECDC"]))

    def colleague(self, now: datetime) -> User:
        """Somebody of another agency that is involved."""
        others = [agency for agency in self.involved(now)[:4] if agency != self.lead.agency.code]
        return self.world.worker_of(self.dice.choice(others), self.dice)

    def anyone(self, now: datetime) -> User:
        """The lead three times out of five, a colleague otherwise."""
        return self.lead if self.dice.random() < 0.6 else self.colleague(now)
