"""What every table shares: names of constraints, times in UTC, record ids, references, versions."""

import re
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.types import TypeDecorator


class Refused(ValueError):
    """What was asked breaks a rule of the trade. The sentence says what to do; nothing was changed."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, stored as UTC. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime()},
    )


def enum_column(kind: type[StrEnum], name: str = "") -> Enum:
    """An enumeration stored by value with the same CHECK on both engines.

    `name` tells two columns of one kind in one table apart.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def new_audit_id() -> str:
    return secrets.token_hex(16)


class Recorded:
    """A thing that an entry of the record can name.

    `audit_id` comes from the system's secure generator, serves the record only and stands on no
    page, so that it means nothing once its row is gone.
    """

    record_kind: ClassVar[str]

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_audit_id)

    @property
    def record_id(self) -> str:
        if self.audit_id is None:  # before the first flush
            self.audit_id = new_audit_id()
        return f"{self.record_kind}_{self.audit_id}"


class Referenced:
    """A thing people quote: PSG-0142, P-0007, D-0031. The reference is the key with its prefix."""

    reference_prefix: ClassVar[str]
    id: Mapped[int]

    @property
    def reference(self) -> str:
        return self.reference_for(self.id)

    @classmethod
    def reference_for(cls, number: int) -> str:
        return f"{cls.reference_prefix}-{number:04d}"

    @classmethod
    def id_from(cls, reference: str) -> int | None:
        """The key behind a reference as people type it, or None where it is not one of these."""
        match = re.fullmatch(
            rf"{cls.reference_prefix}-?0*([1-9][0-9]{{0,8}})", reference.strip(), re.I | re.A
        )
        return int(match.group(1)) if match else None


class Timestamped:
    created_at: Mapped[datetime] = mapped_column()


class Versioned:
    """Counts its own changes, so that two people editing one record lose nothing (409 with both texts)."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
