"""What the board was asked to show, as its address says it. No free text about people stands in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from urllib.parse import urlencode

from psg.cases.models import Aim, Band, Stage

PATH = "/board"
NOT_SCORED = "none"


class View(StrEnum):
    LIST = "list"
    COLUMNS = "columns"


class Sort(StrEnum):
    """What a list can be sorted by. `STAGE`: in the order of the five stages, the next review first."""

    STAGE = "stage"
    REFERENCE = "reference"
    WARD = "ward"
    BAND = "band"
    DAYS = "days"
    REVIEW = "review"


class Review(StrEnum):
    OVERDUE = "overdue"
    DUE = "due"
    UNSET = "unset"

    @property
    def label(self) -> str:
        return {
            Review.OVERDUE: "Overdue",
            Review.DUE: "Overdue or due in 7 days",
            Review.UNSET: "Not set",
        }[self]


BANDS = [*((band.value, band.label) for band in reversed(Band)), (NOT_SCORED, "Not scored")]
AIMS = [(aim.value, aim.label) for aim in Aim]
REVIEWS = [(review.value, review.label) for review in Review]
USUAL = {"sort": Sort.STAGE.value, "view": View.LIST.value}


@dataclass(frozen=True)
class BoardFilter:
    """Anything the address says that is not one of the choices counts as not said."""

    stage: str = ""
    ward: str = ""
    band: str = ""
    agency: str = ""
    aim: str = ""
    commitment: str = ""
    review: str = ""
    mine: str = ""
    late: str = ""
    sort: str = USUAL["sort"]
    view: str = USUAL["view"]

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "BoardFilter":
        sort = query.get("sort", "")
        return cls(
            stage=_one_of(Stage, query.get("stage")),
            ward=_number(query.get("ward")),
            band=NOT_SCORED if query.get("band") == NOT_SCORED else _one_of(Band, query.get("band")),
            agency=_number(query.get("agency")),
            aim=_one_of(Aim, query.get("aim")),
            commitment=_number(query.get("commitment")),
            review=_one_of(Review, query.get("review")),
            mine="1" if query.get("mine") == "1" else "",
            late="1" if query.get("late") == "1" else "",
            sort=sort if _one_of(Sort, sort.removeprefix("-")) else USUAL["sort"],
            view=_one_of(View, query.get("view")) or USUAL["view"],
        )

    @property
    def key(self) -> Sort:
        return Sort(self.sort.removeprefix("-"))

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def is_columns(self) -> bool:
        return self.view == View.COLUMNS

    @property
    def is_narrowed(self) -> bool:
        return any(self.narrowing().values())

    def narrowing(self) -> dict[str, str]:
        """What narrows the list, by name, without how it is laid out."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in USUAL}

    def query(self, *leaving_out: str) -> dict[str, str]:
        """The same as the parts of an address; what is usual or not said is left out."""
        return {
            name: value
            for name, value in vars(self).items()
            if value and value != USUAL.get(name) and name not in leaving_out
        }

    @property
    def cleared(self) -> str:
        """The address of this board with nothing narrowed, laid out as it is."""
        return self.address(**dict.fromkeys(self.narrowing(), ""))

    def address(self, **changes: str) -> str:
        """The address of this board with something else asked for; an empty word takes a filter away."""
        query = replace(self, **changes).query()
        return f"{PATH}?{urlencode(query)}" if query else PATH


def _one_of(kind: type[StrEnum], typed: str | None) -> str:
    return typed if typed and typed in {member.value for member in kind} else ""


def _number(typed: str | None) -> str:
    return str(int(typed)) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else ""
