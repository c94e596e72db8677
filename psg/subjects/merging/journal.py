"""Changing rows so that every change can be taken back: each is written down as it is made.

Rows are read and written as the database holds them, past the mapped classes: what is combined is
data of every feature, also of those that this one knows nothing of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum as PythonEnum
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Enum,
    Numeric,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from psg.base import Base, UTCDateTime
from psg.extensions import db
from psg.subjects.merging.models import Merge, MergedRow, RowChange, Values

Row = dict[str, Any]
Key = tuple[str, tuple[Any, ...]]
AT_ONCE = 500
VERSION = "version"
PARKED = 1_000_000


class Journal:
    """What is done to rows in the course of one merge. It is written at the end, all at once."""

    def __init__(self) -> None:
        self.noted: list[dict[str, Any]] = []

    def close(self, merge: Merge) -> None:
        lines = [
            {"merge_id": merge.id, "place": place, **noted} for place, noted in enumerate(self.noted, start=1)
        ]
        db.session.execute(insert(MergedRow), lines)

    def change(self, table: Table, row: Row, values: Row) -> None:
        """Give columns of a row other values."""
        write(table, row, values)
        self.note_changed(table, row, row | values)

    def set_aside(self, table: Table, row: Row) -> None:
        """Take a row out, whole, because its double stays."""
        db.session.execute(delete(table).where(is_row(table, row)))
        self._note(RowChange.SET_ASIDE, table, row, row, None)

    def note_added(self, table: Table, row: Row) -> None:
        self._note(RowChange.ADDED, table, row, None, row)

    def note_changed(self, table: Table, before: Row, after: Row) -> None:
        """Write down what was done to a row. The count of its versions goes on, and is not taken back."""
        names = [name for name in before if before[name] != after[name] and name != VERSION]
        if names:
            kept, now = ({name: row[name] for name in names} for row in (before, after))
            self._note(RowChange.CHANGED, table, before, kept, now)

    def _note(
        self,
        change: RowChange,
        table: Table,
        row: Row,
        before: Row | None,
        after: Row | None,
    ) -> None:
        self.noted.append(
            {
                "change": change,
                "table_name": table.name,
                "key": {column.name: row[column.name] for column in table.primary_key},
                "before": None if before is None else plain(before),
                "after": None if after is None else plain(after),
            }
        )


def write(table: Table, row: Row, values: Row) -> None:
    db.session.execute(update(table).where(is_row(table, row)).values(values))


def write_many(table: Table, changes: Sequence[tuple[Row, Row]]) -> None:
    """The same columns of many rows, each with values of its own."""
    names = list(changes[0][1])
    keys = list(table.primary_key.columns)
    statement = (
        update(table)
        .where(*(column == bindparam(f"of_{column.name}") for column in keys))
        .values({name: bindparam(f"to_{name}") for name in names})
    )
    db.session.connection().execute(
        statement,
        [
            {f"of_{column.name}": row[column.name] for column in keys}
            | {f"to_{name}": values[name] for name in names}
            for row, values in changes
        ],
    )


def park(table: Table, number: Column[Any], rows: Iterable[Row]) -> None:
    """Count these rows far from all others, so that no two are ever the same while they are counted anew."""
    for row in rows:
        write(table, row, {number.name: row[number.name] + PARKED})


def rows_where(table: Table, *conditions: ColumnElement[bool]) -> list[Row]:
    """Rows as plain values, the oldest first."""
    statement = select(table).where(*conditions).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.session.execute(statement).mappings()]


def rows_at(table: Table, keys: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Those of these rows that are there."""
    wanted = iter(keys)
    names = list(table.primary_key.columns)
    while part := list(islice(wanted, AT_ONCE)):
        if len(names) == 1:
            yield from rows_where(table, names[0].in_([key[names[0].name] for key in part]))
        else:
            yield from (row for key in part for row in rows_where(table, is_row(table, key)))


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    return table.name, tuple(row[column.name] for column in table.primary_key)


def is_row(table: Table, key: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(column == key[column.name] for column in table.primary_key))


def table_of(noted: MergedRow) -> Table:
    return Base.metadata.tables[noted.table_name]


def plain(values: Mapping[str, Any]) -> Values:
    """Values as JSON can hold them."""
    return {name: _plain(value) for name, value in values.items()}


def restored(table: Table, values: Values) -> Row:
    """The same values as the columns of the table hold them."""
    return {name: _restored(table.c[name], value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, PythonEnum):
        return value.value
    if isinstance(value, date):  # a time is a date, too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _restored(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if value is None:
        return None
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UTCDateTime | DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) and kind.asdecimal else value
