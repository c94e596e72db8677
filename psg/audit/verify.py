"""Recomputing the whole record from what the database holds, believing none of it.

Rows are read once, in order, in one snapshot and a few at a time: leaves as they come, each with
its detail. The first fault ends it and is named by one word that means the same in every verifier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import NullType

from psg.audit import guards
from psg.audit.checking import Checked, Held, Row, Run, check
from psg.audit.evidence import Fault, Given, root_text
from psg.audit.merkle import EMPTY_ROOT, Tree
from psg.audit.models import Checkpoint, Detail, Generation, Head, Leaf
from psg.base import Base

ROWS_AT_A_TIME: Final = 2_000
SignerStates = Mapping[str, tuple[int, bytes]]
"""Size and stack that the signer last put its name to, by the name of the log."""


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict and what led to it. `failure` is `<reason>: <sentence>`, or None where all holds."""

    failure: str | None = None
    origin: str | None = None
    key: bytes | None = None
    entries: int = 0
    details: int = 0
    root: bytes = EMPTY_ROOT
    checkpoints: frozenset[int] = frozenset()
    outside: frozenset[int] = frozenset()
    losses: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.failure is None

    @property
    def verdict(self) -> str:
        if self.failure is not None:
            return f"FAIL: {self.failure}"
        absent = self.entries - self.details
        sound = (
            f"OK: {self.entries} entries, {len(self.checkpoints)} checkpoints, "
            f"{self.details} details, {absent} withheld or erased"
        )
        lost = ", ".join(
            f"entries {first}..{last} of generation {number}" for number, (first, last) in self.losses.items()
        )
        return f"DECLARED LOSS: {lost}; otherwise {sound}" if lost else sound

    @property
    def findings(self) -> list[str]:
        """The lines above the verdict, one `name: value` each."""
        newest_outside = max(self.outside, default=None)
        return [
            f"origin: {self.origin or 'none'}",
            f"key: {self.key.hex() if self.key else 'none held'}",
            f"entries: {self.entries}",
            f"root: {root_text(self.root)}",
            f"newest checkpoint: {max(self.checkpoints, default='none held')}",
            f"newest outside checkpoint: {'none given' if newest_outside is None else newest_outside}",
            f"not yet provable outside: {self.entries - (newest_outside or 0)}",
            *(f"note: {note}" for note in self.notes),
        ]


class _Database:
    """The live record as a source of rows."""

    is_live = True

    def __init__(self, connection: Connection, states: SignerStates) -> None:
        self._connection = connection
        self._states = states

    def listed(self) -> list[Held]:
        notes: dict[int, list[tuple[int, bytes]]] = {}
        rows = select(Checkpoint.generation, Checkpoint.size, _raw(Checkpoint.note))
        for number, size, note in self._connection.execute(rows.order_by(Checkpoint.size)):
            if not isinstance(note, bytes):
                raise Fault("signature", f"the checkpoint of size {size} is not stored as bytes")
            notes.setdefault(number, []).append((size, note))
        generations = select(Generation.generation, Generation.origin, Generation.public_key)
        return [
            Held(number, origin, key, notes.get(number, ()))
            for number, origin, key in self._connection.execute(generations.order_by(Generation.generation))
        ]

    def rows(self, number: int) -> Iterable[Row]:
        entries = (
            select(Leaf.seq, _raw(Leaf.leaf), _raw(Leaf.root), _raw(Detail.salt), _raw(Detail.body))
            .outerjoin(Detail, and_(Detail.generation == Leaf.generation, Detail.seq == Leaf.seq))
            .where(Leaf.generation == number)
            .order_by(Leaf.seq)
            .execution_options(yield_per=ROWS_AT_A_TIME)
        )
        with self._connection.execute(entries) as rows:
            yield from rows

    def finish(self, run: Run) -> None:
        """The head row, and what the signer last signed, must be of what stands there."""
        size = run.tree.size
        heads = self.heads()
        if len(heads) != 1 or heads[0] != (run.number, size, run.tree.stack):
            raise Fault("head", f"the head row is not that of {size} entries, which is what there are")
        if run.held.origin in self._states:
            self._check_signer(run, *self._states[run.held.origin])

    def _check_signer(self, run: Run, size: int, stack: bytes) -> None:
        try:
            signed = Tree.from_bytes(size, stack).root()
        except ValueError as error:
            raise Fault("head", "the file in which the signer keeps its place is damaged") from error
        if size > run.tree.size:
            raise Fault("head", f"there are {run.tree.size} entries, and {size} were signed")
        stored = select(Leaf.root).where(Leaf.generation == run.number, Leaf.seq == size - 1)
        if (self._connection.scalar(stored) if size else EMPTY_ROOT) != signed:
            raise Fault("head", f"the first {size} entries are not those that were signed")

    def heads(self) -> list[tuple[Any, ...]]:
        rows = self._connection.execute(select(Head.generation, Head.size, _raw(Head.stack)))
        return [tuple(row) for row in rows]

    def count(self, table: type[Base], *where: ColumnElement[bool]) -> int:
        return self._connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()

    def check_guards(self) -> None:
        changed = guards.changed(self._connection)
        if changed:
            raise Fault("guard", f"guards of the database are missing or changed: {', '.join(changed)}")


def verify(connection: Connection, given: Given = Given(), states: SignerStates | None = None) -> Result:  # noqa: B008
    """Verify the live record over a connection whose transaction reads one snapshot."""
    try:
        return _verify(_Database(connection, states or {}), given)
    except Fault as fault:
        return Result(failure=str(fault))
    except SQLAlchemyError as error:
        return Result(failure=f"incomplete: the record cannot be read ({type(error).__name__})")


def _verify(source: _Database, given: Given) -> Result:
    listed = source.listed()
    numbers = [held.number for held in listed]
    if source.count(Leaf, Leaf.generation.not_in(numbers)):
        raise Fault("head", "there are entries of a generation that is not listed")
    if not listed:
        if source.heads() or given.checkpoints or given.roots:
            raise Fault("head", "there is no record, and something says that there was")
        source.check_guards()
        return Result(notes=("nothing has been recorded yet",))
    if numbers != list(range(1, len(numbers) + 1)):
        raise Fault("head", "a generation is missing between others")
    checked = check(source, listed, given)
    if source.count(Detail) != checked.details:
        raise Fault("detail", "there is a detail of no entry")
    source.check_guards()
    return result_of(checked, given)


def result_of(checked: Checked, given: Given) -> Result:
    """What the verdict says of a record that holds."""
    run = checked.current
    notes = list(checked.notes)
    if run.held.public and not given.key:
        notes.insert(0, "key taken from the record itself")
    return Result(
        origin=run.held.origin,
        key=run.held.public,
        entries=run.tree.size,
        details=run.details,
        root=run.tree.root(),
        checkpoints=frozenset(run.pins.roots),
        outside=frozenset(run.pins.outside),
        losses=checked.losses,
        notes=tuple(notes),
    )


def _raw(column: Any) -> ColumnElement[Any]:
    """The value as the driver gives it: a text where bytes belong is a finding, not an error."""
    return type_coerce(column, NullType())
