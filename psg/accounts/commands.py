"""`psg user` and `psg agency`."""

from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from psg.accounts import credentials, invitations, queries, services
from psg.accounts.models import AgencyKind, Role, User
from psg.base import Refused
from psg.web.dates import now, today
from psg.web.transaction import command_transaction

agency_group = AppGroup("agency", help="The agencies of the partnership.")
user_group = AppGroup("user", help="People with an account.")
AGREEMENT_YEARS = 1
INVITED = """An invitation to {email} waits for psg mail send.
The same link, for whoever sets up the first account by hand; it works once, for 7 days:
{address}"""


@agency_group.command("create")
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in AgencyKind]), required=True)
@click.option(
    "--agreement-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day of the information sharing agreement.",
)
def create_agency(code: str, name: str, kind: str, agreement_until: datetime | None) -> None:
    """Add an agency whose information sharing agreement starts today."""
    until = agreement_until.date() if agreement_until else today() + timedelta(days=365 * AGREEMENT_YEARS)
    with command_transaction():
        services.create_agency(
            code=code,
            name=name,
            kind=AgencyKind(kind),
            agreement_from=today(),
            agreement_until=until,
            by=None,
            now=now(),
        )
    click.echo(f"{code.upper()} is added; its agreement runs until {until:%d %b %Y}.")


@user_group.command("create")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--agency", "agency_code", required=True, help="The code of the agency they work for.")
def create_user(email: str, name: str, role: str, agency_code: str) -> None:
    """Add a person and invite them to choose a password."""
    with command_transaction():
        agency = queries.agency_by_code(agency_code)
        if agency is None:
            raise Refused(f"There is no agency with the code {agency_code}: add it with psg agency create.")
        user = services.create_user(
            email=email, name=name, role=Role(role), agency=agency, by=None, now=now()
        )
        address = invitations.invite(user, now=now())
    click.echo(f"The account is made. {INVITED.format(email=user.email, address=address)}")


@user_group.command("invite")
@click.argument("email")
def invite_user(email: str) -> None:
    """Invite a person again: the link before it no longer works."""
    with command_transaction():
        user = _user(email)
        address = invitations.invite_again(user, by=None, now=now())
    click.echo(INVITED.format(email=user.email, address=address))


@user_group.command("reset-factors")
@click.argument("email")
def reset_factors(email: str) -> None:
    """Take the authenticator app off an account whose agency has no lead to ask for it."""
    with command_transaction():
        user = _user(email)
        credentials.take_factors_away(user, by=None, now=now())
    click.echo(f"{user.email} sets up an authenticator app at the next sign-in.")


def _user(email: str) -> User:
    user = queries.user_by_email(email)
    if user is None:
        raise Refused(f"There is no account with the e-mail address {email}.")
    return user
