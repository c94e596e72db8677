"""The second factor: six figures from an authenticator app (TOTP, RFC 6238), or one of ten codes on paper.

A figure lasts thirty seconds and is taken one step early or late, because telephones' clocks differ;
each step opens once, also where two use it at the same time. The app's secret is sealed at rest. The
codes on paper are for the day the telephone is lost, good once each, and kept as keyed hashes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

import pyotp
import segno
from sqlalchemy import delete, func, select, update

from psg.accounts.models import User
from psg.accounts.sign_in_models import RecoveryCode, SecondFactor
from psg.extensions import db
from psg.web.sealing import fingerprint, seal, unseal

STEP = 30
EITHER_SIDE = 1
FIGURES = 6
ISSUER = "PSG"
CODES = 10
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are mistaken for one another on paper."""
GROUPS, IN_GROUP = 4, 4
LONGEST_CODE = 40


@dataclass(frozen=True)
class Picture:
    """A QR code as squares of an inline drawing: its width, and the path that fills the dark ones."""

    size: int
    path: str


@dataclass(frozen=True)
class Offer:
    """An app's secret that is not yet confirmed: the page carries it sealed, and it is stored nowhere."""

    secret: str
    sealed: str
    picture: Picture

    @property
    def in_groups(self) -> str:
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


def of_user(user: User) -> SecondFactor | None:
    return db.session.scalars(
        select(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.confirmed_at.is_not(None))
    ).one_or_none()


def offer(user: User, sealed: str = "") -> Offer:
    """A secret for an app: the one that this page already showed this person, else a new one."""
    secret = _opened(user, sealed) or pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return Offer(secret, seal(f"{user.audit_id} {secret}").decode(), _picture(uri))


def confirm(user: User, sealed: str, code: str, *, now: datetime) -> list[str] | None:
    """Take the app on, in place of any before it, once it has shown a right code. Gives ten new codes.

    None where the code is wrong or the page was not this person's.
    """
    secret = _opened(user, sealed)
    step = _step_of(secret, code, now) if secret else None
    if secret is None or step is None:
        return None
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    db.session.add(SecondFactor(user_id=user.id, secret=seal(secret), confirmed_at=now, last_step=step))
    db.session.flush()
    return new_codes(user)


def check_code(user: User, code: str, *, now: datetime) -> bool:
    """Whether this is the app's code of now, used for the first time. It is used up by asking."""
    factor = of_user(user)
    secret = unseal(factor.secret) if factor else None
    step = _step_of(secret, code, now) if secret else None
    if factor is None or step is None:
        return False
    return _took(
        update(SecondFactor)
        .where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
        .values(last_step=step)
    )


def check_recovery_code(user: User, code: str, *, now: datetime) -> bool:
    """Whether this is one of the person's codes on paper, used for the first time."""
    return _took(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash_of(user, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )


def new_codes(user: User) -> list[str]:
    """Ten codes in place of those before. They can be read this once."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _ in range(CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash_of(user, code)) for code in codes)
    db.session.flush()
    return codes


def codes_left(user: User) -> int:
    left = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(left) or 0


def take_away(user: User) -> None:
    """The person sets up an app anew at the next sign-in, and has new codes then."""
    for table in (SecondFactor, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user.id))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The newest step whose figures these are; every step is compared, so that all take as long."""
    typed = "".join(code.split())
    if len(typed) != FIGURES or not (typed.isascii() and typed.isdigit()):
        return None
    current = int(now.timestamp()) // STEP
    steps = range(current - EITHER_SIDE, current + EITHER_SIDE + 1)
    app = pyotp.TOTP(secret, interval=STEP)
    right = [step for step in steps if compare_digest(app.generate_otp(step), typed)]
    return max(right, default=None)


def _took(statement: Any) -> bool:
    """Whether the one row was there to be changed: of two who use a code at once, one is told yes."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)


def _opened(user: User, sealed: str) -> str | None:
    whose, _, secret = (unseal(sealed.encode(errors="replace")) or "").partition(" ")
    return secret if whose == user.audit_id else None


def _new_code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(IN_GROUP)) for _ in range(GROUPS))


def _hash_of(user: User, code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return fingerprint("recovery code", f"{user.audit_id} {plain}")


def _picture(uri: str) -> Picture:
    rows = [[bool(dark) for dark in row] for row in segno.make(uri, error="m", micro=False).matrix]
    path = "".join(
        f"M{start} {line}h{length}v1h-{length}z"
        for line, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return Picture(len(rows), path)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """The dark squares that stand side by side, each run as its start and length."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((place, 1))
    return runs
