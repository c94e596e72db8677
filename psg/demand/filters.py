"""What the list of people or places was asked to show, as the URL says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psg.demand.queries import SORTS

USUAL = "-28"


@dataclass(frozen=True)
class RankingFilter:
    """Anything the URL says that is not one of the choices counts as not said."""

    ward: str = ""
    sort: str = USUAL

    @classmethod
    def from_query(cls, query: Mapping[str, str], wards: Mapping[str, str]) -> "RankingFilter":
        ward, sort = query.get("ward", ""), query.get("sort", "")
        return cls(
            ward=ward if ward in wards else "", sort=sort if sort.removeprefix("-") in SORTS else USUAL
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def terms(self) -> dict[str, Any]:
        """The arguments of `queries.ranked`."""
        return {
            "ward_id": int(self.ward) if self.ward else None,
            "sort": self.key,
            "descending": self.descending,
        }

    def query(self) -> dict[str, str]:
        """The filters as parts of a URL, without the order of the list."""
        return {"ward": self.ward} if self.ward else {}

    def whole_query(self) -> dict[str, str]:
        return self.query() | ({"sort": self.sort} if self.sort != USUAL else {})
