"""Signing what the record holds, after it was committed and never inside: a tree that rolls back must
not carry a signature.

The signer believes the database nothing. It hashes every new leaf itself, from where it last signed,
and puts its name only to a tree that begins with the one it signed before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from psg.audit import guards
from psg.audit.keys import KeyFileError, load_key
from psg.audit.merkle import EMPTY_ROOT, Tree
from psg.audit.models import Checkpoint, Generation, Head, Leaf
from psg.audit.notes import Note, NoteError, TreeHead, public_bytes, sign
from psg.audit.place import Place, PlaceError
from psg.extensions import reading

ROWS_AT_A_TIME: Final = 2_000


class SigningError(RuntimeError):
    """Nothing was signed: what was recorded stands, and its proof is pending."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint that is held. `is_new`: it was signed just now."""

    generation: int
    size: int
    root: bytes
    note: bytes
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Head:
    generation: int
    origin: str
    public: bytes | None
    size: int
    root: bytes


Wanted = Callable[[int, int], bool]
"""Whether to sign, by the size that was signed last and the size there is."""


class Signer:
    """The one who signs, with the key in this file."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file
        self._place = Place(key_file)

    def public(self) -> bytes:
        return public_bytes(self._key())

    def places(self) -> dict[str, tuple[int, bytes]]:
        """What was last signed of each log, for those who verify."""
        try:
            return self._place.read()
        except PlaceError as error:
            raise SigningError(str(error)) from error

    def sign(self, engine: Engine, wanted: Wanted = lambda _signed, _size: True) -> Signed | None:
        """Sign the record as it stands, once for each size; None where nothing was wanted or there is none."""
        key = self._key()
        try:
            with self._place.held():
                return self._sign(engine, key, wanted)
        except (OSError, PlaceError) as error:
            raise SigningError(str(error)) from error
        except SQLAlchemyError as error:
            raise SigningError(f"the database refused ({type(error).__name__})") from error

    def note_of_place(self, origin: str) -> bytes | None:
        """The note for what was last signed of this log. Ed25519 signs alike each time, so it is that very note."""
        if origin not in self.places():
            return None
        size, stack = self.places()[origin]
        return sign(TreeHead(origin, size, Tree.from_bytes(size, stack).root()), self._key())

    def forget(self, origin: str) -> None:
        """For development alone, where a database is thrown away and begun anew under the same name."""
        with self._place.held():
            places = self._place.read()
            if places.pop(origin, None):
                self._place.write(places)

    def _key(self) -> Ed25519PrivateKey:
        try:
            return load_key(self._key_file)
        except KeyFileError as error:
            raise SigningError(str(error)) from error

    def _sign(self, engine: Engine, key: Ed25519PrivateKey, wanted: Wanted) -> Signed | None:
        places = self._place.read()
        held = reading.set(True)
        try:
            with engine.connect() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execution_options(isolation_level="REPEATABLE READ")
                head = _head(connection)
                if head is None:
                    return None
                size, stack = places.get(head.origin, (0, b""))
                if not wanted(size, head.size):
                    return None
                tree = _grown(connection, head, Tree.from_bytes(size, stack))
                note = _note_at(connection, head)
        finally:
            reading.reset(held)
        if note is None:
            self._lists(engine, head, public_bytes(key))
        if (tree.size, tree.stack) != places.get(head.origin):
            self._place.write(places | {head.origin: (tree.size, tree.stack)})
        if note is not None:
            return Signed(head.generation, head.size, head.root, note, is_new=False)
        note = sign(TreeHead(head.origin, head.size, head.root), key)
        with engine.begin() as connection:
            row = {"generation": head.generation, "size": head.size, "note": note}
            connection.execute(insert(Checkpoint).values(**row))
        return Signed(head.generation, head.size, head.root, note, is_new=True)

    def _lists(self, engine: Engine, head: _Head, own: bytes) -> None:
        """One generation, one key."""
        if head.public is None:
            give_key(engine, head.generation, own)
        elif head.public != own:
            raise SigningError(
                f"generation {head.generation} has another key: open the next with psg audit succeed key_change"
            )


def give_key(engine: Engine, generation: int, public: bytes) -> None:
    """List the key of a generation that opened before there was one. On PostgreSQL its owner must."""
    with engine.begin() as connection, guards.lifted(connection):
        lists = update(Generation).where(Generation.generation == generation, Generation.public_key.is_(None))
        connection.execute(lists.values(public_key=public))


def _head(connection: Connection) -> _Head | None:
    row = connection.execute(
        select(Head.generation, Generation.origin, Generation.public_key, Head.size, Head.stack).join(
            Generation, Generation.generation == Head.generation
        )
    ).one_or_none()
    if row is None:
        return None
    generation, origin, public, size, stack = row
    try:
        return _Head(generation, origin, public, size, Tree.from_bytes(size, stack).root())
    except ValueError as error:
        raise SigningError("the head of the record is damaged: run psg audit verify") from error


def _grown(connection: Connection, head: _Head, tree: Tree) -> Tree:
    """The tree, from the one that was signed before, or a refusal where it is not that one grown."""
    if head.size < tree.size:
        raise SigningError(
            f"the record has {head.size} entries, and {tree.size} were signed: it went back to an earlier state"
        )
    _same_root(connection, head, tree)
    leaves = (
        select(Leaf.seq, Leaf.leaf)
        .where(Leaf.generation == head.generation, Leaf.seq >= tree.size, Leaf.seq < head.size)
        .order_by(Leaf.seq)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    pinned = _newest_pin(connection, head, tree.size)
    with connection.execute(leaves) as rows:
        for seq, leaf in rows:
            if seq != tree.size:
                raise SigningError(f"entry {tree.size} is missing: run psg audit verify")
            tree.append(leaf)
            if pinned and pinned.size == tree.size and pinned.root != tree.root():
                raise SigningError(f"the first {tree.size} entries are not those that were signed before")
    if (tree.size, tree.root()) != (head.size, head.root):
        raise SigningError(f"the {head.size} entries do not have the root that the head says")
    return tree


def _same_root(connection: Connection, head: _Head, tree: Tree) -> None:
    stored: Any = EMPTY_ROOT
    if tree.size:
        place = (Leaf.generation == head.generation, Leaf.seq == tree.size - 1)
        stored = connection.scalar(select(Leaf.root).where(*place))
    if stored != tree.root():
        raise SigningError(f"the first {tree.size} entries are not those that were signed before")


def _newest_pin(connection: Connection, head: _Head, beyond: int) -> TreeHead | None:
    """A checkpoint that is held though the signer's own place was lost binds it all the same."""
    note = connection.scalar(
        select(Checkpoint.note)
        .where(Checkpoint.generation == head.generation, Checkpoint.size > beyond)
        .order_by(Checkpoint.size.desc())
        .limit(1)
    )
    try:
        return Note.parse(note).checkpoint if note else None
    except NoteError as error:
        raise SigningError(f"a checkpoint that is held cannot be read: {error}") from error


def _note_at(connection: Connection, head: _Head) -> bytes | None:
    held = (Checkpoint.generation == head.generation, Checkpoint.size == head.size)
    note: bytes | None = connection.scalar(select(Checkpoint.note).where(*held))
    return note
