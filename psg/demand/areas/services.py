"""Keeping what is published of areas. What a file says of a force, a month and an area stands in place of what was said before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO

from sqlalchemy import delete, select

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.areas.models import AreaContact, AreaFile, AreaMonth
from psg.demand.areas.street_level import Counted, Spot, count_streets, street_tables
from psg.demand.areas.wards import wards_of
from psg.demand.imports.bulk import insert_rows, parts
from psg.demand.imports.files import LARGEST_FILE
from psg.extensions import db, hold
from psg.subjects.models import Ward
from psg.web.dates import london

KEPT = (
    "month_id",
    "file_id",
    "area_code",
    "area_name",
    "ward_id",
    "kind",
    "location",
    "latitude",
    "longitude",
    "count",
)
FEW = 3
Places = dict[str, Counter[Spot]]


@dataclass
class AreasImported:
    """`counted`: crimes and incidents that are held for the first time, or anew; `held` those that stood so already."""

    months: set[date]
    counted: int = 0
    held: int = 0
    replaced: int = 0
    """Areas of a month of which something else was held before."""
    left_out: int = 0
    alike: int = 0

    def __str__(self) -> str:
        if not self.counted and not self.replaced:
            return f"Nothing changed: all {self.held:,} crimes and incidents were held already."
        parts = [f"{self.counted:,} crimes and incidents counted", f"{self.held:,} held already"]
        parts += [f"{self.replaced:,} areas of a month counted anew"] if self.replaced else []
        parts += [f"{self.alike:,} rows of a crime told before"] if self.alike else []
        parts += [f"{self.left_out:,} rows left out"] if self.left_out else []
        return f"{', '.join(parts)}."


def bring_areas(content: bytes, *, by: User, now: datetime) -> AreasImported | None:
    """Import a file of street-level crime, or nothing where it is another one."""
    if len(content) > LARGEST_FILE:
        return None
    tables = street_tables(lambda: BytesIO(content))
    if not tables:
        return None
    counted = count_streets(tables, london(now).date())
    return import_areas(counted, file_hash=sha256(content).hexdigest(), by=by, now=now)


def import_areas(
    counted: Counted,
    *,
    file_hash: str,
    ward: Ward | None = None,
    skip_bad_rows: bool = False,
    by: User | None,
    now: datetime,
) -> AreasImported:
    """Raises `Refused` where a row cannot be read, unless such rows are to be left out and others remain.

    `ward`: that of every area in the file. Where none is said, an area keeps the one it has, or gets that of the outlines.
    """
    refuse_bad_rows(counted, skip_bad_rows=skip_bad_rows)
    done = AreasImported(
        months={month for _, month in counted.areas}, left_out=len(counted.problems), alike=counted.alike
    )
    source = AreaFile(file_hash=file_hash, by_id=by.id if by else None, created_at=now)
    db.session.add(source)
    db.session.flush()
    wards = wards_of(counted, ward)
    for (force, month), areas in sorted(counted.areas.items(), key=lambda pair: pair[0]):
        held = _held_month(force, month, now)
        told = _replace(held, areas, wards, done)
        held.changed_at = now if told else held.changed_at
        rows = [
            (held.id, source.id, code, counted.names[code], wards.get(code), *spot, count)
            for code, spot, count in told
        ]
        for part in parts(rows):
            insert_rows(AreaContact, KEPT, part)
    changed = bool(done.counted or done.replaced)
    if not changed:
        db.session.delete(source)
    audit.record(
        Operation.COLLECTION,
        "demand.areas",
        by=by,
        obj=source if changed else None,
        at=now,
        file=file_hash,
        added=done.counted,
        held=done.held,
        left_out=done.left_out,
    )
    db.session.flush()
    return done


def refuse_bad_rows(counted: Counted, *, skip_bad_rows: bool) -> None:
    problems = counted.problems
    if not problems or (skip_bad_rows and len(problems) < counted.total):
        return
    first = " ".join(f"{f'{name}: ' if name else ''}{problem}." for name, problem in problems[:FEW])
    raise Refused(
        f"Nothing was imported: {len(problems):,} of {counted.total:,} rows cannot be. {first}", field="file"
    )


def _held_month(force: str, month: date, now: datetime) -> AreaMonth:
    """The one row of this force and month, held until the transaction ends: two files take their turn."""
    held = db.session.scalars(
        select(AreaMonth).where(AreaMonth.force == force, AreaMonth.month == month)
    ).one_or_none()
    if held is None:
        held = AreaMonth(force=force, month=month, changed_at=now)
        db.session.add(held)
        db.session.flush()
    hold(held)
    return held


def _replace(
    held: AreaMonth, areas: Places, wards: Mapping[str, int], done: AreasImported
) -> list[tuple[str, Spot, int]]:
    """What to add, once those of areas of which something else is said now are gone."""
    before, in_wards = _held(held.id, areas)
    rows: list[tuple[str, Spot, int]] = []
    changed = []
    for code, spots in sorted(areas.items()):
        moved = code in wards and in_wards[code] != {wards[code]}
        if before.get(code) == spots and not moved:
            done.held += spots.total()
            continue
        done.counted += spots.total()
        if code in before:
            changed.append(code)
        rows += [(code, spot, spots[spot]) for spot in sorted(spots, key=repr)]
    done.replaced += len(changed)
    for some in parts(changed, 500):
        gone = delete(AreaContact).where(AreaContact.month_id == held.id, AreaContact.area_code.in_(some))
        db.session.execute(gone.execution_options(synchronize_session=False))
    return rows


def _held(month_id: int, areas: Iterable[str]) -> tuple[Places, dict[str, set[int | None]]]:
    wanted, before, wards = set(areas), Places(), defaultdict[str, set[int | None]](set)
    rows = db.session.execute(
        select(
            AreaContact.area_code,
            AreaContact.kind,
            AreaContact.location,
            AreaContact.latitude,
            AreaContact.longitude,
            AreaContact.count,
            AreaContact.ward_id,
        ).where(AreaContact.month_id == month_id)
    )
    for code, kind, location, latitude, longitude, count, ward_id in rows:
        if code in wanted:
            before.setdefault(code, Counter())[Spot(kind, location, latitude, longitude)] += count
            wards[code].add(ward_id)
    return before, wards
