"""A post that our own page did not send changes nothing: not the data, not who is signed in."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from psg.base import Base
from psg.extensions import db
from tests.architecture.world import World
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.crawl


def everything() -> dict[str, Any]:
    """What the database holds, past the session; the record, and when each browser was last seen, apart."""
    connection = db.engines[None]
    return {
        table.name: sorted(connection.execute(select(table)).all(), key=repr)  # type: ignore[attr-defined]
        for table in Base.metadata.sorted_tables
        if not table.name.startswith(("audit_", "signed_in"))
    }


@pytest.mark.parametrize("forgery", ["no token", "another session’s token", "another site"])
def test_a_post_that_our_page_did_not_send_changes_nothing(
    app: Flask, world: World, sign_in, forgery: str
) -> None:
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    addresses = [one for one in world.addresses() if one.endpoint in posts]
    ours, other = sign_in(world.chair), sign_in(make_user())
    teller = other if forgery == "another session’s token" else ours
    token = "" if forgery == "no token" else teller.hidden_fields("/", "/sign-out")["csrf_token"]
    headers = {"Sec-Fetch-Site": "cross-site"} if forgery == "another site" else {}
    before = everything()
    for one in addresses:
        answer = ours.post(one.url, data={"csrf_token": token, "request_key": "forged"}, headers=headers)
        assert answer.status_code in (400, 409, 422), one
    assert everything() == before
    assert ours.get("/").status_code == 200, "signed out by another site"


def test_nobody_is_signed_in_by_a_page_that_is_not_ours(client: Browser) -> None:
    user = make_user()
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert client.get("/").status_code == 303
