import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from psg import create_app
from psg.audit import services as audit
from psg.audit.commands import audit_group
from psg.audit.evidence import Given
from psg.audit.keys import KeyFileError, load_key, make_key
from psg.audit.models import Checkpoint, Detail, Generation, Head, Leaf, Mention, Operation
from psg.audit.notes import LogKey
from psg.audit.receipts import consistency_proof, has_receipt, receipt_for
from psg.audit.signer import Signer, SigningError
from psg.audit.signing import EVERY_ENTRIES, EXTENSION, Background, sign_now, the_signer
from psg.audit.verify import verify
from psg.audit.witnesses import newest_checkpoint, newest_handed_out
from psg.cli import db_group
from psg.extensions import db
from psg.web.dates import now
from tests.audit.owner import as_owner
from tests.audit.records import Written, standalone
from tests.audit.worked_example import CASE, DISCLOSURE, NOTE, OFFICER


def record(count: int = 1) -> None:
    for _ in range(count):
        audit.record(Operation.CONSULTATION, "case.view", by=OFFICER, case=CASE)
    db.session.commit()


def disclose() -> None:
    audit.record(
        Operation.DISCLOSURE,
        "disclosure.record",
        by=OFFICER,
        case=CASE,
        obj=DISCLOSURE,
        at=now(),
        basis="s.115",
    )
    db.session.commit()


def checkpoints() -> list[int]:
    with db.engine.connect() as connection:
        return list(connection.scalars(select(Checkpoint.size).order_by(Checkpoint.size)))


@pytest.mark.only_on("sqlite")
def test_upgrade_signs_a_record_that_it_opens(tmp_path: Path) -> None:
    """In a database file of its own, where a transaction left open would keep the signer out."""
    settings = {
        "TESTING": True,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'new.sqlite3'}",
        "PSG_AUDIT_KEY_FILE": str(tmp_path / "audit-key"),
    }
    app = create_app(settings)
    for _again in range(2):
        done = app.test_cli_runner().invoke(db_group, ["upgrade"])
        assert (done.exit_code, done.output) == (0, "The database is up to date.\n")
        with app.app_context(), db.engine.connect() as connection:
            assert connection.scalars(select(Checkpoint.size)).all() == [1]
            db.engine.dispose()


def test_what_was_committed_is_signed_once_for_each_size(signing_app: Flask) -> None:
    record(2)
    first, again = sign_now(), sign_now()
    assert (first.size, first.is_new) == (3, True)
    assert (again.size, again.is_new, again.note) == (3, False, first.note)
    record()
    assert sign_now().size == 4
    assert checkpoints() == [3, 4]
    with db.engine.connect() as connection:
        origin, public = connection.execute(select(Generation.origin, Generation.public_key)).one()
        assert LogKey(origin, public).verify(first.note).size == 3
        assert verify(connection, Given(), the_signer().places()).verdict.startswith("OK: 4 entries, 2 ch")


def test_a_record_that_went_back_is_not_signed_again(signing_app: Flask) -> None:
    record(5)
    sign_now()
    connection = db.session.connection()
    with as_owner(connection):
        for table in (Mention, Detail, Leaf):
            connection.execute(delete(table).where(table.seq > 2))
        connection.execute(delete(Checkpoint))
        tree = Written()
        for leaf in connection.scalars(select(Leaf.leaf).order_by(Leaf.seq)):
            tree._tree.append(leaf)
        connection.execute(update(Head).values(size=3, stack=tree._tree.stack))
    db.session.commit()
    with pytest.raises(SigningError, match="went back"):
        sign_now()
    with db.engine.connect() as connection:
        verdict = verify(connection, Given(), the_signer().places()).verdict
        assert verdict.startswith("FAIL: head: there are 3 entries, and 6 were signed")
        assert verify(connection).holds, "nothing but the signer’s own place shows it"


def test_a_forked_record_is_not_signed(signing_app: Flask) -> None:
    """Regrown to more entries than were signed, each stored root as it should be."""
    record(5)
    sign_now()
    connection = db.session.connection()
    with as_owner(connection):
        for table in (Mention, Detail, Leaf, Checkpoint):
            connection.execute(delete(table))
        connection.execute(update(Head).values(size=0, stack=b""))
    db.session.commit()
    record(9)
    with pytest.raises(SigningError, match="not those that were signed"):
        sign_now()
    assert checkpoints() == []


def test_a_signer_that_lost_its_place_is_held_by_the_checkpoints(signing_app: Flask, tmp_path: Path) -> None:
    record(5)
    sign_now()
    (tmp_path / "audit-key.place").unlink()
    record()
    assert sign_now().size == 7
    (tmp_path / "audit-key.place").write_text("{")
    with pytest.raises(SigningError, match="cannot be read"):
        sign_now()


def test_one_generation_has_one_key(signing_app: Flask, tmp_path: Path) -> None:
    sign_now()
    record()
    make_key(tmp_path / "another")
    with pytest.raises(SigningError, match="another key"):
        Signer(tmp_path / "another").sign(db.engine)


