"""Reading outlines of areas from GeoJSON (RFC 7946): every way in which a file can be wrong gets a sentence.

Longitude comes before latitude, both in degrees (WGS 84). A polygon is an outer ring and any holes.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from psg.base import Refused

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]
Polygon: TypeAlias = list[Ring]

LARGEST_FILE = 20_000_000
MOST_AREAS = 500
MOST_POINTS = 1_000_000
LONGEST_NAME = 120
MOST_DRAWN = 50_000
"""Points that are left after simplifying: more would make every map a slow one."""
MOST_COMPARED = 100
"""Comparisons for each point of a file. An honest outline takes a third of it; a line bent on purpose takes thousands."""
DECIMALS = 5
TOLERANCE = 0.0002
"""How far a simplified line may leave the one it stands for, in degrees of latitude: about 22 metres."""
WEST, EAST, SOUTH, NORTH = -8.7, 1.8, 49.8, 60.9
WGS_84 = ("CRS84", "4326")
FEWEST_IN_RING = 4


@dataclass(frozen=True)
class Area:
    """One named area of a file."""

    name: str
    polygons: list[Polygon]


def read_areas(data: bytes, *, known_names: Iterable[str] = (), name_property: str = "") -> list[Area]:
    """The areas of a file, simplified. `Refused` says what is wrong with it.

    Without `name_property` the property is taken whose words name most of `known_names`.
    """
    features = _features(_document(data))
    name = name_property or _naming_property(features, known_names)
    read: dict[str, list[Polygon]] = {}
    for number, feature in enumerate(features, start=1):
        read.setdefault(_name(feature, number, name), []).extend(_polygons(feature, number))
    points = _points_of(read.values())
    if points > MOST_POINTS:
        raise Refused(
            f"The outlines have {points:,} points, more than {MOST_POINTS:,}: simplify the file first"
        )
    work = _Work(points * MOST_COMPARED)
    areas = [Area(name, [simplified(one, work) for one in polygons]) for name, polygons in read.items()]
    if _points_of(area.polygons for area in areas) > MOST_DRAWN:
        raise Refused("The outlines are too detailed to be drawn on a page: simplify the file first")
    return areas


def _points_of(areas: Iterable[list[Polygon]]) -> int:
    return sum(len(ring) for polygons in areas for polygon in polygons for ring in polygon)


@dataclass
class _Work:
    """How many comparisons simplifying may still take."""

    left: int

    def spend(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise Refused("The outlines bend too often to be simplified here: simplify the file first")


def _document(data: bytes) -> Mapping[str, Any]:
    if len(data) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // 1_000_000} MB: simplify the outlines first")
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refused("This is not a GeoJSON file: it cannot be read as JSON text") from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Refused("This is not a GeoJSON file of areas: it must be a FeatureCollection")
    crs = json.dumps(document.get("crs"))
    if crs != "null" and not any(name in crs for name in WGS_84):
        raise Refused(
            "The outlines must be in longitude and latitude (WGS 84): save the file in that system first"
        )
    return document


def _no_number(word: str) -> float:
    raise ValueError(word)


def _features(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise Refused("The file has no areas in it")
    if len(features) > MOST_AREAS:
        raise Refused(f"The file has {len(features):,} areas: {MOST_AREAS} at most can be drawn")
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise Refused(f"Area {number} has no properties, and so no name")
    return features


def _naming_property(features: Sequence[Mapping[str, Any]], known_names: Iterable[str]) -> str:
    """The property that names the areas: that which matches most names, or the first whose name says so."""
    known = {plain(name) for name in known_names}
    shared = [
        key
        for key in features[0]["properties"]
        if all(isinstance(feature["properties"].get(key), str) for feature in features)
    ]
    if not shared:
        raise Refused("No property names every area: the file needs one, such as WD13NM or name")

    def fitness(key: str) -> tuple[int, bool]:
        values = {plain(feature["properties"][key]) for feature in features}
        return len(values & known), "name" in key.lower() or key.upper().endswith("NM")

    fittest: str = max(shared, key=fitness)
    return fittest


def _name(feature: Mapping[str, Any], number: int, key: str) -> str:
    name = feature["properties"].get(key)
    if not isinstance(name, str) or not name.strip():
        raise Refused(f"Area {number} has no name in its property “{key[:40]}”")
    tidy = " ".join(name.split())
    if len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise Refused(f"Area {number} has a name that cannot be kept: {LONGEST_NAME} characters at most")
    return tidy


def _polygons(feature: Mapping[str, Any], number: int) -> list[Polygon]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise Refused(f"Area {number} is no polygon ({str(kind)[:40]}): only outlines of areas can be drawn")
    coordinates = geometry.get("coordinates")
    several = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(several, list) or not several:
        raise Refused(f"Area {number} has no coordinates")
    return [_polygon(rings, number) for rings in several]


def _polygon(rings: Any, number: int) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise Refused(f"Area {number} has a polygon without a ring")
    return [_ring(ring, number) for ring in rings]


def _ring(ring: Any, number: int) -> Ring:
    if not isinstance(ring, list) or len(ring) < FEWEST_IN_RING:
        raise Refused(f"Area {number} has a ring of fewer than {FEWEST_IN_RING} points")
    points = [_point(pair, number) for pair in ring]
    if points[0] != points[-1]:
        raise Refused(f"Area {number} has a ring that does not end where it begins")
    return points


def _point(pair: Any, number: int) -> Point:
    if not isinstance(pair, list) or len(pair) < 2 or not all(map(_is_number, pair[:2])):
        raise Refused(f"Area {number} has a point that is no pair of numbers")
    longitude, latitude = float(pair[0]), float(pair[1])
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        raise Refused(
            f"Area {number} has a point outside Great Britain: longitude comes first, then latitude, in degrees"
        )
    return longitude, latitude


def _is_number(value: Any) -> bool:
    """Within reason: JSON may hold a whole number that no float can, and 1e999 reads as infinite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1000 < value < 1000


