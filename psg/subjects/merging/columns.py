"""Which columns name a person or place, found from the tables themselves: one that is added later is moved too."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, UniqueConstraint

from psg.base import Base
from psg.subjects.links.models import LinkKind

COUNTS = "counts"
"""Key in a column's `info`: it counts the rows under one parent. Two such rows are never one and the same, so
that rows that come together are counted anew in the order in which they were made."""

PASSES = "passes"
"""Key in a table's `info`: its rows wait to be made into others, and are gone once they were. One that is gone does not
keep a merge from being undone."""

STAYS = {
    ("person", "id"): "It is the record itself",
    ("place", "id"): "It is the record itself",
    ("subject_merge", "kept_id"): "It says what was combined, and is what undoing goes by",
    ("subject_merge", "gone_id"): "It says what was combined, and is what undoing goes by",
    ("not_the_same", "older_id"): "Somebody compared these two records, and no others",
    ("not_the_same", "younger_id"): "Somebody compared these two records, and no others",
}
"""Columns that name a person or place and are not moved, each with the reason."""

DERIVED = frozenset({"search_term", "search_key", "alike_key"})
"""Tables that are made anew from the record whenever it changes, and so when two are combined."""

Row = dict[str, Any]


def _link(row: Row) -> tuple[Any, ...] | None:
    """Links that hold and say the same. Between equals it does not matter at which of the two it begins."""
    if row["ended_at"] is not None:
        return None
    kind = LinkKind(row["kind"])
    ends = (row["from_id"], row["to_id"])
    return (kind, *(ends if kind.is_directed else sorted(ends)))


ALIKE: dict[str, Callable[[Row], tuple[Any, ...] | None]] = {
    "alias": lambda row: (row["subject_id"], row["name"].casefold()),
    "residence": lambda row: (
        row["person_id"],
        row["address"].casefold(),
        *(row[name] for name in ("postcode", "place_id", "kind", "since", "until")),
    ),
    "subject_link": _link,
}
"""What makes two rows say the same, in tables that have no unique rule for it. None: like no other."""


def identities() -> frozenset[Table]:
    """The tables whose key is the number of a person or place."""
    subject = Base.metadata.tables["subject"]
    return frozenset({subject, *(table for table in Base.metadata.tables.values() if _is_part_of(table))})


def referring() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Each table with its columns that name a person or place and are moved."""
    for table in Base.metadata.sorted_tables:
        columns = [
            column
            for column in table.columns
            if names_a_subject(column) and (table.name, column.name) not in STAYS
        ]
        if columns and table.name not in DERIVED:
            yield table, columns


def names_a_subject(column: Column[Any]) -> bool:
    return any(key.column.table in identities() for key in column.foreign_keys)


def naming(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """The columns of other tables that name a row of this one."""
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                yield other, column


def unique_rules(table: Table) -> Iterator[tuple[list[Column[Any]], ColumnElement[bool] | None]]:
    """Each set of columns that no two rows may share, and for which rows; the key, and what only counts, left out."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and not _counting(constraint.columns):
            yield list(constraint.columns), None
    for index in table.indexes:
        if index.unique and not _counting(index.columns):
            yield list(index.columns), index.dialect_options["sqlite"]["where"]


def counted(table: Table) -> list[tuple[list[Column[Any]], Column[Any]]]:
    """Each column that counts, with those within which it does."""
    return [
        ([column for column in constraint.columns if column is not number], number)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        for number in _counting(constraint.columns)
    ]


def _counting(columns: Any) -> list[Column[Any]]:
    return [column for column in columns if column.info.get(COUNTS)]


def _is_part_of(table: Table) -> bool:
    keys = list(table.primary_key.columns)
    return len(keys) == 1 and any(key.column.table.name == "subject" for key in keys[0].foreign_keys)
