from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, scoped_session

from psg.audit import canonical, guards
from psg.audit.append import append
from psg.audit.entries import make_entry
from psg.audit.models import Detail, Generation, Head, Leaf, Mention, Operation
from psg.audit.verify import Result, verify
from tests.audit.owner import as_owner, empty_record
from tests.audit.worked_example import CASE, LEAVES, NOTE, OFFICER, OPENED, seconds

ENTRIES = 11


def write(
    connection: Connection, count: int, op: Operation = Operation.CONSULTATION, **detail: object
) -> None:
    entries = [
        make_entry(
            op, by=OFFICER, case=CASE, obj=NOTE, at=seconds(number), detail={"action": "note.show", **detail}
        )
        for number in range(count)
    ]
    append(connection, entries)


def verified(connection: Connection) -> Result:
    """With the guards in place again, which are asked for as well."""
    guards.install(connection)
    return verify(connection)


def reason(connection: Connection) -> str:
    result = verified(connection)
    assert not result.holds
    verdict, word, sentence = result.verdict.split(": ", 2)
    assert (verdict, bool(sentence)) == ("FAIL", True)
    return word


@pytest.fixture
def held(session: scoped_session[Any]) -> Iterator[Connection]:
    """A record of 11 entries, the opening among them, in the hands of the owner of the database."""
    connection = session.connection()
    write(connection, ENTRIES - 1)
    with as_owner(connection):
        yield connection


def test_a_record_as_written_holds(held: Connection) -> None:
    result = verified(held)
    assert result.holds
    assert result.verdict == "OK: 11 entries, 0 checkpoints, 11 details, 0 withheld or erased"
    assert result.findings[0] == "origin: psg.localhost/audit/1"
    assert "entries: 11" in result.findings
    assert not result.notes


def test_a_record_not_yet_opened_holds(session: scoped_session[Any]) -> None:
    empty_record(session.connection())
    result = verify(session.connection())
    assert result.verdict == "OK: 0 entries, 0 checkpoints, 0 details, 0 withheld or erased"
    assert result.notes == ("nothing has been recorded yet",)


BYTES_COLUMNS: dict[str, tuple[InstrumentedAttribute[bytes], bool]] = {
    "leaf": (Leaf.leaf, True),
    "root": (Leaf.root, True),
    "salt": (Detail.salt, True),
    "body": (Detail.body, True),
    "stack": (Head.stack, False),
}


@pytest.mark.parametrize("column", BYTES_COLUMNS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seq=st.integers(0, ENTRIES - 1), place=st.integers(0, 10_000), change=st.integers(1, 255), data=st.data()
)
def test_any_one_byte_changed_is_found(
    held: Connection, column: str, seq: int, place: int, change: int, data: st.DataObject
) -> None:
    attribute, by_seq = BYTES_COLUMNS[column]
    table = attribute.class_
    with held.begin_nested() as savepoint:
        row = table.seq == seq if by_seq else table.one == 1
        changed = bytearray(held.scalar(select(attribute).where(row)) or b"")
        changed[place % len(changed)] ^= change
        held.execute(update(table).where(row).values({attribute.key: bytes(changed)}))
        assert reason(held) in {"canonical", "sequence", "leaf", "head", "detail"}
        savepoint.rollback()


@pytest.mark.parametrize("size", [0, 10, 12, 2**40])
def test_a_head_of_another_size_is_found(held: Connection, size: int) -> None:
    held.execute(update(Head).values(size=size))
    assert reason(held) == "head"


def test_a_lost_head_is_found(held: Connection) -> None:
    held.execute(delete(Head))
    assert reason(held) == "head"


def test_a_record_listed_under_another_name_is_found(held: Connection) -> None:
    held.execute(update(Generation).values(origin="elsewhere.example/audit/1"))
    assert reason(held) == "head"


def test_two_details_swapped_are_found(held: Connection) -> None:
    first, second = held.execute(
        select(Detail.salt, Detail.body).where(Detail.seq.in_([3, 4])).order_by(Detail.seq)
    ).all()
    for seq, given_to in ((3, second), (4, first)):
        held.execute(update(Detail).where(Detail.seq == seq).values(salt=given_to.salt, body=given_to.body))
    assert reason(held) == "detail"


def test_two_leaves_exchanged_are_found(held: Connection) -> None:
    first, second = held.execute(
        select(Leaf.leaf, Leaf.root).where(Leaf.seq.in_([3, 4])).order_by(Leaf.seq)
    ).all()
    for seq, given_to in ((3, second), (4, first)):
        held.execute(update(Leaf).where(Leaf.seq == seq).values(leaf=given_to.leaf, root=given_to.root))
    assert reason(held) == "sequence"


def test_two_leaves_exchanged_and_renumbered_are_found(held: Connection) -> None:
    first, second = held.scalars(select(Leaf.leaf).where(Leaf.seq.in_([3, 4])).order_by(Leaf.seq)).all()
    held.execute(update(Leaf).where(Leaf.seq == 3).values(leaf=second.replace(b'"seq":4', b'"seq":3')))
    held.execute(update(Leaf).where(Leaf.seq == 4).values(leaf=first.replace(b'"seq":3', b'"seq":4')))
    assert reason(held) == "head"


def remove(connection: Connection, *where: Any) -> None:
    for table in (Mention, Detail, Leaf):
        connection.execute(delete(table).where(*(condition(table) for condition in where)))


def test_a_leaf_taken_out_is_found(held: Connection) -> None:
    remove(held, lambda table: table.seq == 5)
    assert reason(held) == "sequence"


