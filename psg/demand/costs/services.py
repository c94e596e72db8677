"""Entering a version of the unit costs."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select

from psg.accounts.models import AgencyKind, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.costs.models import CostSet, UnitCost
from psg.extensions import db
from psg.web.dates import london

EARLIEST_PRICES = 1990


def enter_version(
    pence: Mapping[AgencyKind, int],
    *,
    effective_from: date,
    price_year: int,
    source: str,
    by: User,
    now: datetime,
) -> CostSet:
    """A new version of the figures, from a day on. Those before it stay readable and are never changed."""
    if effective_from < london(now).date():
        raise Refused(
            "New unit costs begin today or later: what was estimated before was by those of then",
            field="effective_from",
        )
    if not EARLIEST_PRICES <= price_year <= effective_from.year:
        raise Refused(
            f"Enter the year of the prices, from {EARLIEST_PRICES} to the year from which they apply",
            field="price_year",
        )
    if not pence:
        raise Refused("Enter at least one unit cost: a version without any estimates nothing")
    newest = db.session.scalar(select(func.max(CostSet.number))) or 0
    made = CostSet(
        number=newest + 1,
        effective_from=effective_from,
        price_year=price_year,
        source=source,
        entered_at=now,
        entered_by=by,
        costs=[UnitCost(agency_kind=kind, pence=pence[kind]) for kind in AgencyKind if kind in pence],
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        Operation.ALTERATION,
        "costs.enter",
        by=by,
        obj=made,
        at=now,
        number=made.number,
        costs=len(made.costs),
    )
    return made
