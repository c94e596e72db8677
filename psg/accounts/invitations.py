"""Inviting somebody to choose the password of an account that was made for them."""

from datetime import datetime

from psg.accounts import letters, links
from psg.accounts.models import User
from psg.accounts.sign_in_models import LinkPurpose
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused


def invite(user: User, *, now: datetime) -> str:
    """Queue the letter, as part of making the account. Gives the address it holds."""
    address = links.create(user, LinkPurpose.INVITATION, now=now)
    letters.invite(user, address, now=now)
    return address


def invite_again(user: User, *, by: User | None, now: datetime) -> str:
    """For an invitation that went astray; a person who has a password asks for a reset themselves."""
    if user.password_hash:
        raise Refused("This person has chosen a password already. They can ask for a new one at sign-in.")
    if not user.is_active:
        raise Refused("This account is suspended: reinstate it before you invite the person again.")
    audit.record(Operation.SECURITY, "user.invite", by=by, obj=user, at=now)
    return invite(user, now=now)
