"""What was combined: two records of one person or place, and every row that this changed, so that it can be undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded, enum_column
from psg.subjects.models import Subject

Values = dict[str, Any]


class Merge(Recorded, Base):
    """One record taken into an older one. The younger stays, out of sight, until this is undone."""

    __tablename__ = "subject_merge"
    __table_args__ = (
        Index(
            "uq_subject_merge_standing",
            "gone_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        CheckConstraint("kept_id < gone_id", name="keeps_the_older"),
        CheckConstraint("reason <> ''", name="reason_filled"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
    )
    record_kind: ClassVar[str] = "merge"

    kept_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    merged_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    undone_at: Mapped[datetime | None]

    kept: Mapped[Subject] = relationship(foreign_keys=[kept_id])
    gone: Mapped[Subject] = relationship(foreign_keys=[gone_id])
    merged_by: Mapped[User] = relationship(foreign_keys=[merged_by_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])


class RowChange(StrEnum):
    """What combining did to one row."""

    CHANGED = "changed"
    SET_ASIDE = "set_aside"
    ADDED = "added"


class MergedRow(Base):
    """One row as it was before and after: only the columns that changed, or all of it. `place` is the order of change.

    `before` is empty for a row that was added, `after` for one that was set aside because its double stays.
    """

    __tablename__ = "merged_row"
    __table_args__ = (
        UniqueConstraint("merge_id", "place"),
        CheckConstraint("(change = 'added') = (before IS NULL)", name="before_unless_added"),
        CheckConstraint("(change = 'set_aside') = (after IS NULL)", name="after_unless_set_aside"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("subject_merge.id"))
    place: Mapped[int]
    change: Mapped[RowChange] = mapped_column(enum_column(RowChange))
    table_name: Mapped[str] = mapped_column(String(63))
    key: Mapped[Values] = mapped_column(JSON)
    before: Mapped[Values | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[Values | None] = mapped_column(JSON(none_as_null=True))


class NotTheSame(Recorded, Base):
    """Somebody looked at two records that are alike and found that they are two. It stays until it is taken back."""

    __tablename__ = "not_the_same"
    __table_args__ = (
        UniqueConstraint("older_id", "younger_id"),
        CheckConstraint("older_id < younger_id", name="in_order"),
    )
    record_kind: ClassVar[str] = "distinct"

    older_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    younger_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    said_at: Mapped[datetime]

    said_by: Mapped[User] = relationship()
