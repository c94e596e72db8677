"""What a listed thing looks like on its task's page: a title, a word on where it stands, and its facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psg.osara.measurement import Change, Window, holds_peak
from psg.osara.models import AgencyReturn, BeforeAfter, Hypothesis, SmartObjective
from psg.responses.models import PatSide, Response, SupportOffer
from psg.web.dates import day

PEAK = (
    "The window before holds the four weeks that led to the case, when counts stand at their highest: "
    "expect some fall without help"
)


@dataclass(frozen=True)
class Card:
    title: str
    status: str
    is_waiting: bool
    """Whether the status asks for something still."""
    facts: Sequence[tuple[str, Any]]
    links: Sequence[tuple[str, str]] = ()
    """Further pages, by name and by path under the card's own."""


def objective_card(objective: SmartObjective) -> Card:
    start = objective.baseline if objective.baseline is not None else f"None: {objective.baseline_reason}"
    facts: list[tuple[str, Any]] = [
        (
            "Starts from",
            f"{start} in {objective.window_days} days" if objective.baseline is not None else start,
        ),
        ("Target", f"{objective.target} by {day(objective.due_on)}"),
        ("Counted by", objective.data_owner.name),
    ]
    if objective.outcome is not None:
        facts.append(("Data", objective.outcome_data))
    status = objective.outcome.label if objective.outcome else "Outcome not recorded"
    return Card(objective.measure, status, objective.outcome is None, facts)


def return_card(returned: AgencyReturn) -> Card:
    window = f"{returned.window_days} days to {day(returned.window_until)}"
    facts = [("Window", window), ("Figure", returned.figure), ("Summary", returned.summary)]
    return Card(returned.agency.name, returned.kind.label, False, facts)


def hypothesis_card(hypothesis: Hypothesis) -> Card:
    facts = [
        ("So we would expect", hypothesis.expect),
        ("Evidence for", hypothesis.evidence_for),
        ("Evidence against", hypothesis.evidence_against),
    ]
    return Card(
        f"Because {hypothesis.because}", hypothesis.verdict.label, hypothesis.verdict == "open", facts
    )


def measure_card(measure: BeforeAfter) -> Card:
    before = Window.ending(measure.before_until, measure.window_days)
    facts: list[tuple[str, Any]] = [
        ("Before", f"{measure.before_count} from {day(before.first)} to {day(before.last)}"),
        ("Source", measure.source),
    ]
    status = "Before only"
    if measure.after_from is not None and measure.after_count is not None:
        after = Window.starting(measure.after_from, measure.window_days)
        facts.append(("After", f"{measure.after_count} from {day(after.first)} to {day(after.last)}"))
        facts.append(("Change", Change(measure.before_count, measure.after_count).words))
        status = "Before and after"
    return Card(measure.objective.measure, status, measure.after_count is None, facts)


def with_warning(card: Card, measure: BeforeAfter, opened_on: Any) -> Card:
    """The warning of a peak travels with the figure."""
    if not holds_peak(Window.ending(measure.before_until, measure.window_days), opened_on):
        return card
    return Card(card.title, card.status, card.is_waiting, [*card.facts, ("Caution", PEAK)], card.links)


def response_card(response: Response) -> Card:
    owner = ", ".join(one.name for one in (response.owner, response.owner_agency) if one)
    facts: list[tuple[str, Any]] = [
        ("Step of the ladder", response.step.title),
        ("Side of the triangle", response.pat_side.label),
        ("About", _about(response)),
        ("Done by", owner),
        ("Due", day(response.due_on)),
        ("Started", day(response.started_on)),
        ("Why not an earlier step", response.ladder_reason),
        ("How we will know", response.intended_measure),
    ]
    if response.expires_on:
        facts.append(("Expires", day(response.expires_on)))
    if response.result:
        facts.append(("Result", response.result))
    links = [("Start, finish or drop", "progress")]
    if response.step.is_enforcement:
        links.insert(0, ("Enforcement lock", "enforcement"))
    return Card(response.summary, response.status.label, response.status == "planned", facts, links)


def uncovered(planned: Sequence[Response]) -> list[PatSide]:
    """Sides of the triangle on which nothing is planned, once something is: the sign of a plan that only enforces."""
    covered = {response.pat_side for response in planned}
    return [side for side in PatSide if side not in covered] if covered else []


def offer_card(offer: SupportOffer) -> Card:
    facts = [
        ("To", offer.party.subject.name),
        ("By", offer.agency.name),
        ("Offered", day(offer.offered_on)),
        ("Why it suits", offer.why_suitable),
        ("Known on", day(offer.outcome_on)),
    ]
    if offer.is_clinical:
        facts.append(("Clinical treatment", "Yes: declining it is no failure to engage"))
    return Card(offer.what, offer.outcome.label, offer.outcome == "waiting", facts)


def _about(response: Response) -> str:
    if response.party is None:
        return ""
    return f"{response.party.subject.name}, {response.party.role.label.lower()}"