def test_signers_at_once_make_one_checkpoint_a_size(signing_app: Flask, tmp_path: Path) -> None:
    record(3)
    together = threading.Barrier(4)
    made = []

    def sign() -> None:
        with signing_app.app_context():
            together.wait()
            signed = Signer(tmp_path / "audit-key").sign(db.engine)
            made.append(signed and signed.is_new)

    threads = [threading.Thread(target=sign) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, made)) == [False, False, False, True]
    assert checkpoints() == [4]


def wait_for_checkpoint(size: int) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if size in checkpoints():
            return True
        time.sleep(0.02)
    return False


def test_a_disclosure_and_enough_entries_are_signed_beside_the_request(signing_app: Flask) -> None:
    with signing_app.test_request_context("/"):
        record()
        assert checkpoints() == []
        disclose()
        assert wait_for_checkpoint(3)
        record(EVERY_ENTRIES - 1)
        assert max(checkpoints()) == 3
        record()
        assert wait_for_checkpoint(3 + EVERY_ENTRIES)


def test_a_meeting_that_closes_is_signed_at_once(signing_app: Flask) -> None:
    with signing_app.test_request_context("/"):
        audit.record(Operation.ALTERATION, "meeting.close", by=OFFICER, obj=NOTE)
        db.session.commit()
        assert wait_for_checkpoint(2)


def test_where_signing_is_down_the_disclosure_stands_and_its_receipt_is_pending(
    signing_app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "audit-key").rename(tmp_path / "away")
    with signing_app.test_request_context("/"):
        disclose()
        end = time.monotonic() + 20
        while "not signed" not in caplog.text and time.monotonic() < end:
            time.sleep(0.02)
        assert "The record is not signed" in caplog.text
        assert receipt_for(DISCLOSURE.record_id) is None
        assert not has_receipt(DISCLOSURE.record_id)
    db.session.rollback()
    (tmp_path / "away").rename(tmp_path / "audit-key")
    sign_now()
    assert receipt_for(DISCLOSURE.record_id) is not None


def test_a_transaction_that_rolls_back_wakes_nobody(signing_app: Flask) -> None:
    background = signing_app.extensions[EXTENSION]
    with signing_app.test_request_context("/"):
        audit.record(Operation.DISCLOSURE, "disclosure.record", by=OFFICER, obj=DISCLOSURE)
        audit.append_queued(db.session())
        db.session.rollback()
        record()
        assert isinstance(background, Background)
        time.sleep(0.1)
        assert checkpoints() == []


def test_a_receipt_is_checked_offline_and_shows_nothing_of_another_entry(
    signing_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(4)
    disclose()
    record(6)
    sign_now()
    assert has_receipt(DISCLOSURE.record_id)
    receipt = receipt_for(DISCLOSURE.record_id)
    assert receipt is not None
    lines = receipt.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[2] == "index 5"
    kept = tmp_path / "D-0001.tlog-proof"
    kept.write_bytes(receipt)
    export = exported(signing_app, tmp_path / "export")
    assert standalone().main([str(export), "--checkpoint", str(kept)]) == 0
    assert "newest outside checkpoint: 12\n" in capsys.readouterr().out
    for place in range(0, len(receipt), 7):
        changed = bytearray(receipt)
        changed[place] ^= 1
        kept.write_bytes(bytes(changed))
        assert standalone().main([str(export), "--checkpoint", str(kept)]) == 1, place
    with db.engine.connect() as connection:
        assert verify(connection, Given(checkpoints=[receipt])).holds
        assert not verify(connection, Given(checkpoints=[receipt.replace(b"index 5", b"index 6")])).holds


def exported(app: Flask, directory: Path) -> Path:
    result = app.test_cli_runner().invoke(audit_group, ["export", str(directory)])
    assert result.exit_code == 0, result.output
    return directory


def test_copies_that_were_handed_out_are_counted(signing_app: Flask) -> None:
    record(3)
    sign_now()
    newest = newest_checkpoint(db.session.connection())
    assert newest is not None
    assert (newest.size, newest.copies) == (4, 0)
    assert newest_handed_out(db.session.connection()) is None
    for holder in ("Housing", "Police"):
        audit.record(
            Operation.CUSTODY,
            "checkpoint.hand_out",
            by=None,
            holder=holder,
            **newest.handed_out,  # type: ignore[arg-type]
        )
        db.session.commit()
    sign_now()
    found = newest_handed_out(db.session.connection())
    assert found is not None
    assert (found.size, found.copies, found.root_text) == (4, 2, newest.root_text)


def test_a_later_record_is_proved_to_begin_with_an_earlier_one(signing_app: Flask) -> None:
    record(6)
    with db.engine.connect() as connection:
        assert len(consistency_proof(connection, 1, 3, 7)) == 4
        assert consistency_proof(connection, 1, 7, 7) == []


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    load_key(tmp_path / "key")
    with pytest.raises(KeyFileError, match="never overwritten"):
        make_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "key").write_text("no key")
    with pytest.raises(KeyFileError, match="no key in PEM"):
        load_key(tmp_path / "key")


def test_signing_reads_only_what_is_new(signing_app: Flask) -> None:
    """So that a signature costs the same however long the record is."""
    record(3)
    sign_now()
    record()
    with db.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Leaf)) == 5
    assert the_signer().places()["psg.localhost/audit/1"][0] == 4
