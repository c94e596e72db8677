"""What was said and done on each case, and the record's entries, in bulk."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Table

from psg.accounts.models import User
from psg.audit.append import append
from psg.audit.entries import make_entry
from psg.audit.models import Operation
from psg.base import new_audit_id
from psg.cases.models import Event, EventKind, Note
from psg.extensions import db
from psg.web.dates import now

AT_ONCE = 5_000
NOTE = "Called at the address with a colleague. Spoke at the door for ten minutes; agreed to ring back. " * 3

Row = dict[str, Any]


def chronology(
    chance: random.Random, cases: list[Row], officers: list[User]
) -> Iterator[tuple[Table, list[Row]]]:
    """Notes with their lines, and lines of other kinds, a few thousand rows at a time."""
    number = 0
    for some in batches(cases, AT_ONCE // 10):
        notes: list[Row] = []
        events: list[Row] = []
        for case in some:
            for _ in range(min(3 + int(chance.expovariate(1 / 9)), 80)):
                moment = case["created_at"] + (now() - case["created_at"]) * chance.random()
                actor = chance.choice(officers)
                is_note = chance.random() < 0.5
                if is_note:
                    number += 1
                    notes.append(_note(number, case, actor, moment))
                events.append(_event(case, actor, moment, number if is_note else None))
        yield Note.__table__, notes  # type: ignore[misc]
        yield Event.__table__, events  # type: ignore[misc]


def _note(number: int, case: Row, actor: User, moment: datetime) -> Row:
    return {
        "id": number,
        "audit_id": new_audit_id(),
        "case_id": case["id"],
        "author_id": actor.id,
        "agency_id": actor.agency_id,
        "happened_at": moment,
        "body": NOTE,
        "corrects_id": None,
        "created_at": moment,
        "version": 1,
    }


def _event(case: Row, actor: User, moment: datetime, note: int | None) -> Row:
    return {
        "case_id": case["id"],
        "kind": EventKind.NOTE if note else EventKind.ACTION,
        "happened_at": moment,
        "recorded_at": moment,
        "title": "Note" if note else "Action done: joint visit",
        "is_milestone": False,
        "note_id": note,
        "actor_id": actor.id,
    }


def record(cases: list[Row], officers: list[User]) -> None:
    """An entry a case in the record, so that what is written next stands at the end of a long one."""
    for some in batches(cases, AT_ONCE // 5):
        entries = [
            make_entry(
                Operation.COLLECTION,
                by=officers[0],
                case=f"case_{case['audit_id']}",
                obj=f"case_{case['audit_id']}",
                at=case["created_at"],
                detail={"action": "case.open"},
            )
            for case in some
        ]
        append(db.session.connection(), entries)


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while some := list(islice(iterator, size)):
        yield some
