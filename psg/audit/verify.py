"""Recomputing the whole record from what the database holds, believing none of it.

Rows are read once, in order, in one snapshot and a few at a time: leaves as they come, each with
its detail. The first fault ends it and is named by one word that means the same in every verifier.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import NullType

from psg.audit import canonical
from psg.audit.leaf import LARGEST_BODY, SALT_SIZE, Claim, LeafError, commitment, read_leaf
from psg.audit.merkle import EMPTY_ROOT, Tree
from psg.audit.models import Detail, Generation, Head, Leaf, Operation
from psg.base import Base

ROWS_AT_A_TIME: Final = 2_000


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict and what led to it. `failure` is `<reason>: <sentence>`, or None where all holds."""

    failure: str | None = None
    origin: str | None = None
    entries: int = 0
    details: int = 0
    root: bytes = EMPTY_ROOT
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.failure is None

    @property
    def verdict(self) -> str:
        if self.failure is not None:
            return f"FAIL: {self.failure}"
        absent = self.entries - self.details
        return (
            f"OK: {self.entries} entries, 0 checkpoints, {self.details} details, {absent} withheld or erased"
        )

    @property
    def findings(self) -> list[str]:
        """The lines above the verdict, one `name: value` each."""
        return [
            f"origin: {self.origin or 'none'}",
            "key: none held",
            f"entries: {self.entries}",
            f"root: {b64encode(self.root).decode()}",
            "newest checkpoint: none held",
            "newest outside checkpoint: none given",
            f"not yet provable outside: {self.entries}",
            *(f"note: {note}" for note in self.notes),
        ]


class _Fault(Exception):
    """What is wrong, in the words of the verdict."""


@dataclass(slots=True)
class _Run:
    """One generation, as far as it has been read."""

    number: int
    origin: str
    tree: Tree = field(default_factory=Tree)
    details: int = 0
    newest: str = ""
    steps_back: int = 0
    first_step_back: int = 0
    detail_fault: str | None = None
    absent: list[int] = field(default_factory=list)
    erased: list[tuple[int, int]] = field(default_factory=list)

    def read(self, seq: object, leaf: object, root: object, salt: object, body: object) -> None:
        at = self.tree.size
        if seq != at:
            raise _Fault(f"sequence: {self._entry(at)} is missing, {seq!r:.24} stands in its place")
        try:
            claim = read_leaf(leaf, at)
        except LeafError as error:
            raise _Fault(f"{error.reason}: {self._entry(at)}: {error}") from error
        assert isinstance(leaf, bytes)  # noqa: S101 - as read_leaf has found
        self.tree.append(leaf)
        if self.tree.root() != root:
            raise _Fault(
                f"head: the root stored after {self._entry(at)} is not the root of what stands there"
            )
        if claim.t < self.newest:
            self.steps_back += 1
            self.first_step_back = self.first_step_back or at
        self.newest = claim.t
        if salt is None and body is None:
            self.absent.append(at)
            if claim.op == Operation.ERASURE:
                self._note_detail_fault(f"{self._entry(at)} is an erasure, and its own detail is missing")
        else:
            self.details += 1
            self._read_detail(at, claim, salt, body)

    def _read_detail(self, at: int, claim: Claim, salt: object, body: object) -> None:
        if not isinstance(salt, bytes) or not isinstance(body, bytes):
            return self._note_detail_fault(f"the detail of {self._entry(at)} is not stored as bytes")
        if len(salt) != SALT_SIZE or len(body) > LARGEST_BODY:
            return self._note_detail_fault(f"the detail of {self._entry(at)} has not the size of one")
        if commitment(salt, body) != claim.commit:
            return self._note_detail_fault(
                f"the detail of {self._entry(at)} is not the one that was committed to"
            )
        try:
            members = canonical.decode_object(body)
        except canonical.NotCanonicalError as error:
            return self._note_detail_fault(f"the detail of {self._entry(at)}: {error}")
        if claim.op == Operation.ERASURE:
            self.erased.extend(_earlier_entries(members.get("erased"), self.number, at))
        elif at == 0 and members.get("event") == "open" and members.get("origin") != self.origin:
            raise _Fault(f"head: generation {self.number} is listed under another origin than it opened with")
        return None

    def finish(self, listed_details: int) -> None:
        """What can only be said once every entry was read: details without leaf, leaves without detail."""
        if self.detail_fault:
            raise _Fault(f"detail: {self.detail_fault}")
        if listed_details != self.details:
            raise _Fault(
                f"detail: generation {self.number} holds a detail of no entry among its {self.tree.size}"
            )
        unnamed = self._first_absent_unnamed()
        if unnamed is not None:
            raise _Fault(f"detail: the detail of {self._entry(unnamed)} is missing, and no erasure names it")

    def _first_absent_unnamed(self) -> int | None:
        spans = sorted(self.erased, reverse=True)
        reach = -1
        for seq in self.absent:
            while spans and spans[-1][0] <= seq:
                reach = max(reach, spans.pop()[1])
            if reach < seq:
                return seq
        return None

    def notes(self) -> Iterator[str]:
        if self.steps_back:
            yield (
                f"the clock went back {self.steps_back} times, first before {self._entry(self.first_step_back)}; "
                "the order is that of the entries"
            )

    def _note_detail_fault(self, sentence: str) -> None:
        """Kept until the leaves are through: a fault in the chain itself weighs more and is told first."""
        self.detail_fault = self.detail_fault or sentence

    def _entry(self, seq: int) -> str:
        return f"entry {seq}" if self.number == 1 else f"entry {seq} of generation {self.number}"


