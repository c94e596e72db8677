"""Cases for tests, opened through the service that opens them in use."""

from itertools import count
from typing import Any

from psg.accounts.models import Role, User
from psg.cases import services
from psg.cases.membership import take_part
from psg.cases.models import Aim, Case, PartyRole, Priority
from psg.extensions import db
from psg.subjects.models import Person, Place, PlaceKind, Subject, Ward
from psg.web.dates import now
from tests.factories.accounts import make_user

_numbers = count(1)


def make_ward(name: str | None = None) -> Ward:
    ward = Ward(name=name or f"Ward {next(_numbers)}")
    db.session.add(ward)
    db.session.flush()
    return ward


def a_person(*, name: str | None = None, ward: Ward | None = None) -> Person:
    """A person as a bare row, for tests that are not about people."""
    number = next(_numbers)
    family = name or f"Reedmace{number}"
    person = Person(name=f"Alex {family}", given_name="Alex", family_name=family, ward=ward, created_at=now())
    db.session.add(person)
    db.session.flush()
    return person


def a_place(*, name: str | None = None, ward: Ward | None = None) -> Place:
    number = next(_numbers)
    place = Place(
        name=name or f"Bittern Drove {number}",
        address=f"{number} Bittern Drove",
        place_kind=PlaceKind.STREET,
        ward=ward,
        created_at=now(),
    )
    db.session.add(place)
    db.session.flush()
    return place


def make_case(
    *,
    subject: Subject | None = None,
    role: PartyRole | None = None,
    lead: User | None = None,
    by: User | None = None,
    **values: Any,
) -> Case:
    subject = subject or a_person()
    by = by or lead or make_user()
    return services.open_case(
        subject,
        role=role or (PartyRole.PERPETRATOR if subject.is_person else PartyRole.PLACE),
        summary=values.pop("summary", "Repeated calls about shouting at night"),
        priority=values.pop("priority", Priority.RISK_AND_VULNERABILITY),
        aims=values.pop("aims", [Aim.DEMAND]),
        lead=lead or by,
        by=by,
        now=values.pop("now", now()),
        **values,
    )


def join(case: Case, *people: User) -> None:
    """Each of them takes part in the case as a member."""
    for person in people:
        take_part(case, person, by=case.lead, now=now())


def a_member(case: Case, *, role: Role = Role.PRACTITIONER) -> User:
    """Somebody of another agency who works in this case."""
    member = make_user(role=role)
    join(case, member)
    return member
