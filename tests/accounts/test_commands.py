"""`psg agency` and `psg user`: what cannot be is one sentence and exit 1, never a traceback."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from click import ClickException
from click.testing import CliRunner, Result
from sqlalchemy import func, select, text

from psg.accounts import factors, queries
from psg.accounts.commands import agency_group, user_group
from psg.accounts.models import Agency, User
from psg.extensions import db
from psg.web.transaction import command_transaction
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, give_app, make_agency, make_user

pytestmark = pytest.mark.usefixtures("session")
GROUPS = {"agency": agency_group, "user": user_group}


def run(group: str, *arguments: str) -> Result:
    db.session.commit()
    return CliRunner().invoke(GROUPS[group], arguments)


def create(email: str, name: str, agency: str) -> Result:
    return run("user", "create", email, name, "--role", "auditor", "--agency", agency)


def how_many() -> tuple[int, ...]:
    return tuple(db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Agency, User))


def test_a_person_is_added_and_invited_and_nobody_chooses_their_password(client: Browser) -> None:
    assert run("agency", "create", "fen", "Fen Constabulary", "--kind", "police").exit_code == 0
    made = create("jo@psg.example", "Jo Lapwynd", "FEN")
    assert made.exit_code == 0
    person = queries.user_by_email("jo@psg.example")
    assert person is not None
    assert not person.password_hash
    address = made.output.split()[-1]
    assert client.send(urlsplit(address).path, {"new_password": PASSWORD}).status_code == 303


def test_a_second_invitation_takes_the_place_of_the_first(client: Browser) -> None:
    make_agency(code="FEN")
    first = create("jo@psg.example", "Jo Lapwynd", "FEN").output.split()[-1]
    second = run("user", "invite", "jo@psg.example").output.split()[-1]
    assert client.get(urlsplit(first).path).status_code == 404
    assert client.get(urlsplit(second).path).status_code == 200


def test_factors_are_taken_away_for_whom_no_lead_can_ask() -> None:
    person = make_user(email="jo@psg.example")
    give_app(person)
    assert run("user", "reset-factors", "jo@psg.example").exit_code == 0
    assert factors.of_user(person) is None
    assert run("user", "reset-factors", "nobody@psg.example").exit_code == 1


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
    ("email", "name", "agency", "sentence"),
    [
        ("notmail", "Jo", "HELD", "no e-mail address"),
        (f"{'a' * 251}@x.y", "Jo", "HELD", "no e-mail address"),
        ("a b@x.y", "Jo", "HELD", "no e-mail address"),
        ("held@psg.example", "Jo", "HELD", "already an account"),
        ("jo@psg.example", "", "HELD", "Give a name"),
        ("jo@psg.example", "Jo\x00", "HELD", "Give a name"),
        ("jo@psg.example", "Jo", "NONE", "There is no agency"),
    ],
)
def test_person_that_cannot_be_is_refused_in_one_sentence(
    email: str, name: str, agency: str, sentence: str
) -> None:
    make_user(agency=make_agency(code="HELD"), email="held@psg.example")
    before = how_many()
    refused = create(email, name, agency)
    assert refused.exit_code == 1
    assert sentence in refused.output
    assert how_many() == before


def test_database_that_is_not_ready_is_named_in_one_sentence() -> None:
    with pytest.raises(ClickException, match="run psg db upgrade"), command_transaction():
        db.session.execute(text("SELECT nothing FROM a_table_that_is_not_there"))
