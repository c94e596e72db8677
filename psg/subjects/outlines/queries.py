"""Which outlines are drawn, and which were."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from psg.extensions import db
from psg.subjects.models import Ward
from psg.subjects.outlines.models import Outline, OutlineSet
from psg.web.errors import NotFound


@dataclass(frozen=True)
class Version:
    """One file that was loaded, and how much there is in it. `is_in_use`: maps are drawn over it."""

    set: OutlineSet
    areas: int
    wards: int
    is_in_use: bool


def outlines_in_use() -> OutlineSet | None:
    return db.session.scalars(_in_use().options(selectinload(OutlineSet.outlines))).one_or_none()


def versions() -> Sequence[Version]:
    """Every file that is kept, the newest first, in two statements."""
    sets = db.session.scalars(
        select(OutlineSet)
        .options(joinedload(OutlineSet.loaded_by), joinedload(OutlineSet.withdrawn_by))
        .order_by(OutlineSet.id.desc())
    ).all()
    counted = db.session.execute(
        select(Outline.set_id, func.count(), func.count(Outline.ward_id.distinct())).group_by(Outline.set_id)
    )
    sizes = {number: (areas, wards) for number, areas, wards in counted}
    used = next((one.id for one in sets if one.withdrawn_at is None), None)
    return [Version(one, *sizes[one.id], is_in_use=one.id == used) for one in sets]


def version_in_use(number: int) -> OutlineSet:
    """The version with this number, where it is the one that is drawn: only that can be taken back."""
    found = db.session.scalars(_in_use()).one_or_none()
    if found is None or found.id != number:
        raise NotFound
    return found


def wards_without(version: OutlineSet) -> Sequence[str]:
    """The wards of the district that a version has no outline of."""
    drawn = select(Outline.ward_id).where(Outline.set_id == version.id, Outline.ward_id.is_not(None))
    return db.session.scalars(select(Ward.name).where(Ward.id.not_in(drawn)).order_by(Ward.name)).all()


def _in_use() -> Select[OutlineSet]:
    newest = select(func.max(OutlineSet.id)).where(OutlineSet.withdrawn_at.is_(None)).scalar_subquery()
    return select(OutlineSet).where(OutlineSet.id == newest)
