"""What the contacts say of a party, for the suggestions: harm done to a victim, by a perpetrator, at a place.

A victim's contacts as victim count here and nowhere towards demand; a perpetrator's only where they were
suspected, so that calling for help never raises Risk, and none that was a crisis of health. A place's
are all that count towards its demand.
"""

from datetime import date

from sqlalchemy import func, select

from psg.cases.models import Party
from psg.demand.conditions import COUNTED_ROLES, When, is_in_window, stands
from psg.demand.models import Contact, ContactRole, SuppliedMonth
from psg.demand.queries import incident_days
from psg.extensions import db
from psg.scoring.matrices.models import Matrix, MatrixKind
from psg.scoring.suggestions import MIDDLE, YEAR, Counted, Suggestion, suggest

_COUNTED = {
    MatrixKind.VICTIM: (frozenset({ContactRole.VICTIM}), "as victim"),
    MatrixKind.RISK: (frozenset({ContactRole.SUSPECTED}), "in which they were suspected"),
    MatrixKind.PLACE: (COUNTED_ROLES, "at this place"),
}


def suggestions_for(party: Party, matrix: Matrix, as_at: date) -> dict[str, Suggestion]:
    """For each factor that contacts may suggest, by its code: three statements, or none where there is none."""
    measured = {factor.code: factor.suggested_by for factor in matrix.factors if factor.suggested_by}
    if not measured or matrix.kind not in _COUNTED:
        return {}
    counted = _counted(party, matrix.kind, as_at)
    return {code: suggest(measure, counted) for code, measure in measured.items()}


def _counted(party: Party, kind: MatrixKind, as_at: date) -> Counted:
    roles, label = _COUNTED[kind]
    days = incident_days(
        party.subject, as_at=as_at, days=YEAR, roles=roles, with_crisis=kind is not MatrixKind.RISK
    )
    supplied = db.session.scalar(select(func.min(SuppliedMonth.month)))
    known = [day for day in (supplied, min(days, default=None)) if day is not None]
    return Counted(
        as_at=as_at,
        days=days,
        label=label,
        agencies=_agencies(party, roles, as_at),
        known_from=min(known, default=None),
    )


def _agencies(party: Party, roles: frozenset[ContactRole], as_at: date) -> int:
    when = When(as_at)
    return (
        db.session.scalar(
            select(func.count(Contact.agency_id.distinct())).where(
                Contact.subject_id == party.subject_id,
                Contact.role.in_(sorted(roles)),
                is_in_window(when, MIDDLE),
                stands(when),
            )
        )
        or 0
    )
