"""Making agencies and people. Nobody chooses another's password: an account begins without one."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from psg.accounts import passwords, queries
from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db

LONGEST_NAME = 120
LONGEST_EMAIL = 254
CODE = re.compile(r"[A-Za-z0-9]{1,12}")
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


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
        raise Refused(
            "An agency’s code is 1 to 12 letters and figures, such as POLICE: choose another code.", "code"
        )
    if queries.agency_by_code(code):
        raise Refused(
            f"There is already an agency with the code {code.upper()}: choose another code.", "code"
        )
    check_agency(name, agreement_from, agreement_until)
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
    by: User | None,
    now: datetime,
    is_active: bool = True,
    **detail: Any,
) -> User:
    """An account that nobody can sign in to yet: the person chooses a password by invitation.

    `detail` goes into its entry of the record, such as who asked for it.
    """
    check_email(email)
    check_name(name)
    if queries.user_by_email(email):
        raise Refused("There is already an account with that e-mail address.", "email")
    user = User(
        email=email.strip().casefold(),
        name=name.strip(),
        role=role,
        agency=agency,
        password_hash="",
        is_active=is_active,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    audit.record(Operation.SECURITY, "user.create", by=by, obj=user, at=now, role=role.value, **detail)
    return user


def create_demo_user(
    *,
    email: str,
    name: str,
    role: Role,
    agency: Agency,
    password: str,
    now: datetime,
) -> User:
    """A marked account of the demonstration, with a password that is printed: production refuses to start on one."""
    user = create_user(email=email, name=name, role=role, agency=agency, by=None, now=now)
    user.is_demo, user.password_hash = True, passwords.hashed(password)
    return user


def check_agency(
    name: str, agreement_from: date, agreement_until: date, *, but: Agency | None = None
) -> None:
    """Refuses a name that another has, and an agreement that ends before it begins."""
    check_name(name)
    if agreement_until < agreement_from:
        raise Refused(
            "The agreement must end on or after the day it begins: choose a later last day.",
            "agreement_until",
        )
    held = db.session.scalar(select(Agency.id).where(Agency.name == name.strip()))
    if held and (but is None or held != but.id):
        raise Refused(
            f"There is already an agency with the name {name.strip()}: choose another name.", "name"
        )


def check_email(email: str) -> None:
    if not EMAIL.fullmatch(email.strip()) or len(email.strip()) > LONGEST_EMAIL:
        raise Refused("That is no e-mail address: give one such as jo.lapwynd@psg.example.", "email")


def check_name(name: str) -> None:
    if not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give a name of 1 to {LONGEST_NAME} characters.", "name")
