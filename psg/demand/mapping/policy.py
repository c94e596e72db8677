"""How exactly somebody is shown where a place is. The only place that decides; values in, no database.

A map is printed, passed on and seen over a shoulder, and one point of it says more than an address on a
page that few open. So a point stands where it is for those alone who work on what happens there.
"""

from datetime import date
from enum import StrEnum

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits

GRID_METRES = 500
"""The side of the squares that a point is rounded to for others: about what a ward's own streets span, so
that it tells where in the ward to look and never which door. Nearer than that the address says more."""


class Precision(StrEnum):
    """`WARD`: no point at all, only what adds up to a ward."""

    POINT = "exact"
    SQUARE = "to 500 metres"
    WARD = "ward only"


def precision_for(user: User, day: date, *, works_there: bool) -> Precision:
    """For this person and one place that they may see. `works_there`: they are an active member of an open
    case that the place is a part of, and no conflict of interest keeps them from it.

    Who reads no cases (the Delivery Group, auditors, administrators) is shown wards, whatever the place.
    """
    if not permits(user, Permission.READ_CASES, day):
        return Precision.WARD
    return Precision.POINT if works_there else Precision.SQUARE


def sees_places(user: User, day: date) -> bool:
    """Whether any place at all is drawn for this person; without that they see totals of wards."""
    return precision_for(user, day, works_there=False) is not Precision.WARD
