"""The five gates: what each stage asks for before the case may leave it. Plain facts in, no database, no clock.

A gate reminds and never decides: a named person moves the case (UK GDPR Articles 22A to 22D). One
requirement may be waived by the chair with a reason; the safeguarding answer and the enforcement lock
may not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from psg.cases.models import Stage
from psg.osara.answers import is_answered
from psg.osara.rules import RULES

WITHOUT_ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Requirement:
    """One thing a gate asks for. `path` is the page that supplies it, under the case; `lacking` names what is missing."""

    key: str
    sentence: str
    path: str
    is_met: bool
    is_waivable: bool = True
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class ObjectiveFacts:
    baselines: Sequence[bool] = ()
    """For each objective, whether it has a number to start from or the reason none exists."""
    has_lead: bool = True
    has_commitment: bool = False
    sharing_basis: str = ""


@dataclass(frozen=True)
class ScanningFacts:
    returned: frozenset[int] = frozenset()
    cheers: Sequence[str] = ("",)
    unscored: Sequence[str] = ()
    has_scorable: bool = True
    safeguarding: bool = False
    duplicates: str = ""
    has_scope: bool = False


@dataclass(frozen=True)
class AnalysisFacts:
    sides: Mapping[str, str] = field(default_factory=dict)
    supported: int = 0
    equality: str = ""
    vulnerability: str = ""
    voice: str = ""
    is_reviewed: bool = False


@dataclass(frozen=True)
class ResponseFact:
    name: str
    has_owner: bool
    is_dated: bool
    is_supported: bool
    """Whether the analysis still supports the hypothesis it rests on."""
    locked_by: Sequence[str] = ()
    """For enforcement, the conditions of the lock that are not met."""


@dataclass(frozen=True)
class ResponseFacts:
    responses: Sequence[ResponseFact] = ()
    before_measures: int = 0


@dataclass(frozen=True)
class AssessmentFacts:
    undecided: Sequence[str] = ()
    """Objectives without an outcome, or with one that no data shows."""
    objectives: int = 0
    process: str = ""
    outcome: str = ""
    unscored: Sequence[str] = ()
    follow_up_on: date | None = None
    has_lesson: bool = False
    lesson_text: str = ""


Facts: TypeAlias = ObjectiveFacts | ScanningFacts | AnalysisFacts | ResponseFacts | AssessmentFacts


def requirements(facts: Facts) -> tuple[Requirement, ...]:
    """What the stage of these facts asks for, in the order of its tasks."""
    match facts:
        case ObjectiveFacts():
            return _objective(facts)
        case ScanningFacts():
            return _scanning(facts)
        case AnalysisFacts():
            return _analysis(facts)
        case ResponseFacts():
            return _response(facts)
        case AssessmentFacts():
            return _assessment(facts)


def without_assessment(stage: Stage) -> tuple[Requirement, ...]:
    """What closing asks for where the case has not reached Assessment: leave to do without it."""
    sentence = "Work the case through to Assessment, or ask the chair to waive it"
    return (Requirement(WITHOUT_ASSESSMENT, sentence, stage.value, False),)


def _objective(facts: ObjectiveFacts) -> tuple[Requirement, ...]:
    return (
        Requirement(
            "measures",
            "Add an objective with a number to start from, or the reason none exists",
            "objective/measures",
            any(facts.baselines),
        ),
        Requirement("lead", "Name who leads the case", "lead", facts.has_lead),
        Requirement(
            "commitment",
            "Link the commitment of the plan that the case serves",
            "commitments",
            facts.has_commitment,
        ),
        Requirement(
            "sharing",
            "Record on what basis the agencies share",
            "objective/sharing",
            is_answered(facts.sharing_basis),
        ),
    )


def _scanning(facts: ScanningFacts) -> tuple[Requirement, ...]:
    still = RULES.returns_needed - len(facts.returned)
    return (
        Requirement(
            "returns",
            "Record data or a nil return from at least two agencies",
            "scanning/returns",
            still <= 0,
            lacking=(f"{still} more to come",) if 0 < still < RULES.returns_needed else (),
        ),
        Requirement(
            "problem",
            "Show that the problem recurs, in CHEERS form",
            "scanning/problem",
            all(map(is_answered, facts.cheers)),
        ),
        Requirement(
            "scores",
            "Make the first Track and Score of everyone and every place that is scored",
            "scores",
            facts.has_scorable and not facts.unscored,
            lacking=tuple(facts.unscored),
        ),
        Requirement(
            "safeguarding",
            "Answer the safeguarding question",
            "scanning/safeguarding",
            facts.safeguarding,
            is_waivable=False,
        ),
        Requirement(
            "duplicates",
            "Check for duplicates, and say whether this is one problem or several",
            "scanning/duplicates",
            is_answered(facts.duplicates) and facts.has_scope,
        ),
    )


def _analysis(facts: AnalysisFacts) -> tuple[Requirement, ...]:
    unanswered = [side for side, text in facts.sides.items() if not is_answered(text)]
    return (
        Requirement(
            "triangle",
            "Answer for all three sides of the triangle, or say why a side does not apply",
            "analysis/triangle",
            bool(facts.sides) and not unanswered,
            lacking=tuple(unanswered),
        ),
        Requirement(
            "hypothesis",
            "Find evidence that supports at least one hypothesis",
            "analysis/hypotheses",
            facts.supported > 0,
        ),
        Requirement(
            "equality",
            "Write the equality and vulnerability note",
            "analysis/equality",
            is_answered(facts.equality) and is_answered(facts.vulnerability),
        ),
        Requirement(
            "voice", "Record the voice of the person or victim", "analysis/voice", is_answered(facts.voice)
        ),
        Requirement(
            "review",
            "Have someone who did not write it review the analysis",
            "analysis/review",
            facts.is_reviewed,
        ),
    )


def _response(facts: ResponseFacts) -> tuple[Requirement, ...]:
    unfinished = [
        one.name for one in facts.responses if not (one.has_owner and one.is_dated and one.is_supported)
    ]
    locked = [f"{one.name}: {sentence}" for one in facts.responses for sentence in one.locked_by]
    return (
        Requirement("responses", "Plan at least one response", "response/responses", bool(facts.responses)),
        Requirement(
            "owners",
            "Give each response an owner, a due date and a hypothesis that is supported",
            "response/responses",
            bool(facts.responses) and not unfinished,
            lacking=tuple(unfinished),
        ),
        Requirement(
            "before",
            "Capture the measure before the work starts",
            "response/before",
            facts.before_measures > 0,
        ),
        Requirement(
            "lock",
            "Complete what the enforcement lock asks for, or drop the response",
            "response/responses",
            not locked,
            is_waivable=False,
            lacking=tuple(locked),
        ),
    )


def _assessment(facts: AssessmentFacts) -> tuple[Requirement, ...]:
    return (
        Requirement(
            "outcomes",
            "Say of each objective whether it was met, with the data",
            "assessment/outcomes",
            facts.objectives > 0 and not facts.undecided,
            lacking=tuple(facts.undecided),
        ),
        Requirement(
            "process",
            "Record what was done, as planned or not",
            "assessment/process",
            is_answered(facts.process),
        ),
        Requirement(
            "outcome", "Record what changed, and for whom", "assessment/outcome", is_answered(facts.outcome)
        ),
        Requirement(
            "scores",
            "Repeat the scores since Response began",
            "scores",
            not facts.unscored,
            lacking=tuple(facts.unscored),
        ),
        Requirement(
            "follow_up",
            "Set the day it is looked at again",
            "assessment/follow-up",
            facts.follow_up_on is not None,
        ),
        Requirement(
            "lesson",
            "Offer the lesson to the library, or withhold it with a reason",
            "assessment/lesson",
            facts.has_lesson and is_answered(facts.lesson_text),
        ),
    )
