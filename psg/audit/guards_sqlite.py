"""What a SQLite database refuses of the record: triggers in the file, an authorizer on each connection.

A trigger binds every program that opens the file and can be dropped; the authorizer binds only this
product's own connections and cannot be reached by any SQL that is slipped into one of them.
"""

import sqlite3
from collections.abc import Mapping
from typing import Final

from psg.audit.guarded import CHECKPOINT, DETAIL, GENERATION, GUARDED, HEAD, LEAF

_AT_HEAD: Final = "(SELECT size FROM audit_head WHERE generation = NEW.generation)"
_ONE_FURTHER: Final = (
    "NEW.generation = OLD.generation AND NEW.size = OLD.size + 1"
    " AND EXISTS (SELECT 1 FROM audit_leaf WHERE generation = OLD.generation AND seq = OLD.size)"
)
_NEXT_GENERATION: Final = (
    "NEW.generation = OLD.generation + 1 AND NEW.size = 0 AND length(NEW.stack) = 0"
    " AND EXISTS (SELECT 1 FROM audit_generation WHERE generation = NEW.generation)"
)
_KEY_GIVEN_ONCE: Final = (
    "NEW.generation IS OLD.generation AND NEW.origin IS OLD.origin AND NEW.opened_at IS OLD.opened_at"
    " AND OLD.public_key IS NULL AND typeof(NEW.public_key) = 'blob'"
)
_NEWEST_ERASES_IT: Final = """
    EXISTS (
      SELECT 1 FROM audit_head AS head
      JOIN audit_leaf AS newest ON newest.generation = head.generation AND newest.seq = head.size - 1
      JOIN audit_detail AS said ON said.generation = newest.generation AND said.seq = newest.seq
      JOIN json_each(CAST(said.body AS TEXT), '$.erased') AS span
      WHERE json_extract(CAST(newest.leaf AS TEXT), '$.op') = 'erasure'
        AND json_extract(span.value, '$[0]') = OLD.generation
        AND OLD.seq BETWEEN json_extract(span.value, '$[1]') AND json_extract(span.value, '$[2]'))
    AND (SELECT json_extract(CAST(leaf AS TEXT), '$.op') FROM audit_leaf
         WHERE generation = OLD.generation AND seq = OLD.seq) NOT IN ('erasure', 'custody')"""


def _trigger(table: str, act: str, permitted: str, sentence: str) -> tuple[str, str]:
    """`IS NOT TRUE`, so that a condition which comes out as NULL refuses as well."""
    name = f"{table}_{act.lower()}"
    text = (
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN ({permitted}) IS NOT TRUE"
        f" BEGIN SELECT RAISE(ABORT, '{table}: {sentence}'); END"
    )
    return name, text


def _place_is_free(table: str, *key: str) -> str:
    """REPLACE would delete, maybe without a trigger, the row that has the key or the rowid of the new one."""
    same_key = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return f"NOT EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid OR ({same_key}))"  # noqa: S608


TRIGGERS: Final[Mapping[str, str]] = dict(
    (
        _trigger(
            LEAF,
            "INSERT",
            f"NEW.seq = {_AT_HEAD} AND {_place_is_free(LEAF, 'generation', 'seq')}"
            " AND typeof(NEW.leaf) = 'blob' AND typeof(NEW.root) = 'blob'",
            "an entry is added at the head and nowhere else",
        ),
        _trigger(LEAF, "UPDATE", "0", "an entry is never changed"),
        _trigger(LEAF, "DELETE", "0", "an entry is never removed"),
        _trigger(
            DETAIL,
            "INSERT",
            f"NEW.seq = {_AT_HEAD} AND {_place_is_free(DETAIL, 'generation', 'seq')}"
            " AND typeof(NEW.salt) = 'blob' AND typeof(NEW.body) = 'blob'",
            "a detail is added with its entry and at no other time",
        ),
        _trigger(DETAIL, "UPDATE", "0", "a detail is never changed"),
        _trigger(DETAIL, "DELETE", _NEWEST_ERASES_IT, "no erasure that is being recorded names this detail"),
        _trigger(
            HEAD,
            "INSERT",
            "NEW.size = 0 AND length(NEW.stack) = 0 AND NOT EXISTS (SELECT 1 FROM audit_head)",
            "there is one head, and it begins at nothing",
        ),
        _trigger(
            HEAD,
            "UPDATE",
            f"NEW.one = OLD.one AND (({_ONE_FURTHER}) OR ({_NEXT_GENERATION}))",
            "the head moves by one entry",
        ),
        _trigger(HEAD, "DELETE", "0", "the head is never removed"),
        _trigger(
            GENERATION,
            "INSERT",
            _place_is_free(GENERATION, "origin"),
            "a generation is listed once",
        ),
        _trigger(GENERATION, "UPDATE", _KEY_GIVEN_ONCE, "a generation is given its key once, and no more"),
        _trigger(GENERATION, "DELETE", "0", "a generation is never removed"),
        _trigger(
            CHECKPOINT,
            "INSERT",
            _place_is_free(CHECKPOINT, "generation", "size"),
            "there is one checkpoint a size",
        ),
        _trigger(CHECKPOINT, "UPDATE", "0", "a checkpoint is never changed"),
        _trigger(CHECKPOINT, "DELETE", "0", "a checkpoint is never removed"),
    )
)


READING_PRAGMAS: Final = frozenset(
    {
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
        "wal_checkpoint",
    }
)
"""Those that take an argument and set nothing. Any other argument sets something: `writable_schema`."""

_NEVER: Final = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,  # one named audit_leaf would take the entries instead
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_VTABLE,
    }
)
_OF_SECOND: Final = frozenset(
    {
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TRIGGER,
    }
)
"""Acts whose second argument names the table; the first names the thing, or the database."""

_OF_FIRST: Final = frozenset(
    {
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_VIEW,
    }
)


def authorise(
    action: int, first: str | None, second: str | None, _database: str | None, _source: str | None
) -> int:
    """SQLite asks for each thing a statement would do, while it is being compiled."""
    if action == sqlite3.SQLITE_READ or action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY if _is_refused(action, first or "", second) else sqlite3.SQLITE_OK


def _is_refused(action: int, first: str, second: str | None) -> bool:
    if action in _NEVER:
        return True
    if action == sqlite3.SQLITE_PRAGMA:
        return second is not None and first.lower() not in READING_PRAGMAS
    if action == sqlite3.SQLITE_FUNCTION:
        return second == "load_extension"
    if action in _OF_SECOND:
        return (second or "").lower() in GUARDED
    if action in _OF_FIRST:
        return first.lower() in GUARDED
    if action == sqlite3.SQLITE_INSERT:
        return first.lower() in (HEAD, GENERATION)
    if action == sqlite3.SQLITE_UPDATE:
        return first.lower() in GUARDED and not (first.lower() == HEAD and second != "one")
    return False
