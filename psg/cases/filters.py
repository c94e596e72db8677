"""What a list of cases was asked to show, as the URL says it. No free text about people stands in a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psg.accounts.models import User
from psg.cases.models import Stage
from psg.cases.queries import SORTS

STATES = (("open", "Open"), ("closed", "Closed"), ("all", "All"))
STAGES = [(stage.value, stage.label) for stage in Stage]


@dataclass(frozen=True)
class CaseFilter:
    """Anything the URL says that is not one of the choices counts as not said."""

    state: str = "open"
    mine: bool = False
    stage: str = ""
    agency: str = ""
    ward: str = ""
    sort: str = "-reference"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "CaseFilter":
        state, stage, sort = query.get("state", ""), query.get("stage", ""), query.get("sort", "")
        return cls(
            state=state if state in dict(STATES) else "open",
            mine=query.get("mine") == "1",
            stage=stage if stage in dict(STAGES) else "",
            agency=_number(query.get("agency", "")),
            ward=_number(query.get("ward", "")),
            sort=sort if sort.removeprefix("-") in SORTS else "-reference",
        )

    def terms(self, user: User) -> dict[str, Any]:
        """The arguments of `queries.case_rows`."""
        return {
            "state": self.state,
            "stage": Stage(self.stage) if self.stage else None,
            "lead": user if self.mine else None,
            "agency_id": int(self.agency) if self.agency else None,
            "ward_id": int(self.ward) if self.ward else None,
            "sort": self.sort.removeprefix("-"),
            "descending": self.sort.startswith("-"),
        }

    def query(self) -> dict[str, str]:
        """The same filter as the parts of a URL; what is usual is left out."""
        parts = {
            "mine": "1" if self.mine else "",
            "stage": self.stage,
            "agency": self.agency,
            "ward": self.ward,
        }
        if self.state != "open":
            parts["state"] = self.state
        return {name: value for name, value in parts.items() if value}


def _number(typed: str) -> str:
    return str(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 10 else ""
