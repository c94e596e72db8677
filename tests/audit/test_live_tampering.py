"""The kinds of tampering on the live record, by the owner of its database, every guard put back afterwards.

As on an export, but the record is first read into the database as whoever tampers would leave it: with
stored roots and a head that fit, where that is within their power. The checkpoints are kept elsewhere.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.orm import scoped_session

from psg.audit.evidence import Given
from psg.audit.merkle import Tree
from psg.audit.models import Checkpoint, Detail, Generation, Head, Leaf
from psg.audit.notes import public_bytes
from psg.audit.verify import verify
from tests.audit.owner import as_owner, empty_record
from tests.audit.records import ORIGIN, Written, a_record, copied
from tests.audit.tampering import TAMPERINGS, Export
from tests.audit.worked_example import KEY, OPENED

ENTRIES, EVERY = 2_000, 500


@pytest.fixture(scope="module")
def record() -> Written:
    return a_record(ENTRIES, EVERY)


@pytest.fixture(scope="module")
def clean(record: Written, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record.export(tmp_path_factory.mktemp("live") / "clean")


@pytest.fixture
def emptied(session: scoped_session[Any]) -> Connection:
    connection = session.connection()
    empty_record(connection)
    return connection


def load(connection: Connection, export: Export) -> None:
    """The files as rows, each root and the head computed anew from what is there."""
    tree = Tree()
    leaves = []
    for seq, leaf in enumerate(export.leaves):
        tree.append(leaf)
        leaves.append({"generation": 1, "seq": seq, "leaf": leaf, "root": tree.root()})
    details = [
        {"generation": 1, "seq": seq, "salt": bytes.fromhex(rest[:32].decode()), "body": rest[33:]}
        for seq, rest in export.details.items()
        if seq < len(leaves)
    ]
    notes = [
        {"generation": 1, "size": int(file.stem), "note": file.read_bytes()}
        for file in sorted((export.path / "checkpoints").iterdir())
    ]
    generation = {"generation": 1, "origin": ORIGIN, "public_key": public_bytes(KEY), "opened_at": OPENED}
    with as_owner(connection):
        connection.execute(insert(Generation), [generation])
        for table, rows in ((Leaf, leaves), (Detail, details), (Checkpoint, notes)):
            if rows:
                connection.execute(insert(table), rows)
        head = {"one": 1, "generation": 1, "size": tree.size, "stack": tree.stack}
        connection.execute(insert(Head), [head])


def reason(connection: Connection, record: Written) -> str:
    verdict = verify(connection, Given(checkpoints=list(record.notes.values()))).verdict
    return verdict.split(":")[1].strip() if verdict.startswith("FAIL") else verdict


def test_the_clean_record_holds(emptied: Connection, clean: Path, record: Written) -> None:
    load(emptied, Export(clean))
    assert reason(emptied, record) == (
        f"OK: {ENTRIES} entries, 4 checkpoints, {ENTRIES} details, 0 withheld or erased"
    )


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_every_kind_of_tampering_is_found_in_the_database(
    kind: str, emptied: Connection, clean: Path, record: Written, tmp_path: Path
) -> None:
    tamper, wanted = TAMPERINGS[kind]
    export = Export(copied(clean, tmp_path / "copy"))
    tamper(export)
    load(emptied, export)
    assert reason(emptied, record) == wanted


@pytest.mark.parametrize("change", [{"size": 1_999}, {"size": 2_001}, {"stack": bytes(32 * 6)}], ids=str)
def test_a_head_altered_by_hand_is_found(
    change: dict[str, Any], emptied: Connection, clean: Path, record: Written
) -> None:
    load(emptied, Export(clean))
    with as_owner(emptied):
        emptied.execute(update(Head).values(**change))
    assert reason(emptied, record) == "head"


def test_a_guard_that_is_missing_is_found(emptied: Connection, clean: Path, record: Written) -> None:
    load(emptied, Export(clean))
    with as_owner(emptied):
        assert reason(emptied, record) == "guard"


def test_a_checkpoint_taken_away_changes_nothing_that_the_others_prove(
    emptied: Connection, clean: Path, record: Written
) -> None:
    load(emptied, Export(clean))
    with as_owner(emptied):
        emptied.execute(delete(Checkpoint).where(Checkpoint.size == 1_000))
    assert reason(emptied, record).startswith("OK: 2000 entries, 4 checkpoints, ")
