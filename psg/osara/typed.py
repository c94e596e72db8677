"""Between a record and its form: what the form shows, and what it holds in the record's own types."""

from collections.abc import Mapping
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Enum, Integer

from psg.web.forms import EditForm


def field_names(form: type[EditForm]) -> list[str]:
    """The fields a form declares, in their order."""
    declared = [
        (name, getattr(form, name)) for name in dir(form) if hasattr(getattr(form, name), "field_class")
    ]
    visible = [(name, field) for name, field in declared if getattr(field.field_class, "widget_name", None)]
    return [name for name, field in sorted(visible, key=lambda pair: pair[1].creation_counter)]


def labels(form: type[EditForm]) -> Mapping[str, str]:
    return {name: getattr(form, name).args[0] for name in field_names(form)}


def shown(record: Any, form: type[EditForm]) -> SimpleNamespace:
    """The saved answers to this form's questions, as its fields hold them.

    Its version is a mark of these answers alone, so that two people who fill in different tasks of one
    record do not stand in each other's way.
    """
    answers: dict[str, Any] = {}
    if record is not None:
        columns = record.__table__.columns
        for name in field_names(form):
            if name in columns:
                answers[name] = _as_field(getattr(record, name), is_key=bool(columns[name].foreign_keys))
    return SimpleNamespace(version=_mark(answers) if record is not None else "0", **answers)


def values_of(form: EditForm, kind: type[Any]) -> dict[str, Any]:
    """What was typed, as the columns of `kind` hold it."""
    columns = kind.__table__.columns
    return {
        field.name: _as_column(field.data, columns[field.name].type)
        for field in form.visible_fields()
        if field.name in columns
    }


def _as_field(value: Any, *, is_key: bool) -> Any:
    if is_key:
        return "" if value is None else str(value)
    return getattr(value, "value", value)


def _as_column(data: Any, kind: Any) -> Any:
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(data) if data else None
    if isinstance(kind, Integer) and isinstance(data, str):
        return int(data) if data else None
    return data


def _mark(answers: Mapping[str, Any]) -> str:
    blank = all(value in (None, "") for value in answers.values())
    return "0" if blank else sha256(repr(sorted(answers.items())).encode()).hexdigest()[:16]
