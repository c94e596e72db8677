"""What the enforcement lock says of each response of a case, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from psg.cases.models import Case, Party
from psg.extensions import db
from psg.osara.lock import Answers, Condition, Offer, Proposal, conditions
from psg.responses import queries as responses
from psg.responses.models import EnforcementTest, OfferOutcome, Response, ResponseStatus, SupportOffer
from psg.scoring.matrices.models import MatrixKind
from psg.scoring.models import Score
from psg.scoring.queries import latest_scores_for, quadrant_of
from psg.subjects.models import Person


@dataclass(frozen=True)
class _Known:
    """What is held about a case that the lock asks of."""

    responses: Sequence[Response]
    offers: Sequence[SupportOffer]
    tests: Mapping[int, EnforcementTest]
    scores: Mapping[tuple[int, MatrixKind], Score]
    people: Mapping[int, Person]
    today: date


def locks_of(case: Case, found: Sequence[Response], today: date) -> Mapping[int, tuple[Condition, ...]]:
    """The conditions of every enforcement response that is planned or under way, by response."""
    pending = (ResponseStatus.PLANNED, ResponseStatus.UNDER_WAY)
    asked = [one for one in found if one.step.is_enforcement and one.status in pending]
    if not asked:
        return {}
    known = _Known(
        responses=found,
        offers=responses.offers_of(case),
        tests=responses.tests_of(case),
        scores={(score.party_id, score.kind): score for score in latest_scores_for(case)},
        people=_people([one.party for one in asked]),
        today=today,
    )
    return {one.id: conditions(_proposal(one, known)) for one in asked}


def lock_of(case: Case, response: Response, today: date) -> tuple[Condition, ...]:
    """The conditions of one response; none where it is not enforcement, or has ended."""
    return locks_of(case, responses.responses_of(case), today).get(response.id, ())


def _proposal(response: Response, known: _Known) -> Proposal:
    party = response.party
    subject_id = party.subject_id if party else None
    is_place_power = response.step.is_place_power
    risk = known.scores.get((response.party_id or 0, MatrixKind.RISK))
    need = known.scores.get((response.party_id or 0, MatrixKind.NEED))
    person = known.people.get(subject_id or 0)
    offers = [one for one in known.offers if is_place_power or one.party.subject_id == subject_id]
    return Proposal(
        today=known.today,
        answers=_answers(known.tests.get(response.id)),
        ladder_reason=response.ladder_reason,
        is_place_power=is_place_power,
        role=party.role if party else None,
        is_child=person is not None and person.is_child_on(known.today),
        quadrant=quadrant_of(risk, need),
        is_provisional=any(score is not None and score.is_provisional for score in (risk, need)),
        offers=[Offer(one.offered_on, one.outcome, one.is_clinical) for one in offers],
        has_support_beside=_has_support(subject_id, known),
    )


def _has_support(subject_id: int | None, known: _Known) -> bool:
    planned = any(
        one.is_live and one.step.is_support and (one.party is None or one.party.subject_id == subject_id)
        for one in known.responses
    )
    standing = (OfferOutcome.WAITING, OfferOutcome.ACCEPTED)
    return planned or any(
        one.party.subject_id == subject_id and one.outcome in standing for one in known.offers
    )


def _answers(test: EnforcementTest | None) -> Answers:
    if test is None:
        return Answers()
    return Answers(
        route=test.route,
        harm_evidence=test.harm_evidence,
        harm_reason=test.harm_reason,
        proportionality=test.proportionality,
        capacity=test.capacity,
        equality=test.equality,
        youth_justice=test.youth_justice,
        victims_views=test.victims_views,
        is_approved=test.approved_by_id is not None,
    )


def _people(parties: Sequence[Party | None]) -> Mapping[int, Person]:
    wanted = {party.subject_id for party in parties if party is not None}
    found = db.session.scalars(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person for person in found}
