"""Reads of the ladder and of what is being done on a case."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from psg.cases.models import Case, Party
from psg.extensions import db
from psg.responses.models import EnforcementTest, LadderStep, Response, ResponseStatus, SupportOffer


def newest_edition() -> Select[tuple[str]]:
    """Editions are named by year and month, so that the newest is the greatest."""
    return select(func.max(LadderStep.edition))


def ladder() -> Sequence[LadderStep]:
    """The steps of the newest edition in order, those not in force included."""
    return db.session.scalars(
        select(LadderStep)
        .where(LadderStep.edition == newest_edition().scalar_subquery())
        .order_by(LadderStep.position, LadderStep.id)
    ).all()


def step_by_code(code: str) -> LadderStep:
    return db.session.scalars(
        select(LadderStep).where(
            LadderStep.code == code, LadderStep.edition == newest_edition().scalar_subquery()
        )
    ).one()


def responses_of(case: Case) -> Sequence[Response]:
    """Every response on the case with its step, owner and party; planned first, then in order of making."""
    return db.session.scalars(
        select(Response)
        .where(Response.case_id == case.id)
        .options(
            joinedload(Response.step, innerjoin=True),
            joinedload(Response.owner),
            joinedload(Response.owner_agency),
            joinedload(Response.party).joinedload(Party.subject),
        )
        .order_by(Response.id)
    ).all()


def response_by_id(case: Case, number: int) -> Response | None:
    return db.session.scalars(
        select(Response)
        .where(Response.case_id == case.id, Response.id == number)
        .options(joinedload(Response.step), joinedload(Response.party).joinedload(Party.subject))
    ).one_or_none()


def test_for(response: Response) -> EnforcementTest | None:
    return db.session.scalars(
        select(EnforcementTest).where(EnforcementTest.response_id == response.id)
    ).one_or_none()


def tests_of(case: Case) -> Mapping[int, EnforcementTest]:
    """The tests of a case's responses, by response."""
    found = db.session.scalars(
        select(EnforcementTest)
        .join(Response, Response.id == EnforcementTest.response_id)
        .where(Response.case_id == case.id)
    )
    return {test.response_id: test for test in found}


def offers_of(case: Case) -> Sequence[SupportOffer]:
    return db.session.scalars(
        select(SupportOffer)
        .where(SupportOffer.case_id == case.id)
        .options(
            joinedload(SupportOffer.party, innerjoin=True).joinedload(Party.subject, innerjoin=True),
            joinedload(SupportOffer.agency, innerjoin=True),
        )
        .order_by(SupportOffer.offered_on.desc(), SupportOffer.id.desc())
    ).all()


def offer_by_id(case: Case, number: int) -> SupportOffer | None:
    return db.session.scalars(
        select(SupportOffer).where(SupportOffer.case_id == case.id, SupportOffer.id == number)
    ).one_or_none()


def first_start(responses: Sequence[Response]) -> Response | None:
    """The response that started first, from which a change is measured."""
    begun = [one for one in responses if one.started_on and one.status is not ResponseStatus.DROPPED]
    return min(begun, key=lambda one: (one.started_on, one.id)) if begun else None
