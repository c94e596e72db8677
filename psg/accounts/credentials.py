"""Proving who one is, and changing what proves it. Each failure is counted and recorded; each change ends
the person's other sessions and is told to them by mail.
"""

from datetime import datetime
from typing import Any

from psg.accounts import factors, letters, links, passwords, queries, sessions, throttle
from psg.accounts.models import User
from psg.accounts.sign_in_models import AccountLink, Factor, SignedIn
from psg.accounts.throttle import Origin
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.web.sealing import fingerprint

LINK_USED = "This link was used already. Ask for a new one."


class TooMany(Refused):
    """Ten failures in five minutes: nothing is looked at until they are past."""

    def __init__(self) -> None:
        super().__init__(throttle.TOO_MANY)


def authenticate(*, email: str, password: str, origin: Origin, now: datetime) -> User | None:
    """The person, or None where e-mail or password is wrong: alike in answer, work and time.

    The attempt on an account that is not there names a stand-in in the record. That it succeeded is recorded with what
    follows: the second factor, or its being awaited.
    """
    _demand(email, origin, "sign_in", by=None, now=now)
    user = queries.user_by_email(email)
    is_right = passwords.is_right(user.password_hash if user else "", password)
    if user is None or not is_right or not user.is_active:
        throttle.fail(email, origin, now=now)
        audit.refused("sign_in", by=audit.ANONYMOUS, obj=user or _stand_in(email), at=now)
        return None
    _keep_hash_of_today(user, password)
    return user


def password_is_right(user: User, password: str, *, origin: Origin, action: str, now: datetime) -> bool:
    """Asks somebody known for their password again: to unlock, to step up, to change it."""
    _demand(user.email, origin, action, by=user, now=now)
    if passwords.is_right(user.password_hash, password):
        _keep_hash_of_today(user, password)
        return True
    _failed(user, origin, action, now=now)
    return False


def code_is_right(user: User, code: str, *, origin: Origin, action: str, now: datetime) -> bool:
    """Asks for the authenticator app's code, which is used up by a right answer."""
    _demand(user.email, origin, action, by=user, now=now)
    if factors.check_code(user, code, now=now):
        return True
    _failed(user, origin, action, now=now)
    return False


def await_second_factor(user: User, *, now: datetime) -> None:
    audit.record(Operation.SECURITY, "sign_in.password", by=user, obj=user, at=now)


def waive_second_factor(user: User, *, now: datetime) -> None:
    """For a marked account of the demonstration, and said so: nothing was met."""
    _record_sign_in(user, Factor.WAIVED_DEMO, now=now)


def meet_with_code(signed_in: SignedIn, code: str, *, origin: Origin, now: datetime) -> str | None:
    """The session's new token, with which every page is open; None where the code is wrong."""
    user = signed_in.user
    if not code_is_right(user, code, origin=origin, action="sign_in.code", now=now):
        return None
    _record_sign_in(user, Factor.CODE, now=now)
    return sessions.renew(signed_in, factor=Factor.CODE, now=now)


def meet_with_recovery_code(signed_in: SignedIn, code: str, *, origin: Origin, now: datetime) -> str | None:
    user = signed_in.user
    _demand(user.email, origin, "sign_in.recovery_code", by=user, now=now)
    if not factors.check_recovery_code(user, code, now=now):
        _failed(user, origin, "sign_in.recovery_code", now=now)
        return None
    _record_sign_in(user, Factor.RECOVERY, now=now, codes_left=factors.codes_left(user))
    letters.tell(user, letters.CODE_USED, now=now)
    return sessions.renew(signed_in, factor=Factor.RECOVERY, now=now)


def set_up_app(
    signed_in: SignedIn, sealed: str, code: str, *, origin: Origin, now: datetime
) -> tuple[str, list[str]] | None:
    """Before the first page: the app is taken on and the session opens. Gives token and recovery codes."""
    user = signed_in.user
    _demand(user.email, origin, "second_factor.set_up", by=user, now=now)
    codes = factors.confirm(user, sealed, code, now=now)
    if codes is None:
        _failed(user, origin, "second_factor.set_up", now=now)
        return None
    sessions.end_all(user, but=signed_in, now=now)
    _record_sign_in(user, Factor.CODE, now=now, set_up=True)
    letters.tell(user, letters.FACTOR, now=now)
    return sessions.renew(signed_in, factor=Factor.CODE, now=now), codes


