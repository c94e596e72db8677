from datetime import UTC, datetime, timedelta, timezone

import pytest

from psg.audit.leaf import LeafError, commitment, read_leaf, timestamp, write_leaf
from psg.audit.merkle import leaf_hash
from psg.audit.models import Operation
from tests.audit.worked_example import BODIES, LEAF_HASHES, LEAVES, OPENED, SALTS


def test_the_first_leaf_of_the_worked_example_is_written_to_the_byte() -> None:
    written = write_leaf(
        actor="system",
        agency=None,
        case=None,
        commit=commitment(SALTS[0], BODIES[0]),
        obj=None,
        op=Operation.CUSTODY,
        seq=0,
        at=OPENED,
    )
    assert written == LEAVES[0]


def test_the_leaf_hashes_of_the_worked_example_are_those_printed() -> None:
    assert tuple(map(leaf_hash, LEAVES)) == LEAF_HASHES


def test_the_leaves_of_the_worked_example_commit_to_their_details() -> None:
    commits = [read_leaf(leaf, seq).commit for seq, leaf in enumerate(LEAVES)]
    assert commits == [commitment(salt, body) for salt, body in zip(SALTS, BODIES, strict=True)]


def test_time_is_written_in_utc_and_cut_to_the_millisecond() -> None:
    summer = timezone(timedelta(hours=1))
    assert timestamp(datetime(2026, 8, 12, 10, 0, 0, 999_999, tzinfo=summer)) == "2026-08-12T09:00:00.999Z"
    assert timestamp(datetime(2026, 8, 12, tzinfo=UTC)) == "2026-08-12T00:00:00.000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        timestamp(datetime(2026, 8, 12))  # noqa: DTZ001 - the very thing


FIRST = LEAVES[1]


@pytest.mark.parametrize(
    ("reason", "leaf"),
    [
        ("canonical", b""),
        ("canonical", b"\xff"),
        ("canonical", b"[]"),
        ("canonical", b"{"),
        ("canonical", FIRST + b"\n"),
        ("canonical", FIRST.replace(b":", b": ", 1)),
        ("canonical", FIRST.replace(b'"v":1', b'"v":1,"v":1')),
        ("canonical", FIRST.replace(b"collection", b"colle\\u0063tion")),
        ("canonical", FIRST.replace(b"collection", b"\\ud800")),
        ("canonical", FIRST.replace(b'"v":1', b'"v":1.0')),
        ("canonical", b'{"v":1,' + FIRST[1:].replace(b',"v":1', b"")),
        ("sequence", FIRST.replace(b'"seq":1', b'"seq":2')),
        ("sequence", FIRST.replace(b'"seq":1', b'"seq":true')),
        ("sequence", FIRST.replace(b'"seq":1', b'"seq":"1"')),
        ("sequence", FIRST.replace(b'"seq":1,', b"")),
        ("sequence", b"{}"),
        ("leaf", FIRST.replace(b'"v":1', b'"v":2')),
        ("leaf", FIRST.replace(b'"v":1', b'"v":1,"w":1')),
        ("leaf", FIRST.replace(b',"v":1', b"")),
        ("leaf", FIRST.replace(b"collection", b"gossip")),
        ("leaf", FIRST.replace(b'"user_1111', b'"user_111')),
        ("leaf", FIRST.replace(b'"user_1111', b'"User_1111')),
        ("leaf", FIRST.replace(b"agency_2222", b"person_2222")),
        ("leaf", FIRST.replace(b'"note_', b'"note2_')),
        ("leaf", FIRST.replace(b"0d3e", b"0D3E")),
        ("leaf", FIRST.replace(b"2026-04-01", b"2026-02-30")),
        ("leaf", FIRST.replace(b"T09:00", b"T24:00")),
        ("leaf", FIRST.replace(b".000Z", b"Z")),
        ("leaf", FIRST.replace(b'"t":"2026-04-01T09:00:01.000Z"', b'"t":null')),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[-24:]),
)
def test_a_leaf_in_any_other_form_is_refused_by_name(reason: str, leaf: bytes) -> None:
    with pytest.raises(LeafError) as refused:
        read_leaf(leaf, 1)
    assert refused.value.reason == reason


def test_a_leaf_stored_as_text_is_refused() -> None:
    with pytest.raises(LeafError):
        read_leaf(FIRST.decode(), 1)