def test_the_last_entries_cut_off_are_found(held: Connection) -> None:
    remove(held, lambda table: table.seq > 7)
    assert reason(held) == "head"


def test_the_last_entries_cut_off_with_the_head_moved_back_by_hand_are_found(held: Connection) -> None:
    remove(held, lambda table: table.seq > 7)
    held.execute(update(Head).values(size=8))
    assert reason(held) == "head"


def test_a_record_emptied_is_found(held: Connection) -> None:
    remove(held)
    assert reason(held) == "head"


def test_an_entry_added_past_the_head_is_found(held: Connection) -> None:
    last = held.execute(select(Leaf.leaf, Leaf.root).where(Leaf.seq == 10)).one()
    held.execute(
        insert(Leaf).values(
            generation=1, seq=11, leaf=last.leaf.replace(b'"seq":10', b'"seq":11'), root=last.root
        )
    )
    assert reason(held) == "head"


def test_entries_of_a_generation_that_the_head_does_not_know_are_found(held: Connection) -> None:
    held.execute(insert(Generation).values(generation=2, origin="psg.localhost/audit/2", opened_at=OPENED))
    held.execute(insert(Leaf).values(generation=2, seq=0, leaf=LEAVES[0], root=bytes(32)))
    assert reason(held) == "head"


def test_a_detail_that_is_not_canonical_is_found_though_it_was_committed_to(
    session: scoped_session[Any],
) -> None:
    connection = session.connection()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "encode", lambda value: canonical._WRITER.encode(value).encode() + b" ")
        entry = make_entry(Operation.CUSTODY, by=None, case=None, obj=None, at=OPENED, detail={"action": "x"})
    append(connection, [entry])
    assert reason(connection) == "detail"


def erase(connection: Connection, *seqs: int) -> None:
    connection.execute(delete(Detail).where(Detail.seq.in_(seqs)))


def test_a_missing_detail_that_no_erasure_names_is_found(held: Connection) -> None:
    erase(held, 4)
    assert reason(held) == "detail"


@pytest.mark.parametrize("spans", [[[1, 3, 5]], [[1, 4, 4], [1, 2, 3], [1, 5, 5]], [[1, 0, 9], [1, 4, 4]]])
def test_details_that_an_erasure_names_may_be_missing(held: Connection, spans: list[list[int]]) -> None:
    write(held, 1, Operation.ERASURE, authority="retention", erased=spans)
    erase(held, 3, 4, 5)
    assert verified(held).verdict == "OK: 12 entries, 0 checkpoints, 9 details, 3 withheld or erased"


@pytest.mark.parametrize(
    "spans",
    [
        [[1, 3, 4]],
        [[1, 4, 5]],
        [[1, 3, 3], [1, 5, 5]],
        [[2, 3, 5]],
        [[1, 5, 3]],
        [[1, 3, 99]],
        [[1, 3]],
        [["1", 3, 5]],
        [[True, 3, 5]],
        "all",
        None,
    ],
    ids=repr,
)
def test_an_erasure_covers_only_what_it_names(held: Connection, spans: object) -> None:
    write(held, 1, Operation.ERASURE, authority="retention", erased=spans)
    erase(held, 3, 4, 5)
    assert reason(held) == "detail"


def test_only_an_erasure_can_name_what_was_erased(held: Connection) -> None:
    write(held, 1, Operation.ALTERATION, erased=[[1, 3, 5]])
    erase(held, 3, 4, 5)
    assert reason(held) == "detail"


def test_an_erasure_is_never_erased_itself(held: Connection) -> None:
    write(held, 1, Operation.ERASURE, erased=[[1, 3, 3]])
    write(held, 1, Operation.ERASURE, erased=[[1, 11, 11], [1, 3, 3]])
    erase(held, 3, 11)
    assert reason(held) == "detail"


def test_a_clock_that_went_back_is_a_note_and_no_failure(held: Connection) -> None:
    write(held, 2)
    result = verified(held)
    assert result.holds
    assert result.notes == (
        "the clock went back 1 times, first before entry 11; the order is that of the entries",
    )


def test_the_index_of_who_is_named_is_no_evidence(held: Connection) -> None:
    held.execute(delete(Mention))
    assert verified(held).holds


@pytest.mark.only_on("sqlite")
def test_text_in_place_of_bytes_is_a_finding_and_no_crash(held: Connection) -> None:
    """Only SQLite lets a column hold another type than its own."""
    for table, column in (("audit_leaf", "leaf"), ("audit_detail", "body")):
        with held.begin_nested() as savepoint:
            held.execute(text(f"UPDATE {table} SET {column} = CAST({column} AS TEXT) WHERE seq = 2"))
            assert reason(held) in {"canonical", "detail"}
            savepoint.rollback()


def test_a_record_that_cannot_be_read_is_incomplete(session: scoped_session[Any]) -> None:
    connection = session.connection()
    with guards.lifted(connection), connection.begin_nested() as savepoint:
        connection.execute(text("ALTER TABLE audit_head RENAME TO audit_tail"))
        assert verify(connection).verdict.startswith("FAIL: incomplete: ")
        savepoint.rollback()


def test_every_entry_is_indexed_once_for_each_record_it_names(held: Connection) -> None:
    named = {OFFICER.record_id, CASE.record_id, NOTE.record_id, OFFICER.agency and OFFICER.agency.record_id}
    assert held.scalar(select(func.count()).select_from(Mention)) == (ENTRIES - 1) * len(named)