def replace_app(
    signed_in: SignedIn, sealed: str, code: str, *, origin: Origin, now: datetime
) -> list[str] | None:
    """Another app in place of the one there is, with new recovery codes."""
    user = signed_in.user
    _demand(user.email, origin, "second_factor.replace", by=user, now=now)
    codes = factors.confirm(user, sealed, code, now=now)
    if codes is None:
        _failed(user, origin, "second_factor.replace", now=now)
        return None
    _changed(user, letters.FACTOR, but=signed_in, now=now)
    audit.record(Operation.SECURITY, "second_factor.replace", by=user, obj=user, at=now)
    return codes


def renew_codes(signed_in: SignedIn, *, now: datetime) -> list[str]:
    user = signed_in.user
    codes = factors.new_codes(user)
    _changed(user, letters.CODES, but=signed_in, now=now)
    audit.record(Operation.SECURITY, "recovery_codes.new", by=user, obj=user, at=now)
    return codes


def change_password(signed_in: SignedIn, *, old: str, new: str, origin: Origin, now: datetime) -> bool:
    """False where the old one is wrong; refused where the new one is not good enough."""
    user = signed_in.user
    passwords.check(new, user)
    if not password_is_right(user, old, origin=origin, action="password.change", now=now):
        return False
    user.password_hash = passwords.hashed(new)
    links.void(user, now=now)
    _changed(user, letters.PASSWORD, but=signed_in, now=now)
    audit.record(Operation.SECURITY, "password.change", by=user, obj=user, at=now)
    return True


def choose_password(link: AccountLink, new: str, *, now: datetime) -> None:
    """By a link from the mailbox. It signs nobody in and leaves the second factor as it is."""
    user = link.user
    passwords.check(new, user)
    if not links.use(link, now=now):
        raise Refused(LINK_USED)
    user.password_hash = passwords.hashed(new)
    _changed(user, letters.PASSWORD, but=None, now=now)
    audit.record(Operation.SECURITY, "password.choose", by=user, obj=user, at=now, by_link=link.purpose)


def take_factors_away(user: User, *, by: User | None, now: datetime, **detail: Any) -> None:
    """The person sets up an app anew at the next sign-in."""
    factors.take_away(user)
    _changed(user, letters.FACTOR_TAKEN, but=None, now=now)
    audit.record(Operation.SECURITY, "second_factor.reset", by=by, obj=user, at=now, **detail)


def ask_for_reset(email: str, *, origin: Origin, now: datetime) -> None:
    """Queue the letter, to whoever was named; whether there is an account is asked when it leaves.

    So the answer, and the work behind it, is the same for every address. Each counts as an attempt.
    """
    _demand(email, origin, "password.reset", by=None, now=now, about=throttle.RESETS)
    throttle.fail(email, origin, now=now, about=throttle.RESETS)
    letters.offer_reset(email, now=now)
    audit.record(Operation.SECURITY, "password.reset", by=audit.ANONYMOUS, at=now)


def _stand_in(email: str) -> str:
    """Takes the place of an account that is not there: the same work, and the same name for the same address."""
    return f"{User.record_kind}_{fingerprint('nobody', email.strip().casefold())[:32]}"


def _demand(
    email: str,
    origin: Origin,
    action: str,
    *,
    by: User | None,
    now: datetime,
    about: str = throttle.PROOFS,
) -> None:
    if not throttle.check(email, origin, now=now, about=about):
        audit.refused(action, by=by or audit.ANONYMOUS, obj=by, at=now, reason="throttled")
        raise TooMany


def _failed(user: User, origin: Origin, action: str, *, now: datetime) -> None:
    throttle.fail(user.email, origin, now=now)
    audit.refused(action, by=user, obj=user, at=now)


def _record_sign_in(user: User, factor: Factor, *, now: datetime, **detail: Any) -> None:
    audit.record(Operation.SECURITY, "sign_in", by=user, obj=user, at=now, second_factor=factor, **detail)


def _changed(user: User, what: str, *, but: SignedIn | None, now: datetime) -> None:
    sessions.end_all(user, but=but, now=now)
    letters.tell(user, what, now=now)


def _keep_hash_of_today(user: User, password: str) -> None:
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
