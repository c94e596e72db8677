"""The tasks of each stage as data: what each is called, the form it is done on, and what it lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psg.cases.models import Stage
from psg.osara import forms, listings
from psg.osara.listings import Listing
from psg.web.forms import EditForm


@dataclass(frozen=True)
class Task:
    """One task. It is done on a form over the stage's record, on a list, or on a page of another feature."""

    stage: Stage
    key: str
    name: str
    hint: str = ""
    form: type[EditForm] | None = None
    listing: Listing | None = None
    elsewhere: str = ""
    more: tuple[str, str] | None = None
    """A page that helps, by its name and address."""

    @property
    def path(self) -> str:
        """Its page, under the case."""
        return self.elsewhere or f"{self.stage}/{self.key}"


TASKS: Mapping[Stage, Sequence[Task]] = {
    Stage.OBJECTIVE: (
        Task(
            Stage.OBJECTIVE,
            "statement",
            "Why this case",
            "Harm to whom, and what the work is to do",
            forms.StatementForm,
        ),
        Task(
            Stage.OBJECTIVE,
            "measures",
            "Objectives and measures",
            "A count, rate or score of the problem",
            listing=listings.OBJECTIVES,
        ),
        Task(Stage.OBJECTIVE, "lead", "Lead officer and agency", elsewhere="lead"),
        Task(Stage.OBJECTIVE, "commitments", "Commitments of the action plan", elsewhere="commitments"),
        Task(
            Stage.OBJECTIVE,
            "sharing",
            "Basis for sharing",
            "The power, the purpose, the agreement",
            forms.SharingForm,
        ),
    ),
    Stage.SCANNING: (
        Task(
            Stage.SCANNING,
            "returns",
            "What each agency holds",
            "Data or a nil return, over a window",
            listing=listings.RETURNS,
        ),
        Task(
            Stage.SCANNING,
            "problem",
            "Problem statement",
            "Community, harm, expectation, events, recurring, similarity",
            forms.ProblemForm,
        ),
        Task(Stage.SCANNING, "scores", "First Track and Score", elsewhere="scores"),
        Task(
            Stage.SCANNING,
            "safeguarding",
            "Safeguarding",
            "Nobody can waive this answer",
            forms.SafeguardingForm,
        ),
        Task(
            Stage.SCANNING,
            "duplicates",
            "Duplicates, and who else has it",
            "One problem or several",
            forms.DuplicatesForm,
        ),
    ),
    Stage.ANALYSIS: (
        Task(
            Stage.ANALYSIS,
            "triangle",
            "Problem analysis triangle",
            "Victim, offender and place: who could look after each, and why that fails",
            forms.TriangleForm,
        ),
        Task(
            Stage.ANALYSIS,
            "pattern",
            "Pattern, drivers and gaps",
            "Who, what, when, where, why, how; what was tried",
            forms.PatternForm,
        ),
        Task(
            Stage.ANALYSIS,
            "hypotheses",
            "Hypotheses",
            "Because this, we would expect that",
            listing=listings.HYPOTHESES,
        ),
        Task(Stage.ANALYSIS, "equality", "Equality and vulnerability", form=forms.EqualityForm),
        Task(Stage.ANALYSIS, "voice", "Voice of the person or victim", form=forms.VoiceForm),
        Task(
            Stage.ANALYSIS,
            "review",
            "Review by someone else",
            "Whoever wrote in the analysis cannot review it",
            elsewhere="analysis/review",
        ),
    ),
    Stage.RESPONSE: (
        Task(
            Stage.RESPONSE,
            "options",
            "Options considered",
            "Effort, risk, reward, provocation, excuses",
            forms.OptionsForm,
        ),
        Task(
            Stage.RESPONSE,
            "support",
            "Offers of support",
            "What was offered, when, and what came of it",
            listing=listings.OFFERS,
        ),
        Task(
            Stage.RESPONSE,
            "responses",
            "Responses",
            "Each with an owner, a date and a hypothesis",
            listing=listings.RESPONSES,
            more=("See the toolbox and ladder", "/toolbox"),
        ),
        Task(
            Stage.RESPONSE,
            "before",
            "Measure before the work starts",
            "A count over a window",
            listing=listings.BEFORE,
        ),
    ),
    Stage.ASSESSMENT: (
        Task(
            Stage.ASSESSMENT,
            "outcomes",
            "Outcome of each objective",
            "Met, part met, not met or unknown, with data",
            listing=listings.OUTCOMES,
        ),
        Task(
            Stage.ASSESSMENT,
            "after",
            "Measure after",
            "The same count over a window of the same length",
            listing=listings.AFTER,
        ),
        Task(Stage.ASSESSMENT, "process", "What was done", "Activity, as planned or not", forms.ProcessForm),
        Task(
            Stage.ASSESSMENT,
            "outcome",
            "What changed",
            "For the problem, for people, and elsewhere",
            forms.ChangeForm,
        ),
        Task(Stage.ASSESSMENT, "scores", "Scores repeated", elsewhere="scores"),
        Task(Stage.ASSESSMENT, "follow-up", "Follow-up", form=forms.FollowUpForm),
        Task(Stage.ASSESSMENT, "lesson", "Lesson", "Offered to the library, or withheld", forms.LessonForm),
    ),
}


def task_for(stage: Stage, key: str) -> Task | None:
    """A task that has a page of its own here."""
    return next((task for task in TASKS[stage] if task.key == key and (task.form or task.listing)), None)
