"""Outlines for tests: square wards in a row, as the file that an administrator loads."""

import json
from collections.abc import Sequence
from typing import Any

from psg.accounts.models import User
from psg.subjects.outlines.models import OutlineSet
from psg.subjects.outlines.queries import outlines_in_use
from psg.subjects.outlines.services import load_outlines
from psg.web.dates import now

WEST, SOUTH, SIDE = 0.1, 52.3, 0.1


def ring(place: int = 0) -> list[list[float]]:
    """The corners of the square with this place in the row, the first again at the end."""
    west = WEST + SIDE * place
    across = [west, west + SIDE, west + SIDE, west, west]
    return [[x, y] for x, y in zip(across, [SOUTH, SOUTH, SOUTH + SIDE, SOUTH + SIDE, SOUTH], strict=True)]


def feature(name: str, place: int = 0, **changes: Any) -> dict[str, Any]:
    geometry = changes.pop("geometry", {"type": "Polygon", "coordinates": [ring(place)]})
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry} | changes


def geojson(*features: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | changes).encode()


def make_outlines(names: Sequence[str], *, by: User | None = None) -> OutlineSet:
    content = geojson(*(feature(name, place) for place, name in enumerate(names)))
    load_outlines(content, source="Drawn for a test", licence="Anybody’s", by=by, now=now())
    made = outlines_in_use()
    assert made is not None
    return made
