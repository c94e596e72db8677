import secrets
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, insert, make_url, select
from sqlalchemy.orm import scoped_session

from psg.audit import services as audit
from psg.audit.erasure import details_of_case, erase_details, truncate_write_ahead_log
from psg.audit.export import snapshot, write_export
from psg.audit.models import Checkpoint, Detail, Leaf, Mention, Operation
from psg.audit.notes import TreeHead, public_bytes, sign
from psg.audit.queries import entries_about, latest
from psg.audit.signer import give_key
from psg.audit.verify import verify
from psg.base import Refused
from psg.extensions import db
from tests.audit.worked_example import CASE, KEY, NOTE, OFFICER, Named

Session = scoped_session[Any]
OTHER_CASE = Named("case_" + "7" * 32)
PERSON = "person_" + "8" * 32


def disclose(recipient: str, *, case: Named = CASE, **detail: object) -> None:
    audit.record(
        Operation.DISCLOSURE,
        "disclosure.record",
        by=OFFICER,
        case=case,
        obj=NOTE,
        recipient=recipient,
        person=PERSON,
        **detail,
    )


def held() -> set[int]:
    return set(db.session.scalars(select(Detail.seq)))


@pytest.fixture
def five(session: Session) -> Session:
    """Entries 1 to 5, of two cases in turn."""
    for number in range(1, 6):
        disclose(f"Recipient {number}", case=CASE if number % 2 else OTHER_CASE)
    session.commit()
    return session


def test_an_erasure_says_who_on_what_authority_and_which_and_never_what(five: Session) -> None:
    erase_details([(1, 3), (1, 1), (1, 2), (1, 5)], by=OFFICER, authority="Retention 6.2", case=CASE)
    five.commit()
    entry = latest(limit=1)[0]
    assert (entry.op, entry.actor, entry.case) == (Operation.ERASURE, OFFICER.record_id, CASE.record_id)
    assert entry.detail == {
        "action": "detail.erase",
        "authority": "Retention 6.2",
        "erased": [[1, 1, 3], [1, 5, 5]],
    }
    assert held() == {0, 4, 6}
    assert verify(five.connection()).verdict.endswith(
        "7 entries, 0 checkpoints, 3 details, 4 withheld or erased"
    )


def test_the_proofs_of_what_is_left_are_those_of_before(five: Session) -> None:
    before = five.execute(select(Leaf.leaf, Leaf.root).order_by(Leaf.seq)).all()
    erase_details([(1, 2)], by=OFFICER, authority="s.47")
    five.commit()
    assert five.execute(select(Leaf.leaf, Leaf.root).order_by(Leaf.seq)).all()[: len(before)] == before
    assert verify(five.connection()).holds


def test_an_erased_entry_is_found_by_its_leaf_and_no_more_by_its_detail(five: Session) -> None:
    erase_details([(1, 1), (1, 3)], by=OFFICER, authority="s.47")
    five.commit()
    assert {entry.seq for entry in entries_about(CASE.record_id, limit=9)} == {1, 3, 5}
    assert {entry.seq for entry in entries_about(PERSON, limit=9)} == {2, 4, 5}
    assert entries_about(CASE.record_id, limit=9)[-1].detail is None


def test_erasing_one_case_leaves_every_detail_of_another(five: Session) -> None:
    assert details_of_case(CASE) == [(1, 1), (1, 3), (1, 5)]
    erase_details(details_of_case(CASE), by=None, authority="Retention", case=CASE)
    five.commit()
    assert details_of_case(CASE) == []
    assert details_of_case(OTHER_CASE) == [(1, 2), (1, 4)]
    assert held() == {0, 2, 4, 6}


def test_an_erasure_undone_erases_nothing(five: Session) -> None:
    erase_details([(1, 2)], by=OFFICER, authority="s.47")
    five.rollback()
    five.commit()
    assert held() == set(range(6))


