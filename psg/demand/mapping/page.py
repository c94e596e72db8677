"""What the map shows one person: wards with their figures and, to those who read of places, places."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import and_

from psg.accounts.models import User
from psg.cases.visibility import subject_is_counted
from psg.demand import suppression
from psg.demand.conditions import When
from psg.demand.counting import WINDOWS
from psg.demand.mapping import drawing, policy, queries
from psg.demand.mapping.filters import MapFilter
from psg.demand.mapping.policy import GRID_METRES, Precision
from psg.demand.mapping.queries import Site, Wanted
from psg.demand.suppression import Hidden, Shown
from psg.subjects.models import Place
from psg.subjects.outlines.geojson import Polygon
from psg.subjects.outlines.models import OutlineSet
from psg.subjects.outlines.queries import outlines_in_use
from psg.subjects.queries import wards
from psg.subjects.visibility import is_one_of_its_own, is_visible

MOST_DRAWN = 200
SETTLES = timedelta(days=31)
"""How long after a quarter agencies still send what belongs to it; then its totals are given, and stay."""
Wards = Sequence[tuple[int | None, str]]


@dataclass(frozen=True)
class Dot:
    """A place in the list, and how exactly its mark stands where it is."""

    number: int
    record_id: str
    name: str
    ward: str | None
    incidents: int
    precision: Precision

    @property
    def reference(self) -> str:
        return Place.reference_for(self.number)

    @property
    def path(self) -> str:
        return f"/places/{self.reference}"


@dataclass(frozen=True)
class WardLine:
    """A ward with what is known of it. `places` is None for those who are shown no place."""

    number: int | None
    name: str
    places: int | None
    incidents: Shown
    rate: str

    @property
    def words(self) -> str:
        return self.incidents.value if isinstance(self.incidents, Hidden) else str(self.incidents)


@dataclass(frozen=True)
class Area:
    """An outline in the picture. `shade` is None where the number is covered, or the area is no ward of ours."""

    name: str
    words: str
    path: str
    shade: int | None
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    kilometre: float
    areas: Sequence[Area]
    legend: Sequence[tuple[int, str]]
    outlines: OutlineSet


@dataclass(frozen=True)
class MapPage:
    """`marks`: the places that are drawn; `undrawn`: those whose position is not known, or outside the picture."""

    wanted: Wanted
    sees_places: bool
    wards: Sequence[WardLine]
    total: Shown
    marks: Sequence[drawing.Mark[Dot]]
    undrawn: Sequence[Dot]
    more: int
    picture: Picture | None

    @property
    def dots(self) -> list[Dot]:
        return [*chain.from_iterable(mark.things for mark in self.marks), *self.undrawn]


@dataclass(frozen=True)
class _Ground:
    """The outlines in use, read once, and how they lie in the picture."""

    outlines: OutlineSet
    polygons: Mapping[int, Sequence[Polygon]]
    projection: drawing.Projection

    @classmethod
    def of(cls, outlines: OutlineSet) -> "_Ground":
        polygons = {one.id: one.polygons for one in outlines.outlines}
        rings = chain.from_iterable(chain.from_iterable(polygons.values()))
        return cls(outlines, polygons, drawing.Projection.of(chain.from_iterable(rings)))

    def area_of(self, ward_id: int | None) -> float:
        return sum(
            drawing.square_kilometres(self.polygons[one.id])
            for one in self.outlines.outlines
            if ward_id is not None and one.ward_id == ward_id
        )

    def picture(self, lines: Sequence[WardLine], marks: Sequence[drawing.Mark[Dot]] = ()) -> Picture:
        held = {line.number: line for line in lines if line.number is not None}
        numbers = [line.incidents for line in held.values() if not isinstance(line.incidents, Hidden)]
        protects = any(line.places is None for line in lines)
        shading = drawing.Shading(max(numbers, default=0), *([Hidden.SMALL.value] if protects else []))
        taken, areas = [mark.at for mark in marks], []
        for one in self.outlines.outlines:
            line = held.get(one.ward_id) if one.ward_id else None
            polygons = self.polygons[one.id]
            words = line.words if line else "not a ward of the district"
            middle = self.projection.point(*drawing.label_point(polygons))
            areas.append(
                Area(
                    one.name,
                    words,
                    self.projection.path(polygons),
                    _shade(shading, line.incidents) if line else None,
                    *drawing.clear_of(middle, (one.name, words), taken),
                )
            )
        shape = self.projection
        return Picture(
            shape.width, shape.height, shape.kilometre, areas, shading.legend, outlines=self.outlines
        )


def map_page(user: User, asked: MapFilter, today: date) -> MapPage:
    outlines = outlines_in_use()
    ground = _Ground.of(outlines) if outlines else None
    return (_places if policy.sees_places(user, today) else _totals)(user, asked, today, ground)


def settled_quarter(today: date) -> When:
    """The end of the last quarter that is complete, as it was known a month after.

    Totals are of this day alone: with days of one's own choosing, two of them would tell what happened between.
    """
    day = today - SETTLES
    end = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) - timedelta(days=1)
    return When(end, end + SETTLES)


def _totals(user: User, _asked: MapFilter, today: date, ground: _Ground | None) -> MapPage:
    """Wards under the rules of small numbers, whatever the address asks for."""
    wanted = Wanted(settled_quarter(today), max(WINDOWS))
    counts = _by_ward(queries.sites(and_(is_one_of_its_own(), subject_is_counted(user)), wanted))
    named = _named(counts)
    shown = suppression.parts([counts[key] for key, _ in named])
    lines = [
        WardLine(key, name, None, number, _rate(number, key, ground))
        for (key, name), number in zip(named, shown, strict=True)
    ]
    total = suppression.alone(sum(counts.values()))
    return MapPage(wanted, False, lines, total, (), (), 0, ground.picture(lines) if ground else None)


def _places(user: User, asked: MapFilter, today: date, ground: _Ground | None) -> MapPage:
    """Everything that this person may see of places, and of those nothing else is counted."""
    wanted = Wanted(asked.asked.when, asked.days, asked.contact_kind)
    found, held = queries.sites(is_visible(user), wanted), queries.places_by_ward(is_visible(user))
    counts = _by_ward(found)
    lines = [
        WardLine(key, name, held.get(key, 0), counts[key], _rate(counts[key], key, ground))
        for key, name in _named(held)
    ]
    drawn = found[:MOST_DRAWN]
    marks, undrawn = _dots(user, drawn, today, ground)
    return MapPage(
        wanted,
        True,
        lines,
        sum(counts.values()),
        marks,
        undrawn,
        len(found) - len(drawn),
        ground.picture(lines, marks) if ground else None,
    )


def _dots(
    user: User, sites: Sequence[Site], today: date, ground: _Ground | None
) -> tuple[list[drawing.Mark[Dot]], list[Dot]]:
    numbers = [site.number for site in sites]
    rows, worked = queries.named(numbers), queries.worked_on_by(user, numbers)
    placed, undrawn = [], []
    for site in sites:
        precision = policy.precision_for(user, today, works_there=site.number in worked)
        row = rows[site.number]
        dot = Dot(
            site.number, f"{Place.record_kind}_{row.audit_id}", row.name, row.ward, site.incidents, precision
        )
        point = _position(site, precision, ground)
        if point is None:
            undrawn.append(dot)
        else:
            placed.append((point, dot))
    return drawing.marks(placed), undrawn


def _position(site: Site, precision: Precision, ground: _Ground | None) -> tuple[float, float] | None:
    if ground is None or site.longitude is None or site.latitude is None or precision is Precision.WARD:
        return None
    point = (site.longitude, site.latitude)
    if precision is Precision.SQUARE:
        point = drawing.coarsened(*point, GRID_METRES)
    drawn = ground.projection.point(*point)
    return drawn if ground.projection.holds(drawn) else None


def _by_ward(found: Iterable[Site]) -> Counter[int | None]:
    counts: Counter[int | None] = Counter()
    for site in found:
        counts[site.ward_id] += site.incidents
    return counts


def _named(keys: Mapping[int | None, int]) -> Wards:
    """Every ward of the district, and what stands for none where there is any."""
    named: list[tuple[int | None, str]] = [(ward.id, ward.name) for ward in wards()]
    return [*named, (None, "Ward not recorded")] if None in keys else named


def _rate(number: Shown, ward_id: int | None, ground: _Ground | None) -> str:
    if ground is None or isinstance(number, Hidden):
        return "–"
    return drawing.to_a_square_kilometre(number, ground.area_of(ward_id))


def _shade(shading: drawing.Shading, number: Shown) -> int | None:
    """A small number is of the class of small numbers, hidden or not; one that covers another has no class."""
    if isinstance(number, Hidden):
        return 1 if number is Hidden.SMALL else None
    return shading.shade(number)
