"""Enforcement as the demonstration has it: four steps, each at another point of the lock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psg.demo.clock import working
from psg.demo.spread import Planned
from psg.demo.world import Desk
from psg.osara import queries, toolbox
from psg.responses import enforcement
from psg.responses import queries as ladder
from psg.responses import services as responses
from psg.responses.models import OfferOutcome, PatSide, Response, SupportOffer, SupportRoute

OFFERED_BEFORE = timedelta(days=7)
STARTS_AFTER = timedelta(days=18)


@dataclass(frozen=True)
class Firm:
    """One step: about whom, on what ground, and how far it has come."""

    code: str
    side: PatSide
    agency: str
    summary: str
    reason: str
    route: SupportRoute
    about: str = ""
    offered: str = ""
    harm: str = ""
    proportionality: str = ""
    capacity: str = (
        "Considered with the services that know them; not in doubt, and no disability bears on what is asked."
    )
    equality: str = (
        "No adverse effect on a protected group was found; the terms are read aloud as well as handed over."
    )
    views: str = ""
    starts: bool = True
    runs_out: int = 0
    """In how many days from the day of loading it runs out; 0 where it has no end."""


FIRM = {
    "Maureen Bitternell": Firm(
        "cpw", PatSide.OFFENDER, "ECDC", "Community protection warning: no noise heard outside the flat after eleven",
        "Advice was given twice and a contract refused; mediation does not suit where there are threats.",
        SupportRoute.DECLINED, about="Darren Lockspit", offered="Morning appointment with the drug and alcohol service",
        proportionality="Asks only what the tenancy asks already, for six months. Losing the home was considered and put aside.",
        views="She wants it to stop and wants him to keep his home.",
    ),
    "James Reedmace": Firm(
        "injunction", PatSide.OFFENDER, "POL", "Injunction: not within fifty metres of the two shops",
        "The contract was kept for five weeks and then broken four times.",
        SupportRoute.DECLINED, about="James Reedmace", offered="Worker to fetch him to morning appointments",
        capacity="", views="Both shopkeepers would rather he was helped; one will give a statement.", starts=False,
    ),
    "Shane Teasdrake": Firm(
        "cpn", PatSide.OFFENDER, "POL", "Community protection notice: not to stand within ten metres of the cash machine",
        "Hub dates were offered for five weeks and one was kept; the warning was broken within three days.",
        SupportRoute.DECLINED, about="Shane Teasdrake", offered="Morning prescribing, with a worker to walk with",
        proportionality="One place, until a fixed day, with the hub's door beside it. A wider area was considered and refused.",
        views="The assistant wants to open alone without being afraid; she asked after him.", runs_out=9,
    ),
    "Lantern Street car park": Firm(
        "pspo", PatSide.PLACE, "ECDC", "Order: no gathering of cars on the upper level after nine",
        "The barrier has worked on weekdays; at weekends cars now use the ramp.",
        SupportRoute.COMMUNITY_HARM,
        harm="Forty-one households logged lost sleep on nine weekends; one near miss on the crossing, on film.",
        proportionality="The upper level, after nine, for a year. The lower level stays as it is.",
        views="The residents' association asks for it; the traders do not mind either way.", starts=False,
    ),
}  # fmt: skip
WHY_HARM_FIRST = "Support was offered to two organisers, who took it. The others change every week and have no single need."


def planned_for(desk: Desk, begun: date) -> list[Planned]:
    firm = FIRM.get(desk.line.key)
    if firm is None:
        return []
    made: list[Response] = []
    planned: list[Planned] = [
        (begun + timedelta(days=9), lambda now: made.append(_plan(desk, firm, now))),
        (begun + timedelta(days=12), lambda now: _answer(desk, firm, made[0], now)),
    ]
    if firm.offered:
        planned += _refused(desk, firm, begun - OFFERED_BEFORE)
    if firm.starts:
        planned.append(
            (
                begun + STARTS_AFTER,
                lambda now: toolbox.start_response(
                    made[0], desk.case, started_on=now.date(), by=desk.lead, now=now
                ),
            )
        )
    return planned


def _plan(desk: Desk, firm: Firm, now: datetime) -> Response:
    owner = desk.world.worker_of(firm.agency, desk.dice)
    today = desk.world.today
    return toolbox.plan_response(
        desk.case,
        hypothesis=next(one for one in queries.hypotheses_of(desk.case) if one.is_supported),
        step=ladder.step_by_code(firm.code),
        pat_side=firm.side,
        summary=firm.summary,
        party=desk.party(firm.about) if firm.about else None,
        ladder_reason=firm.reason,
        intended_measure=desk.theme.measure,
        owner_agency=owner.agency,
        owner=owner,
        due_on=working(now.date() + timedelta(days=28)),
        expires_on=today + timedelta(days=firm.runs_out) if firm.runs_out else None,
        by=desk.lead,
        now=now,
    )


def _answer(desk: Desk, firm: Firm, response: Response, now: datetime) -> None:
    enforcement.answer_test(
        response,
        desk.case,
        route=firm.route,
        harm_evidence=firm.harm,
        harm_reason=WHY_HARM_FIRST if firm.harm else "",
        proportionality=firm.proportionality,
        capacity=firm.capacity,
        equality=firm.equality,
        victims_views=firm.views,
        by=desk.lead,
        now=now,
    )


def _refused(desk: Desk, firm: Firm, day: date) -> list[Planned]:
    """The offer that came first, and what became of it."""
    made: list[SupportOffer] = []
    worker = desk.world.worker_of("DAS", desk.dice)

    def offer(now: datetime) -> None:
        made.append(
            responses.offer_support(
                desk.case,
                party=desk.party(firm.about),
                agency=worker.agency,
                what=firm.offered,
                why_suitable="Asked for in this form by the person, at the first visit.",
                offered_on=now.date(),
                by=worker,
                now=now,
            )
        )

    def decline(now: datetime) -> None:
        responses.record_outcome(
            made[0], desk.case, outcome=OfferOutcome.DECLINED, outcome_on=now.date(), by=worker, now=now
        )

    return [(day, offer), (day + timedelta(days=10), decline)]
