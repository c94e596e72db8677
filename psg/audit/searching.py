"""Narrowing the record by what its leaves say: operation, actor, agency, case, object, time.

A leaf is canonical, so that a member and its value are always the same bytes, and its last two members
stand at a fixed distance from its end. The record needs no column beside the leaf for that, and nothing
that could say otherwise than the leaf. Entries that name a record are found by the index of mentions.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, LargeBinary, func, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from psg.audit.models import Leaf, Operation

_AFTER_TIME: Final = len('","v":1}')
_TIME: Final = len("2026-04-01T09:00:02.000Z")


class _Holds(FunctionElement[bool]):
    """Whether some bytes stand within others."""

    type = Boolean()
    inherit_cache = True


@compiles(_Holds)
def _instr(element: _Holds, compiler: Any, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


@compiles(_Holds, "postgresql")
def _position(element: _Holds, compiler: Any, **options: Any) -> str:
    return f"(pg_catalog.position({compiler.process(element.clauses, **options)}) > 0)"


def of_operation(*ops: Operation) -> ColumnElement[bool]:
    return or_(*(_says("op", op.value) for op in ops))


def by_actor(record_id: str) -> ColumnElement[bool]:
    return _says("actor", record_id)


def of_agency(record_id: str) -> ColumnElement[bool]:
    return _says("agency", record_id)


def of_case(record_id: str) -> ColumnElement[bool]:
    return _says("case", record_id)


def about_a(kind: str) -> ColumnElement[bool]:
    """Entries whose object is of this kind, such as an emergency access."""
    return _holds(f'"obj":"{kind}_')


def outside_cases(record_ids: Iterable[str]) -> list[ColumnElement[bool]]:
    """Entries of other cases than these, and of none."""
    return [~of_case(record_id) for record_id in record_ids]


def since(moment: datetime) -> ColumnElement[bool]:
    return _time() >= _as_written(moment)


def before(moment: datetime) -> ColumnElement[bool]:
    return _time() < _as_written(moment)


def _says(member: str, value: str) -> ColumnElement[bool]:
    return _holds(f'"{member}":"{value}"')


def _holds(text: str) -> ColumnElement[bool]:
    return _Holds(Leaf.leaf, literal(text.encode(), LargeBinary))


def _time() -> ColumnElement[bytes]:
    start = func.length(Leaf.leaf) - (_AFTER_TIME + _TIME - 1)
    return func.substr(Leaf.leaf, start, _TIME, type_=LargeBinary)


def _as_written(moment: datetime) -> ColumnElement[bytes]:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return literal(text.encode(), LargeBinary)
