"""From degrees to a picture: projection, coarse positions, marks and the classes of shade. No database.

Equirectangular with the width of a degree at the middle latitude: over a district of thirty kilometres the
error is less than the width of a line.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from psg.demand.suppression import FEWEST, SMALLEST_BASE
from psg.subjects.outlines.geojson import Point, Polygon

WIDTH = 640
MARGIN = 14
TALLEST = 760
METRES_IN_DEGREE = 111_320
SHADES = 3
MARK_RADIUS = 12
"""A mark is 24 units wide, and its link as large a target as WCAG 2.2 asks for (2.5.8)."""
LETTER, LINE = 7.4, 15
"""About how wide a letter of a label is, and how high a line of it."""
STEPS = (10, 20, 30, 40)
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Projection:
    """From longitude and latitude to the picture, north upwards."""

    west: float
    north: float
    across: float
    """Units of the picture to a degree of longitude."""
    down: float
    width: int
    height: int

    @classmethod
    def of(cls, points: Iterable[Point]) -> "Projection":
        some = list(points)
        west, east = min(x for x, _ in some), max(x for x, _ in some)
        south, north = min(y for _, y in some), max(y for _, y in some)
        shrunk = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * shrunk, 1e-6), max(north - south, 1e-6)
        scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
        return cls(
            west,
            north,
            scale * shrunk,
            scale,
            math.ceil(wide * scale) + 2 * MARGIN,
            math.ceil(high * scale) + 2 * MARGIN,
        )

    @property
    def kilometre(self) -> float:
        """How many units a kilometre is long."""
        return 1000 * self.down / METRES_IN_DEGREE

    def point(self, longitude: float, latitude: float) -> Point:
        x = MARGIN + (longitude - self.west) * self.across
        return round(x, 1), round(MARGIN + (self.north - latitude) * self.down, 1)

    def holds(self, point: Point) -> bool:
        return 0 <= point[0] <= self.width and 0 <= point[1] <= self.height

    def path(self, polygons: Sequence[Polygon]) -> str:
        """Holes are left open by the even-odd rule, whichever way round their rings run."""
        rings = (ring for polygon in polygons for ring in polygon)
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: Sequence[Point]) -> str:
        corners = " ".join("{},{}".format(*self.point(*point)) for point in ring[:-1])
        return f"M{corners}Z"


def coarsened(longitude: float, latitude: float, metres: int) -> Point:
    """The middle of the square of a grid that a point is in; the same square for all that are in it."""
    high = metres / METRES_IN_DEGREE
    middle = (math.floor(latitude / high) + 0.5) * high
    wide = high / math.cos(math.radians(middle))
    return (math.floor(longitude / wide) + 0.5) * wide, middle


def label_point(polygons: Sequence[Polygon]) -> Point:
    """Where an area's figure stands: the centre of its largest ring, or a corner where that is a line."""
    ring = max((polygon[0] for polygon in polygons), key=lambda outer: abs(_twice_the_area(outer)))
    twice = _twice_the_area(ring)
    if abs(twice) < 1e-12:
        return ring[0]
    (west, south), pairs = ring[0], list(pairwise(ring))
    turned = [
        (a[0] - west, a[1] - south, b[0] - west, b[1] - south) for a, b in pairs
    ]  # about the first corner, where products of large numbers lose nothing
    x = sum((ax + bx) * (ax * by - bx * ay) for ax, ay, bx, by in turned) / (3 * twice)
    y = sum((ay + by) * (ax * by - bx * ay) for ax, ay, bx, by in turned) / (3 * twice)
    return x + west, y + south


def square_kilometres(polygons: Sequence[Polygon]) -> float:
    """The area of polygons, their holes left out."""
    total = 0.0
    for outer, *holes in polygons:
        own = abs(_twice_the_area(outer)) - sum(abs(_twice_the_area(hole)) for hole in holes)
        total += own / 2 * math.cos(math.radians(outer[0][1]))
    return total * (METRES_IN_DEGREE / 1000) ** 2


def _twice_the_area(ring: Sequence[Point]) -> float:
    west, south = ring[0]
    return sum((a[0] - west) * (b[1] - south) - (b[0] - west) * (a[1] - south) for a, b in pairwise(ring))


def to_a_square_kilometre(number: int, area: float) -> str:
    """A rate, which is given for no base under 20 and no area too small to measure."""
    return f"{number / area:.1f}" if number >= SMALLEST_BASE and area > 0.1 else "–"


@dataclass
class Mark(Generic[Thing]):
    """One or several places that stand too near one another to be drawn apart."""

    number: int
    at: Point
    things: list[Thing] = field(default_factory=list)


def marks(placed: Iterable[tuple[Point, Thing]]) -> list[Mark[Thing]]:
    """Marks that do not touch, numbered in the order given; what is near an earlier one is in that."""
    found: list[Mark[Thing]] = []
    for point, thing in placed:
        near = next((mark for mark in found if math.dist(mark.at, point) < 2 * MARK_RADIUS + 2), None)
        if near is None:
            near = Mark(len(found) + 1, point)
            found.append(near)
        near.things.append(thing)
    return found


def clear_of(at: Point, words: Sequence[str], taken: Iterable[Point]) -> Point:
    """Where lines of words stand that no mark hides: at their spot, or the least way above or below it."""
    half = max(map(len, words)) * LETTER / 2 + MARK_RADIUS
    beside = [y for x, y in taken if abs(x - at[0]) < half]

    def is_free(y: float) -> bool:
        return all(not y - 0.7 * LINE - MARK_RADIUS < mark < y + 1.2 * LINE + MARK_RADIUS for mark in beside)

    ways = (0.0, *(way * step for step in STEPS for way in (1, -1)))
    free = next((at[1] + way for way in ways if is_free(at[1] + way)), at[1])
    return at[0], round(free, 1)


@dataclass(frozen=True)
class Shading:
    """The classes of shade: none, fewer than five, and three of equal width up to the most."""

    most: int
    small: str = f"1 to {FEWEST - 1}"

    @property
    def floors(self) -> tuple[int, ...]:
        """The lowest number of each of the three upper classes."""
        width = max((self.most - FEWEST + SHADES) // SHADES, 1)
        return tuple(FEWEST + width * place for place in range(SHADES))

    def shade(self, number: int) -> int:
        """0 none, 1 fewer than five, 2 to 4 the upper classes."""
        if number == 0:
            return 0
        return 1 + sum(number >= floor for floor in self.floors)

    @property
    def legend(self) -> list[tuple[int, str]]:
        words = ["0", self.small]
        for place, floor in enumerate(self.floors):
            last = self.floors[place + 1] - 1 if place + 1 < SHADES else None
            span = f"{floor} or more" if last is None else f"{floor} to {last}"
            words.append(str(floor) if last == floor else span)
        return list(enumerate(words))
