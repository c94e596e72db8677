"""Keeping agencies and accounts. None of it opens a case, and nobody chooses another's password.

A change that bears on what somebody may see ends their sessions and is told to them by mail.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from psg.accounts import invitations, letters, links, sessions
from psg.accounts import services as accounts
from psg.accounts.models import Agency, Role, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.web.dates import today

TWO_PEOPLE = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles that one person asks for and another gives."""
OVERSIGHT_ONLY = frozenset({Role.AUDITOR, Role.DELIVERY_GROUP})
WATCHED_BY_THE_OTHER = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""Who audits must not audit what the same account administered: never one account, not in turn either."""
on_moved: Final[list[Callable[[User, datetime], None]]] = []
"""What features above do when somebody goes to another agency: what they were given at the last one ends."""


def edit_agency(
    agency: Agency, *, name: str, agreement_from: date, agreement_until: date, by: User, now: datetime
) -> None:
    """A lapse closes everything to the agency's people from their next request on."""
    accounts.check_agency(name, agreement_from, agreement_until, but=agency)
    if agency.id == by.agency_id and not agreement_from <= today() <= agreement_until:
        raise Refused(
            "This is your own agency: without an agreement today you would shut yourself out.",
            "agreement_until",
        )
    before = _described(agency)
    agency.name, agency.agreement_from, agency.agreement_until = name.strip(), agreement_from, agreement_until
    db.session.flush()
    audit.record(
        Operation.SECURITY,
        "agency.edit",
        by=by,
        obj=agency,
        at=now,
        **audit.changes(before, _described(agency)),
    )


def check_role(role: Role, agency: Agency, *, user: User | None = None) -> None:
    """Refuses a role that does not go with the agency, or with what this account was before."""
    if role in OVERSIGHT_ONLY and not agency.is_oversight:
        raise Refused(
            f"{role.label} belongs to an oversight body: choose another role or another agency.", "role"
        )
    if agency.is_oversight and role not in OVERSIGHT_ONLY | {Role.ADMINISTRATOR}:
        raise Refused("No case is open to an oversight body: choose another role or another agency.", "role")
    if user is not None and {user.role, role} == WATCHED_BY_THE_OTHER:
        raise Refused(
            "Auditor and administrator are never one account: invite the person to a second one.", "role"
        )


def invite_user(*, email: str, name: str, role: Role, agency: Agency, by: User, now: datetime) -> User:
    """For the roles that one administrator may give alone; the others are asked for (`requests`)."""
    check_role(role, agency)
    user = accounts.create_user(email=email, name=name, role=role, agency=agency, by=by, now=now)
    invitations.invite(user, now=now)
    return user


def edit_user(user: User, *, name: str, agency: Agency, by: User, now: datetime) -> None:
    accounts.check_name(name)
    has_moved = agency.id != user.agency_id
    if has_moved:
        _refuse_self(user, by)
        check_role(user.role, agency)
    before = {"name": user.name, "agency": user.agency.code}
    user.name, user.agency = name.strip(), agency
    db.session.flush()
    if has_moved:
        for leave_behind in on_moved:
            leave_behind(user, now)
        _changed(user, letters.AGENCY, now=now)
    after = {"name": user.name, "agency": agency.code}
    audit.record(Operation.SECURITY, "user.edit", by=by, obj=user, at=now, **audit.changes(before, after))


def give_role(user: User, role: Role, *, by: User, now: datetime, **detail: str) -> None:
    """Takes effect at the next sign-in, which comes at once. `detail`: who asked, where that was another."""
    _refuse_self(user, by)
    check_role(role, user.agency, user=user)
    before, user.role = user.role, role
    db.session.flush()
    _changed(user, letters.ROLE, now=now)
    audit.record(Operation.SECURITY, "user.role", by=by, obj=user, at=now, before=before, role=role, **detail)


def suspend(user: User, *, by: User, now: datetime) -> None:
    """Closes the account at once. Nothing that the person did is lost or changed."""
    _refuse_self(user, by)
    if not user.is_active:
        raise Refused("This account is suspended already.")
    user.is_active = False
    links.void(user, now=now)
    _changed(user, letters.SUSPENDED, now=now)
    audit.record(Operation.SECURITY, "user.suspend", by=by, obj=user, at=now)


def reinstate(user: User, *, by: User, now: datetime) -> None:
    _refuse_self(user, by)
    if user.is_active:
        raise Refused("This account is not suspended.")
    user.is_active = True
    letters.tell(user, letters.REINSTATED, now=now)
    audit.record(Operation.SECURITY, "user.reinstate", by=by, obj=user, at=now)


def sign_out_everywhere(user: User, *, by: User, now: datetime) -> None:
    """For a browser that was left or lost."""
    sessions.end_all(user, but=None, now=now)
    audit.record(Operation.SECURITY, "user.sign_out", by=by, obj=user, at=now)


def _refuse_self(user: User, by: User) -> None:
    if user.id == by.id:
        raise Refused("You cannot do this to your own account: ask another administrator.")


def _changed(user: User, what: str, *, now: datetime) -> None:
    sessions.end_all(user, but=None, now=now)
    letters.tell(user, what, now=now)


def _described(agency: Agency) -> dict[str, object]:
    return {
        "name": agency.name,
        "agreement_from": agency.agreement_from,
        "agreement_until": agency.agreement_until,
    }
