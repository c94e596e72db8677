"""A PostgreSQL server for the tests: the one that is named, or one of our own for this run.

`PSG_TEST_DATABASE_URL` names a server on which databases may be made and dropped. Without it, the
server's programs are looked for on this machine, and a server is started that listens on a socket in a
temporary directory only. Each process of a parallel run has its own: that takes under a second and
leaves nothing to agree on.
"""

import getpass
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text

DRIVER = "postgresql+psycopg"
ASK = (
    "PostgreSQL is not installed: run apt-get install postgresql, or name a server in PSG_TEST_DATABASE_URL."
)

FAST_AND_FORGETFUL = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c max_connections=50 -c shared_buffers=64MB"
)


@contextmanager
def postgresql_url(worker_id: str, options: str = FAST_AND_FORGETFUL) -> Iterator[str]:
    """The URL of an empty database of this process's own, dropped at the end.

    `options` are of the server that is started where none is named.

    Skips the test where there is no PostgreSQL, and fails it under CI, which must not pass untested.
    """
    named = os.environ.get("PSG_TEST_DATABASE_URL")
    if named:
        with database_on(make_url(named).set(drivername=DRIVER), worker_id) as url:
            yield url
        return
    programs = server_programs()
    if programs is None:
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(ASK, pytrace=False)
        pytest.skip(ASK)
    with own_server(programs, options) as server, database_on(server.url, worker_id) as url:
        yield url


def server_programs() -> Path | None:
    """The directory of initdb and pg_ctl: on the PATH, or where Debian keeps them, newest first."""
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4]))
    on_path = shutil.which("initdb")
    for place in ([str(Path(on_path).resolve().parent)] if on_path else []) + debian[::-1]:
        if all(os.access(Path(place, program), os.X_OK) for program in ("initdb", "pg_ctl", "postgres")):
            return Path(place)
    return None


class OwnServer:
    """A server of our own, which can be stopped and started again over the same data."""

    def __init__(self, programs: Path, place: Path, options: str) -> None:
        self._programs, self._place, self._options = programs, place, options
        self._user = _unprivileged_user()
        if self._user is not None:
            os.chown(place, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-U", "psg", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")

    @property
    def url(self) -> URL:
        return URL.create(DRIVER, username="psg", database="postgres", query={"host": str(self._place)})

    def start(self) -> None:
        log, options = str(self._place / "log"), f"-k {self._place} {self._options}"
        self._run("pg_ctl", "-l", log, "-w", "-o", options, "start")

    def crash(self) -> None:
        """Every process ends at once; what was not made durable is gone, and is recovered at the start."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        _run(self._user, self._programs / program, "-D", self._place / "data", *arguments)


@contextmanager
def own_server(programs: Path, options: str) -> Iterator[OwnServer]:
    place = Path(tempfile.mkdtemp(prefix="psg-", dir="/tmp"))  # a socket's path has at most 107 characters
    try:
        server = OwnServer(programs, place, options)
        server.start()
        try:
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def database_on(server: URL, worker_id: str) -> Iterator[str]:
    name = f"psg_test_{worker_id}_{os.getpid()}"
    _command(server, f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _command(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _command(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root hands it to a user that owns nothing else here."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name]
    pytest.fail(
        f"PostgreSQL does not run as {getpass.getuser()}, and there is no other user for it.", pytrace=False
    )


def _run(user: pwd.struct_passwd | None, *command: str | Path) -> None:
    identity: dict[str, Any] = {}
    if user is not None:
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Output goes to a file: the server inherits it, and a pipe would stay open as long as the server runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            **identity,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read()}")
