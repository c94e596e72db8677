"""How fast the product answers: python -m bench [--quick] [--sizes 200 2000] [--engines sqlite].

For each database and number of cases: an empty database, migrated and filled; gunicorn as `make run`
starts it; eight officers signed in over HTTP. The sizes of one database are measured in turn, a slice
each and round again, so that what else the machine does falls on all of them alike. Prints a table in
Markdown.
"""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import select

from bench import data
from bench.client import PAGES, Measured, Session, measure, sign_in
from bench.server import database, engines, serving
from psg import create_app
from psg.cases.models import Case
from psg.extensions import db

SIZES = (200, 2_000, 20_000)
ROUNDS = 3
HEADING = """\
| database | page | cases | requests a second | p50, ms | p95, ms | largest answer, kB | wrong answers |
|---|---|--:|--:|--:|--:|--:|--:|"""


@dataclass
class Served:
    """A partnership of one size with its server running, and what was measured of each page."""

    size: int
    open_cases: list[int]
    sessions: list[Session]
    found: dict[str, list[Measured]] = field(default_factory=dict)


def main() -> None:
    given = _arguments()
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)
    print(HEADING, flush=True)
    for engine in given.engines:
        _run(engine, given.sizes, given.seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast the product answers.")
    parser.add_argument("--quick", action="store_true", help="200 and 2,000 cases, 2 seconds a page")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of cases")
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=engines())
    parser.add_argument("--seconds", type=float, help="for each page and size, over all rounds")
    given = parser.parse_args()
    given.sizes = given.sizes or (SIZES[:2] if given.quick else SIZES)
    given.seconds = given.seconds or (2.0 if given.quick else 6.0)
    return given


def _run(engine: str, sizes: list[int], seconds: float) -> None:
    with ExitStack() as running:
        served = [_serve(running, engine, size) for size in sizes]
        for _ in range(ROUNDS):
            for page in PAGES:
                for one in served:
                    found = measure(page, one.sessions, one.open_cases, seconds / ROUNDS)
                    one.found.setdefault(page.name, []).append(found)
        for page in PAGES:
            for one in served:
                print(_line(engine, page.name, one), flush=True)


def _serve(running: ExitStack, engine: str, size: int) -> Served:
    url = running.enter_context(database(engine, size))
    begun = time.perf_counter()
    open_cases = _fill(url, size)
    print(f"{engine}: {size:,} cases filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return Served(size, open_cases, sign_in(running.enter_context(serving(url))))


def _line(engine: str, page: str, one: Served) -> str:
    rounds = one.found[page]
    whole = Measured.together(rounds)
    rate = median(part.rate for part in rounds)
    return (
        f"| {engine} | {page} | {one.size:,} | {rate:,.0f} | {whole.percentile(50):.0f} "
        f"| {whole.percentile(95):.0f} | {whole.largest / 1000:.0f} | {whole.wrong} |"
    )


def _fill(url: str, size: int) -> list[int]:
    """Writes the cases; gives the numbers of those that are open."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "PSG_ENV": "test"})
    with app.app_context():
        data.load(size)
        open_cases = list(db.session.scalars(select(Case.id).where(Case.closed_at.is_(None))))
        db.session.remove()
        if _is_postgresql(url):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        db.engine.dispose()
    return open_cases


def _is_postgresql(url: str) -> bool:
    return url.startswith("postgresql")


if __name__ == "__main__":
    main()
