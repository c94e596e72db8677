"""Everybody who may come to a case, and how each stands to it in each of its states: one readable table.

It is written from trust.md and not from the code. What a person does not have here they do not have.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.accounts.sign_in_models import Factor
from psg.cases import access_queries
from psg.cases.access_models import Conflict, EmergencyAccess, Member, MemberStatus, Urgency
from psg.cases.models import Case
from psg.extensions import db
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user

STATES = ("partnership", "members", "sealed", "closed")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

Place = Callable[[Case, User], None]


def member(status: MemberStatus = MemberStatus.ACTIVE, until: int | None = None) -> Place:
    def place(case: Case, person: User) -> None:
        held = access_queries.member(case, person)
        if held is None:
            held = Member(case=case, user=person, added_by=case.lead)
            db.session.add(held)
        held.status, held.changed_at = status, now()
        held.until = None if until is None else today() + until * DAY
        db.session.flush()

    return place


def conflict(case: Case, person: User) -> None:
    db.session.add(
        Conflict(case=case, user=person, reason="A cousin", declared_by=case.lead, declared_at=now())
    )


def glass(hours: int) -> Place:
    """An emergency access that ends in so many hours; one that has ended with fewer than none."""

    def place(case: Case, person: User) -> None:
        db.session.add(
            EmergencyAccess(
                case=case,
                user=person,
                urgency=Urgency.COURT,
                reason="A hearing begins within the hour",
                opened_at=now() - 4 * HOUR,
                expires_at=now() + hours * HOUR,
                review_due_on=today(),
            )
        )

    return place


@dataclass(frozen=True)
class Principal:
    """`stands`: in each of `STATES`. `out` and `locked` are of the session, whatever the person may."""

    name: str
    role: Role
    stands: tuple[str, str, str, str]
    places: tuple[Place, ...] = ()
    is_at_home: bool = False
    """Of the agency that leads the case and recorded what is in it."""
    is_oversight: bool | None = None
    has_agreement: bool = True
    is_active: bool = True
    session: str = "open"

    def stand(self, state: str) -> str:
        return self.stands[STATES.index(state)]


OFFICER, CHAIR, HEAD = Role.PRACTITIONER, Role.COORDINATOR, Role.AGENCY_LEAD
NOTHING = ("nothing",) * 4
OUT = ("out",) * 4

INVITED, FORMER, SUSPENDED = (member(status) for status in (MemberStatus.INVITED, MemberStatus.FORMER, MemberStatus.SUSPENDED))  # fmt: skip

# Closing ends every membership but the lead's and the coordinators'; a closed case here is the partnership's.
PRINCIPALS = (
    #                                            partnership members   sealed     closed
    Principal("lead",                   OFFICER, ("works",   "works",  "works",   "works"), is_at_home=True),
    Principal("chair, a member",        CHAIR,   ("works",   "works",  "works",   "works"), (member(),)),
    Principal("member",                 OFFICER, ("works",   "works",  "works",   "reads"), (member(),)),
    Principal("agency lead, a member",  HEAD,    ("works",   "works",  "works",   "reads"), (member(),)),
    Principal("member until yesterday", OFFICER, ("reads",   "door",   "nothing", "reads"), (member(until=-1),)),
    Principal("invited",                OFFICER, ("reads",   "door",   "nothing", "reads"), (INVITED,)),
    Principal("former",                 OFFICER, ("reads",   "door",   "nothing", "reads"), (FORMER,)),
    Principal("suspended",              OFFICER, ("reads",   "door",   "nothing", "reads"), (SUSPENDED,)),
    Principal("officer",                OFFICER, ("reads",   "door",   "nothing", "reads")),
    Principal("officer of the agency",  OFFICER, ("reads",   "door",   "nothing", "reads"), is_at_home=True),
    Principal("chair, no member",       CHAIR,   ("reads",   "door",   "nothing", "reads")),
    Principal("agency lead, no member", HEAD,    ("reads",   "door",   "nothing", "reads"), is_at_home=True),
    Principal("under glass",            OFFICER, ("reads",   "reads",  "nothing", "reads"), (glass(1),)),
    Principal("glass over",             OFFICER, ("reads",   "door",   "nothing", "reads"), (glass(-1),)),
    Principal("member in conflict",     OFFICER, NOTHING, (member(), conflict)),
    Principal("chair in conflict",      CHAIR,   NOTHING, (member(), conflict)),
    Principal("of an oversight body",   OFFICER, ("door",    "door",   "nothing", "door"), is_oversight=True),
    Principal("auditor",                Role.AUDITOR, ("door", "door", "nothing", "door")),
    Principal("auditor, under glass",   Role.AUDITOR, ("reads", "reads", "nothing", "reads"), (glass(1),)),
    Principal("delivery group",         Role.DELIVERY_GROUP, NOTHING),
    Principal("administrator, a member", Role.ADMINISTRATOR, NOTHING, (member(), glass(1))),
    Principal("agreement lapsed",       OFFICER, NOTHING, (member(),), has_agreement=False),
    Principal("switched off",           OFFICER, OUT, (member(),), is_active=False),
    Principal("signed out",             OFFICER, OUT, (member(),), session="none"),
    Principal("second factor pending",  OFFICER, OUT, (member(),), session="pending"),
    Principal("locked",                 OFFICER, ("locked",) * 4, (member(),), session="locked"),
)  # fmt: skip
FACTORS = {"pending": Factor.PENDING}


def bring(one: Principal, cases: list[Case], home: Agency) -> User:
    """The person, standing to each of these cases as the table says."""
    if one.name == "lead":
        return cases[0].lead
    person = make_user(role=one.role, agency=_agency(one, home), name=f"Rowan {one.name.title()}")
    for case in cases:
        for place in one.places:
            place(case, person)
    if not one.has_agreement:
        person.agency.agreement_from = today() - 30 * DAY
        person.agency.agreement_until = today() - DAY
    person.is_active = one.is_active
    db.session.flush()
    return person


def _agency(one: Principal, home: Agency) -> Agency | None:
    if one.is_at_home:
        return home
    return make_agency(kind=AgencyKind.OVERSIGHT) if one.is_oversight else None


def everybody(cases: list[Case]) -> Iterator[tuple[Principal, User]]:
    home = cases[0].lead_agency
    for one in PRINCIPALS:
        yield one, bring(one, cases, home)
