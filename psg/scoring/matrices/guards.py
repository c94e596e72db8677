"""The second line of defence of a matrix: the database itself refuses to change a version that is no draft.

Scores stand on the version they were made under. The triggers come with the tables, whether a
migration or `create_all` makes those. Of a version that waits for approval only the decision changes.
"""

from typing import Final

from sqlalchemy import DDL, Table, event

from psg.scoring.matrices.models import Anchor, Factor, Floor, Matrix, MatrixBand

PARTS: Final = {
    "factor": "SELECT status FROM matrix WHERE id = {row}.matrix_id",
    "floor": "SELECT status FROM matrix WHERE id = {row}.matrix_id",
    "matrix_band": "SELECT status FROM matrix WHERE id = {row}.matrix_id",
    "anchor": "SELECT m.status FROM matrix m JOIN factor f ON f.matrix_id = m.id WHERE f.id = {row}.factor_id",
}
"""For each table that a version consists of, what finds the version's status."""
CONTENT: Final = ("kind", "number", "effective_from", "source", "provisional_under", "high_from")
SENTENCE: Final = "a version that is no draft is kept as it was"
_SAME: Final = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in CONTENT)
_MAY_CHANGE: Final = f"OLD.status = 'draft' OR (OLD.status = 'proposed' AND {_SAME})"
FUNCTION: Final = "matrix_kept"


def sqlite_statements(table: str) -> list[str]:
    """The triggers of one table. A condition that comes out as NULL refuses as well."""
    if table == "matrix":
        changed = _MAY_CHANGE.replace("IS NOT DISTINCT FROM", "IS")
        return [_sqlite(table, "UPDATE", changed), _sqlite(table, "DELETE", "OLD.status = 'draft'")]
    return [
        _sqlite(table, act, " AND ".join(f"({PARTS[table].format(row=row)}) = 'draft'" for row in rows))
        for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",)))
    ]


def postgresql_statements(table: str) -> list[str]:
    """A function of the table's own and the trigger that calls it."""
    name = f"{FUNCTION}_{table}"
    raising = (
        f"RAISE EXCEPTION '{table}: {SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    )
    if table == "matrix":
        acts = "UPDATE OR DELETE"
        body = (
            f"IF TG_OP = 'DELETE' AND OLD.status <> 'draft' THEN {raising} "
            f"IF TG_OP = 'UPDATE' AND NOT ({_MAY_CHANGE}) THEN {raising}"
        )
    else:
        acts = "INSERT OR UPDATE OR DELETE"
        body = " ".join(
            f"IF TG_OP <> '{other}' AND ({PARTS[table].format(row=row)}) IS DISTINCT FROM 'draft' THEN {raising}"
            for other, row in (("INSERT", "OLD"), ("DELETE", "NEW"))
        )
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_kept BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def dropping(dialect: str, table: str) -> list[str]:
    """What takes the guards of one table away again, for a migration."""
    if dialect == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_kept ON {table}",
            f"DROP FUNCTION IF EXISTS {FUNCTION}_{table}()",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_kept_{act}" for act in ("insert", "update", "delete")]


def _sqlite(table: str, act: str, permitted: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept_{act.lower()} BEFORE {act} ON {table} WHEN ({permitted}) IS NOT TRUE"
        f" BEGIN SELECT RAISE(ABORT, '{table}: {SENTENCE}'); END"
    )


for _model in (Matrix, Factor, Anchor, MatrixBand, Floor):
    _table = _model.__table__
    assert isinstance(_table, Table)  # noqa: S101 - narrows the type
    for _dialect, _statements in (("sqlite", sqlite_statements), ("postgresql", postgresql_statements)):
        for _statement in _statements(_table.name):
            event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
