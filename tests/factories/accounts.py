"""Agencies and people for tests, made through the services that make them in use."""

from datetime import timedelta
from itertools import count

from psg.accounts import queries, services
from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.web.dates import now, today

PASSWORD = "three random words"
_numbers = count(1)


def make_agency(
    *, kind: AgencyKind = AgencyKind.POLICE, code: str | None = None, name: str | None = None
) -> Agency:
    number = next(_numbers)
    code = code or f"A{number}"
    held = queries.agency_by_code(code)
    return held or services.create_agency(
        code=code,
        name=name or f"Agency {number}",
        kind=kind,
        agreement_from=today() - timedelta(days=30),
        agreement_until=today() + timedelta(days=365),
        by=None,
        now=now(),
    )


def make_user(
    *,
    role: Role = Role.PRACTITIONER,
    agency: Agency | None = None,
    name: str | None = None,
    email: str | None = None,
) -> User:
    number = next(_numbers)
    oversight = role in (Role.AUDITOR, Role.DELIVERY_GROUP, Role.ADMINISTRATOR)
    return services.create_user(
        email=email or f"person{number}@psg.example",
        name=name or f"Person {number}",
        role=role,
        agency=agency or make_agency(kind=AgencyKind.OVERSIGHT if oversight else AgencyKind.POLICE),
        password=PASSWORD,
        by=None,
        now=now(),
    )
