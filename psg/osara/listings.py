"""What the tasks list: how its rows are read, shown, added and amended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from psg.accounts.models import User
from psg.cases.models import Case
from psg.osara import adapters, cards, forms, queries, records
from psg.osara.cards import Card
from psg.osara.models import AgencyReturn, BeforeAfter, Hypothesis, SmartObjective
from psg.responses import queries as responses
from psg.responses.forms import OfferForm, OfferOutcomeForm, ResponseForm
from psg.responses.models import Response, SupportOffer
from psg.web.forms import EditForm

Add = Callable[[Case, Mapping[str, Any], User, datetime], Any]
Amend = Callable[[Any, Case, Mapping[str, Any], User, datetime], None]


@dataclass(frozen=True)
class Listing:
    """What a task lists. Without `add` nothing is added here: the rows come from another task."""

    noun: str
    kind: type[Any]
    load: Callable[[Case], Sequence[Any]]
    card: Callable[[Any], Card]
    empty: str
    edit_form: type[EditForm]
    amend: Amend
    add_form: type[EditForm] | None = None
    add: Add | None = None
    change: str = "Change"

    @property
    def article(self) -> str:
        return "an" if self.noun[0] in "aeiou" else "a"


def _amend(row: Any, case: Case, values: Mapping[str, Any], by: User, now: datetime) -> None:
    records.amend(row, case, by=by, now=now, **values)


def _add(kind: type[records.Listed], case: Case, values: Mapping[str, Any], by: User, now: datetime) -> Any:
    return records.add_to_record(case, kind, by=by, now=now, **values)


OBJECTIVES = Listing(
    "objective",
    SmartObjective,
    queries.objectives_of,
    cards.objective_card,
    "Objectives appear here: what is measured, from what number to what target, by when.",
    forms.ObjectiveForm,
    _amend,
    forms.ObjectiveForm,
    partial(_add, SmartObjective),
)
RETURNS = Listing(
    "agency return",
    AgencyReturn,
    queries.returns_of,
    cards.return_card,
    "What each agency holds appears here. Nothing held is an answer too: record a nil return.",
    forms.ReturnForm,
    _amend,
    forms.ReturnForm,
    partial(_add, AgencyReturn),
)
HYPOTHESES = Listing(
    "hypothesis",
    Hypothesis,
    queries.hypotheses_of,
    cards.hypothesis_card,
    "Hypotheses appear here: because of this, we would expect that.",
    forms.HypothesisForm,
    _amend,
    forms.HypothesisForm,
    partial(_add, Hypothesis),
)
RESPONSES = Listing(
    "response",
    Response,
    responses.responses_of,
    cards.response_card,
    "Responses appear here, each tied to a hypothesis that the analysis supports.",
    ResponseForm,
    adapters.edit_response,
    ResponseForm,
    adapters.plan_response,
)
OFFERS = Listing(
    "offer of support",
    SupportOffer,
    responses.offers_of,
    cards.offer_card,
    "Support that was offered appears here, with what came of it.",
    OfferOutcomeForm,
    adapters.record_outcome,
    OfferForm,
    adapters.offer_support,
    "Record what came of it",
)
BEFORE = Listing(
    "measure",
    BeforeAfter,
    queries.measures_of,
    cards.measure_card,
    "Counts over a window before the work starts appear here.",
    forms.BeforeForm,
    _amend,
    forms.BeforeForm,
    partial(_add, BeforeAfter),
)
AFTER = Listing(
    "measure",
    BeforeAfter,
    queries.measures_of,
    cards.measure_card,
    "No count was taken before the work started: there is nothing to compare with.",
    forms.AfterForm,
    _amend,
    change="Record the count after",
)
OUTCOMES = Listing(
    "objective",
    SmartObjective,
    queries.objectives_of,
    cards.objective_card,
    "The case has no objective yet: add one under Objective.",
    forms.OutcomeForm,
    _amend,
    change="Record the outcome",
)
