"""Response: what is planned, offered, measured before it begins, started and ended."""

from datetime import date, datetime, timedelta

from psg.cases.models import Party, PartyRole, Stage
from psg.demo import firm_steps
from psg.demo.clock import working
from psg.demo.spread import Planned
from psg.demo.themes import Step
from psg.demo.world import Desk
from psg.osara import queries, records, toolbox
from psg.osara.models import BeforeAfter, Hypothesis
from psg.responses import queries as ladder
from psg.responses import services as responses
from psg.responses.models import OfferOutcome, PatSide, Response, ResponseStatus, SupportOffer

SIDES = {
    PatSide.VICTIM: (PartyRole.VICTIM, PartyRole.PERSON_OF_CONCERN),
    PatSide.OFFENDER: (PartyRole.PERPETRATOR, PartyRole.PERSON_OF_CONCERN),
    PatSide.PLACE: (PartyRole.PLACE,),
}
SIDE_EFFECTS = (
    "It may move along the road; two neighbours there were told whom to ring.",
    "More calls for a week or two, because people will have been asked to ring.",
    "None expected; it is asked about at every visit.",
)
CONTINGENCY = (
    "Back to Analysis: the second hypothesis is the next to be tested.",
    "If it has not fallen by a third in eight weeks, the group looks at it again before anything firmer.",
    "The lead brings it to the next meeting rather than waiting for the review.",
)
RESULTS = (
    "Done as planned.",
    "Done, later than planned.",
    "Done, and looked at again after a fortnight: it holds.",
)
RESULTS_OF_SUPPORT = (
    "Done; they have asked for it to go on.",
    "Done, but for the days that were missed.",
    "Done as planned.",
)
OUTCOMES = (OfferOutcome.ACCEPTED, OfferOutcome.ACCEPTED, OfferOutcome.ACCEPTED, OfferOutcome.NO_ENGAGEMENT)


def response(desk: Desk) -> list[Planned]:
    """Everything of this stage by its day; what would fall after the stage's end is still to come."""
    line = desk.line
    entered, begun = line.entered[Stage.RESPONSE], line.responded or line.today
    last = line.ends(Stage.RESPONSE) - timedelta(days=1)
    planned: list[Planned] = [(entered + timedelta(days=1), lambda now: _options(desk, now))]
    for place, step in enumerate(desk.theme.steps):
        planned += _life_of(desk, step, place, entered, begun, last)
    planned.append((begun, lambda now: _before(desk, now)))
    planned += firm_steps.planned_for(desk, begun)
    planned.sort(key=lambda one: one[0])
    return [(working(day), task) for day, task in planned if day <= last]


def _life_of(desk: Desk, step: Step, place: int, entered: date, begun: date, last: date) -> list[Planned]:
    """One response: planned in the first week, offered where it is support, then started and in time ended."""
    made: list[Response] = []
    starts = begun + timedelta(days=1 + 6 * place)
    due = working(starts + timedelta(days=desk.dice.randint(21, 38)))
    life: list[Planned] = [
        (entered + timedelta(days=2 + place), lambda now: made.append(_plan(desk, step, due, now))),
        (
            starts,
            lambda now: toolbox.start_response(
                made[0], desk.case, started_on=now.date(), by=desk.lead, now=now
            ),
        ),
    ]
    ends = (
        last
        if desk.line.ends(Stage.RESPONSE) != desk.line.last_day
        else last + timedelta(days=20 * place + 4)
    )
    ends = min(ends, due + timedelta(days=desk.dice.randint(-2, 9)))
    life.append((max(ends, starts + timedelta(days=2)), lambda now: _end(desk, made[0], now)))
    party = _party(desk, step)
    if (
        party is not None
        and party.subject.is_person
        and step.code in ("support", "youth_offer", "safe_and_well")
    ):
        life += _offer(desk, step, party, entered)
    return life


def _plan(desk: Desk, step: Step, due: date, now: datetime) -> Response:
    owner = desk.world.worker_of(step.agency, desk.dice)
    return toolbox.plan_response(
        desk.case,
        hypothesis=supported(desk),
        step=ladder.step_by_code(step.code),
        pat_side=step.side,
        summary=step.summary,
        party=_party(desk, step),
        intended_measure=step.measure,
        owner_agency=owner.agency,
        owner=owner,
        due_on=due,
        by=desk.lead,
        now=now,
    )


def _party(desk: Desk, step: Step) -> Party | None:
    return desk.first_party(*SIDES[step.side])


def supported(desk: Desk) -> Hypothesis:
    found: list[Hypothesis] = [one for one in queries.hypotheses_of(desk.case) if one.is_supported]
    return found[0]


def _offer(desk: Desk, step: Step, party: Party, entered: date) -> list[Planned]:
    worker = desk.world.worker_of(step.agency, desk.dice)
    outcome = desk.dice.choice(OUTCOMES)
    offered = working(entered + timedelta(days=3))

    def offer(now: datetime) -> None:
        made.append(
            responses.offer_support(
                desk.case,
                party=party,
                agency=worker.agency,
                what=step.summary,
                why_suitable=f"It answers what the analysis found: {desk.theme.because}.",
                offered_on=now.date(),
                by=worker,
                now=now,
            )
        )

    def answer(now: datetime) -> None:
        responses.record_outcome(
            made[0], desk.case, outcome=outcome, outcome_on=now.date(), by=worker, now=now
        )

    made: list[SupportOffer] = []
    return [(offered, offer), (offered + timedelta(days=desk.dice.randint(3, 12)), answer)]


def _options(desk: Desk, now: datetime) -> None:
    records.write_record(
        desk.case,
        Stage.RESPONSE,
        what="options",
        by=desk.lead,
        now=now,
        options=desk.theme.options,
        side_effects=desk.dice.choice(SIDE_EFFECTS),
        contingency=desk.dice.choice(CONTINGENCY),
    )


def _before(desk: Desk, now: datetime) -> None:
    """The count of the problem over the window that ended the day before."""
    until, days = now.date() - timedelta(days=1), desk.line.bend.window_days
    records.add_to_record(
        desk.case,
        BeforeAfter,
        by=desk.lead,
        now=now,
        objective_id=queries.objectives_of(desk.case)[0].id,
        window_days=days,
        before_until=until,
        before_count=desk.world.calls.count(desk.key, until=until, days=days),
        source="Contacts of all agencies, as imported",
    )


def _end(desk: Desk, ended: Response, now: datetime) -> None:
    is_dropped = desk.line.bend.left >= 1 and ended.step.code == "place_measures"
    results = RESULTS_OF_SUPPORT if ended.step.is_support else RESULTS
    responses.end_response(
        ended,
        desk.case,
        status=ResponseStatus.DROPPED if is_dropped else ResponseStatus.DONE,
        ended_on=now.date(),
        result="Refused by Highways, and tried twice without them."
        if is_dropped
        else desk.dice.choice(results),
        by=desk.lead,
        now=now,
    )
