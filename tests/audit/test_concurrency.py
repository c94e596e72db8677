from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from psg.accounts.models import Agency
from psg.audit import services as audit
from psg.audit.commands import audit_group
from psg.audit.models import Leaf, Operation
from psg.audit.verify import verify
from psg.extensions import db, reading
from tests.audit.worked_example import CASE, OFFICER
from tests.factories.accounts import make_agency

WRITERS = 8
CHANGES = 12


def test_writers_at_once_leave_a_dense_record_in_which_every_change_stands(own_app: Flask) -> None:
    """They begin on an empty record, so that opening it is contended for as well."""
    together = Barrier(WRITERS)

    def write(writer: int) -> None:
        with own_app.app_context():
            together.wait()
            for number in range(CHANGES):
                make_agency(code=f"W{writer}N{number}")
                if number % 3 == 2:
                    db.session.rollback()
                else:
                    db.session.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    kept = WRITERS * CHANGES * 2 // 3
    with own_app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Agency)) == kept
        assert list(connection.scalars(select(Leaf.seq).order_by(Leaf.seq))) == list(range(kept + 1))
        assert verify(connection).verdict.startswith(f"OK: {kept + 1} entries, ")


def test_a_record_that_is_being_written_verifies_in_one_snapshot(own_app: Flask) -> None:
    runner = own_app.test_cli_runner()

    def write() -> None:
        with own_app.app_context():
            for _ in range(60):
                audit.record(Operation.CONSULTATION, "case.show", by=OFFICER, case=CASE)
                db.session.commit()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            assert "FAIL" not in runner.invoke(audit_group, ["verify"]).output
        writing.result()


def test_a_page_view_is_written_after_its_read_has_ended(own_app: Flask) -> None:
    """As a request does it: a transaction that only read is let go, then the entry has one of its own."""
    with own_app.app_context():
        held = reading.set(True)
        audit.seen("case.show", by=OFFICER, case=CASE)
        db.session.scalar(select(func.count()).select_from(Agency))
        queue = db.session.info.pop("audit_queue")
        db.session.rollback()
        reading.reset(held)
        db.session.info["audit_queue"] = queue
        db.session.commit()
        assert verify(db.session.connection()).entries == 2
