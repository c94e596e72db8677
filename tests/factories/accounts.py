"""Agencies and people for tests, made through the services that make them in use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pyotp

from psg.accounts import factors, passwords, queries, services
from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.extensions import db
from psg.web.dates import now, today

PASSWORD = "bittern kettle orchard"
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
    user = services.create_user(
        email=email or f"person{number}@psg.example",
        name=name or f"Person {number}",
        role=role,
        agency=agency or make_agency(kind=AgencyKind.OVERSIGHT if oversight else AgencyKind.POLICE),
        by=None,
        now=now(),
    )
    user.password_hash = passwords.hashed(PASSWORD)
    db.session.flush()
    return user


@dataclass(frozen=True)
class App:
    """An authenticator app as the person holds it."""

    secret: str

    def code(self, at: datetime | None = None, *, steps: int = 0) -> str:
        moment = (at or now()) + steps * timedelta(seconds=factors.STEP)
        return pyotp.TOTP(self.secret).at(moment)


def give_app(user: User) -> tuple[App, list[str]]:
    """An app that is set up, long enough ago that its code of now is still good, and ten codes on paper."""
    offer, before = factors.offer(user), now() - timedelta(hours=1)
    codes = factors.confirm(user, offer.sealed, App(offer.secret).code(before), now=before)
    assert codes is not None
    return App(offer.secret), codes
