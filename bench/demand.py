"""How long the pages of demand take with 20,000 people and places and a million contacts.

    python -m bench.demand [--engines sqlite] [--subjects 20000] [--contacts 1000000]

One officer asks one page at a time, without a server between: what is measured is the product's own
work, its statements and its entry in the record; medians of seven. SQLite works within the process that is
measured; the processor time of PostgreSQL's own process is not in the first column. Contacts are spread over three years with a heavy tail,
as calls are: a few subjects have thousands, most have some.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import event, insert, select

from bench import data
from bench.history import AT_ONCE, Row, batches
from bench.server import database, engines
from psg import create_app
from psg.accounts import services as accounts
from psg.accounts.models import Agency, Role, User
from psg.base import new_audit_id
from psg.demand.models import Contact, ContactKind, ContactRole, ExclusionReason, SuppliedMonth
from psg.extensions import db
from psg.web.dates import london, now, today
from tests.browser import Browser
from tests.conftest import signed_in_at

DAYS = 3 * 365
TAIL = 0.7
ROLES = {
    ContactRole.SUBJECT: 5,
    ContactRole.CALLER: 2,
    ContactRole.SUSPECTED: 3,
    ContactRole.VICTIM: 2,
    ContactRole.WITNESS: 1,
}
TIMES = 7
PAGES = {
    "people, 28 days": "/people",
    "people, 90 days": "/people?window=90",
    "people, 365 days": "/people?window=365",
    "people, by agencies in 90 days": "/people?window=90&sort=-agencies",
    "people, by name": "/people?sort=name",
    "people, page 100": "/people?page=100",
    "people, one agency and on no open case": "/people?agency=1&case=none",
    "people, as known three weeks ago": "/people?known_on={earlier}",
    "places, streets only, 90 days": "/places?place=street&window=90",
    "the busiest person": "/people/{busiest}",
    "their contacts": "/people/{busiest}/contacts",
    "candidates": "/demand/candidates",
    "the map, 90 days": "/places/map",
    "the map, noise in 365 days": "/places/map?window=365&kind=noise",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.demand", description="How fast demand is counted.")
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=engines())
    parser.add_argument("--subjects", type=int, default=20_000)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    given = parser.parse_args()
    print("| database | page | on a processor, ms | on the clock, ms | statements |\n|---|---|--:|--:|--:|")
    for engine in given.engines:
        with database(engine, given.contacts) as url:
            _measure(engine, url, given.subjects, given.contacts)


def _measure(engine: str, url: str, subjects: int, count: int) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "PSG_ENV": "test"})
    app.test_client_class = Browser
    begun = time.perf_counter()
    with app.app_context():
        data.load(subjects)
        busiest = load(subjects, count)
        coordinator = _coordinator()
        db.session.commit()
        if engine == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        statements = _watched()
        browser = signed_in_at(app, coordinator)
    print(f"{engine}: {count:,} contacts in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    earlier = today() - timedelta(days=21)
    for name, path in PAGES.items():
        took, worked = [], []
        for _ in range(TIMES):
            statements.clear()
            start, begun = time.perf_counter(), time.process_time()
            answer = browser.get(path.format(busiest=busiest, earlier=earlier))
            took.append(1000 * (time.perf_counter() - start))
            worked.append(1000 * (time.process_time() - begun))
            if answer.status_code != 200:
                sys.exit(f"{path} answered {answer.status_code}: nothing to measure")
        print(
            f"| {engine} | {name} | {median(worked):.0f} | {median(took):.0f} | {len(statements)} |",
            flush=True,
        )
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def load(subjects: int, count: int) -> str:
    """Write the contacts; gives the reference of the person with the most."""
    chance = random.Random(20_260_812)
    weights = [1 / place**TAIL for place in range(1, subjects + 1)]
    numbers = list(range(1, subjects + 1))
    chance.shuffle(numbers)
    agencies = list(db.session.scalars(select(Agency.id).order_by(Agency.id)))
    officer = db.session.scalars(select(User.id).order_by(User.id)).first()
    chosen = chance.choices(numbers, weights, k=count)
    for some in batches(_contacts(chance, chosen, agencies, officer), AT_ONCE):
        db.session.execute(insert(Contact.__table__), some)  # type: ignore[arg-type]
    months = sorted({(today() - timedelta(days=ago)).replace(day=1) for ago in range(DAYS)})
    supplied = [{"agency_id": agency, "month": month} for agency in agencies for month in months]
    db.session.execute(insert(SuppliedMonth.__table__), supplied)  # type: ignore[arg-type]
    busiest = next(number for number in numbers if _is_person(number))
    return f"P-{busiest:04d}"


def _contacts(chance: random.Random, chosen: list[int], agencies: list[int], officer: Any) -> Iterator[Row]:
    end = datetime.now(UTC)
    roles = chance.choices(list(ROLES), list(ROLES.values()), k=len(chosen))
    kinds = list(ContactKind)
    for number, (subject, role) in enumerate(zip(chosen, roles, strict=True), start=1):
        happened = end - timedelta(minutes=chance.randrange(DAYS * 24 * 60))
        recorded = min(happened + timedelta(days=chance.randrange(30)), end)
        is_withdrawn = chance.random() < 0.01
        yield {
            "audit_id": new_audit_id(),
            "subject_id": subject,
            "agency_id": chance.choice(agencies),
            "kind": chance.choice(kinds),
            "role": role,
            "happened_at": happened,
            "happened_on": london(happened).date(),
            "source_reference": f"B{number}",
            "summary": "Shouting in the street at night",
            "is_crisis": chance.random() < 0.03,
            "recorded_at": recorded,
            "recorded_by_id": officer,
            "withdrawn_at": end if is_withdrawn else None,
            "withdrawn_reason": "Recorded in error" if is_withdrawn else "",
            "excluded_reason": ExclusionReason.PANEL if chance.random() < 0.01 else None,
        }


def _is_person(number: int) -> bool:
    found = db.session.execute(select(data.Subject.kind).where(data.Subject.id == number)).scalar_one()
    return found is data.SubjectKind.PERSON


def _coordinator() -> User:
    officer = db.session.scalars(select(User).order_by(User.id)).first()
    assert officer is not None
    return accounts.create_demo_user(
        email="coordinator@psg.example",
        name="A Coordinator",
        role=Role.COORDINATOR,
        agency=officer.agency,
        password=data.PASSWORD,
        now=now(),
    )


def _watched() -> list[str]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return statements


if __name__ == "__main__":
    main()
