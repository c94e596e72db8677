"""How often somebody may be wrong: ten failures in five minutes for each account, second factor included.

Counted in the database, so that every worker counts the same. Nothing here asks whether the account
exists: an address nobody has is throttled like any other. A browser at which the person signed in
before counts for itself, so that a stranger who keeps guessing shuts out strangers only.

Account, network address and device are kept as keyed hashes, and for an hour.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update

from psg.accounts.models import User
from psg.accounts.sign_in_models import FailedAttempt, KnownDevice
from psg.extensions import db
from psg.web.sealing import fingerprint
from psg.web.transaction import keep_when_refused

WINDOW = timedelta(minutes=5)
PER_ACCOUNT = 10
PER_NETWORK = 100
KEPT_FOR = timedelta(hours=1)
KNOWN_FOR = timedelta(days=365)
PROOFS, RESETS = "account", "reset"
"""What is counted apart: wrong passwords and codes, and letters asked for."""
TOO_MANY = "There were too many attempts. Wait five minutes, then try again."
IPV6_NETWORK = 64
"""The first bits of an IPv6 address name a household or an office; the rest is one machine's choice."""


@dataclass(frozen=True)
class Origin:
    """Where an attempt comes from: a network address, and the token that a known browser holds."""

    network: str
    device: str = ""


def check(email: str, origin: Origin, *, now: datetime, about: str = PROOFS) -> bool:
    """Whether another attempt on this account may be made from here.

    On PostgreSQL those who try one account at the same time wait for one another, so that many at
    once are no way round the count; SQLite has one writer at a time as it is.
    """
    account = _account(email, about)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(account[:15], 16)})
    device = _known(email, origin)
    tried = _count(FailedAttempt.account == account, FailedAttempt.device == device, now=now)
    if tried >= PER_ACCOUNT:
        return False
    return bool(device) or _count(FailedAttempt.network == _network(origin), now=now) < PER_NETWORK


def fail(email: str, origin: Origin, *, now: datetime, about: str = PROOFS) -> None:
    """Count a failure. It stays although the request that failed changes nothing else."""
    keep_when_refused(delete(FailedAttempt).where(FailedAttempt.at < now - KEPT_FOR))
    keep_when_refused(
        insert(FailedAttempt).values(
            account=_account(email, about), network=_network(origin), device=_known(email, origin), at=now
        )
    )


def know_device(user: User, origin: Origin, *, now: datetime) -> str:
    """The browser is this person's from now on. Gives the token it is to hold, which several may share."""
    long_unused = KnownDevice.used_at < now - KNOWN_FOR
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id, long_unused))
    token = origin.device or secrets.token_urlsafe(32)
    held = _device_hash(user.email, token)
    seen = update(KnownDevice).where(KnownDevice.token_hash == held).values(used_at=now)
    if not db.session.execute(seen).rowcount:  # type: ignore[attr-defined]
        db.session.add(KnownDevice(token_hash=held, user_id=user.id, created_at=now, used_at=now))
    return token


def _known(email: str, origin: Origin) -> str:
    """The hash of the device where it is one of this account's, else nothing."""
    held = _device_hash(email, origin.device)
    found = db.session.scalar(select(KnownDevice.id).where(KnownDevice.token_hash == held))
    return held if origin.device and found else ""


def _count(*which: ColumnElement[bool], now: datetime) -> int:
    recent = select(func.count()).select_from(FailedAttempt).where(*which, FailedAttempt.at > now - WINDOW)
    return db.session.scalar(recent) or 0


def _account(email: str, about: str) -> str:
    return fingerprint(about, email.strip().casefold())


def _device_hash(email: str, token: str) -> str:
    return sha256(f"{email.strip().casefold()}\0{token}".encode()).hexdigest()


def _network(origin: Origin) -> str:
    try:
        address = ip_address(origin.network)
    except ValueError:
        return fingerprint("network", origin.network)
    if isinstance(address, IPv6Address):
        return fingerprint("network", str(ip_network((address, IPV6_NETWORK), strict=False)))
    return fingerprint("network", str(address))
