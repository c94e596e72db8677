from flask import Flask
from sqlalchemy import select, update

from psg.audit import services as audit
from psg.audit.commands import audit_group
from psg.audit.models import Leaf, Operation
from psg.extensions import db
from tests.audit.owner import as_owner
from tests.audit.worked_example import OFFICER


def test_verify_says_how_many_entries_it_verified(own_app: Flask) -> None:
    with own_app.app_context():
        audit.record(Operation.SECURITY, "sign_in", by=OFFICER)
        db.session.commit()
    result = own_app.test_cli_runner().invoke(audit_group, ["verify"])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[-1] == "OK: 2 entries, 0 checkpoints, 2 details, 0 withheld or erased"
    assert lines[0] == "origin: psg.localhost/audit/1"
    assert all(": " in line for line in lines)


def test_verify_exits_with_1_where_one_byte_differs(own_app: Flask) -> None:
    with own_app.app_context():
        audit.record(Operation.SECURITY, "sign_in", by=OFFICER)
        db.session.commit()
        leaf = db.session.scalars(select(Leaf.leaf).where(Leaf.seq == 1)).one()
        with as_owner(db.session.connection()):
            changed = update(Leaf).where(Leaf.seq == 1).values(leaf=leaf.replace(b"user_1", b"user_2"))
            db.session.execute(changed)
        db.session.commit()
    result = own_app.test_cli_runner().invoke(audit_group, ["verify"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("FAIL: head: the root stored after entry 1 ")
    assert len(result.stderr.splitlines()) == 1


def test_verify_with_an_unknown_option_is_wrong_use(app: Flask) -> None:
    assert app.test_cli_runner().invoke(audit_group, ["verify", "--quickly"]).exit_code == 2
