"""Moving every row that names one record to another, whichever feature it belongs to.

Where two rows then say the same, one of them is set aside and what hangs on it goes to the other: two
parts in one case stay two only where they are different parts.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, func, or_, select, update

from psg.extensions import db
from psg.subjects.merging.columns import ALIKE, counted, identities, naming, referring, unique_rules
from psg.subjects.merging.journal import Journal, Row, is_row, park, rows_where, write


def move_all(journal: Journal, gone: int, kept: int) -> None:
    """Everything that names the one record names the other from now on."""
    for table, columns in referring():
        _move(journal, table, columns, gone, kept)


def _move(journal: Journal, table: Table, columns: Sequence[Column[Any]], gone: int, kept: int) -> None:
    for column in columns:
        _count_anew(journal, table, column, gone, kept)
    moving = rows_where(table, or_(*(column == gone for column in columns)))
    if can_have_no_double(table, columns):
        [column] = columns
        db.session.execute(update(table).where(column == gone).values({column: kept}))
        for row in moving:
            journal.note_changed(table, row, row | {column.name: kept})
        return
    for row in moving:
        values: dict[str, Any] = {column.name: kept for column in columns if row[column.name] == gone}
        if table in identities():
            # What both were said to be of one another is nothing of the one that stays.
            values = dict.fromkeys(values, None if row["id"] == kept else kept)
        elif any(row[column.name] == kept for column in columns):
            journal.set_aside(table, row)
            continue
        _settle(journal, table, columns, row, values)


def can_have_no_double(table: Table, columns: Sequence[Column[Any]]) -> bool:
    """Tables of which nothing says that two rows are the same, such as contacts: they are moved all at once."""
    ruled = any(column in rule for rule, _ in unique_rules(table) for column in columns)
    return len(columns) == 1 and not ruled and table.name not in ALIKE and table not in identities()


def _settle(
    journal: Journal, table: Table, columns: Sequence[Column[Any]], row: Row, values: dict[str, Any]
) -> None:
    """Change the row, or let one of the two stay where another row says the same already."""
    while (double := _double_of(table, columns, row, row | values)) is not None:
        # The newest number would be given out again, and undoing could not bring its row back.
        if not _is_newest(table, row):
            _give_way(journal, table, row, double)
            return
        _give_way(journal, table, double, row)
    journal.change(table, row, values)


def _give_way(journal: Journal, table: Table, leaving: Row, staying: Row) -> None:
    """Set a row aside once all that hangs on it hangs on its double."""
    for other, column in naming(table):
        key = next(iter(column.foreign_keys)).column.name
        _move(journal, other, [column], leaving[key], staying[key])
    journal.set_aside(table, leaving)


def _double_of(table: Table, columns: Sequence[Column[Any]], row: Row, wanted: Row) -> Row | None:
    """Another row that says what this one would say."""
    own = is_row(table, row)
    for rule, condition in unique_rules(table):
        values = [wanted[column.name] for column in rule]
        if None in values or not any(column in columns for column in rule):
            continue
        equal = [column == value for column, value in zip(rule, values, strict=True)]
        if condition is not None:
            if not rows_where(table, own, condition):
                continue
            equal.append(condition)
        if doubles := rows_where(table, ~own, *equal):
            return doubles[0]
    said = ALIKE[table.name](wanted) if table.name in ALIKE else None
    if said is None:
        return None
    ends = [wanted[column.name] for column in columns]
    there = rows_where(table, ~own, or_(*(column.in_(ends) for column in columns)))
    return next((other for other in there if ALIKE[table.name](other) == said), None)


def _count_anew(journal: Journal, table: Table, column: Column[Any], gone: int, kept: int) -> None:
    """Rows that count within what they move to are counted there with those that are there, the oldest first."""
    for within, number in counted(table):
        if column not in within:
            continue
        others = [other for other in within if other is not column]
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows_where(table, column.in_((gone, kept))):
            groups.setdefault(tuple(row[other.name] for other in others), []).append(row)
        for rows in groups.values():
            if len({row[column.name] for row in rows}) == 2:
                park(table, number, rows)
                for place, row in enumerate(rows, start=1):
                    values = {column.name: kept, number.name: place}
                    write(table, row, values)
                    journal.note_changed(table, row, row | values)


def _is_newest(table: Table, row: Row) -> bool:
    keys = list(table.primary_key.columns)
    return len(keys) == 1 and db.session.scalar(select(func.max(keys[0]))) == row[keys[0].name]
