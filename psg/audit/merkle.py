"""The hash tree of RFC 6962, grown one leaf at a time.

Only the roots of the perfect subtrees are kept, largest first: for n leaves one for each 1-bit of
n. That is all an append and a root need, and it fits in one row however long the record grows.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, Self

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The prefix keeps a leaf from ever passing for a node (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree of `size` leaves, known by the roots of its perfect subtrees."""

    __slots__ = ("_stack", "size")

    def __init__(self, size: int = 0, stack: Iterable[bytes] = ()) -> None:
        self.size = size
        self._stack = list(stack)
        if len(self._stack) != size.bit_count() or any(len(h) != HASH_SIZE for h in self._stack):
            raise ValueError(f"the stack is not that of a tree of {size} leaves")

    @classmethod
    def from_bytes(cls, size: int, stack: bytes) -> Self:
        """The tree that `stack` was taken from, or `ValueError` where the length cannot be right."""
        return cls(size, (stack[at : at + HASH_SIZE] for at in range(0, len(stack), HASH_SIZE)))

    @property
    def stack(self) -> bytes:
        """The subtree roots in one piece, as the head row keeps them."""
        return b"".join(self._stack)

    def append(self, leaf: bytes) -> None:
        """Add one leaf: each trailing 1-bit of its index closes a pair of equal subtrees."""
        stack = self._stack
        stack.append(leaf_hash(leaf))
        index = self.size
        while index & 1:
            right = stack.pop()
            stack[-1] = node_hash(stack[-1], right)
            index >>= 1
        self.size += 1

    def root(self) -> bytes:
        """The hash that stands for every leaf so far, in order."""
        if not self._stack:
            return EMPTY_ROOT
        root = self._stack[-1]
        for left in reversed(self._stack[:-1]):
            root = node_hash(left, root)
        return root
