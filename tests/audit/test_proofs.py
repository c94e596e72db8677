import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.audit.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash
from psg.audit.notes import LogKey, NoteError, TreeHead, public_bytes, sign
from psg.audit.proofs import (
    consistency_ranges,
    gather,
    inclusion_ranges,
    is_consistent,
    root_from_inclusion,
)
from tests.audit.records import ANOTHER_KEY, ORIGIN
from tests.audit.worked_example import KEY, LEAF_HASHES, LEAVES, ROOTS

KEY_OF_LOG = LogKey(ORIGIN, public_bytes(KEY))
sizes = st.integers(1, 200)


def leaves(count: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(count)]


def root_of(some: list[bytes]) -> bytes:
    tree = Tree()
    for leaf in some:
        tree.append(leaf)
    return tree.root()


@given(st.data(), sizes)
def test_an_inclusion_proof_leads_from_its_leaf_to_the_root_and_from_no_other(
    data: st.DataObject, size: int
) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof = gather(inclusion_ranges(index, size), leaves(size))
    assert len(proof) <= size.bit_length()
    found = root_from_inclusion(leaf_hash(leaves(size)[index]), index, size, proof)
    assert found == root_of(leaves(size))
    if other != index:
        wrong = leaf_hash(leaves(size)[other])
        assert root_from_inclusion(wrong, index, size, proof) != root_of(leaves(size))


@given(st.data(), sizes)
def test_a_consistency_proof_holds_for_the_two_roots_it_is_about_alone(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(0, new))
    ranges = consistency_ranges(old, new)
    proof = gather(ranges, leaves(new)) if ranges else []
    before, after = root_of(leaves(old)), root_of(leaves(new))
    assert is_consistent(old, before, new, after, proof)
    changed = root_of([b"another", *leaves(old)[1:]])
    if old:
        assert not is_consistent(old, changed, new, after, proof)
        assert not is_consistent(old, before, new, after, [*proof, bytes(32)])
    if proof:
        assert not is_consistent(old, before, new, after, proof[:-1])


def test_the_proofs_of_the_worked_example_are_those_of_the_page() -> None:
    assert gather(inclusion_ranges(1, 3), LEAVES) == [LEAF_HASHES[0], LEAF_HASHES[2]]
    assert gather(inclusion_ranges(2, 3), LEAVES) == [ROOTS[1]]
    assert node_hash(ROOTS[1], LEAF_HASHES[2]) == ROOTS[2]


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        inclusion_ranges(index, size)


def test_the_empty_record_is_the_beginning_of_every_record() -> None:
    assert is_consistent(0, EMPTY_ROOT, 3, ROOTS[2], [])
    assert not is_consistent(0, ROOTS[0], 3, ROOTS[2], [])


NOTE = sign(TreeHead(ORIGIN, 3, ROOTS[2]), KEY)


def test_a_note_is_read_back_and_belongs_to_its_key() -> None:
    assert KEY_OF_LOG.verify(NOTE) == TreeHead(ORIGIN, 3, ROOTS[2])
    assert LogKey.from_vkey(KEY_OF_LOG.vkey) == KEY_OF_LOG


def test_lines_by_other_keys_are_other_peoples_affair() -> None:
    line = sign(TreeHead("witness.example/w", 3, ROOTS[2]), ANOTHER_KEY).split(b"\n\n")[1]
    assert KEY_OF_LOG.verify(NOTE + line).size == 3


@pytest.mark.parametrize(
    "raw",
    [
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"\n3\n", b"\n03\n"),
        NOTE.replace(b"\n3\n", b"\n4\n"),
        NOTE.replace("—".encode(), b"-"),
        NOTE.replace(b"NxPQ=", b"NxPR="),
        NOTE.replace(b"=\n\n", b"=\nextension\n\n"),
        NOTE.replace(b"audit/1\n3", b"audit/2\n3"),
        NOTE.replace(b"\n", b"\r\n"),
        NOTE + NOTE.split(b"\n\n")[1].replace(b"YQw=", b"YQx="),
        sign(TreeHead(ORIGIN, 3, ROOTS[2]), ANOTHER_KEY),
        b"",
        b"\xff",
    ],
    ids=range(13),
)
def test_a_note_in_any_other_spelling_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteError):
        KEY_OF_LOG.verify(raw)


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_a_note_with_one_byte_changed_is_refused(place: int, change: int) -> None:
    changed = bytearray(NOTE)
    changed[place] ^= change
    with pytest.raises(NoteError):
        KEY_OF_LOG.verify(bytes(changed))
