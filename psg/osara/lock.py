"""The enforcement lock: what must hold before a response that punishes or compels. Plain facts in, no database.

The partnership's third aim has a precondition: the person did not engage with suitable support, or
harms the community. The lock reads the scored indices, the low end of Risk and the high end of Need.
No waiver, override, floor or setting opens it for low Risk with high Need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psg.cases.models import PartyRole
from psg.osara.answers import is_answered
from psg.osara.rules import RULES
from psg.responses.models import OfferOutcome, SupportRoute
from psg.scoring.arithmetic import Quadrant

NO_RISK_SCORE = "Enforcement is closed to a person of concern, who has no Risk score"
SUPPORT_ONLY = "Low Risk with high Need: support only. Nothing opens this"


@dataclass(frozen=True)
class Offer:
    offered_on: date
    outcome: OfferOutcome
    is_clinical: bool = False


@dataclass(frozen=True)
class Answers:
    """What the officer wrote in the test of enforcement."""

    route: SupportRoute | None = None
    harm_evidence: str = ""
    harm_reason: str = ""
    proportionality: str = ""
    capacity: str = ""
    equality: str = ""
    youth_justice: str = ""
    victims_views: str = ""
    is_approved: bool = False


@dataclass(frozen=True)
class Proposal:
    """One enforcement response with all that the lock asks about it."""

    today: date
    answers: Answers
    ladder_reason: str = ""
    is_place_power: bool = False
    role: PartyRole | None = None
    is_child: bool = False
    quadrant: Quadrant | None = None
    is_provisional: bool = False
    offers: Sequence[Offer] = ()
    has_support_beside: bool = False


@dataclass(frozen=True)
class Condition:
    """One thing that must hold. `sentence` says what to do where it does not."""

    key: str
    name: str
    sentence: str
    is_met: bool


def conditions(proposal: Proposal) -> tuple[Condition, ...]:
    """All that this response needs; for a place power there is no person, and so no quadrant."""
    scored = () if proposal.is_place_power else _about_the_person(proposal)
    return (*scored, *_support_first(proposal), *_written(proposal))


def unmet(proposal: Proposal) -> list[str]:
    return [condition.sentence for condition in conditions(proposal) if not condition.is_met]


def _about_the_person(proposal: Proposal) -> tuple[Condition, ...]:
    is_concern = proposal.role is PartyRole.PERSON_OF_CONCERN
    quadrant = proposal.quadrant
    found = [
        Condition(
            "perpetrator",
            "It is about a perpetrator on this case",
            NO_RISK_SCORE if is_concern else "Choose the perpetrator it is about",
            proposal.role is PartyRole.PERPETRATOR,
        ),
        Condition(
            "scores",
            "Risk and Need are scored, and complete enough to rely on",
            "Score Risk and Need, with enough of the factors known",
            quadrant is not None and not proposal.is_provisional,
        ),
        Condition(
            "quadrant", "Risk and Need allow it", SUPPORT_ONLY, quadrant is not Quadrant.LOW_RISK_HIGH_NEED
        ),
    ]
    if quadrant is Quadrant.LOW_RISK_LOW_NEED:
        sentence = "Ask the chair to approve it: Risk is low"
        found.append(
            Condition(
                "approval", "The chair approves, because Risk is low", sentence, proposal.answers.is_approved
            )
        )
    if quadrant is Quadrant.HIGH_RISK_HIGH_NEED:
        sentence = "Plan support to stand beside it: Need is high"
        found.append(
            Condition(
                "beside",
                "Support stands beside it, because Need is high",
                sentence,
                proposal.has_support_beside,
            )
        )
    return tuple(found)


def _support_first(proposal: Proposal) -> tuple[Condition, ...]:
    name = "Support was offered and not taken up, or the community is being harmed"
    answers = proposal.answers
    if answers.route is SupportRoute.COMMUNITY_HARM:
        is_met = is_answered(answers.harm_evidence) and is_answered(answers.harm_reason)
        sentence = "Give the evidence of harm to the community, and why support first is not appropriate"
    elif answers.route is SupportRoute.DECLINED:
        is_met = any(_was_declined(offer, proposal) for offer in proposal.offers)
        sentence = (
            f"Record an offer of suitable support, {RULES.days_to_respond} days or more ago, that was declined "
            "or not taken up. Declining clinical treatment does not count"
        )
    else:
        is_met, sentence = False, "Say on which ground enforcement is considered"
    return (Condition("support", name, sentence, is_met),)


def _was_declined(offer: Offer, proposal: Proposal) -> bool:
    """Time to respond runs from the offer: a first refusal may be taken back while it lasts."""
    waited = (proposal.today - offer.offered_on).days >= RULES.days_to_respond
    return (
        waited
        and not offer.is_clinical
        and offer.outcome in (OfferOutcome.DECLINED, OfferOutcome.NO_ENGAGEMENT)
    )


def _written(proposal: Proposal) -> tuple[Condition, ...]:
    answers = proposal.answers
    asked = [
        ("proportionality", "It is proportionate", "Say why it is proportionate", answers.proportionality),
        (
            "capacity",
            "Mental capacity and disability are weighed",
            "Weigh mental capacity and disability",
            answers.capacity,
        ),
        (
            "equality",
            "The public sector equality duty is weighed",
            "Weigh the public sector equality duty",
            answers.equality,
        ),
        ("victims", "Victims' views are recorded", "Record the victims' views", answers.victims_views),
        (
            "ladder",
            "Earlier steps failed or do not suit",
            "Say why earlier steps failed or do not suit",
            proposal.ladder_reason,
        ),
    ]
    if proposal.is_child:
        asked.insert(
            3,
            (
                "youth",
                "The youth justice service is consulted",
                "Consult the youth justice service",
                answers.youth_justice,
            ),
        )
    return tuple(Condition(key, name, sentence, is_answered(text)) for key, name, sentence, text in asked)
