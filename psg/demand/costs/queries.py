"""The unit costs in force, and the contacts that they are put on.

A contact in a crisis of health is not among them: it counts towards support, and a price on it would be
evidence of unnecessary use. Contacts as victim or witness, and those left out of the counts, are not either.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from psg.accounts.models import Agency, AgencyKind, User
from psg.cases.visibility import subject_is_counted
from psg.demand import suppression
from psg.demand.conditions import When, is_counted, is_in_window
from psg.demand.costs.arithmetic import whole_pounds
from psg.demand.costs.models import CostSet
from psg.demand.counting import WINDOWS
from psg.demand.models import Contact
from psg.extensions import db
from psg.subjects.models import Subject


@dataclass(frozen=True)
class CostLine:
    """What contacts with agencies of a kind cost the partnership, or the words instead. None: no unit cost."""

    kind: AgencyKind
    shown: str | None


def set_in_force(day: date) -> CostSet | None:
    """The last version that had begun by the day, with its figures."""
    return db.session.scalars(
        select(CostSet)
        .where(CostSet.effective_from <= day)
        .options(selectinload(CostSet.costs))
        .order_by(CostSet.effective_from.desc(), CostSet.number.desc())
        .limit(1)
    ).one_or_none()


def sets() -> Sequence[CostSet]:
    """Every version, the newest first."""
    return db.session.scalars(
        select(CostSet)
        .options(selectinload(CostSet.costs), joinedload(CostSet.entered_by, innerjoin=True))
        .order_by(CostSet.number.desc())
    ).all()


def contacts_by_kind(subject_ids: Collection[int], when: When) -> Mapping[AgencyKind, int]:
    """Contacts of these people and places together in the longest window, by kind of agency."""
    rows = db.session.execute(
        select(Agency.kind, func.count().label("number"))
        .select_from(Contact)
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Contact.subject_id.in_(sorted(subject_ids)), _has_a_price(when))
        .group_by(Agency.kind)
    )
    return {row.kind: row.number for row in rows}


def totals(user: User, costs: CostSet, when: When) -> list[CostLine]:
    """The whole partnership by kind of agency, over the people and places that a total may hold.

    No line stands on fewer than five of them, and nothing sums the lines, which would give a hidden one back.
    """
    rows = db.session.execute(
        select(Agency.kind, func.count(), func.count(Contact.subject_id.distinct()))
        .select_from(Contact)
        .join(Agency, Agency.id == Contact.agency_id)
        .join(Subject, Subject.id == Contact.subject_id)
        .where(_has_a_price(when), subject_is_counted(user))
        .group_by(Agency.kind)
    )
    found = {kind: (number, subjects) for kind, number, subjects in rows}
    pence = costs.pence
    return [
        CostLine(kind, _shown(*found[kind], pence[kind]) if kind in pence else None)
        for kind in AgencyKind
        if kind in found
    ]


def _shown(contacts: int, subjects: int, pence: int) -> str:
    if suppression.is_small(subjects):
        return suppression.Hidden.COVER.value
    return whole_pounds(contacts * pence)


def _has_a_price(when: When) -> ColumnElement[bool]:
    return and_(is_counted(when), is_in_window(when, max(WINDOWS)), Contact.is_crisis.is_(False))
