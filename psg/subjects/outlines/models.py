"""The outlines that maps are drawn over, as an administrator loaded them, with where they come from.

They are simplified to about 22 metres: enough for a picture of a district, too coarse to measure by.
"""

import json
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import User
from psg.base import Base, Recorded
from psg.subjects.outlines.geojson import Polygon


class OutlineSet(Recorded, Base):
    """One file of outlines. The newest that nobody took back is drawn; each file replaces the whole of the last."""

    __tablename__ = "outline_set"
    __table_args__ = (
        CheckConstraint("source <> ''", name="source_filled"),
        CheckConstraint("licence <> ''", name="licence_filled"),
    )
    record_kind: ClassVar[str] = "outlines"

    source: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    loaded_by: Mapped[User | None] = relationship(foreign_keys=loaded_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)
    outlines: Mapped[list["Outline"]] = relationship(cascade="all, delete-orphan", order_by="Outline.id")


class Outline(Base):
    """One area. `ward_id` is empty where no ward of the district has its name: drawn, and never counted in."""

    __tablename__ = "outline"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("outline_set.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"), index=True)
    coordinates: Mapped[str] = mapped_column(Text)

    @property
    def polygons(self) -> list[Polygon]:
        """Longitude and latitude, as GeoJSON writes them."""
        read: list[Polygon] = json.loads(self.coordinates)
        return read
