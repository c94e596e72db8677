"""How fast the product answers: python -m bench [--quick] [--sizes 200 2000] [--engines sqlite].

For each database and number of cases: an empty database, migrated and filled; gunicorn as `make run`
starts it; eight officers signed in over HTTP. Prints a table in Markdown.
"""

import argparse
import os
import time

from sqlalchemy import select

from bench import client, data
from bench.server import database, engines, serving
from psg import create_app
from psg.cases.models import Case
from psg.extensions import db

SIZES = (200, 2_000, 20_000)
HEADING = """\
| database | cases | page | requests a second | p50, ms | p95, ms | largest answer, kB | wrong answers |
|---|--:|---|--:|--:|--:|--:|--:|"""


def main() -> None:
    given = _arguments()
    print(f"<!-- load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores -->")
    print(HEADING, flush=True)
    for engine in given.engines:
        for size in given.sizes:
            _run(engine, size, given.seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="200 and 2,000 cases, 2 seconds a page")
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=engines())
    parser.add_argument("--seconds", type=float)
    given = parser.parse_args()
    given.sizes = given.sizes or (SIZES[:2] if given.quick else SIZES)
    given.seconds = given.seconds or (2.0 if given.quick else 5.0)
    return given


def _run(engine: str, size: int, seconds: float) -> None:
    with database(engine) as url:
        begun = time.perf_counter()
        _fill(url, size)
        filled = time.perf_counter() - begun
        with serving(url) as port:
            sessions = client.sign_in(port)
            for page in client.PAGES:
                found = client.measure(page, sessions, size, seconds)
                print(
                    f"| {engine} | {size:,} | {page.name} | {found.rate:,.0f} | {found.percentile(50):.0f} "
                    f"| {found.percentile(95):.0f} | {found.largest / 1000:.0f} | {found.wrong} |",
                    flush=True,
                )
    print(f"<!-- {engine}: {size:,} cases filled in {filled:.0f} s -->", flush=True)


def _fill(url: str, size: int) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "PSG_ENV": "test"})
    with app.app_context():
        data.load(size)
        client.OPEN[:] = db.session.scalars(select(Case.id).where(Case.closed_at.is_(None)))
        db.session.remove()
        if _is_postgresql(url):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        db.engine.dispose()


def _is_postgresql(url: str) -> bool:
    return url.startswith("postgresql")


if __name__ == "__main__":
    main()
