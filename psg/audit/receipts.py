"""The receipt of a disclosure: proof, for whoever received it, that it was recorded and when.

It holds the one entry with its detail and the hashes that lead to a signed root, in C2SP's tlog-proof.
It can be checked offline and shows nothing of any other entry.
"""

from typing import Any, Final

from sqlalchemy import Connection, and_, select

from psg.audit import canonical
from psg.audit.evidence import Receipt, detail_line
from psg.audit.models import Checkpoint, Detail, Leaf, Mention, Operation
from psg.audit.proofs import consistency_ranges, gather, inclusion_ranges
from psg.extensions import db

ROWS_AT_A_TIME: Final = 5_000


def receipt_for(record_id: str) -> bytes | None:
    """The receipt of this disclosure; None while no checkpoint covers it, or once its detail is erased."""
    connection = db.session.connection()
    place = place_of_disclosure(connection, record_id)
    return None if place is None else receipt(connection, *place)


def has_receipt(record_id: str) -> bool:
    """Whether there is one to hand over, for a page that only says so: costs no reading of the record."""
    connection = db.session.connection()
    place = place_of_disclosure(connection, record_id)
    return place is not None and _covering(connection, *place) is not None


def receipt(connection: Connection, generation: int, seq: int) -> bytes | None:
    """The receipt of one entry, on the earliest checkpoint that covers it."""
    covering = _covering(connection, generation, seq)
    row = connection.execute(
        select(Leaf.leaf, Detail.salt, Detail.body)
        .join(Detail, and_(Detail.generation == Leaf.generation, Detail.seq == Leaf.seq))
        .where(Leaf.generation == generation, Leaf.seq == seq)
    ).one_or_none()
    if covering is None or row is None:
        return None
    size, note = covering
    proof = inclusion_proof(connection, generation, seq, size)
    return Receipt(seq, row.leaf, detail_line(seq, row.salt, row.body), tuple(proof), note).write()


def inclusion_proof(connection: Connection, generation: int, index: int, size: int) -> list[bytes]:
    """RFC 6962 section 2.1.1, from the stored leaves."""
    return gather(inclusion_ranges(index, size), _leaves(connection, generation, size))


def consistency_proof(connection: Connection, generation: int, old: int, new: int) -> list[bytes]:
    """RFC 6962 section 2.1.2: that the record of `new` entries begins with the record of `old`."""
    ranges = consistency_ranges(old, new)
    return gather(ranges, _leaves(connection, generation, new)) if ranges else []


def place_of_disclosure(connection: Connection, record_id: str) -> tuple[int, int] | None:
    """Generation and position of the entry that recorded this disclosure."""
    rows = connection.execute(
        select(Leaf.generation, Leaf.seq, Leaf.leaf)
        .join(Mention, and_(Mention.generation == Leaf.generation, Mention.seq == Leaf.seq))
        .where(Mention.ref == record_id)
        .order_by(Leaf.generation, Leaf.seq)
    )
    for generation, seq, leaf in rows:
        members: dict[str, Any] = canonical.decode_object(leaf)
        if members["op"] == Operation.DISCLOSURE and members["obj"] == record_id:
            return generation, seq
    return None


def _covering(connection: Connection, generation: int, seq: int) -> tuple[int, bytes] | None:
    row = connection.execute(
        select(Checkpoint.size, Checkpoint.note)
        .where(Checkpoint.generation == generation, Checkpoint.size > seq)
        .order_by(Checkpoint.size)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.size, row.note)


def _leaves(connection: Connection, generation: int, size: int) -> Any:
    statement = (
        select(Leaf.leaf)
        .where(Leaf.generation == generation, Leaf.seq < size)
        .order_by(Leaf.seq)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    return connection.scalars(statement)
