"""Signing in, and making agencies and people."""

import re
from datetime import date, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from psg.accounts import queries
from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LONGEST_NAME = 120
LONGEST_EMAIL = 254
CODE = re.compile(r"[A-Za-z0-9]{1,12}")
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
_hasher = PasswordHasher()
_NOBODY = _hasher.hash("a stranger's password takes as long to refuse as a colleague's")


def authenticate(*, email: str, password: str, now: datetime) -> User | None:
    """The person, or None where e-mail or password is wrong: alike in answer and time.

    Both outcomes are recorded; the attempt of a stranger names nobody.
    """
    user = queries.user_by_email(email)
    is_right = _matches(user.password_hash if user else _NOBODY, password)
    if user is None or not is_right or not user.is_active:
        audit.refused("sign_in", by=audit.ANONYMOUS, obj=user, at=now)
        return None
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    waived = {"second_factor": "waived_demo"} if user.is_demo else {}
    audit.record(Operation.SECURITY, "sign_in", by=user, obj=user, at=now, **waived)
    return user


def record_sign_out(user: User, *, now: datetime) -> None:
    audit.record(Operation.SECURITY, "sign_out", by=user, obj=user, at=now)


def create_agency(
    *,
    code: str,
    name: str,
    kind: AgencyKind,
    agreement_from: date,
    agreement_until: date,
    by: User | None,
    now: datetime,
) -> Agency:
    if not CODE.fullmatch(code.strip()):
        raise Refused("An agency’s code is 1 to 12 letters and figures, such as POLICE: choose another code.")
    _check_name(name)
    if agreement_until < agreement_from:
        raise Refused("The agreement must end on or after the day it begins: choose a later last day.")
    if queries.agency_by_code(code):
        raise Refused(f"There is already an agency with the code {code.upper()}: choose another code.")
    if db.session.scalar(select(Agency.id).where(Agency.name == name.strip())):
        raise Refused(f"There is already an agency with the name {name.strip()}: choose another name.")
    agency = Agency(
        code=code.strip().upper(),
        name=name.strip(),
        kind=kind,
        agreement_from=agreement_from,
        agreement_until=agreement_until,
        created_at=now,
    )
    db.session.add(agency)
    db.session.flush()
    audit.record(Operation.SECURITY, "agency.create", by=by, obj=agency, at=now)
    return agency


def create_user(
    *,
    email: str,
    name: str,
    role: Role,
    agency: Agency,
    password: str,
    by: User | None,
    now: datetime,
    is_demo: bool = False,
    is_active: bool = True,
) -> User:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(
            f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, such as three random words."
        )
    if not EMAIL.fullmatch(email.strip()) or len(email.strip()) > LONGEST_EMAIL:
        raise Refused("That is no e-mail address: give one such as jo.lapwynd@psg.example.")
    _check_name(name)
    if queries.user_by_email(email):
        raise Refused("There is already an account with that e-mail address.")
    user = User(
        email=email.strip().casefold(),
        name=name.strip(),
        role=role,
        agency=agency,
        password_hash=_hasher.hash(password),
        is_demo=is_demo,
        is_active=is_active,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    audit.record(Operation.SECURITY, "user.create", by=by, obj=user, at=now, role=role.value)
    return user


def _check_name(name: str) -> None:
    if not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give a name of 1 to {LONGEST_NAME} characters.")


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
