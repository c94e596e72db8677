"""What a PostgreSQL database refuses of the record: triggers, and few rights for the application.

The triggers fire `ALWAYS`, so that `session_replication_role` does not silence them. Another role may
own the tables (`psg db grant`): then the application can neither drop them nor switch a trigger off.
Only an owner or a superuser gets past both, and that the tree and the copies outside must show.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from psg.audit.guarded import CHECKPOINT, DETAIL, GENERATION, GUARDED, HEAD, LEAF

_BITS: Final[Mapping[str, int]] = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_FOR_EACH_ROW, _BEFORE = 1, 2
ERASE: Final = "audit_erase"

_REFUSE: Final = """
BEGIN
  RAISE EXCEPTION '%: % is refused, the record is only added to', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END"""

_ONLY_IF: Final = """
BEGIN
  IF ({permitted}) IS NOT TRUE THEN
    RAISE EXCEPTION '%: {sentence}', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN {row};
END"""

_AT_HEAD: Final = "NEW.seq = (SELECT size FROM {schema}.audit_head WHERE generation = NEW.generation)"
_HEAD_MOVES: Final = """NEW.one = OLD.one AND (
    NEW.generation = OLD.generation AND NEW.size = OLD.size + 1 AND EXISTS (
      SELECT FROM {schema}.audit_leaf WHERE generation = OLD.generation AND seq = OLD.size)
    OR NEW.generation = OLD.generation + 1 AND NEW.size = 0 AND length(NEW.stack) = 0 AND EXISTS (
      SELECT FROM {schema}.audit_generation WHERE generation = NEW.generation))"""
_KEY_GIVEN_ONCE: Final = """(NEW.generation, NEW.origin, NEW.opened_at)
    = (OLD.generation, OLD.origin, OLD.opened_at)
    AND OLD.public_key IS NULL AND NEW.public_key IS NOT NULL"""

# A row that this transaction wrote is the only kind it can see whose writer is still in progress. Its
# writer may be a savepoint, whose number is not that of the transaction.
_ERASED: Final = """EXISTS (
    SELECT FROM {schema}.audit_head AS head
    JOIN {schema}.audit_leaf AS newest ON newest.generation = head.generation AND newest.seq = head.size - 1
    JOIN {schema}.audit_detail AS said ON said.generation = newest.generation AND said.seq = newest.seq
    CROSS JOIN jsonb_array_elements(convert_from(said.body, 'UTF8')::jsonb -> 'erased') AS span
    WHERE convert_from(newest.leaf, 'UTF8')::jsonb ->> 'op' = 'erasure'
      AND pg_xact_status((pg_current_xact_id()::text::bigint + ((newest.xmin::text::bigint
        - pg_current_xact_id()::text::bigint % 4294967296 + 6442450944) % 4294967296
        - 2147483648))::text::xid8) = 'in progress'
      AND (span ->> 0)::bigint = OLD.generation
      AND OLD.seq BETWEEN (span ->> 1)::bigint AND (span ->> 2)::bigint)
    AND (SELECT convert_from(leaf, 'UTF8')::jsonb ->> 'op' FROM {schema}.audit_leaf
         WHERE generation = OLD.generation AND seq = OLD.seq) NOT IN ('erasure', 'custody')"""

_ERASE: Final = """
  DELETE FROM {schema}.audit_detail WHERE generation = $1 AND seq BETWEEN $2 AND $3"""


def _only_if(permitted: str, sentence: str, row: str = "NEW") -> str:
    return _ONLY_IF.replace("{permitted}", permitted).replace("{sentence}", sentence).replace("{row}", row)


_FUNCTIONS: Final[Mapping[str, str]] = {
    "audit_refuse": _REFUSE,
    "audit_at_head": _only_if(_AT_HEAD, "what is recorded is added at the head and nowhere else"),
    "audit_head_begins": _only_if("NEW.size = 0 AND length(NEW.stack) = 0", "a head begins at nothing"),
    "audit_head_moves": _only_if(_HEAD_MOVES, "the head moves by one entry"),
    "audit_key_given_once": _only_if(_KEY_GIVEN_ONCE, "a generation is given its key once, and no more"),
    "audit_erased": _only_if(_ERASED, "no erasure that is being recorded names this detail", "OLD"),
}


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger, and the number in which PostgreSQL's catalogue keeps when it fires."""

    table: str
    act: str
    function: str

    @property
    def name(self) -> str:
        return f"{self.table}_{self.act.lower()}"

    @property
    def catalogued_type(self) -> int:
        return _BITS[self.act] | _BEFORE | (0 if self.act == "TRUNCATE" else _FOR_EACH_ROW)

    def statements(self) -> Iterator[str]:
        each = "STATEMENT" if self.act == "TRUNCATE" else "ROW"
        yield f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}"
        yield (
            f"CREATE TRIGGER {self.name} BEFORE {self.act} ON {self.table}"
            f" FOR EACH {each} EXECUTE FUNCTION {self.function}()"
        )
        yield f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}"


