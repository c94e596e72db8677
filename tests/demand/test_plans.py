"""How the databases find contacts: by an index, wherever a page counts them. A million of them are never read through."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from psg.accounts.models import Role
from psg.demand.screening.services import load_reference_data
from psg.extensions import db
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import a_person, a_place, make_ward
from tests.factories.demand import make_contact

BY_INDEX_ALONE = {
    "sqlite": "COVERING INDEX ix_contact_by_day",
    "postgresql": "Index Only Scan using ix_contact_by_day",
}
SPREAD = ("count(*) AS measure", "anon_1.in_28", "AS number", "AS contacts, sum(CASE WHEN")
"""Words of the statements that count everybody's contacts in a window."""


@contextmanager
def contact_statements() -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if re.search(r"(FROM|JOIN) contact\b", statement) and statement.startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    connection = db.engines[None]
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def plan_of(statement: str, parameters: Any, engine: str) -> str:
    """A few rows are read through by any planner that may: PostgreSQL is told not to, if there is another way."""
    connection = db.session.connection()
    if engine == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    explain = "EXPLAIN" if engine == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))


@pytest.fixture
def pages(session: Any) -> list[str]:
    load_reference_data(now())
    officer, ward = make_user(), make_ward()
    person, place = a_person(ward=ward), a_place(ward=ward)
    for subject in (person, place):
        for ago in range(3):
            make_contact(subject, by=officer, on=today() - timedelta(days=ago + 1))
    db.session.flush()
    return [
        "/people", "/people?window=365", "/people?window=90&sort=-agencies", "/places?place=street",
        f"/people?agency={officer.agency_id}&case=none", person.path, place.path, f"{person.path}/contacts",
        "/demand/candidates", "/places/map", "/places/map?window=365&kind=noise",
        f"/people?known_on={today() - timedelta(days=7)}",
    ]  # fmt: skip


def test_no_page_reads_all_contacts_and_counts_ask_an_index_alone(sign_in, pages, engine_name) -> None:
    browser = sign_in(make_user(role=Role.COORDINATOR))
    windows = 0
    for page in pages:
        browser.get(page)
        with contact_statements() as sent:
            assert browser.get(page).status_code == 200
        assert sent
        for statement, parameters in sent:
            plan = plan_of(statement, parameters, engine_name)
            assert not re.search(r"SCAN contact(?!_)(?! USING)|Seq Scan on contact\b", plan), (
                page,
                statement,
                plan,
            )
            if any(words in statement for words in SPREAD) and "known_on" not in page:
                windows += 1
                assert BY_INDEX_ALONE[engine_name] in plan, (page, statement, plan)
    assert windows >= 12
