"""What a contact costs an agency, as dated versions with their source and the year of their prices.

The product ships no figure: a partnership enters its own. A version is never changed, so that an estimate can
be read against the figures it was made with.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import AgencyKind, User
from psg.base import Base, Recorded, enum_column


class CostSet(Recorded, Base):
    """One version of the figures. The one in force on a day is the last that had begun by then."""

    __tablename__ = "cost_set"
    __table_args__ = (CheckConstraint("source <> ''", name="source_filled"),)
    record_kind: ClassVar[str] = "costs"

    number: Mapped[int] = mapped_column(unique=True)
    effective_from: Mapped[date] = mapped_column(index=True)
    price_year: Mapped[int]
    source: Mapped[str] = mapped_column(String(500))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    entered_by: Mapped[User] = relationship()
    costs: Mapped[list["UnitCost"]] = relationship(cascade="all, delete-orphan", order_by="UnitCost.id")

    @property
    def pence(self) -> dict[AgencyKind, int]:
        """The figures by kind of agency. A kind that is missing has no figure, which is not a cost of nothing."""
        return {cost.agency_kind: cost.pence for cost in self.costs}


class UnitCost(Base):
    """What one contact with an agency of a kind costs, whatever the contact is about."""

    __tablename__ = "unit_cost"
    __table_args__ = (
        UniqueConstraint("set_id", "agency_kind"),
        CheckConstraint("pence > 0", name="more_than_nothing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("cost_set.id"))
    agency_kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))
    pence: Mapped[int]
