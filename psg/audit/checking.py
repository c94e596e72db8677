"""The rules by which a record is verified, wherever its rows come from.

Each generation is read once, in order; the first fault ends it. The current one comes first, because
later generations say what of the earlier ones was kept, lost and lawfully erased.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from psg.audit import canonical
from psg.audit.declared import EVENTS, Declaration, losses, read_declaration
from psg.audit.evidence import Fault, Given, Pins, is_key, origin_of, read_checkpoint
from psg.audit.leaf import LARGEST_BODY, SALT_SIZE, Claim, LeafError, commitment, read_leaf
from psg.audit.merkle import Tree
from psg.audit.models import Operation
from psg.audit.notes import LogKey

Row: TypeAlias = tuple[Any, Any, Any, Any, Any]
"""seq, leaf, the root stored with it, salt, body; what is not held is None."""


@dataclass(frozen=True, slots=True)
class Held:
    """One generation as its source lists it."""

    number: int
    origin: str
    public: bytes | None
    checkpoints: Sequence[tuple[int, bytes]]


class Source(Protocol):
    """Where the rows come from. `is_live`: the database itself, which must account for every detail."""

    is_live: bool

    def rows(self, number: int) -> Iterable[Row]: ...

    def finish(self, run: "Run") -> None: ...


@dataclass(slots=True)
class Run:
    """One generation, as far as it has been read."""

    held: Held
    is_live: bool
    pins: Pins = field(default_factory=Pins)
    links: list[tuple[int, int, bytes]] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)
    roots: dict[int, bytes] = field(default_factory=dict)
    details: int = 0
    newest: str = ""
    steps_back: int = 0
    first_step_back: int = 0
    detail_fault: str | None = None
    absent: list[int] = field(default_factory=list)
    erased: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    declared: list[Declaration] = field(default_factory=list)
    opening: Mapping[str, Any] | None = None

    @property
    def number(self) -> int:
        return self.held.number

    def read(self, rows: Iterable[Row]) -> None:
        watched = {*self.pins.roots, *(size for _, size, _ in self.links)}
        self._compare(watched)
        for seq, leaf, root, salt, body in rows:
            self._read_leaf(seq, leaf, root, salt, body)
            if self.tree.size in watched:
                self._compare(watched)

    def _compare(self, watched: set[int]) -> None:
        size = self.tree.size
        if size in watched:
            self.roots[size] = self.tree.root()
            if self.pins.roots.get(size, self.roots[size]) != self.roots[size]:
                raise Fault("root", f"the first {size} entries have another root than a checkpoint says")

    def _read_leaf(self, seq: object, leaf: object, root: object, salt: object, body: object) -> None:
        at = self.tree.size
        if seq != at:
            raise Fault("sequence", f"{self.entry(at)} is missing, {seq!r:.24} stands in its place")
        try:
            claim = read_leaf(leaf, at)
        except LeafError as error:
            raise Fault(error.reason, f"{self.entry(at)}: {error}") from error
        assert isinstance(leaf, bytes)  # noqa: S101 - as read_leaf has found
        self.tree.append(leaf)
        if self.is_live and self.tree.root() != root:
            raise Fault(
                "head", f"the root stored after {self.entry(at)} is not the root of what stands there"
            )
        if claim.t < self.newest:
            self.steps_back += 1
            self.first_step_back = self.first_step_back or at
        self.newest = claim.t
        if salt is None and body is None:
            self.absent.append(at)
            if claim.op == Operation.ERASURE and self.is_live:
                self._note(f"{self.entry(at)} is an erasure, and its own detail is missing")
        else:
            self.details += 1
            self._read_detail(at, claim, salt, body)

    def _read_detail(self, at: int, claim: Claim, salt: object, body: object) -> None:
        if not isinstance(salt, bytes) or not isinstance(body, bytes):
            return self._note(f"the detail of {self.entry(at)} is not stored as bytes")
        if len(salt) != SALT_SIZE or len(body) > LARGEST_BODY:
            return self._note(f"the detail of {self.entry(at)} has not the size of one")
        if commitment(salt, body) != claim.commit:
            return self._note(f"the detail of {self.entry(at)} is not the one that was committed to")
        try:
            members = canonical.decode_object(body)
        except canonical.NotCanonicalError as error:
            return self._note(f"the detail of {self.entry(at)}: {error}")
        if claim.op == Operation.ERASURE:
            for number, first, last in _spans(members.get("erased")):
                if number < self.number or (number == self.number and last < at):
                    self.erased.setdefault(number, []).append((first, last))
        elif claim.op == Operation.CUSTODY:
            self._read_custody(at, members)
        return None

    def _read_custody(self, at: int, members: dict[str, canonical.Json]) -> None:
        if not at:
            self.opening = members
            if members.get("event") == "open" and members.get("origin") != self.held.origin:
                raise Fault("head", f"generation {self.number} opened under another origin than it is listed")
        if members.get("event") == EVENTS[not at]:
            self.declared.append(read_declaration(members, self.number, self.entry(at)))

    def check_ends(self) -> None:
        """What can be said once every leaf was read: nothing is cut off, the next generation followed it."""
        size = self.tree.size
        end = max([size, *(noted for _, noted, _ in self.links)])
        for pinned in self.pins.roots:
            if pinned > end:
                raise Fault("tail", f"there are {size} entries, and a checkpoint is for {pinned}")
        for kept, noted, root in self.links:
            if kept != size or self.roots.get(noted, root) != root:
                raise Fault(
                    "link",
                    f"generation {self.number} of {size} entries is not what was followed, {kept} entries",
                )

    def check_details(self, erased: Iterable[tuple[int, int]]) -> None:
        if self.detail_fault:
            raise Fault("detail", self.detail_fault)
        unnamed = self._first_absent_unnamed(sorted(erased, reverse=True))
        if self.is_live and unnamed is not None:
            raise Fault("detail", f"the detail of {self.entry(unnamed)} is missing, and no erasure names it")

    def _first_absent_unnamed(self, spans: list[tuple[int, int]]) -> int | None:
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
                f"the clock went back {self.steps_back} times, first before {self.entry(self.first_step_back)}; "
                "the order is that of the entries"
            )

    def entry(self, seq: int) -> str:
        return f"entry {seq}" if self.number == 1 else f"entry {seq} of generation {self.number}"

    def _note(self, sentence: str) -> None:
        """Kept until the leaves are through: a fault in the chain itself weighs more and is told first."""
        self.detail_fault = self.detail_fault or sentence


@dataclass(slots=True)
class Checked:
    """What a verification found where everything holds."""

    current: Run
    losses: dict[int, tuple[int, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    details: int = 0


def check(source: Source, listed: Sequence[Held], given: Given) -> Checked:
    """Verify the newest of these generations, then those before it; raises the first `Fault`."""
    by_number = {held.number: held for held in listed}
    last = max(by_number)
    earlier = {held.origin: held.number for held in listed if held.number != last}
    outside: dict[int, list[bytes]] = {}
    for raw in given.checkpoints:
        outside.setdefault(earlier.get(origin_of(raw), last), []).append(raw)
    declared: dict[int, list[Declaration]] = {}
    erased: dict[int, list[tuple[int, int]]] = {}
    checked: Checked | None = None
    for number in range(last, 0, -1):
        if number not in by_number:
            assert checked is not None  # noqa: S101 - the newest is listed
            checked.notes.append(f"generation {number} is not included")
            continue
        held = by_number[number]
        of_it = Given(given.key if number == last else None, outside.get(number, ()), given.roots)
        run = _run(source, held, of_it, declared.get(number, ()), is_last=number == last)
        checked = checked or Checked(run)
        checked.details += run.details
        for span_of, spans in run.erased.items():
            erased.setdefault(span_of, []).extend(spans)
        if number == last:
            source.finish(run)
        run.check_details(erased.get(number, ()))
        for one in run.declared:
            declared.setdefault(one.generation, []).append(one)
        _check_opening(run, number - 1 in by_number)
        checked.notes.extend(run.notes())
    assert checked is not None  # noqa: S101 - as above
    checked.losses = losses(declared)
    return checked


def _run(source: Source, held: Held, given: Given, declared: Iterable[Declaration], *, is_last: bool) -> Run:
    run = Run(held, source.is_live)
    key = LogKey(held.origin, held.public) if held.public else None
    if given.key and (key is None or not is_key(given.key, key)):
        raise Fault("key", f"generation {held.number} is not signed with the key given")
    known = [*held.checkpoints, *((None, raw) for raw in given.checkpoints)]
    if known and key is None:
        raise Fault("key", f"there are checkpoints, and no key is listed for generation {held.number}")
    for size, raw in known:
        assert key is not None  # noqa: S101 - as just asked
        name = "a checkpoint from outside" if size is None else f"the checkpoint of size {size}"
        head = read_checkpoint(raw, key, name)
        if size not in (None, head.size):
            raise Fault("signature", f"{name} is for size {head.size}")
        run.pins.pin(head.size, head.root)
        run.pins.signed.add(head.size)
        if size is None:
            run.pins.outside.add(head.size)
    for size, root in given.roots if is_last else ():
        run.pins.pin(size, root)
        run.pins.outside.add(size)
    for one in declared:
        if key is None:
            raise Fault("link", f"no key is listed for generation {held.number}, which was followed")
        head = read_checkpoint(one.note, key, f"the note last known of generation {held.number}", "link")
        run.links.append((one.kept, head.size, head.root))
    run.read(source.rows(held.number))
    run.check_ends()
    if is_last and not source.is_live and run.tree.size not in run.pins.signed:
        raise Fault("unsigned", f"no checkpoint is for all {run.tree.size} entries")
    return run


def _check_opening(run: Run, precursor_is_held: bool) -> None:
    if run.number == 1 or (run.opening is None and not precursor_is_held):
        return
    follows = run.declared[0].generation if run.declared else None
    if run.opening is None or run.opening.get("event") != "succeed" or follows != run.number - 1:
        raise Fault("link", f"generation {run.number} does not say that it follows {run.number - 1}")


def _spans(erased: Any) -> Iterator[tuple[int, int, int]]:
    """The runs of entries that an erasure names; what is malformed names none."""
    for span in erased if isinstance(erased, list) else ():
        if isinstance(span, list) and len(span) == 3 and all(type(number) is int for number in span):
            number, first, last = span
            if 0 <= first <= last:
                yield number, first, last
