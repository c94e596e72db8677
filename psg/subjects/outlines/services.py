"""Loading a file of outlines in place of the one before, and going back to that."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects.models import Ward
from psg.subjects.outlines.geojson import Area, plain, read_areas
from psg.subjects.outlines.models import Outline, OutlineSet
from psg.subjects.queries import wards

VERSIONS_KEPT = 5
FEW = 5


@dataclass(frozen=True)
class Loaded:
    """What a load did. `without_ward`: areas that no ward of the district has the name of."""

    outlines: int
    without_ward: tuple[str, ...]
    without_outline: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        said = [f"{self.outlines} outlines are loaded."]
        if self.without_ward:
            said.append(f"Drawn, but no ward of the district: {names(self.without_ward)}.")
        if self.without_outline:
            said.append(f"Wards without an outline: {names(self.without_outline)}.")
        return said


def load_outlines(
    data: bytes,
    *,
    source: str,
    licence: str,
    name_property: str = "",
    by: User | None,
    now: datetime,
) -> Loaded:
    """Read a GeoJSON file and draw maps over it from now on. `Refused` says what is wrong with the file."""
    if not source.strip() or not licence.strip():
        raise Refused("Say where the outlines come from, and under which licence: both stand under the map")
    known = {plain(ward.name): ward for ward in wards()}
    areas = read_areas(data, known_names=known, name_property=name_property)
    if not any(plain(area.name) in known for area in areas):
        raise Refused(
            f"None of the areas has the name of a ward of the district: the first is “{areas[0].name}”."
            " Name the property that holds the names of wards, or load another file"
        )
    made = OutlineSet(
        source=source.strip(),
        licence=licence.strip(),
        file_hash=sha256(data).hexdigest(),
        loaded_at=now,
        loaded_by=by,
        outlines=[_outline(area, known.get(plain(area.name))) for area in areas],
    )
    db.session.add(made)
    db.session.flush()
    _forget_oldest()
    audit.record(
        Operation.COLLECTION, "outlines.load", by=by, obj=made, at=now, file=made.file_hash, areas=len(areas)
    )
    drawn = {plain(area.name) for area in areas}
    return Loaded(
        outlines=len(areas),
        without_ward=tuple(area.name for area in areas if plain(area.name) not in known),
        without_outline=tuple(ward.name for name, ward in known.items() if name not in drawn),
    )


def take_back(version: OutlineSet, *, by: User, now: datetime) -> None:
    """Maps are drawn over the version before it again, or over none."""
    if version.withdrawn_at is not None:
        raise Refused("These outlines were taken back already")
    version.withdrawn_at, version.withdrawn_by = now, by
    audit.record(Operation.ALTERATION, "outlines.take_back", by=by, obj=version, at=now)


def names(some: Sequence[str]) -> str:
    """The first few of many names, in words."""
    return ", ".join(some[:FEW]) + (f" and {len(some) - FEW} more" if len(some) > FEW else "")


def _outline(area: Area, ward: Ward | None) -> Outline:
    return Outline(
        name=area.name,
        ward_id=ward.id if ward else None,
        coordinates=json.dumps(area.polygons, separators=(",", ":")),
    )


def _forget_oldest() -> None:
    older = select(OutlineSet).order_by(OutlineSet.id.desc()).offset(VERSIONS_KEPT)
    for version in db.session.scalars(older):
        db.session.delete(version)
    db.session.flush()
