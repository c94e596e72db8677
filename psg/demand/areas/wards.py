"""Which ward an area of the census is in: as somebody chose, else as the outlines of wards have it.

Areas of the census and wards do not fit into one another everywhere: the ward is that in which more than half
of what is told of the area happened. Outlines are simplified and spots are coarse, so that an area at a border
may stand in its neighbour.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import pairwise

from sqlalchemy import select

from psg.demand.areas.models import AreaContact
from psg.demand.areas.street_level import Counted, Spot
from psg.extensions import db
from psg.subjects.models import Ward
from psg.subjects.outlines.geojson import Polygon
from psg.subjects.outlines.queries import outlines_in_use

Outlines = list[tuple[int, list[Polygon]]]


def wards_of(counted: Counted, chosen: Ward | None) -> dict[str, int]:
    """The keys of the wards of these areas, of those of which one is known."""
    if chosen is not None:
        return {code: chosen.id for code in counted.names if code}
    known = _held(counted.names)
    unknown = set(counted.names).difference(known, {""})
    return known | (_by_outline(counted, unknown) if unknown else {})


def _held(codes: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(AreaContact.area_code, AreaContact.ward_id).where(AreaContact.ward_id.is_not(None)).distinct()
    )
    return {code: ward_id for code, ward_id in rows if ward_id is not None and code in codes}


def _by_outline(counted: Counted, codes: Collection[str]) -> dict[str, int]:
    drawn = outlines_in_use()
    outlines = [(one.ward_id, one.polygons) for one in drawn.outlines if one.ward_id] if drawn else []
    if not outlines:
        return {}
    told: dict[str, Counter[Spot]] = {code: Counter() for code in codes}
    for areas in counted.areas.values():
        for code in told.keys() & areas.keys():
            told[code].update(areas[code])
    wards = {code: _most(spots, outlines) for code, spots in told.items()}
    return {code: ward_id for code, ward_id in wards.items() if ward_id is not None}


def _most(spots: Mapping[Spot, int], outlines: Outlines) -> int | None:
    inside, located = Counter[int](), 0
    for spot, count in spots.items():
        if spot.latitude is not None and spot.longitude is not None:
            located += count
            at = spot.longitude, spot.latitude
            found = next((ward for ward, shapes in outlines if any(_is_in(at, one) for one in shapes)), None)
            if found is not None:
                inside[found] += count
    return next((ward for ward, number in inside.items() if 2 * number > located), None)


def _is_in(at: tuple[float, float], polygon: Polygon) -> bool:
    """Whether a line drawn eastwards crosses its edges, holes among them, an odd number of times."""
    east, north = at
    is_in = False
    for ring in polygon:
        for (x, y), (next_x, next_y) in pairwise(ring):
            if (y > north) != (next_y > north) and east < x + (north - y) * (next_x - x) / (next_y - y):
                is_in = not is_in
    return is_in