def verify(connection: Connection) -> Result:
    """Verify the live record over a connection whose transaction reads one snapshot."""
    try:
        return _verify(connection)
    except _Fault as fault:
        return Result(failure=str(fault))
    except SQLAlchemyError as error:
        return Result(failure=f"incomplete: the record cannot be read ({type(error).__name__})")


def _verify(connection: Connection) -> Result:
    listed = connection.execute(
        select(Generation.generation, Generation.origin).order_by(Generation.generation)
    ).all()
    heads = connection.execute(select(Head.generation, Head.size, _raw(Head.stack))).all()
    runs = [_read(connection, generation, origin) for generation, origin in listed]
    if _count(connection, Leaf) != sum(run.tree.size for run in runs):
        raise _Fault("head: there are entries of a generation that is not listed")
    if not runs and not heads:
        return Result(notes=("nothing has been recorded yet",))
    if not runs or len(heads) != 1:
        raise _Fault("head: the record has entries and no head, or a head and no entries")
    current = runs[-1]
    if tuple(heads[0]) != (current.number, current.tree.size, current.tree.stack):
        raise _Fault(
            f"head: the head row is not that of {current.tree.size} entries, which is what there are"
        )
    for run in runs:
        run.finish(_count(connection, Detail, Detail.generation == run.number))
    return Result(
        origin=current.origin,
        entries=current.tree.size,
        details=current.details,
        root=current.tree.root(),
        notes=tuple(note for run in runs for note in run.notes()),
    )


def _read(connection: Connection, number: int, origin: str) -> _Run:
    run = _Run(number, origin)
    entries = (
        select(Leaf.seq, _raw(Leaf.leaf), _raw(Leaf.root), _raw(Detail.salt), _raw(Detail.body))
        .outerjoin(Detail, and_(Detail.generation == Leaf.generation, Detail.seq == Leaf.seq))
        .where(Leaf.generation == number)
        .order_by(Leaf.seq)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    with connection.execute(entries) as rows:
        for row in rows:
            run.read(*row)
    return run


def _raw(column: Any) -> ColumnElement[Any]:
    """The value as the driver gives it: a text where bytes belong is a finding, not an error."""
    return type_coerce(column, NullType())


def _count(connection: Connection, table: type[Base], *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def _earlier_entries(erased: Any, generation: int, before: int) -> Iterator[tuple[int, int]]:
    """The runs of entries of this generation that an erasure names; what is malformed names none."""
    for span in erased if isinstance(erased, list) else ():
        if isinstance(span, list) and len(span) == 3 and all(type(number) is int for number in span):
            named, first, last = span
            if named == generation and 0 <= first <= last < before:
                yield first, last
