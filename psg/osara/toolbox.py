"""Planning and starting responses on a case: no response without a supported hypothesis, no enforcement past its lock."""

from datetime import date, datetime
from typing import Any

from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.cases.models import Case
from psg.cases.queries import may
from psg.osara import queries
from psg.osara.lock import Condition
from psg.osara.locks import lock_of
from psg.osara.models import Hypothesis
from psg.responses import enforcement, services
from psg.responses import queries as responses
from psg.responses.models import Response
from psg.web.dates import day, london

UNSUPPORTED = "Choose a hypothesis that the analysis supports; find the evidence first where there is none"


def plan_response(case: Case, *, hypothesis: Hypothesis, by: User, now: datetime, **values: Any) -> Response:
    """Add a response that rests on a hypothesis the analysis supports. The rest is `responses.plan_response`'s."""
    _check_hypothesis(case, hypothesis)
    return services.plan_response(case, hypothesis_id=hypothesis.id, by=by, now=now, **values)


def edit_response(
    response: Response, case: Case, *, hypothesis: Hypothesis, by: User, now: datetime, **values: Any
) -> None:
    if hypothesis.id != response.hypothesis_id:
        _check_hypothesis(case, hypothesis)
    services.edit_response(response, case, hypothesis_id=hypothesis.id, by=by, now=now, **values)


def start_response(response: Response, case: Case, *, started_on: date, by: User, now: datetime) -> None:
    """Begin a response: an enforcement step only past its lock, and nothing before the before-measure ends."""
    late = [one for one in queries.measures_of(case) if one.before_until >= started_on]
    if late:
        last = max(one.before_until for one in late)
        raise Refused(
            f"The before-measure runs to {day(last)}: enter a later day, or correct the measure", field="day"
        )
    missing = locked_by(lock_of(case, response, london(now).date()))
    services.start_response(response, case, started_on=started_on, lock_is_open=not missing, by=by, now=now)


def approve_enforcement(response: Response, case: Case, *, reason: str, by: User, now: datetime) -> None:
    """The chair's approval where Risk and Need are both low. It opens nothing else."""
    if not may(by, Permission.APPROVE, case, now):
        raise Refused("This is for the chair or coordinator: ask one of them")
    test = responses.test_for(response)
    if test is None:
        raise Refused("Answer the questions first: there is nothing to approve yet")
    enforcement.approve_enforcement(response, test, case, reason=reason, by=by, now=now)


def locked_by(found: tuple[Condition, ...]) -> list[Condition]:
    return [condition for condition in found if not condition.is_met]


def _check_hypothesis(case: Case, hypothesis: Hypothesis) -> None:
    if hypothesis.case_id != case.id or not hypothesis.is_supported:
        raise Refused(UNSUPPORTED, field="hypothesis_id")
