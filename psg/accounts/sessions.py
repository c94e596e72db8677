"""Sessions as rows on the server: begun, renewed, locked, unlocked and ended, without knowing of HTTP.

The browser holds a 256-bit token, the row only its SHA-256, so that whoever reads the database can
be nobody. Idle is a lock and not an end: somebody called to the counter comes back to the work as it
was. An absolute limit ends what a lock does not.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import delete, or_, select, update

from psg.accounts.models import User
from psg.accounts.sign_in_models import Factor, SignedIn
from psg.extensions import db

IDLE = timedelta(minutes=15)
WARNED = timedelta(minutes=2)
"""How long before the lock the page says so."""
ABSOLUTE = timedelta(hours=12)
STEP_UP = timedelta(minutes=10)
TOUCHED = timedelta(seconds=30)
"""Activity is written down at most this often."""
CARRIED = timedelta(hours=1)
"""By how much an open meeting moves the absolute limit on, each time its console is used."""
FORGOTTEN = timedelta(days=14)
LONGEST_DEVICE = 80

SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


class State(StrEnum):
    """`OPEN`: the person's own pages. `LOCKED`: their password again. `PENDING`: the second factor first."""

    OPEN = "open"
    LOCKED = "locked"
    PENDING = "pending"
    OVER = "over"


def begin(user: User, *, factor: Factor, device: str, now: datetime) -> str:
    """A new session; the token goes to the browser and is known to nobody else."""
    _forget_old(now)
    token = _new_token()
    db.session.add(
        SignedIn(
            token_hash=_hash(token),
            user=user,
            device=device[:LONGEST_DEVICE],
            factor=factor,
            began_at=now,
            seen_at=now,
            ends_at=now + ABSOLUTE,
            stepped_up_at=None if factor is Factor.PENDING else now,
        )
    )
    db.session.flush()
    return token


def known_by(token: str) -> SignedIn | None:
    """The session of this token, also one that is over: its owner's words are kept under their name."""
    return db.session.scalars(select(SignedIn).where(SignedIn.token_hash == _hash(token))).one_or_none()


def signed_in_by(token: str, *, now: datetime) -> SignedIn | None:
    """The session of this token while it is not over."""
    known = known_by(token)
    return None if known is None or state_of(known, now) is State.OVER else known


def state_of(signed_in: SignedIn, now: datetime) -> State:
    if signed_in.ended_at is not None or now >= signed_in.ends_at or not signed_in.user.is_active:
        return State.OVER
    idle = now - signed_in.seen_at >= IDLE
    if signed_in.factor is Factor.PENDING:
        return State.OVER if idle else State.PENDING
    return State.LOCKED if idle or signed_in.locked_at is not None else State.OPEN


def lock_in(signed_in: SignedIn, now: datetime) -> timedelta:
    """How long until it locks or is over, whichever comes first."""
    return min(signed_in.seen_at + IDLE, signed_in.ends_at) - now


def renew(
    signed_in: SignedIn,
    *,
    now: datetime,
    factor: Factor | None = None,
    stepped_up_at: datetime | None = None,
) -> str:
    """A new token for the same session, so that one that was seen before the proof is worth nothing after it.

    Meeting the second factor counts as a step-up: password and code were both just given.
    """
    token = _new_token()
    signed_in.token_hash = _hash(token)
    signed_in.seen_at = now
    if factor is not None:
        signed_in.factor = factor
        stepped_up_at = stepped_up_at or now
    if stepped_up_at is not None:
        signed_in.stepped_up_at = stepped_up_at
    db.session.flush()
    return token


def lock(signed_in: SignedIn, *, now: datetime) -> None:
    signed_in.locked_at = now


def unlock(signed_in: SignedIn, *, now: datetime) -> str:
    """A new token: one that was stolen while the screen was locked stays shut out."""
    signed_in.locked_at = None
    return renew(signed_in, now=now)


def end(signed_in: SignedIn, *, now: datetime) -> None:
    if signed_in.ended_at is None:
        signed_in.ended_at = now


def end_all(user: User, *, but: SignedIn | None, now: datetime) -> None:
    """Every session of this person, or every other: after a change of password, factor, role or agency."""
    db.session.flush()
    others = update(SignedIn).where(SignedIn.user_id == user.id, SignedIn.ended_at.is_(None))
    db.session.execute(others if but is None else others.where(SignedIn.id != but.id), {"ended_at": now})


def touch(number: int, *, now: datetime, is_carried: bool = False) -> None:
    """The person did something. `is_carried`: in an open meeting, whose end is also this session's."""
    until = max(now + CARRIED, _ends_at(number) or now) if is_carried else None
    changed = {"seen_at": now} | ({"ends_at": until} if until else {})
    db.session.execute(
        update(SignedIn).where(SignedIn.id == number, SignedIn.ended_at.is_(None)).values(**changed)
    )


def is_stepped_up(signed_in: SignedIn, now: datetime) -> bool:
    return signed_in.stepped_up_at is not None and now - signed_in.stepped_up_at < STEP_UP


def of_person(user: User, *, now: datetime) -> list[SignedIn]:
    """Where this person is signed in, the browser used last first."""
    return list(
        db.session.scalars(
            select(SignedIn)
            .where(
                SignedIn.user_id == user.id,
                SignedIn.ended_at.is_(None),
                SignedIn.ends_at > now,
                SignedIn.factor != Factor.PENDING,
            )
            .order_by(SignedIn.seen_at.desc(), SignedIn.id)
        )
    )


def device_of(user_agent: str) -> str:
    """“Firefox on Windows”: enough to know one's own browsers by, and no more."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _ends_at(number: int) -> datetime | None:
    return db.session.scalar(select(SignedIn.ends_at).where(SignedIn.id == number))


def _forget_old(now: datetime) -> None:
    long_over = or_(SignedIn.ended_at < now - FORGOTTEN, SignedIn.ends_at < now - FORGOTTEN)
    db.session.execute(delete(SignedIn).where(long_over))


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
