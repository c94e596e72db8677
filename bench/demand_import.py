"""How fast a file of contacts is imported, and imported again: python -m bench.demand_import [--rows 200000].

For each database: an empty one, migrated and given people and places; a file of contacts; `psg demand import`
twice, as a process of its own, whose time on the clock and on a processor and whose largest memory are
those of the command. After the second run every table but the record must be what it was. Prints a table in
Markdown.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from openpyxl import Workbook
from sqlalchemy import String, cast, select, update

from bench import data
from bench.server import ROOT, database, engines, settings
from psg import create_app
from psg.base import Base
from psg.demand.models import ContactKind, ContactRole
from psg.extensions import db
from psg.subjects.models import Person, Place, Subject, SubjectKind

ROWS = 200_000
SUBJECTS = 5_000
HEADER = ("source_reference", "subject", "happened_at", "kind", "role", "summary", "crisis")
HEADING = """\
| database | file | run | seconds | of them on a processor | largest memory, MB | what it said |
|---|---|---|--:|--:|--:|---|"""


@dataclass(frozen=True)
class Ran:
    seconds: float
    processor: float
    memory: int
    said: str


def main() -> None:
    given = _arguments()
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)
    print(HEADING, flush=True)
    for engine in given.engines:
        with tempfile.TemporaryDirectory(prefix="psg-bench-") as place, database(engine, 0) as url:
            subjects = _fill(url)
            for kind in given.files:
                file = Path(place, f"contacts.{kind}")
                _write(file, list(_contacts(subjects, given.rows, kind)))
                _measure(engine, url, file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.demand_import", description="How fast a file is imported."
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=engines())
    parser.add_argument("--files", nargs="+", choices=("csv", "xlsx"), default=("csv",))
    return parser.parse_args()


def _measure(engine: str, url: str, file: Path) -> None:
    hashes = []
    for run in ("first", "again"):
        ran = _import(url, file)
        hashes.append(_hashes(url))
        print(
            f"| {engine} | {file.suffix[1:]}, {file.stat().st_size / 1e6:.0f} MB | {run} | {ran.seconds:.1f} "
            f"| {ran.processor:.1f} | {ran.memory} | {ran.said} |",
            flush=True,
        )
    changed = [name for name, value in hashes[0].items() if hashes[1][name] != value]
    print(f"Tables changed by the second run, beside the record: {', '.join(changed) or 'none'}", flush=True)


def _import(url: str, file: Path) -> Ran:
    """The peak of memory is that of the largest child so far, which the import is."""
    program = Path(sys.executable).parent / "psg"
    before, begun = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    command = [program, "demand", "import", file, "--agency", "A0"]
    done = subprocess.run(command, cwd=ROOT, env=settings(url), check=True, capture_output=True, text=True)
    after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(time.perf_counter() - begun, used, after.ru_maxrss // 1024, done.stdout.strip())


def _fill(url: str) -> list[str]:
    """Writes people and places; gives what a file may call them by."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "PSG_ENV": "test"})
    with app.app_context():
        data.load(SUBJECTS)
        db.session.execute(update(Place.__table__).values(uprn="9999" + cast(Place.id + 10_000_000, String)))
        db.session.commit()
        named = []
        for number, kind in db.session.execute(select(Subject.id, Subject.kind).order_by(Subject.id)):
            is_person = kind is SubjectKind.PERSON
            named.append(
                Person.reference_for(number)
                if is_person
                else (Place.reference_for(number), f"9999{number + 10_000_000}")[number % 2]
            )
        db.session.remove()
        db.engine.dispose()
    return named


def _contacts(subjects: list[str], count: int, kind: str) -> Iterator[tuple[object, ...]]:
    chance = random.Random(20_260_812)
    newest = datetime(2026, 6, 30, 23, 0)  # noqa: DTZ001  London's, as a file says it
    kinds = [member.value for member in ContactKind]
    roles = [member.value for member in ContactRole]
    for number in range(count):
        moment = newest - timedelta(minutes=chance.randrange(1_500_000))
        subject = chance.choice(subjects)
        yield (
            f"{kind}-{moment:%y%m%d}-{number:06d}",
            subject,
            moment
            if kind == "xlsx"
            else f"{moment:%d/%m/%Y %H:%M}"
            if number % 2
            else f"{moment:%Y-%m-%d %H:%M}",
            chance.choice(kinds),
            chance.choice(roles) if subject.startswith("P") else "subject",
            "Shouting in the street, gone when we came",
            chance.choice(("", "", "", "yes")),
        )


def _write(file: Path, rows: Iterable[tuple[object, ...]]) -> None:
    if file.suffix == ".csv":
        with file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([HEADER, *rows])
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Contacts")
    for row in (HEADER, *rows):
        sheet.append(row)
    book.save(file)


def _hashes(url: str) -> dict[str, str]:
    """Of every row of every table but the record, in the order of its key."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "PSG_ENV": "test"})
    found = {}
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            if not table.name.startswith("audit_"):
                digest = sha256()
                for row in db.session.execute(select(table).order_by(*table.primary_key)):
                    digest.update(repr(tuple(row)).encode())
                found[table.name] = digest.hexdigest()
        db.session.remove()
        db.engine.dispose()
    return found


if __name__ == "__main__":
    main()
