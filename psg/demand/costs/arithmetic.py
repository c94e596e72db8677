"""Money in whole pence, and what contacts are estimated to cost: no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from psg.accounts.models import AgencyKind

MOST_PENCE = 100_000_000
_POUNDS = re.compile(r"£?\s?([0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True)
class Estimate:
    """`priced` of `counted` contacts have a unit cost; the others are no part of the sum."""

    pence: int
    priced: int
    counted: int

    @property
    def pounds(self) -> str:
        return whole_pounds(self.pence)


def estimate(contacts: Mapping[AgencyKind, int], pence: Mapping[AgencyKind, int]) -> Estimate:
    """What so many contacts with agencies of each kind cost, by the figures there are."""
    return Estimate(
        pence=sum(number * pence[kind] for kind, number in contacts.items() if kind in pence),
        priced=sum(number for kind, number in contacts.items() if kind in pence),
        counted=sum(contacts.values()),
    )


def whole_pounds(pence: int) -> str:
    """Rounded half up: an estimate is no better for its pence."""
    return f"£{(pence + 50) // 100:,}"


def pence_from(text: str) -> int:
    """The pence of an amount as somebody types it: 112.50, 1,250 or £90. Raises ValueError with what is wrong."""
    found = _POUNDS.fullmatch(text)
    if found is None:
        raise ValueError("enter pounds and pence, such as 112.50")
    pence = int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if not 0 < pence <= MOST_PENCE:
        raise ValueError(
            f"enter more than 0 and at most {MOST_PENCE // 100:,} pounds, or leave it empty where there is no figure"
        )
    return pence


def in_pounds(pence: int) -> str:
    """The amount to the penny, as it is typed."""
    return f"{pence // 100}.{pence % 100:02d}"
