"""Deleting details that an entry just written names, and what the index of mentions took from them."""

import json

from sqlalchemy import Connection, delete, select

from psg.audit import guards
from psg.audit.models import Leaf, Mention


def forget(connection: Connection, generation: int, first: int, last: int) -> None:
    """Delete these details in the transaction that wrote their erasure; the database refuses any other.

    The entries are still found by what their leaves name, which stays.
    """
    guards.erase(connection, generation, first, last)
    leaves = select(Leaf.seq, Leaf.leaf).where(Leaf.generation == generation, Leaf.seq.between(first, last))
    for seq, leaf in connection.execute(leaves).all():
        members = json.loads(leaf)
        kept = [members[name] for name in ("actor", "agency", "case", "obj") if members[name]]
        connection.execute(
            delete(Mention).where(
                Mention.generation == generation, Mention.seq == seq, Mention.ref.not_in(kept)
            )
        )
