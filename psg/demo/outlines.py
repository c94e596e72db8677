"""Invented outlines of the demonstration's wards: of each ward, what is nearer to its point than to any other.

They show where wards lie to one another and are nobody's survey: no boundary of them is a real one.
"""

import json
import math
from collections.abc import Sequence
from datetime import datetime

from psg.accounts.models import User
from psg.demo.places import OPEN_LAND
from psg.subjects.outlines.geojson import Point
from psg.subjects.outlines.services import load_outlines

BEYOND = 0.06
"""How far the district reaches beyond its outermost points, in degrees of latitude."""
SIDES = 36
SHRUNK = math.cos(math.radians(52.35))
SOURCE = "Invented for the demonstration: the areas nearest to a point in each ward"
LICENCE = "Drawn by this product, and free of anybody’s rights"


def draw_outlines(by: User, now: datetime) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": _features()})
    load_outlines(content.encode(), source=SOURCE, licence=LICENCE, by=by, now=now)


def _features() -> list[dict[str, object]]:
    points = {ward: (longitude * SHRUNK, latitude) for ward, (latitude, longitude) in OPEN_LAND.items()}
    district = _around(list(points.values()))
    features: list[dict[str, object]] = []
    for ward, own in points.items():
        cell = district
        for other in points.values():
            cell = _nearer(cell, own, other) if other != own else cell
        ring = [[round(x / SHRUNK, 5), round(y, 5)] for x, y in (*cell, cell[0])]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": ward},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return features


def _around(points: Sequence[Point]) -> list[Point]:
    """A rounded shape about all points: in every direction as far as the farthest of them, and a little more."""
    turns = [2 * math.pi * side / SIDES for side in range(SIDES)]
    reach = [max(x * math.cos(turn) + y * math.sin(turn) for x, y in points) + BEYOND for turn in turns]
    shape: list[Point] = [(-9.0, 40.0), (9.0, 40.0), (9.0, 70.0), (-9.0, 70.0)]
    for turn, far in zip(turns, reach, strict=True):
        shape = _cut(shape, math.cos(turn), math.sin(turn), far)
    return shape


def _nearer(shape: Sequence[Point], own: Point, other: Point) -> list[Point]:
    """The part of a shape that is nearer to one point than to another."""
    across, up = other[0] - own[0], other[1] - own[1]
    middle = ((own[0] + other[0]) / 2, (own[1] + other[1]) / 2)
    return _cut(shape, across, up, across * middle[0] + up * middle[1])


def _cut(shape: Sequence[Point], across: float, up: float, far: float) -> list[Point]:
    """The part of a convex shape on this side of a straight line (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for (x, y), (next_x, next_y) in zip(shape, [*shape[1:], shape[0]], strict=True):
        here, there = across * x + up * y - far, across * next_x + up * next_y - far
        if here <= 0:
            kept.append((x, y))
        if here * there < 0:
            share = here / (here - there)
            kept.append((x + share * (next_x - x), y + share * (next_y - y)))
    return kept
