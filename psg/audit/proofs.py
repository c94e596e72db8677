"""Proofs about the tree: that an entry is in it, that a later tree holds all of an earlier one.

RFC 6962 sections 2.1.1 and 2.1.2. What a proof is made of is first named as ranges of leaves, so
that it can be gathered in one pass over the rows, whatever their number.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from psg.audit.merkle import EMPTY_ROOT, Tree, node_hash

Range: TypeAlias = tuple[int, int]
"""Leaves from the first number up to and without the second."""

_NO_PROOF: Final[list[Range]] = []


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Whose hashes lead from the leaf at `index` to the root at `size`, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} among {size}")
    return _path(index, 0, size)


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Whose hashes show that the tree of `new` leaves begins with the tree of `old`."""
    if not 0 <= old <= new:
        raise ValueError(f"a record of {old} entries is not the beginning of one of {new}")
    return _subproof(old, 0, new, whole=True) if 0 < old < new else _NO_PROOF


def gather(ranges: Sequence[Range], leaves: Iterable[bytes]) -> list[bytes]:
    """The proof itself: the root of each range, from all leaves in their order."""
    trees = {start: (place, end, Tree()) for place, (start, end) in enumerate(ranges)}
    proof = [EMPTY_ROOT] * len(ranges)
    current: tuple[int, int, Tree] | None = None
    for number, leaf in enumerate(leaves):
        current = trees.get(number, current)
        if current is not None:
            place, end, tree = current
            tree.append(leaf)
            if number + 1 == end:
                proof[place], current = tree.root(), None
    if current is not None or EMPTY_ROOT in proof:
        raise ValueError("there are fewer entries than the proof is about")
    return proof


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that this proof leads to from the hash of a leaf (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} among {size}")
    position, last, root = index, size - 1, leaf
    for sibling in proof:
        if not last:
            raise ValueError("the proof is too long")
        if position & 1 or position == last:
            root = node_hash(sibling, root)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with the old (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if not old:
        return not proof and old_root == EMPTY_ROOT
    rest = list(proof) if old & (old - 1) else [old_root, *proof]
    if not rest:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = rest[0]
    for sibling in rest[1:]:
        if not last:
            return False
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    return not last and (first, second) == (old_root, new_root)


def _split(size: int) -> int:
    """The largest power of two below the size: where RFC 6962 divides a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def _path(index: int, start: int, end: int) -> list[Range]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle), (middle, end)]
    return [*_path(index, middle, end), (start, middle)]


def _subproof(old: int, start: int, end: int, *, whole: bool) -> list[Range]:
    """`whole`: this subtree is the old tree itself, whose root the verifier has already."""
    if old == end:
        return [] if whole else [(start, end)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, whole=whole), (middle, end)]
    return [*_subproof(old, middle, end, whole=False), (start, middle)]
