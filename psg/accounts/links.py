"""Links by mail with which people choose their own password: good once, and not for long.

A link is 256 random bits, of which the database has only the hash. Following it proves that the
mailbox is theirs and nothing more: signing in still takes the second factor.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, update

from psg.accounts import queries
from psg.accounts.models import User
from psg.accounts.sign_in_models import AccountLink, LinkPurpose
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.extensions import db
from psg.web import mail
from psg.web.hosts import absolute

BYTES = 32
GOOD_FOR = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=1)}
MOST_RESETS = 3
"""In the time that one of them is good for, so that nobody fills another's mailbox."""


def create(user: User, purpose: LinkPurpose, *, now: datetime) -> str:
    """The address of a new link. An invitation takes the place of those before it."""
    if purpose is LinkPurpose.INVITATION:
        void(user, now=now)
    token = secrets.token_urlsafe(BYTES)
    db.session.add(
        AccountLink(
            token_hash=_hash_of(token),
            user_id=user.id,
            purpose=purpose,
            created_at=now,
            expires_at=now + GOOD_FOR[purpose],
        )
    )
    db.session.flush()
    return absolute(f"/choose-password/{token}")


def find(token: str, *, now: datetime) -> AccountLink | None:
    """The link, while it is good: not used, not over, and of an account that is active."""
    return db.session.scalars(
        select(AccountLink)
        .join(AccountLink.user)
        .where(
            AccountLink.token_hash == _hash_of(token),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
            User.is_active,
        )
    ).one_or_none()


def use(link: AccountLink, *, now: datetime) -> bool:
    """Whether this was the first use; the person's other links are used up with it."""
    statement = (
        update(AccountLink)
        .where(AccountLink.id == link.id, AccountLink.used_at.is_(None), AccountLink.expires_at > now)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    result: Any = db.session.execute(statement)
    void(link.user, now=now)
    return bool(result.rowcount == 1)


def void(user: User, *, now: datetime) -> None:
    db.session.execute(
        update(AccountLink)
        .where(AccountLink.user_id == user.id, AccountLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def reset_link(email: str, now: datetime) -> str | None:
    """What a letter about a reset says at its place for the link; None where it is not to leave."""
    user = queries.user_by_email(email)
    if user is None or not user.is_active or not user.password_hash:
        return None
    lately = select(func.count()).where(
        AccountLink.user_id == user.id,
        AccountLink.purpose == LinkPurpose.RESET,
        AccountLink.created_at > now - GOOD_FOR[LinkPurpose.RESET],
    )
    if (db.session.scalar(lately) or 0) >= MOST_RESETS:
        return None
    audit.record(Operation.SECURITY, "password.reset_link", by=None, obj=user, at=now)
    return create(user, LinkPurpose.RESET, now=now)


def _hash_of(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


mail.fill_with("reset_link", reset_link)
