"""Counts of areas by month, kind and area. They are public: nothing is hidden where numbers are small."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, func, select

from psg.demand.areas.models import AreaContact, AreaMonth
from psg.extensions import db
from psg.subjects.models import Ward

LONGEST_TYPED = 80
SHOWN_MONTHS = 36
NOT_LOCATED = "No location given"
TOTAL = func.sum(AreaContact.count)
SORTS: Mapping[str, ColumnElement[Any]] = {
    "area": func.max(AreaContact.area_name),
    "ward": func.max(Ward.name),
    "count": TOTAL,
}
USUAL = "-count"
LABELS = {"area": "Area", "month": "Month", "kind": "Kind", "ward": "Ward"}
Choices = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class AreaFilter:
    """Anything the URL says that is not one of the choices counts as not said. `area` is a part of a name, or a code."""

    area: str = ""
    month: str = ""
    kind: str = ""
    ward: str = ""
    sort: str = USUAL

    @classmethod
    def from_query(cls, query: Mapping[str, str], choices: Choices) -> "AreaFilter":
        chosen = {name: query.get(name, "") for name in ("month", "kind", "ward")}
        sort = query.get("sort", "")
        return cls(
            area=" ".join(query.get("area", "").replace("\x00", "").split())[:LONGEST_TYPED],
            sort=sort if sort.removeprefix("-") in SORTS else USUAL,
            **{name: value if value in choices[name] else "" for name, value in chosen.items()},
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def query(self) -> dict[str, str]:
        return {name: value for name in LABELS if (value := getattr(self, name))}

    def whole_query(self) -> dict[str, str]:
        return self.query() | ({"sort": self.sort} if self.sort != USUAL else {})

    def tags(self, path: str, choices: Choices) -> list[tuple[str, str, str]]:
        return [
            (
                label,
                choices.get(name, {}).get(value, value),
                f"{path}?{urlencode(replace(self, **{name: ''}).whole_query())}",
            )
            for name, label in LABELS.items()
            if (value := getattr(self, name))
        ]


@dataclass(frozen=True)
class MonthCount:
    """`count` is nothing where no force has published the month: that is a gap."""

    month: date
    count: int | None


def choices() -> dict[str, dict[str, str]]:
    months = db.session.scalars(select(AreaMonth.month).distinct().order_by(AreaMonth.month.desc()))
    kinds = db.session.scalars(select(AreaContact.kind).distinct().order_by(AreaContact.kind))
    wards = db.session.execute(
        select(Ward.id, Ward.name)
        .where(Ward.id.in_(select(AreaContact.ward_id).where(AreaContact.ward_id.is_not(None))))
        .order_by(Ward.name)
    )
    return {
        "month": {f"{month:%Y-%m}": f"{month:%B %Y}" for month in months},
        "kind": {kind: kind for kind in kinds},
        "ward": {str(number): name for number, name in wards},
    }


def by_area(wanted: AreaFilter) -> Select[*tuple[Any, ...]]:
    order = SORTS[wanted.key].desc() if wanted.descending else SORTS[wanted.key].asc()
    return (
        select(
            AreaContact.area_code,
            func.max(AreaContact.area_name).label("area_name"),
            func.max(Ward.name).label("ward"),
            TOTAL.label("count"),
        )
        .join(AreaMonth, AreaMonth.id == AreaContact.month_id)
        .outerjoin(Ward, Ward.id == AreaContact.ward_id)
        .where(*_conditions(wanted))
        .group_by(AreaContact.area_code)
        .order_by(order.nulls_last(), AreaContact.area_code)
    )


def by_kind(wanted: AreaFilter) -> Sequence[tuple[str, int]]:
    rows = db.session.execute(
        select(AreaContact.kind, TOTAL)
        .join(AreaMonth, AreaMonth.id == AreaContact.month_id)
        .where(*_conditions(wanted))
        .group_by(AreaContact.kind)
        .order_by(TOTAL.desc(), AreaContact.kind)
    )
    return [(kind, count) for kind, count in rows]


def by_month(wanted: AreaFilter) -> list[MonthCount]:
    """The last three years up to the newest month that is published, whichever month is filtered for."""
    every = replace(wanted, month="")
    counted = db.session.execute(
        select(AreaMonth.month, TOTAL)
        .join(AreaContact, AreaContact.month_id == AreaMonth.id)
        .where(*_conditions(every))
        .group_by(AreaMonth.month)
    )
    counts = {row[0]: row[1] for row in counted}
    published = set(db.session.scalars(select(AreaMonth.month).distinct()))
    if not published:
        return []
    newest = max(published)
    first = max(min(published), _months_before(newest, SHOWN_MONTHS - 1))
    months = [_months_before(newest, back) for back in range(_months_between(first, newest), -1, -1)]
    return [MonthCount(month, counts.get(month, 0) if month in published else None) for month in months]


def _conditions(wanted: AreaFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.area:
        text = re.sub(r"([!%_])", r"!\1", wanted.area)
        is_named = AreaContact.area_name.ilike(f"%{text}%", escape="!")
        found.append(is_named | (AreaContact.area_code == wanted.area.upper()[:9]))
    if wanted.month:
        found.append(AreaMonth.month == date.fromisoformat(f"{wanted.month}-01"))
    if wanted.kind:
        found.append(AreaContact.kind == wanted.kind)
    if wanted.ward:
        found.append(AreaContact.ward_id == int(wanted.ward))
    return found


def _months_before(month: date, back: int) -> date:
    year, number = divmod(month.year * 12 + month.month - 1 - back, 12)
    return date(year, number + 1, 1)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
