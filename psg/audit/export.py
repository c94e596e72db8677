"""Writing the record out, in the layout that any verifier reads.

An export ends on a checkpoint for its exact size. It is written beside where it will stand and renamed
when whole, so that half of one is never taken for a record that lost its end.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, select

from psg.audit.evidence import detail_line
from psg.audit.models import Checkpoint, Detail, Generation, Leaf
from psg.audit.notes import LogKey
from psg.extensions import db, reading

ROWS_AT_A_TIME: Final = 2_000
BESIDE: Final = ("verify.py", "README.txt")


class ExportRefused(RuntimeError):
    """Nothing was written; the sentence says why."""


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that reads one moment of the record, however long it takes."""
    held = reading.set(True)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
    finally:
        reading.reset(held)


def refuse_unless_empty(directory: Path) -> None:
    if directory.is_dir() and not any(directory.iterdir()):
        return
    if directory.exists() or directory.is_symlink():
        raise ExportRefused(f"{directory} is not empty: an export goes where there is nothing yet.")
    if not directory.parent.is_dir():
        raise ExportRefused(f"There is no directory {directory.parent} to write the export in.")


def write_export(directory: Path, connection: Connection, generation: int, size: int) -> None:
    """Export this generation up to the checkpoint of this size, and every earlier one that is held."""
    refuse_unless_empty(directory)
    beside = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        for number, origin, public in _generations(connection, generation):
            place = beside
            if number != generation:
                _directory(beside / "previous")
                place = _directory(beside / "previous" / str(number))
            _write_generation(
                place, connection, number, LogKey(origin, public), size if place is beside else None
            )
        for name in BESIDE:
            _file(beside / name, [files("psg.audit").joinpath("standalone", name).read_bytes()])
        beside.rename(directory)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def write_zip(file: Path, connection: Connection, generation: int, size: int, name: str) -> None:
    """The same export as one file, for a download."""
    with tempfile.TemporaryDirectory(prefix="psg-export-") as place:
        directory = Path(place) / name
        write_export(directory, connection, generation, size)
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for path in sorted(directory.rglob("*")):
                archive.write(path, path.relative_to(place))


def _generations(connection: Connection, last: int) -> list[tuple[int, str, bytes]]:
    rows = connection.execute(
        select(Generation.generation, Generation.origin, Generation.public_key)
        .where(Generation.generation <= last)
        .order_by(Generation.generation.desc())
    )
    listed = []
    for number, origin, public in rows:
        if public is None:
            raise ExportRefused(
                f"Generation {number} of the record was never signed: run psg audit checkpoint."
            )
        listed.append((number, origin, public))
    return listed


def _write_generation(
    place: Path, connection: Connection, number: int, key: LogKey, size: int | None
) -> None:
    _file(place / "public-key.hex", [f"{key.public.hex()}\n".encode()])
    _file(place / "log.vkey", [f"{key.vkey}\n".encode()])
    leaves = select(Leaf.leaf).where(Leaf.generation == number).order_by(Leaf.seq)
    details = select(Detail.seq, Detail.salt, Detail.body).where(Detail.generation == number)
    notes = select(Checkpoint.size, Checkpoint.note).where(Checkpoint.generation == number)
    if size is not None:
        leaves, details = leaves.where(Leaf.seq < size), details.where(Detail.seq < size)
        notes = notes.where(Checkpoint.size <= size)
    _file(place / "leaves.jsonl", (leaf + b"\n" for (leaf,) in _rows(connection, leaves)))
    lines = (detail_line(*row) for row in _rows(connection, details.order_by(Detail.seq)))
    first = next(lines, None)
    if first is not None:
        _file(place / "leaves.jsonl.detail", _chained(first, lines))
    checkpoints = _directory(place / "checkpoints")
    for noted, note in _rows(connection, notes.order_by(Checkpoint.size)):
        _file(checkpoints / f"{noted:012d}.checkpoint", [note])


def _rows(connection: Connection, statement: Any) -> Iterator[Any]:
    with connection.execute(statement.execution_options(yield_per=ROWS_AT_A_TIME)) as rows:
        yield from rows


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _directory(path: Path) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _file(path: Path, parts: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
