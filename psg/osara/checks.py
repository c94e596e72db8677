"""Rules of what may be written, each with a sentence that says what to do. Asked before anything is changed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from psg.base import Refused
from psg.cases.models import Case
from psg.osara import queries
from psg.osara.answers import is_answered
from psg.osara.measurement import Window
from psg.osara.models import (
    AgencyReturn,
    AimType,
    BeforeAfter,
    Hypothesis,
    ReturnKind,
    SmartObjective,
    Verdict,
)
from psg.responses import queries as responses

CLOSED = "This case is closed: reopen it first"


def check_open(case: Case) -> None:
    if not case.is_open:
        raise Refused(CLOSED)


def check_record(record: Any, answers: Mapping[str, Any], today: date) -> None:
    """Rules over more than one answer of a stage record."""
    whole = _Whole(record, answers)
    if answers.get("aim_type") is AimType.REDUCE and whole["reduce_by"] is None:
        raise Refused("Enter by how much the problem is to be reduced", field="reduce_by")
    asked = answers.get("safeguarding_on")
    if asked is not None and asked > today:
        raise Refused("The day it was asked cannot be in the future", field="safeguarding_on")
    follow_up = answers.get("follow_up_on")
    if follow_up is not None and follow_up < today:
        raise Refused("The day it is looked at again must be today or later", field="follow_up_on")
    for name, sentence in _BARE.items():
        if answers.get(name) and not is_answered(answers[name]):
            raise Refused(sentence, field=name)


def check_listed(case: Case, kind: type[Any], row: Any, values: Mapping[str, Any], today: date) -> None:
    """Rules of one row, with what it holds already and what is new."""
    whole = _Whole(row, values)
    if kind is SmartObjective:
        _check_objective(whole)
    elif kind is AgencyReturn:
        _check_return(whole, today)
    elif kind is Hypothesis:
        _check_hypothesis(whole)
    elif kind is BeforeAfter:
        _check_measure(case, row, whole, today)


class _Whole:
    """A record as it would read once the new values were written."""

    def __init__(self, record: Any, values: Mapping[str, Any]) -> None:
        self._record, self._values = record, values

    def __getitem__(self, name: str) -> Any:
        return self._values[name] if name in self._values else getattr(self._record, name, None)


_BARE = {
    f"{side}_side": f"“n/a” is not enough for the {side} side: say “not applicable because …”"
    for side in ("victim", "offender", "place")
}


def _check_objective(objective: _Whole) -> None:
    if objective["baseline"] is None and not is_answered(objective["baseline_reason"]):
        raise Refused("Enter the number it starts from, or why there is none", field="baseline")
    if objective["outcome"] is not None and not is_answered(objective["outcome_data"]):
        raise Refused("Enter the data that shows it, or why it is not known", field="outcome_data")


def _check_return(returned: _Whole, today: date) -> None:
    if returned["window_until"] > today:
        raise Refused("The last day cannot be in the future", field="window_until")
    if returned["kind"] is ReturnKind.NIL:
        if returned["figure"]:
            raise Refused("A nil return has no figure: clear it, or choose data held", field="figure")
    elif returned["figure"] is None and not is_answered(returned["summary"]):
        raise Refused("Enter the figure or a summary of what is held", field="summary")


def _check_hypothesis(hypothesis: _Whole) -> None:
    verdict = hypothesis["verdict"]
    if verdict is Verdict.SUPPORTED and not is_answered(hypothesis["evidence_for"]):
        raise Refused("Enter the evidence that supports it", field="evidence_for")
    if verdict is Verdict.NOT_SUPPORTED and not is_answered(hypothesis["evidence_against"]):
        raise Refused("Enter the evidence against it", field="evidence_against")


def _check_measure(case: Case, row: Any, measure: _Whole, today: date) -> None:
    """The before window ends before the first response starts; the after window has had its whole length."""
    objective = measure["objective_id"]
    if objective not in {known.id for known in queries.objectives_of(case)}:
        raise Refused("Choose one of this case's objectives", field="objective_id")
    if any(other.objective_id == objective and other is not row for other in queries.measures_of(case)):
        raise Refused("This objective has a before-measure: change that one", field="objective_id")
    if measure["before_until"] > today:
        raise Refused("The last day cannot be in the future", field="before_until")
    start = responses.first_start(responses.responses_of(case))
    began = start.started_on if start else None
    if began is not None and measure["before_until"] >= began:
        raise Refused("The window must end before the first response started", field="before_until")
    if measure["after_from"] is None:
        return
    if began is None or measure["after_from"] < began:
        raise Refused("The window after starts once a response has started", field="after_from")
    ends = Window.starting(measure["after_from"], measure["window_days"]).last
    if ends > today:
        day = ends + timedelta(days=1)
        raise Refused(f"That window is not over: count it from {day.day} {day:%B %Y}", field="after_from")
