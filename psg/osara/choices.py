"""The lists that a task's form chooses from, by the name of the field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psg.accounts import queries as accounts
from psg.cases.models import Case
from psg.cases.queries import parties_of
from psg.osara import queries
from psg.responses import queries as responses
from psg.responses.models import LadderStep
from psg.web.fields import choices_of
from psg.web.forms import Form

Pairs = list[tuple[str, str]]


def _agencies(case: Case, row: Any) -> Pairs:
    return choices_of((agency.id, agency.name) for agency in accounts.partner_agencies())


def _people(case: Case, row: Any) -> Pairs:
    return choices_of((user.id, f"{user.name}, {user.agency.name}") for user in accounts.case_workers())


def _parties(case: Case, row: Any) -> Pairs:
    return choices_of(
        (party.id, f"{party.subject.reference} {party.subject.name}, {party.role.label.lower()}")
        for party in parties_of(case)
    )


def _hypotheses(case: Case, row: Any) -> Pairs:
    """Those that the analysis supports, and the one that is chosen already."""
    chosen = getattr(row, "hypothesis_id", None)
    return choices_of(
        (one.id, f"Because {one.because}"[:150])
        for one in queries.hypotheses_of(case)
        if one.is_supported or one.id == chosen
    )


def _objectives(case: Case, row: Any) -> Pairs:
    """Those without a measure yet, and the one that is measured by this row."""
    taken = {one.objective_id for one in queries.measures_of(case) if one is not row}
    return choices_of((one.id, one.measure) for one in queries.objectives_of(case) if one.id not in taken)


def _steps(case: Case, row: Any) -> Pairs:
    """Steps in force, and the one chosen already, whatever has become of it."""
    steps: Sequence[LadderStep] = [step for step in responses.ladder() if step.is_in_force]
    chosen: LadderStep | None = getattr(row, "step", None)
    if chosen is not None and chosen.id not in {step.id for step in steps}:
        steps = [*steps, chosen]
    return choices_of(
        (step.id, f"{step.title}{' (enforcement)' if step.is_enforcement else ''}") for step in steps
    )


LISTS: Mapping[str, Callable[[Case, Any], Pairs]] = {
    "agency_id": _agencies,
    "data_owner_id": _agencies,
    "owner_agency_id": _agencies,
    "owner_id": _people,
    "party_id": _parties,
    "hypothesis_id": _hypotheses,
    "objective_id": _objectives,
    "step_id": _steps,
}


def fill(form: Form, case: Case, row: Any = None) -> Form:
    for name, listed in LISTS.items():
        if name in form:
            form[name].choices = listed(case, row)
    return form
