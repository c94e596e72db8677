"""What a list of possible duplicates was asked to show, as the URL says it. It names records by reference only."""

from collections.abc import Mapping
from dataclasses import dataclass

from psg.subjects.duplicates.queries import SORTS

WAITING, APART = "waiting", "apart"
STATES = ((WAITING, "To be compared"), (APART, "Found to be two"))
USUAL_SORT = "-likeness"


@dataclass(frozen=True)
class DuplicatesFilter:
    """Anything the URL says that is not one of the choices counts as not said."""

    state: str = WAITING
    about: str = ""
    sort: str = USUAL_SORT

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "DuplicatesFilter":
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            state=state if state in dict(STATES) else WAITING,
            about=query.get("about", "")[:20],
            sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def query(self, about: str = "") -> dict[str, str]:
        """The filter as parts of a URL, without the order of the list. `about`: the record that was found by it."""
        parts = {"state": self.state if self.state != WAITING else "", "about": about}
        return {name: value for name, value in parts.items() if value}

    def whole_query(self, about: str = "") -> dict[str, str]:
        return self.query(about) | ({"sort": self.sort} if self.sort != USUAL_SORT else {})
