"""What people are told by mail about their account. No letter names them or anybody else."""

from datetime import datetime

from psg.accounts.models import User
from psg.web import mail
from psg.web.hosts import absolute

INVITED = """You have an account with the Problem Solving Group's service.

Choose your password here within 7 days:

{link}

You will also need an authenticator app on your telephone or computer. The link works once. Nobody at
the service knows your password or will ask you for it.
"""

RESET = """Somebody, probably you, asked to choose a new password for your account with the Problem
Solving Group's service.

Choose it here within one hour:

{reset_link}

The link works once, and you will still need your authenticator app or a recovery code. If you did not
ask for it, you need do nothing: your password is as it was.
"""

CHANGED = """{what}

You were signed out wherever else you were signed in. If this was not you, or was not expected, tell
the administrator of your Problem Solving Group at once.

{address}
"""

PASSWORD = "The password of your account was changed."  # noqa: S105
FACTOR = "The authenticator app of your account was changed."
FACTOR_TAKEN = "Your authenticator app was taken off your account at your agency's request. You set up another at your next sign-in."
CODES = "Ten new recovery codes were made for your account. Those before them no longer work."
CODE_USED = "A recovery code was used to sign in to your account."
ROLE = "Your role was changed."
AGENCY = "The agency of your account was changed."
SUSPENDED = "Your account was suspended. You cannot sign in until it is reinstated."
REINSTATED = "Your account was reinstated. You can sign in again."


def invite(user: User, address: str, *, now: datetime) -> None:
    mail.post(user.email, "Your account: choose a password", INVITED.replace("{link}", address), now=now)


def offer_reset(email: str, *, now: datetime) -> None:
    """To whoever was named: whether there is such an account is asked when the letter leaves."""
    mail.post(email, "Choose a new password", RESET, now=now)


def tell(user: User, what: str, *, now: datetime) -> None:
    body = CHANGED.replace("{what}", what).replace("{address}", absolute("/"))
    mail.post(user.email, "Your account was changed", body, now=now)
