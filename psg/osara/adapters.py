"""From what a task's form holds to what its service takes: ids become the things they name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psg.accounts import queries as accounts
from psg.accounts.models import User
from psg.base import Refused
from psg.cases.models import Case
from psg.cases.queries import parties_of
from psg.osara import queries, toolbox
from psg.responses import queries as responses
from psg.responses import services
from psg.responses.models import Response, SupportOffer

Values = Mapping[str, Any]


def plan_response(case: Case, values: Values, by: User, now: datetime) -> Response:
    return toolbox.plan_response(case, by=by, now=now, **_response_values(case, values, None))


def edit_response(response: Response, case: Case, values: Values, by: User, now: datetime) -> None:
    toolbox.edit_response(response, case, by=by, now=now, **_response_values(case, values, response))


def offer_support(case: Case, values: Values, by: User, now: datetime) -> SupportOffer:
    party, agency = (
        _among(parties_of(case), values["party_id"]),
        _among(accounts.partner_agencies(), values["agency_id"]),
    )
    rest = {name: value for name, value in values.items() if name not in ("party_id", "agency_id")}
    return services.offer_support(case, party=party, agency=agency, by=by, now=now, **rest)


def record_outcome(offer: SupportOffer, case: Case, values: Values, by: User, now: datetime) -> None:
    services.record_outcome(offer, case, by=by, now=now, **values)


def _response_values(case: Case, values: Values, held: Response | None) -> dict[str, Any]:
    steps = [*responses.ladder(), *([held.step] if held else [])]
    hypothesis = _among(queries.hypotheses_of(case), values["hypothesis_id"])
    if hypothesis is None:
        raise Refused(toolbox.UNSUPPORTED, field="hypothesis_id")
    found = {
        "step": _among(steps, values["step_id"]),
        "hypothesis": hypothesis,
        "party": _among(parties_of(case), values["party_id"]),
        "owner_agency": _among(accounts.partner_agencies(), values["owner_agency_id"]),
        "owner": _among(accounts.case_workers(), values["owner_id"]),
    }
    return {**{name: value for name, value in values.items() if not name.endswith("_id")}, **found}


def _among(things: Sequence[Any], number: int | None) -> Any:
    return next((thing for thing in things if thing.id == number), None)