_OTHERWISE: Final = {
    (LEAF, "INSERT"): "audit_at_head",
    (DETAIL, "INSERT"): "audit_at_head",
    (DETAIL, "DELETE"): "audit_erased",
    (HEAD, "INSERT"): "audit_head_begins",
    (HEAD, "UPDATE"): "audit_head_moves",
    (GENERATION, "UPDATE"): "audit_key_given_once",
}
_UNGUARDED: Final = {(GENERATION, "INSERT"), (CHECKPOINT, "INSERT")}
"""Adding to these is as it should be, and their keys refuse a second row."""

TRIGGERS: Final = tuple(
    Trigger(table, act, _OTHERWISE.get((table, act), "audit_refuse"))
    for table in GUARDED
    for act in _BITS
    if (table, act) not in _UNGUARDED
)

RIGHTS: Final[Mapping[str, str]] = {
    LEAF: "SELECT, INSERT",
    DETAIL: "SELECT, INSERT",
    CHECKPOINT: "SELECT, INSERT",
    HEAD: "SELECT, UPDATE",
    GENERATION: "SELECT",
    "alembic_version": "SELECT",
}
"""What an application that does not own the record may do with it."""


def functions(schema: str) -> dict[str, str]:
    """The body of each function, every name in it with its schema: a temporary table hides none of them."""
    return {name: body.replace("{schema}", schema) for name, body in (*_FUNCTIONS.items(), (ERASE, _ERASE))}


def function_statements(schema: str) -> Iterator[str]:
    """`audit_erase` runs with its owner's rights and so keeps to a search path of its own."""
    for name, body in functions(schema).items():
        if name != ERASE:
            yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$"
    yield (
        f"CREATE OR REPLACE FUNCTION {ERASE}(integer, bigint, bigint) RETURNS void LANGUAGE sql"
        f" SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard${functions(schema)[ERASE]}$guard$"
    )
    yield f"REVOKE ALL ON FUNCTION {ERASE}(integer, bigint, bigint) FROM PUBLIC"


def drop_statements() -> Iterator[str]:
    yield f"DROP FUNCTION IF EXISTS {ERASE}(integer, bigint, bigint)"
    for name in _FUNCTIONS:
        yield f"DROP FUNCTION IF EXISTS {name}() CASCADE"


def grant_statements(role: str, *, schema: str, database: str, tables: Iterable[str]) -> Iterator[str]:
    """Everything the application needs, and of the record no more than adding to it.

    Without temporary tables, because one named like a table of the record would take its entries.
    """
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for table in tables:
        yield f"REVOKE ALL ON {table} FROM PUBLIC, {role}"
        yield f"GRANT {RIGHTS.get(table, 'SELECT, INSERT, UPDATE, DELETE')} ON {table} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    yield f"GRANT EXECUTE ON FUNCTION {ERASE}(integer, bigint, bigint) TO {role}"
