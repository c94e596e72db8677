from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.audit.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = root_by_definition(leaves[:split]), root_by_definition(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_every_root_on_the_way_is_the_one_of_the_definition(leaves: list[bytes]) -> None:
    tree = Tree()
    for count, leaf in enumerate(leaves):
        assert tree.root() == root_by_definition(leaves[:count])
        tree.append(leaf)
    assert (tree.size, tree.root()) == (len(leaves), root_by_definition(leaves))


@given(st.lists(st.binary(max_size=8), max_size=40), st.lists(st.binary(max_size=8), max_size=40))
def test_a_tree_put_away_goes_on_where_it_stopped(first: list[bytes], second: list[bytes]) -> None:
    tree = Tree()
    for leaf in first:
        tree.append(leaf)
    tree = Tree.from_bytes(tree.size, tree.stack)
    for leaf in second:
        tree.append(leaf)
    assert tree.root() == root_by_definition(first + second)


def test_the_stack_holds_one_hash_for_each_full_subtree_largest_first() -> None:
    tree = Tree()
    for leaf in (b"a", b"b", b"c"):
        tree.append(leaf)
    assert tree.stack == node_hash(leaf_hash(b"a"), leaf_hash(b"b")) + leaf_hash(b"c")


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert Tree().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize(
    ("size", "stack"),
    [(0, bytes(32)), (1, b""), (3, bytes(32)), (4, bytes(64)), (1, bytes(31)), (1, bytes(33))],
)
def test_a_stack_of_another_size_is_refused(size: int, stack: bytes) -> None:
    with pytest.raises(ValueError, match="not that of a tree"):
        Tree.from_bytes(size, stack)
