"""Where the signer keeps its place: what it last put its name to, in a file beside its key.

The database cannot change it, so a database that went back, or forked, is not signed again.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from psg.audit.merkle import Tree


class PlaceError(RuntimeError):
    """The file is damaged. To begin anew by itself would be to forget what was signed."""


class Place:
    """Size and stack of the last signature, for each log that this key has signed."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file.with_name(f"{key_file.name}.place")
        self._lock = key_file.with_name(f"{key_file.name}.lock")

    @contextmanager
    def held(self) -> Iterator[None]:
        """One signer at a time, of all the processes that share the key."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def read(self) -> dict[str, tuple[int, bytes]]:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise PlaceError(f"{self._file} cannot be read") from error
        try:
            places = {
                str(name): (int(one["size"]), bytes.fromhex(one["stack"])) for name, one in kept.items()
            }
            for size, stack in places.values():
                Tree.from_bytes(size, stack)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise PlaceError(f"{self._file} is damaged") from error
        return places

    def write(self, places: Mapping[str, tuple[int, bytes]]) -> None:
        """All of it or, where the power fails in the middle, all of what was there before."""
        text = json.dumps(
            {name: {"size": size, "stack": stack.hex()} for name, (size, stack) in places.items()}
        )
        beside = self._file.with_name(f"{self._file.name}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)
        directory = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