def plain(name: str) -> str:
    """A name as two lists of wards may both write it."""
    words = name.casefold().replace("&", " and ").replace("-", " ").split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] == "ward" else words)


def simplified(polygon: Polygon, work: _Work) -> Polygon:
    """The same with fewer points; a hole that is too small to be seen is left out."""
    outer, *holes = (_thinned(ring, work) for ring in polygon)
    return [outer, *(hole for hole in holes if len(hole) > FEWEST_IN_RING)]


def _thinned(ring: Ring, work: _Work) -> Ring:
    """Douglas and Peucker: of a ring, its first point and the one farthest from it both stay."""
    far = max(range(len(ring)), key=lambda place: math.dist(ring[0], ring[place]))
    last = len(ring) - 1
    kept = sorted({0, far, last, *_corners(ring, 0, far, work), *_corners(ring, far, last, work)})
    points = [_rounded(ring[place]) for place in kept]
    return points if len(points) >= FEWEST_IN_RING else [_rounded(point) for point in ring]


def _corners(ring: Ring, first: int, last: int, work: _Work) -> Iterator[int]:
    """The points between two that leave the straight line by more than the tolerance. No recursion: rings are long."""
    spans = [(first, last)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        work.spend(end - start)
        place = max(range(start + 1, end), key=lambda middle: _distance(ring[middle], ring[start], ring[end]))
        if _distance(ring[place], ring[start], ring[end]) > TOLERANCE:
            yield place
            spans += [(start, place), (place, end)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """Of a point from a straight line, in degrees of latitude."""
    scale = math.cos(math.radians(start[1]))
    x, y = (point[0] - start[0]) * scale, point[1] - start[1]
    along_x, along_y = (end[0] - start[0]) * scale, end[1] - start[1]
    length = math.hypot(along_x, along_y)
    if length == 0:
        return math.hypot(x, y)
    share = min(max((x * along_x + y * along_y) / length**2, 0), 1)
    return math.hypot(x - share * along_x, y - share * along_y)


def _rounded(point: Point) -> Point:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)
