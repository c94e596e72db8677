"""What a saved note survives: python -m bench.chaos {kill,crash} {sqlite,postgresql} [--notes N] [--blows N].

`kill`: a worker of the server, or all of it, is ended by SIGKILL while four officers write. `crash`:
PostgreSQL itself stops at once, with fsync on, and starts again; the product is not restarted. In the
end three lists are compared: what the officers were told is kept, the notes, the record's entries.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url, select

from bench import server
from bench.officers import Officer, Told
from psg import create_app
from psg.accounts import sessions
from psg.accounts.guard import SID
from psg.accounts.sign_in_models import Factor
from psg.audit import guards
from psg.audit.models import Leaf
from psg.audit.verify import verify
from psg.cases.models import Note
from psg.extensions import db
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import a_place, make_case
from tests.postgres import OwnServer, database_on, own_server, server_programs

OFFICERS = 4
ROLE = "psg_chaos"
ALL_OF_IT = 3
"""Every third kill ends the server with all its workers; the others end one worker."""


@dataclass(frozen=True)
class Place:
    """An empty, migrated database: as its owner reaches it and as the product does."""

    owner: str
    product: str
    cluster: OwnServer | None = None


@dataclass(frozen=True)
class Found:
    """What was there in the end, against what the officers were told."""

    blows: int
    told: Told
    lost: int
    written_twice: int
    notes: int
    notes_without_entry: int
    entries_without_note: int
    verdict: str
    slowest_return: float
    seconds: float

    @property
    def is_whole(self) -> bool:
        wrong = (self.lost, self.written_twice, self.notes_without_entry, self.entries_without_note)
        return not any(wrong) and self.verdict.startswith("OK: ")

    def lines(self) -> Iterator[str]:
        answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(self.told.statuses.items()))
        yield f"{len(self.told.kept):,} notes acknowledged, {self.blows} blows, {self.seconds:.0f} s"
        yield f"lost {self.lost}, written twice {self.written_twice}"
        yield f"notes without entry {self.notes_without_entry}, entries without note {self.entries_without_note}"
        yield f"answers {answers}; connections cut {self.told.cut_off:,}"
        yield f"longest wait for a note {self.told.longest_wait:.1f} s, slowest return {self.slowest_return:.1f} s"
        yield self.verdict


@contextmanager
def place_for(engine: str) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="psg-chaos-") as folder:
        if engine == "sqlite":
            url = f"sqlite:///{folder}/psg.sqlite3"
            server.migrate(url)
            yield Place(url, url)
            return
        programs = server_programs()
        if programs is None:
            sys.exit("PostgreSQL is not installed: run apt-get install postgresql.")
        with own_server(programs, server.DURABLE) as cluster, database_on(cluster.url, "chaos") as owner:
            server.migrate(owner)
            yield Place(owner, _as_role(owner), cluster)


def _product(url: str) -> Flask:
    """The product over this database, with the key of the server that runs beside it."""
    settings = server.settings(url)
    return create_app(
        {
            "PSG_ENV": "test",
            "SQLALCHEMY_DATABASE_URI": url,
            "SECRET_KEY": settings["PSG_SECRET_KEY"],
            "PSG_AUDIT_KEY_FILE": settings["PSG_AUDIT_KEY_FILE"],
        }
    )


def _as_role(owner: str) -> str:
    """The product runs as production would have it: as a role that owns nothing of the record."""
    app = _product(owner)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE ROLE {ROLE} LOGIN")
            guards.grant(connection, ROLE)
        db.engine.dispose()
    return make_url(owner).set(username=ROLE).render_as_string(hide_password=False)


def sign_officers_in(url: str) -> list[tuple[str, str]]:
    """A cookie and a case of their own for each, as a completed sign-in leaves them."""
    app = _product(url)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = []
    with app.app_context():
        for _ in range(OFFICERS):
            officer = make_user()
            token = sessions.begin(officer, factor=Factor.CODE, device="", now=now())
            cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({SID: token})}"
            found.append((cookie, make_case(by=officer, subject=a_place()).reference))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return found


class Gunicorn:
    """The server as `make run` starts it, and the ways in which it is ended."""

    def __init__(self, url: str) -> None:
        self.port = server.free_port()
        self._settings = server.settings(url)
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            server.command(self.port), cwd=server.ROOT, env=self._settings, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        server.wait_for(self.port, process)
        return process

    def kill_a_worker(self, chance: random.Random) -> None:
        """The other one answers meanwhile, and the master starts a new one."""
        workers = _children_of(self._process.pid)
        if workers:
            _kill(chance.choice(workers))

    def kill_all(self) -> float:
        """As if the machine had lost its process: started again at once; how long until it answers."""
        self.end()
        began = time.monotonic()
        self._process = self._start()
        return time.monotonic() - began

    def end(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _children_of(master: int) -> list[int]:
    listed = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(number) for number in listed.split()]


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


Blow = Callable[[int, random.Random], float]
"""Strikes for the so-many-th time; gives how long it took until all answered again, 0 if it never stopped."""


def kills(gunicorn: Gunicorn) -> Blow:
    def strike(number: int, chance: random.Random) -> float:
        if number % ALL_OF_IT == 0:
            return gunicorn.kill_all()
        gunicorn.kill_a_worker(chance)
        return 0.0

    return strike


def crashes(cluster: OwnServer) -> Blow:
    def strike(_number: int, _chance: random.Random) -> float:
        cluster.crash()
        began = time.monotonic()
        cluster.start()
        return time.monotonic() - began

    return strike


def run(kind: str, engine: str, *, notes: int, blows: int) -> Found:
    """Let officers write until so many notes are kept, and strike that often on the way."""
    told, stop, began = Told(), threading.Event(), time.monotonic()
    with place_for(engine) as place:
        signed_in = sign_officers_in(place.owner)
        gunicorn = Gunicorn(place.product)
        try:
            officers = [
                Officer(f"chaos {number}", gunicorn.port, cookie, case, told)
                for number, (cookie, case) in enumerate(signed_in)
            ]
            with ThreadPoolExecutor(OFFICERS) as pool:
                writing = [pool.submit(officer.write_until, stop) for officer in officers]
                try:
                    blow = crashes(place.cluster) if kind == "crash" and place.cluster else kills(gunicorn)
                    slowest = _strike(blow, told, writing, notes=notes, blows=blows)
                finally:
                    stop.set()
                for officer in writing:
                    officer.result()
        finally:
            gunicorn.end()
        return _compare(place.owner, told, blows, slowest, time.monotonic() - began)


def _strike(blow: Blow, told: Told, writing: list["Future[None]"], *, notes: int, blows: int) -> float:
    """Evenly over the notes; each blow a random moment after its turn, so that it falls anywhere in a request."""
    chance, slowest = random.Random(), 0.0
    for number in range(1, blows + 1):
        _wait_until_kept(told, writing, notes * number // (blows + 1))
        time.sleep(chance.random() * 0.05)
        slowest = max(slowest, blow(number, chance))
    _wait_until_kept(told, writing, notes)
    return slowest


def _wait_until_kept(told: Told, writing: list["Future[None]"], notes: int) -> None:
    while len(told.kept) < notes and not any(officer.done() for officer in writing):
        time.sleep(0.005)


def _compare(url: str, told: Told, blows: int, slowest: float, seconds: float) -> Found:
    app = _product(url)
    with app.app_context():
        notes = db.session.execute(
            select(Note.body, Note.audit_id).where(Note.body.startswith("chaos "))
        ).all()
        leaves = [json.loads(leaf) for leaf in db.session.scalars(select(Leaf.leaf))]
        db.session.rollback()
        verdict = verify(db.session.connection()).verdict
        db.session.remove()
        db.engine.dispose()
    written = Counter(body for body, _audit_id in notes)
    named = {f"note_{audit_id}" for _body, audit_id in notes}
    entered = Counter(
        leaf["obj"] for leaf in leaves if leaf["op"] == "collection" and str(leaf["obj"]).startswith("note_")
    )
    return Found(
        blows=blows,
        told=told,
        lost=len(set(told.kept) - set(written)),
        written_twice=sum(times > 1 for times in written.values()),
        notes=len(notes),
        notes_without_entry=len(named - set(entered)),
        entries_without_note=len(set(entered) - named) + sum(times > 1 for times in entered.values()),
        verdict=verdict,
        slowest_return=slowest,
        seconds=seconds,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description="What a saved note survives.")
    parser.add_argument("kind", choices=("kill", "crash"))
    parser.add_argument("engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--blows", type=int, default=300)
    given = parser.parse_args()
    if given.kind == "crash" and given.engine == "sqlite":
        parser.error("SQLite has no server of its own to crash")
    found = run(given.kind, given.engine, notes=given.notes, blows=given.blows)
    print(f"{given.kind}, {given.engine}", *found.lines(), sep="\n", flush=True)
    if not found.is_whole:
        sys.exit(1)


if __name__ == "__main__":
    main()