@pytest.mark.parametrize(
    ("positions", "sentence"),
    [
        ([(1, 9)], "not there"),
        ([(2, 1)], "not there"),
        ([(1, 2), (1, 9)], "not there"),
        ([(1, 0)], "never erased"),
        ([], "Nothing was named"),
    ],
)
def test_what_is_not_there_or_must_stay_is_refused_at_once(
    five: Session, positions: list[tuple[int, int]], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        erase_details(positions, by=OFFICER, authority="s.47")
    five.commit()
    assert held() == set(range(6))


def test_nothing_is_erased_twice_and_no_erasure_is_erased(five: Session) -> None:
    erase_details([(1, 2)], by=OFFICER, authority="s.47")
    five.commit()
    with pytest.raises(Refused, match="erased before"):
        erase_details([(1, 2)], by=OFFICER, authority="s.47")
    with pytest.raises(Refused, match="never erased"):
        erase_details([(1, 6)], by=OFFICER, authority="s.47")


def test_an_erasure_needs_an_authority(five: Session) -> None:
    with pytest.raises(Refused, match="authority"):
        erase_details([(1, 2)], by=OFFICER, authority="  ")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1, 5), min_size=1))
def test_whatever_is_erased_exactly_that_is_gone(five: Session, seqs: set[int]) -> None:
    with five.begin_nested() as savepoint:
        erase_details([(1, seq) for seq in seqs], by=OFFICER, authority="s.47")
        audit.append_queued(five())
        assert held() == set(range(7)) - seqs
        assert verify(five.connection()).holds
        savepoint.rollback()


def test_of_a_thousand_erased_values_none_is_left(own_app: Flask, tmp_path: Path) -> None:
    """Short and long ones, in pages of their own and beside others that stay."""
    values = [f"canary-{number:04d}-{secrets.token_hex(8)}" for number in range(1_000)]
    kept = f"kept-{secrets.token_hex(8)}"
    for number, value in enumerate(values):
        disclose(value, note_of=value * (200 if number % 50 == 0 else 1))
        if number % 100 == 0:
            disclose(kept, case=OTHER_CASE)
            db.session.commit()
    db.session.commit()
    written = everything(own_app)
    assert all(value.encode() in written for value in values)
    erase_details(details_of_case(CASE), by=OFFICER, authority="Retention", case=CASE)
    db.session.commit()
    left = everything(own_app)
    assert [value for value in values if value.encode() in left] == []
    assert kept.encode() in left
    assert b"canary-" not in left
    assert verify(db.session.connection()).verdict.endswith(" 1000 withheld or erased")
    assert db.session.scalar(select(func.count()).where(Mention.ref == PERSON)) == 10
    exported = export_to(tmp_path / "export")
    assert kept.encode() in exported
    assert b"canary-" not in exported


def export_to(directory: Path) -> bytes:
    """Every byte of a signed export of the record as it stands."""
    db.session.rollback()
    give_key(db.engine, 1, public_bytes(KEY))
    size, root = db.session.execute(select(Leaf.seq + 1, Leaf.root).order_by(Leaf.seq.desc()).limit(1)).one()
    note = sign(TreeHead("psg.localhost/audit/1", size, root), KEY)
    db.session.execute(insert(Checkpoint).values(generation=1, size=size, note=note))
    db.session.commit()
    with snapshot() as connection:
        write_export(directory, connection, 1, size)
    return b"".join(file.read_bytes() for file in directory.rglob("*") if file.is_file())


def everything(app: Flask) -> bytes:
    """The bytes of the database's files; of PostgreSQL, what can be read of its details by SQL."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() != "sqlite":
        return b"\n".join(db.session.scalars(select(Detail.body)))
    path = Path(url.database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.only_on("sqlite")
@pytest.mark.usefixtures("own_app")
def test_a_reader_who_holds_the_log_of_writes_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    event.listen(db.engine, "connect", _impatient)
    db.engine.dispose()
    disclose("held back")
    db.session.commit()
    reader = db.engine.raw_connection()
    cursor = reader.cursor()
    cursor.execute("BEGIN")
    cursor.execute("SELECT count(*) FROM audit_leaf").fetchall()
    disclose("another")
    db.session.commit()
    assert not truncate_write_ahead_log()
    assert "write-ahead log" in caplog.text
    reader.rollback()
    reader.close()
    assert truncate_write_ahead_log()


def _impatient(connection: sqlite3.Connection, _entry: object) -> None:
    connection.set_authorizer(None)
    connection.execute("PRAGMA busy_timeout=20")
