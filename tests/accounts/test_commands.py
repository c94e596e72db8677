"""`psg agency` and `psg user`: what cannot be is one sentence and exit 1, never a traceback."""

from collections.abc import Sequence

import pytest
from click import ClickException
from click.testing import CliRunner, Result
from sqlalchemy import func, select, text

from psg.accounts.commands import agency_group, user_group
from psg.accounts.models import Agency, User
from psg.extensions import db
from psg.web.transaction import command_transaction
from tests.factories.accounts import PASSWORD, make_agency, make_user

pytestmark = pytest.mark.usefixtures("session")
GROUPS = {"agency": agency_group, "user": user_group}


def run(group: str, *arguments: str) -> Result:
    db.session.commit()
    return CliRunner().invoke(GROUPS[group], arguments)


def how_many() -> tuple[int, ...]:
    return tuple(db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Agency, User))


def test_agency_and_person_are_added() -> None:
    assert run("agency", "create", "fen", "Fen Constabulary", "--kind", "police").exit_code == 0
    made = run(
        "user", "create", "jo@psg.example", "Jo Lapwynd", "--role", "practitioner", "--agency", "FEN",
        "--password", PASSWORD,
    )  # fmt: skip
    assert (made.exit_code, made.output) == (0, "The account is made: jo@psg.example can sign in.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("X", ""), "Give a name"),
        (("X", "N" * 121), "Give a name"),
        (("Z" * 13, "Name"), "code is 1 to 12"),
        (("A B", "Name"), "code is 1 to 12"),
        (("HELD", "Name"), "already an agency with the code"),
        (("NEW", "Held by name"), "already an agency with the name"),
        (("NEW", "Name", "--agreement-until", "2001-01-01"), "on or after the day it begins"),
    ],
)
def test_agency_that_cannot_be_is_refused_in_one_sentence(arguments: Sequence[str], sentence: str) -> None:
    make_agency(code="HELD", name="Held by name")
    before = how_many()
    refused = run("agency", "create", *arguments, "--kind", "police")
    assert refused.exit_code == 1
    assert sentence in refused.output
    assert refused.output.count("\n") == 1
    assert how_many() == before


@pytest.mark.parametrize(
    ("email", "name", "agency", "password", "sentence"),
    [
        ("notmail", "Jo", "HELD", PASSWORD, "no e-mail address"),
        (f"{'a' * 251}@x.y", "Jo", "HELD", PASSWORD, "no e-mail address"),
        ("a b@x.y", "Jo", "HELD", PASSWORD, "no e-mail address"),
        ("held@psg.example", "Jo", "HELD", PASSWORD, "already an account"),
        ("jo@psg.example", "", "HELD", PASSWORD, "Give a name"),
        ("jo@psg.example", "Jo\x00", "HELD", PASSWORD, "Give a name"),
        ("jo@psg.example", "Jo", "NONE", PASSWORD, "There is no agency"),
        ("jo@psg.example", "Jo", "HELD", "short", "Choose a password"),
    ],
)
def test_person_that_cannot_be_is_refused_in_one_sentence(
    email: str, name: str, agency: str, password: str, sentence: str
) -> None:
    make_user(agency=make_agency(code="HELD"), email="held@psg.example")
    before = how_many()
    refused = run(
        "user", "create", email, name, "--role", "auditor", "--agency", agency, "--password", password
    )
    assert refused.exit_code == 1
    assert sentence in refused.output
    assert how_many() == before


def test_database_that_is_not_ready_is_named_in_one_sentence() -> None:
    with pytest.raises(ClickException, match="run psg db upgrade"), command_transaction():
        db.session.execute(text("SELECT nothing FROM a_table_that_is_not_there"))
