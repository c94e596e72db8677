"""The receipt of a disclosure, from the page to whoever checks it without us."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from psg.audit import queries as audit
from psg.audit.evidence import Receipt
from psg.audit.merkle import Tree
from psg.audit.models import Checkpoint, Generation, Head, Operation
from psg.audit.notes import Note, TreeHead, sign
from tests.factories.cases import make_case
from tests.factories.sharing import make_disclosure


def test_a_receipt_is_pending_until_the_record_is_signed(session: Any, sign_in: Any) -> None:
    entry = make_disclosure(make_case())
    browser = sign_in(entry.recorded_by)
    address = f"/sharing/{entry.reference}"
    assert "The receipt is pending" in browser.get(address).text
    answer = browser.get(f"{address}/receipt")
    assert (answer.status_code, answer.location) == (303, address)


def sign_the_record(session: Any) -> None:
    """As the signer does beside the requests; a test's entries are seen by its own connection alone."""
    columns = (Head.generation, Generation.origin, Head.size, Head.stack)
    row = session.execute(select(*columns).join(Generation, Generation.generation == Head.generation)).one()
    root = Tree.from_bytes(row.size, row.stack).root()
    note = sign(TreeHead(row.origin, row.size, root), Ed25519PrivateKey.generate())
    session.execute(insert(Checkpoint).values(generation=row.generation, size=row.size, note=note))


@pytest.fixture
def receipt(session: Any, sign_in: Any) -> tuple[Any, Any]:
    entry = make_disclosure(make_case())
    session.commit()
    sign_the_record(session)
    browser = sign_in(entry.recorded_by)
    return entry, browser.get(f"/sharing/{entry.reference}/receipt")


def test_taking_a_receipt_is_recorded_with_the_copy_of_its_checkpoint(receipt: tuple[Any, Any]) -> None:
    entry, answer = receipt
    assert answer.status_code == 200
    assert f"{entry.reference}.tlog-proof" in answer.headers["Content-Disposition"]
    parsed = Receipt.parse(answer.data)
    assert parsed
    parsed.check(Note.parse(parsed.note).checkpoint)
    assert entry.record_id.encode() in parsed.leaf
    (line,) = [
        one for one in audit.latest(limit=5) if (one.detail or {}).get("action") == "disclosure.receipt"
    ]
    assert line.op is Operation.DISCLOSURE
    assert str((line.detail or {})["checkpoint"]).startswith("checkpoint_")
