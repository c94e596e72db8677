"""The product as people meet it: served, with the demonstration loaded, in a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import launch_arguments
from tests.journeys.officer import Officer

ROOT = Path(__file__).parents[2]
PASSWORD = "a password for the journeys"
PATIENCE = 30


@dataclass(frozen=True)
class Site:
    """Where the product is served, and how to reach it from a command line."""

    address: str
    environment: dict[str, str]
    database: Path

    def psg(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / "psg"), *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = tmp_path_factory.mktemp("journeys") / "psg.sqlite3"
    port = _free_port()
    environment = {
        **os.environ,
        "PSG_ENV": "development",
        "PSG_DATABASE_URL": f"sqlite:///{database}",
        "PSG_DEMO_PASSWORD": PASSWORD,
        "PSG_DEMO_SKIP_SECOND_FACTOR": "1",
    }
    site = Site(f"http://127.0.0.1:{port}", environment, database)
    for command in (("db", "upgrade"), ("demo", "load")):
        done = site.psg(*command)
        assert done.returncode == 0, done.stderr
    server = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "gunicorn"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "8"),
            *("--no-control-socket", "--log-level", "warning", "wsgi:app"),
        ],
        cwd=ROOT,
        env=environment,
    )
    try:
        _wait_until_ready(site.address)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def officer(site: Site, browser: Browser) -> Iterator[Callable[..., Officer]]:
    """`officer("police")` is a person at a browser of their own, signed in; `javascript=False` turns it off."""
    opened: list[Officer] = []

    def at_work(who: str, *, javascript: bool = True) -> Officer:
        person = Officer(browser, site.address, javascript=javascript)
        opened.append(person)
        person.sign_in(f"{who}@psg.example", PASSWORD)
        return person

    yield at_work
    for person in opened:
        person.leave()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server was not ready within {PATIENCE} seconds")
