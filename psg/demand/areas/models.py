"""What is told of areas and of nobody: crimes and incidents of a street, by month, as the police publish them.

None of it is attached to a person or a place of ours, and no figure of a person or place counts it.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base, Recorded, Timestamped


class AreaFile(Recorded, Timestamped, Base):
    """A file of such counts that changed something. Nobody is a command of the server."""

    __tablename__ = "area_file"
    record_kind: ClassVar[str] = "areafile"

    file_hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)


class AreaMonth(Base):
    """A month that a police force has published: any other is a gap, never a nought. Held while it is replaced."""

    __tablename__ = "area_month"
    __table_args__ = (UniqueConstraint("force", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    force: Mapped[str] = mapped_column(String(80))
    month: Mapped[date]
    changed_at: Mapped[datetime]


class AreaContact(Base):
    """How many crimes or incidents of one kind there were at one spot of an area in one month.

    The area is a lower layer super output area of the census, by code and name; both are empty where the police
    give no location. The spot is one of the police's own, which stand for the streets around, made coarser
    still: a thousandth of a degree, some 100 metres.
    """

    __tablename__ = "area_contact"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_or_none"),
        Index("ix_area_contact_month_area", "month_id", "area_code"),
        Index("ix_area_contact_area", "area_code", "month_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month_id: Mapped[int] = mapped_column(ForeignKey("area_month.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("area_file.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(9))
    area_name: Mapped[str] = mapped_column(String(80))
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    location: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float | None] = mapped_column(Numeric(6, 3, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(6, 3, asdecimal=False))
    count: Mapped[int]
