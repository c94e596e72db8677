"""What a list of links was asked to show, as the URL says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psg.subjects.links.queries import SORTS, STATES

USUAL_STATE, USUAL_SORT = "all", "name"


@dataclass(frozen=True)
class LinkFilter:
    """Anything the URL says that is not one of the choices counts as not said."""

    state: str = USUAL_STATE
    sort: str = USUAL_SORT

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "LinkFilter":
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            state=state if state in STATES else USUAL_STATE,
            sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def terms(self) -> dict[str, Any]:
        """The arguments of `queries.links_of`."""
        return {"state": self.state, "sort": self.key, "descending": self.descending}

    def query(self) -> dict[str, str]:
        """The filter as parts of a URL, without the order of the list."""
        return {"state": self.state} if self.state != USUAL_STATE else {}

    def whole_query(self) -> dict[str, str]:
        return self.query() | ({"sort": self.sort} if self.sort != USUAL_SORT else {})
