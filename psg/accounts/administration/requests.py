"""What takes two people: one asks, another decides, and neither decides about themselves.

The lead of an agency asks for accounts and new factors of their own people. An administrator asks
for the roles that no one person may give: coordinator, auditor and administrator.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from psg.accounts import credentials, invitations
from psg.accounts import services as accounts
from psg.accounts.administration import services
from psg.accounts.models import Agency, Role, User
from psg.accounts.sign_in_models import AccountRequest, Decision, RequestKind
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db, hold

ASKED_BY_LEAD = (Role.PRACTITIONER, Role.AGENCY_LEAD, Role.COORDINATOR)
"""What the lead of an agency may ask for."""


def ask_for_account(
    *, email: str, name: str, role: Role, agency: Agency, reason: str, by: User, now: datetime
) -> AccountRequest:
    """The lead of an agency is not told whether another agency has an account with that address."""
    accounts.check_email(email)
    accounts.check_name(name)
    services.check_role(role, agency)
    address = email.strip().casefold()
    _refuse_twice(RequestKind.ACCOUNT, AccountRequest.email == address, AccountRequest.agency_id == agency.id)
    return _ask(
        AccountRequest(
            kind=RequestKind.ACCOUNT,
            agency=agency,
            email=address,
            name=name.strip(),
            role=role,
            reason=reason,
        ),
        by=by,
        now=now,
    )


def ask_for_role(user: User, role: Role, *, reason: str, by: User, now: datetime) -> AccountRequest:
    _refuse_twice(RequestKind.ROLE, AccountRequest.user_id == user.id)
    if user.id == by.id:
        raise Refused("Nobody asks for a role of their own: another administrator does.")
    if user.role is role:
        raise Refused("This person has that role: choose another.", "role")
    services.check_role(role, user.agency, user=user)
    request = AccountRequest(kind=RequestKind.ROLE, user=user, agency=user.agency, role=role, reason=reason)
    return _ask(request, by=by, now=now)


def ask_for_factors(user: User, *, reason: str, by: User, now: datetime) -> AccountRequest:
    """For somebody who lost telephone and codes: their lead knows them by sight."""
    _refuse_twice(RequestKind.FACTORS, AccountRequest.user_id == user.id)
    if user.id == by.id:
        raise Refused(
            "Nobody asks for this for themselves: ask another lead of your agency, or an administrator."
        )
    request = AccountRequest(kind=RequestKind.FACTORS, user=user, agency=user.agency, reason=reason)
    return _ask(request, by=by, now=now)


def decide(request: AccountRequest, *, is_granted: bool, by: User, now: datetime) -> None:
    """Grant or refuse, once: of two who decide at the same time, the second is told that it is done."""
    hold(request)
    if request.decision is not Decision.PENDING:
        raise Refused("This request was decided already.")
    if by.id in (request.asked_by_id, request.user_id):
        raise Refused("Another person decides than the one who asked or whom it is about.")
    if is_granted:
        _carry_out(request, by=by, now=now)
    else:
        audit.record(Operation.SECURITY, "account_request.refuse", by=by, obj=request, at=now)
    request.decision = Decision.GRANTED if is_granted else Decision.REFUSED
    request.decided_by, request.decided_at = by, now


def may_decide(request: AccountRequest, by: User) -> bool:
    is_waiting = request.decision is Decision.PENDING
    return is_waiting and by.id not in (request.asked_by_id, request.user_id)


def _carry_out(request: AccountRequest, *, by: User, now: datetime) -> None:
    """What was asked for, with one entry that names both people."""
    named: dict[str, Any] = {"request": request.record_id, "asked_by": request.asked_by.record_id}
    if request.kind is RequestKind.ACCOUNT:
        services.check_role(_role_of(request), request.agency)
        request.user = accounts.create_user(
            email=request.email,
            name=request.name,
            role=_role_of(request),
            agency=request.agency,
            by=by,
            now=now,
            **named,
        )
        invitations.invite(request.user, now=now)
        return
    user = _user_of(request)
    if not user.is_active:
        raise Refused("This account is suspended: reinstate it first, or refuse the request.")
    if request.kind is RequestKind.ROLE:
        services.give_role(user, _role_of(request), by=by, now=now, **named)
    else:
        credentials.take_factors_away(user, by=by, now=now, **named)


def _ask(request: AccountRequest, *, by: User, now: datetime) -> AccountRequest:
    request.asked_by, request.asked_at = by, now
    db.session.add(request)
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        f"account_request.{request.kind.value}",
        by=by,
        obj=request,
        at=now,
        about=request.user.record_id if request.user else None,
        role=request.role,
    )
    return request


def _refuse_twice(kind: RequestKind, *about: ColumnElement[bool]) -> None:
    held = select(func.count()).where(
        AccountRequest.kind == kind, AccountRequest.decision == Decision.PENDING, *about
    )
    if db.session.scalar(held):
        raise Refused("This was asked for already and waits for an administrator.")


def _role_of(request: AccountRequest) -> Role:
    if request.role is None:
        raise Refused("The request names no role: refuse it, and have it asked for again.")
    return request.role


def _user_of(request: AccountRequest) -> User:
    if request.user is None:
        raise Refused("The request names nobody: refuse it, and have it asked for again.")
    return request.user
