"""The test of enforcement: what an officer answers before a step that punishes or compels, and the chair's approval."""

from datetime import datetime

from sqlalchemy import select

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind
from psg.extensions import db
from psg.responses.models import EnforcementTest, Response, SupportRoute

CLOSED = "This case is closed: reopen it first"


def check_open(case: Case) -> None:
    if not case.is_open:
        raise Refused(CLOSED)


def answer_test(
    response: Response,
    case: Case,
    *,
    route: SupportRoute | None = None,
    harm_evidence: str = "",
    harm_reason: str = "",
    proportionality: str = "",
    capacity: str = "",
    equality: str = "",
    youth_justice: str = "",
    victims_views: str = "",
    is_first: bool = False,
    by: User,
    now: datetime,
) -> EnforcementTest:
    """Answer the test of enforcement. The chair's approval was of the answers before, so it goes.

    `is_first`: nothing was answered when the writer looked. Answers that somebody gave since are not written over.
    """
    check_open(case)
    if not response.step.is_enforcement:
        raise Refused("This step is not enforcement: it has no test to answer")
    held = select(EnforcementTest).where(EnforcementTest.response_id == response.id)
    test = None if is_first else db.session.scalars(held).one_or_none()
    if test is None:
        test = EnforcementTest(response_id=response.id, created_at=now)
        db.session.add(test)
    test.route, test.harm_evidence, test.harm_reason = route, harm_evidence, harm_reason
    test.proportionality, test.capacity, test.equality = proportionality, capacity, equality
    test.youth_justice, test.victims_views = youth_justice, victims_views
    test.approved_by, test.approved_at, test.approval_reason = None, None, ""
    db.session.flush()
    title = f"Enforcement test answered: {response.summary}"
    cases.add_event(case, kind=EventKind.RESPONSE, title=title[:300], by=by, now=now)
    audit.record(
        Operation.ALTERATION,
        "enforcement.test",
        by=by,
        case=case,
        obj=test,
        at=now,
        response=response.record_id,
    )
    return test


def approve_enforcement(
    response: Response, test: EnforcementTest, case: Case, *, reason: str, by: User, now: datetime
) -> None:
    """The chair's approval, which low Risk with low Need asks for as well. It opens no other condition."""
    check_open(case)
    test.approved_by, test.approved_at, test.approval_reason = by, now, reason
    db.session.flush()
    title = f"Enforcement approved by {by.name}: {response.summary}"
    cases.add_event(case, kind=EventKind.RESPONSE, title=title[:300], by=by, now=now, milestone=True)
    audit.record(
        Operation.ALTERATION,
        "enforcement.approve",
        by=by,
        case=case,
        obj=test,
        at=now,
        response=response.record_id,
        reason=reason,
    )


def take_back_approval(response: Response) -> None:
    test = db.session.scalars(
        select(EnforcementTest).where(EnforcementTest.response_id == response.id)
    ).one_or_none()
    if test is not None:
        test.approved_by, test.approved_at, test.approval_reason = None, None, ""
