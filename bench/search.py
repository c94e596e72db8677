"""How long the search takes: python -m bench.search [--subjects 20000] [--engines sqlite].

In one process and without HTTP, on as many people and places as are asked for, each with a case. For every
kind of thing that is typed: the middle and the ninety-fifth of a hundred, in milliseconds of the wall clock
and of the processor, and how many statements were sent.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable

from sqlalchemy import event, select

from bench import data
from bench.server import database, engines
from psg import create_app
from psg.accounts.models import User
from psg.extensions import db
from psg.subjects import matching, queries
from psg.subjects.models import Person
from psg.subjects.services import PersonDetails

TIMES = 100
HEADING = """\
| database | subjects | what is typed | p50, ms | p95, ms | processor p50, ms | statements |
|---|--:|---|--:|--:|--:|--:|"""
Typist = Callable[[random.Random, Person], str]


def misspelt(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


KINDS: dict[str, Typist] = {
    "given and family name": lambda _chance, one: one.name,
    "family name": lambda _chance, one: one.family_name,
    "three letters of it": lambda _chance, one: one.family_name[:3],
    "name misspelt": lambda chance, one: f"{one.given_name} {misspelt(chance, one.family_name)}",
    "family name misspelt": lambda chance, one: misspelt(chance, one.family_name),
    "name and day of birth": lambda _chance, one: f"{one.name} {one.date_of_birth:%d/%m/%Y}",
    "address": lambda _chance, one: one.address,
    "name and address": lambda _chance, one: f"{one.name}, {one.address}",
    "postcode": lambda _chance, one: one.postcode,
    "nobody": lambda _chance, _one: "Quenby Oxterfold",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description="How long the search takes.")
    parser.add_argument("--subjects", type=int, default=20_000)
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=engines())
    given = parser.parse_args()
    print(HEADING, flush=True)
    for engine in given.engines:
        with database(engine, given.subjects) as url:
            _run(engine, url, given.subjects)


def _run(engine: str, url: str, size: int) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "PSG_ENV": "test"})
    with app.app_context():
        begun = time.perf_counter()
        data.load(size)
        print(f"{engine}: {size:,} filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        if engine == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        user = db.session.scalars(select(User).order_by(User.id)).first()
        people = db.session.scalars(select(Person).order_by(Person.id).limit(TIMES * 10)).all()[::10]
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *sent: statements.append(sent[2]))
        for kind, typist in KINDS.items():
            chance = random.Random(kind)
            texts = [typist(chance, one) for one in people]
            _line(
                engine,
                size,
                kind,
                [lambda text=text: queries.search(user, text) for text in texts],
                statements,
            )
        details = [
            PersonDetails(
                given_name=one.given_name, family_name=one.family_name, date_of_birth=one.date_of_birth
            )
            for one in people
        ]
        _line(
            engine,
            size,
            "a new person’s name and day of birth",
            [lambda one=one: matching.alike(user, one) for one in details],
            statements,
        )
        db.session.remove()
        db.engine.dispose()


def _line(
    engine: str, size: int, kind: str, searches: list[Callable[[], object]], statements: list[str]
) -> None:
    searches[0]()
    walls, cpus = [], []
    for search in searches:
        statements.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        search()
        walls.append((time.perf_counter() - wall) * 1_000)
        cpus.append((time.process_time() - cpu) * 1_000)
    walls.sort()
    cpus.sort()
    print(
        f"| {engine} | {size:,} | {kind} | {walls[len(walls) // 2]:.0f} | {walls[len(walls) * 95 // 100]:.0f} "
        f"| {cpus[len(cpus) // 2]:.0f} | {len(statements)} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
