"""The short form of `make chaos` and `make chaos-pg`: what officers were told is kept is kept, whatever is killed."""

import os

import pytest

from bench.chaos import run
from tests.postgres import ASK, server_programs


@pytest.fixture
def engine(engine_name: str) -> str:
    if engine_name == "postgresql" and server_programs() is None:
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(ASK, pytrace=False)
        pytest.skip("A server of our own is needed to be killed: " + ASK)
    return engine_name


def test_no_note_is_lost_and_each_has_its_entry_when_workers_and_server_are_killed(engine: str) -> None:
    found = run("kill", engine, notes=100, blows=3)
    assert found.is_whole, "\n".join(found.lines())
    assert len(found.told.kept) >= 100
    assert found.told.cut_off > 0


@pytest.mark.only_on("postgresql")
def test_no_note_is_lost_when_postgresql_stops_at_once_and_the_product_is_not_restarted(engine: str) -> None:
    found = run("crash", engine, notes=100, blows=2)
    assert found.is_whole, "\n".join(found.lines())
    assert found.told.statuses[503] > 0
