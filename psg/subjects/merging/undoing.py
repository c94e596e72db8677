"""Taking a merge back: every row as it was, or, where somebody changed since what it moved, nothing at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Table, delete, insert, select

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Base, Refused
from psg.extensions import db, hold
from psg.subjects.indexing import keep_findable
from psg.subjects.merging.columns import DERIVED, PASSES, counted
from psg.subjects.merging.journal import (
    VERSION,
    Key,
    Row,
    is_row,
    key_of,
    park,
    restored,
    rows_at,
    rows_where,
    table_of,
    write,
    write_many,
)
from psg.subjects.merging.models import Merge, MergedRow, RowChange
from psg.subjects.merging.policy import work_out_anew
from psg.subjects.merging.refusals import ChangedSinceError, why_not
from psg.subjects.models import Subject
from psg.web.dates import day_time

FOLLOWS = frozenset({("person", "address"), ("person", "postcode")})
"""Columns that follow other rows: where those changed since, the record that stayed keeps what they say now."""
Step = tuple[RowChange, Table, Row, Row]
"""What to do, to which row, and the values it takes."""


class _Plan:
    """The rows as they would be, each change taken back in turn; nothing is written while it is made."""

    def __init__(self, noted: Sequence[MergedRow]) -> None:
        self.rows: dict[Key, Row | None] = {}
        self.steps: list[Step] = []
        of_tables: dict[Table, list[Row]] = {}
        for one in noted:
            of_tables.setdefault(table_of(one), []).append(one.key)
        for table, keys in of_tables.items():
            self.rows.update({key_of(table, row): row for row in rows_at(table, keys)})

    def take_back(self, noted: MergedRow) -> None:
        table = table_of(noted)
        before, after = (restored(table, values or {}) for values in (noted.before, noted.after))
        key = key_of(table, noted.key)
        held = self.rows.get(key)
        if noted.change is RowChange.SET_ASIDE:
            self._put_back(key, table, held, before)
        elif noted.change is RowChange.ADDED:
            self._take_out(key, table, held, after)
        elif held is None and table.info.get(PASSES):
            return
        elif held is None:
            raise ChangedSinceError(table, noted.key | after)
        else:
            self._change_back(key, table, held, before, after)

    def _put_back(self, key: Key, table: Table, held: Row | None, before: Row) -> None:
        if held is not None:
            raise ChangedSinceError(table, held)
        self.rows[key] = before
        self.steps.append((RowChange.SET_ASIDE, table, before, before))

    def _take_out(self, key: Key, table: Table, held: Row | None, after: Row) -> None:
        if held is None:
            return
        if held != after:
            raise ChangedSinceError(table, held)
        self.rows[key] = None
        self.steps.append((RowChange.ADDED, table, held, {}))

    def _change_back(self, key: Key, table: Table, held: Row, before: Row, after: Row) -> None:
        changed = [name for name in after if held[name] not in (after[name], before[name])]
        later = [name for name in changed if (table.name, name) in FOLLOWS]
        if changed != later:
            raise ChangedSinceError(table, held, [name for name in changed if name not in later])
        values = {name: value for name, value in before.items() if name not in later}
        self.rows[key] = held | values
        self.steps.append((RowChange.CHANGED, table, held, values))


def check_may_undo(merge: Merge) -> None:
    """Refuses a merge that another stands on: the later one is undone first."""
    if merge.undone_at is not None:
        raise Refused("This is undone already: the two are apart")
    later = db.session.scalars(
        select(Merge).where(
            Merge.undone_at.is_(None),
            Merge.id > merge.id,
            Merge.kept_id.in_((merge.kept_id, merge.gone_id))
            | Merge.gone_id.in_((merge.kept_id, merge.gone_id)),
        )
    ).first()
    if later is not None:
        raise Refused(
            f"{later.gone.reference} was combined with {later.kept.reference} "
            f"on {day_time(later.merged_at)}, after this: undo that first"
        )


def why_it_cannot_be_undone(merge: Merge, *, by: User) -> str | None:
    """Why, where it cannot; nothing is changed by asking."""
    try:
        check_may_undo(merge)
        _planned(_noted(merge), merge, by)
    except Refused as refusal:
        return str(refusal)
    return None


def undo_merge(merge: Merge, *, by: User, now: datetime) -> None:
    """Make the one record two again, each with what was its own; what came since stays with the one that stayed."""
    kept, gone = merge.kept, merge.gone
    hold(kept)
    hold(gone)
    hold(merge)
    check_may_undo(merge)
    noted = _noted(merge)
    plan = _planned(noted, merge, by)
    had = {name: _rows_of(name, noted) for name in DERIVED}
    _carry_out(plan.steps)
    merge.undone_at, merge.undone_by = now, by
    db.session.flush()
    db.session.expire_all()
    _make_findable(had, kept, gone)
    work_out_anew(kept)
    work_out_anew(gone)
    audit.record(
        Operation.ALTERATION,
        f"{kept.record_kind}.unmerge",
        by=by,
        obj=kept,
        at=now,
        parted=gone.record_id,
        merge=merge.record_id,
    )


def _noted(merge: Merge) -> Sequence[MergedRow]:
    """What was changed, the last change first."""
    return db.session.scalars(
        select(MergedRow).where(MergedRow.merge_id == merge.id).order_by(MergedRow.place.desc())
    ).all()


def _planned(noted: Sequence[MergedRow], merge: Merge, by: User) -> _Plan:
    own = [one for one in noted if one.table_name not in DERIVED]
    plan = _Plan(own)
    try:
        for one in own:
            plan.take_back(one)
    except ChangedSinceError as found:
        raise Refused(why_not(found, merge, by)) from found
    return plan


def _carry_out(steps: Sequence[Step]) -> None:
    """Runs of the same change of one table go to the database together: a person may have thousands of contacts."""
    steps = [_counted_back(step) for step in steps]
    for (change, table, names), run in groupby(steps, key=lambda step: (step[0], step[1], tuple(step[3]))):
        if change is RowChange.SET_ASIDE:
            db.session.execute(insert(table), [values for *_, values in run])
        elif change is RowChange.ADDED:
            for _, _, row, _ in run:
                db.session.execute(delete(table).where(is_row(table, row)))
        elif names:
            write_many(table, [(row, values) for _, _, row, values in run])
    subject = Base.metadata.tables["subject"]
    for number in {row["id"] for change, table, row, _ in steps if table is subject}:
        write(subject, {"id": number}, {VERSION: subject.c.version + 1})


def _counted_back(step: Step) -> Step:
    """What is counted back passes through numbers that others have: it is put out of their way first."""
    change, table, row, values = step
    for within, number in counted(table):
        if change is RowChange.CHANGED and any(column.name in values for column in (*within, number)):
            park(table, number, [row])
            values = {number.name: row[number.name]} | values
    return change, table, row, values


def _rows_of(name: str, noted: Sequence[MergedRow]) -> list[Row]:
    """The rows of a derived table as they were, the oldest first."""
    table = Base.metadata.tables[name]
    return [restored(table, one.before or {}) for one in reversed(noted) if one.table_name == name]


def _make_findable(before: Mapping[str, list[Row]], *subjects: Subject) -> None:
    """Each is found by its own words again: by the very rows it had, where a new index says the same."""
    for subject in subjects:
        keep_findable(subject)
    for name, had in before.items():
        table = Base.metadata.tables[name]
        of_both = table.c.subject_id.in_([subject.id for subject in subjects])
        if not had or _words(had) != _words(rows_where(table, of_both)):
            continue
        db.session.execute(delete(table).where(of_both))
        if list(rows_at(table, had)):  # given out again meanwhile
            had = [{column: value for column, value in row.items() if column != "id"} for row in had]
        db.session.execute(insert(table), had)


def _words(rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    return {tuple(value for name, value in sorted(row.items()) if name != "id") for row in rows}
