"""A database of the bench's own, and the product served from it as it is in use."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy import make_url

from tests.postgres import postgresql_url, server_programs

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
WORKERS, THREADS = 2, 16
STARTS_WITHIN = 30
DURABLE = "-c listen_addresses='' -c max_connections=60 -c shared_buffers=128MB"
"""PostgreSQL's own defaults otherwise: fsync, full_page_writes and synchronous_commit stay on."""


@contextmanager
def database(engine: str, size: int) -> Iterator[str]:
    """The URL of an empty, migrated database that is gone afterwards."""
    if engine == "postgresql":
        with postgresql_url(f"bench_{size}", DURABLE) as url:
            migrate(url)
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="psg-bench-") as place:
        url = f"sqlite:///{place}/psg.sqlite3"
        migrate(url)
        yield url


def engines() -> list[str]:
    """PostgreSQL only where it is installed or named."""
    has_postgresql = os.environ.get("PSG_TEST_DATABASE_URL") or server_programs()
    return ["sqlite", "postgresql"] if has_postgresql else ["sqlite"]


@contextmanager
def serving(url: str) -> Iterator[int]:
    """The port of gunicorn with as many workers and threads as `make run` starts."""
    port = free_port()
    process = subprocess.Popen(command(port), cwd=ROOT, env=settings(url))
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=STARTS_WITHIN)


def command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--worker-class", "gthread",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket",
        "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip


def migrate(url: str) -> None:
    program = Path(sys.executable).parent / "psg"
    subprocess.run([program, "db", "upgrade"], cwd=ROOT, env=settings(url), check=True, capture_output=True)


def settings(url: str) -> Mapping[str, str]:
    """The server of `make run`: officers whose second factor is waived are for development alone, and
    production asks for TLS, and on PostgreSQL for a role that does not own the record."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PSG_", "FLASK_"))}
    return {
        **kept,
        "PSG_ENV": "development",
        "PSG_DEMO_SKIP_SECOND_FACTOR": "1",
        "PSG_DATABASE_URL": url,
        "PSG_SECRET_KEY": SECRET,
        "PSG_AUDIT_ORIGIN": "psg.localhost/audit",
        "PSG_AUDIT_KEY_FILE": str(Path(_KEYS.name, str(make_url(url).database).replace("/", "-"))),
    }


SECRET = secrets.token_hex(32)
_KEYS = tempfile.TemporaryDirectory(prefix="psg-keys-")
"""A key for each database: who signs one record refuses to sign another."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=2)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("gunicorn did not start: run it by hand to see why")
