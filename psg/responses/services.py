"""Planning, starting and ending responses, and offering support."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind, Party
from psg.extensions import db
from psg.responses.enforcement import check_open, take_back_approval
from psg.responses.models import (
    LadderStep,
    OfferOutcome,
    PatSide,
    Response,
    ResponseStatus,
    SupportOffer,
)
from psg.web.dates import london

LADDER = Path(__file__).parent / "data" / "ladder.json"


def load_reference_data(now: datetime) -> None:
    """Load the ladder that ships with the product. An edition already loaded stays as it is."""
    shipped: dict[str, Any] = json.loads(LADDER.read_text(encoding="utf-8"))
    edition = shipped["edition"]
    held = set(db.session.scalars(select(LadderStep.code).where(LadderStep.edition == edition)))
    for position, row in enumerate(shipped["steps"], start=1):
        if row["code"] not in held:
            source_date = date.fromisoformat(row["source_date"])
            step = LadderStep(**{**row, "edition": edition, "position": position, "source_date": source_date})
            db.session.add(step)
    db.session.flush()


def offer_support(
    case: Case,
    *,
    party: Party,
    agency: Agency,
    what: str,
    why_suitable: str,
    offered_on: date,
    is_clinical: bool = False,
    by: User,
    now: datetime,
) -> SupportOffer:
    """Record support that was offered to someone on the case."""
    check_open(case)
    _check_party(case, party)
    if not party.subject.is_person:
        raise Refused("Choose the person to whom support was offered", field="party_id")
    if offered_on > london(now).date():
        raise Refused("The day of the offer cannot be in the future", field="offered_on")
    offer = SupportOffer(
        case_id=case.id,
        party=party,
        agency=agency,
        what=what,
        why_suitable=why_suitable,
        is_clinical=is_clinical,
        offered_on=offered_on,
        created_at=now,
    )
    db.session.add(offer)
    db.session.flush()
    title = f"Support offered to {party.subject.reference} by {agency.name}: {what}"
    cases.add_event(case, kind=EventKind.RESPONSE, title=title[:300], by=by, now=now)
    audit.record(
        Operation.COLLECTION, "support.offer", by=by, case=case, obj=offer, at=now, party=party.record_id
    )
    return offer


def record_outcome(
    offer: SupportOffer,
    case: Case,
    *,
    outcome: OfferOutcome,
    outcome_on: date | None,
    by: User,
    now: datetime,
) -> None:
    """Record what came of an offer."""
    check_open(case)
    if outcome is OfferOutcome.WAITING:
        outcome_on = None
    elif outcome_on is None:
        raise Refused("Enter the day this was known", field="outcome_on")
    elif not offer.offered_on <= outcome_on <= london(now).date():
        raise Refused("The day must be between the day of the offer and today", field="outcome_on")
    before = {"outcome": offer.outcome.value, "outcome_on": offer.outcome_on}
    offer.outcome, offer.outcome_on = outcome, outcome_on
    db.session.flush()
    changed = audit.changes(before, {"outcome": outcome.value, "outcome_on": outcome_on})
    cases.add_event(
        case, kind=EventKind.RESPONSE, title=f"{offer.what}: {outcome.label.lower()}"[:300], by=by, now=now
    )
    audit.record(Operation.ALTERATION, "support.outcome", by=by, case=case, obj=offer, at=now, **changed)


def plan_response(
    case: Case,
    *,
    step: LadderStep,
    hypothesis_id: int,
    pat_side: PatSide,
    summary: str,
    party: Party | None = None,
    ladder_reason: str = "",
    intended_measure: str = "",
    owner_agency: Agency | None = None,
    owner: User | None = None,
    due_on: date | None = None,
    expires_on: date | None = None,
    by: User,
    now: datetime,
) -> Response:
    """Add a response. `osara` sees to it that its hypothesis is one that the analysis supports."""
    check_open(case)
    response = Response(case_id=case.id, created_at=now)
    _fill(
        response, case, step=step, hypothesis_id=hypothesis_id, pat_side=pat_side, summary=summary, party=party,
        ladder_reason=ladder_reason, intended_measure=intended_measure, owner_agency=owner_agency, owner=owner,
        due_on=due_on, expires_on=expires_on,
    )  # fmt: skip
    db.session.add(response)
    db.session.flush()
    cases.add_event(case, kind=EventKind.RESPONSE, title=f"Response planned: {summary}"[:300], by=by, now=now)
    audit.record(
        Operation.COLLECTION, "response.plan", by=by, case=case, obj=response, at=now, step=step.code
    )
    return response


def edit_response(response: Response, case: Case, *, by: User, now: datetime, **values: Any) -> None:
    """Change a response, with the same values as `plan_response`.

    Once it has started it keeps its step and the person it is about; a change of either before that
    takes away the chair's approval, which was given to something else.
    """
    check_open(case)
    party: Party | None = values.get("party")
    is_another = (response.step_id, response.party_id) != (values["step"].id, party.id if party else None)
    if is_another and response.status is not ResponseStatus.PLANNED:
        raise Refused(
            "A response that has started keeps its step and its person: drop it and add another",
            field="step_id",
        )
    before = _described(response)
    _fill(response, case, **values)
    if is_another:
        take_back_approval(response)
    db.session.flush()
    changed = audit.changes(before, _described(response))
    cases.add_event(
        case, kind=EventKind.RESPONSE, title=f"Response changed: {response.summary}"[:300], by=by, now=now
    )
    audit.record(Operation.ALTERATION, "response.edit", by=by, case=case, obj=response, at=now, **changed)


def start_response(
    response: Response, case: Case, *, started_on: date, lock_is_open: bool, by: User, now: datetime
) -> None:
    """Begin. `lock_is_open` is the answer of the enforcement lock (`osara.lock`), asked of every enforcement step."""
    check_open(case)
    if response.status is not ResponseStatus.PLANNED:
        raise Refused("This response is not waiting to start")
    if response.step.is_enforcement and not lock_is_open:
        raise Refused("The enforcement lock is closed: complete what it asks for first")
    if started_on > london(now).date():
        raise Refused("The day it started cannot be in the future", field="day")
    response.started_on, response.status = started_on, ResponseStatus.UNDER_WAY
    _say_status(response, case, by=by, now=now, milestone=True)


def end_response(
    response: Response,
    case: Case,
    *,
    status: ResponseStatus,
    ended_on: date,
    result: str,
    by: User,
    now: datetime,
) -> None:
    """Done, or dropped with the reason."""
    check_open(case)
    if status is ResponseStatus.DONE and response.status is not ResponseStatus.UNDER_WAY:
        raise Refused("A response is done after it has started: record its start first", field="status")
    if status not in (ResponseStatus.DONE, ResponseStatus.DROPPED) or response.status in (
        ResponseStatus.DONE,
        ResponseStatus.DROPPED,
    ):
        raise Refused("This response has already ended", field="status")
    if not (response.started_on or date.min) <= ended_on <= london(now).date():
        raise Refused("The day must be between the start and today", field="day")
    response.status, response.ended_on, response.result = status, ended_on, result
    _say_status(response, case, by=by, now=now)


def _fill(response: Response, case: Case, **values: Any) -> None:
    party: Party | None = values.get("party")
    owner: User | None = values.get("owner")
    step: LadderStep = values["step"]
    if not step.is_in_force:
        raise Refused("This step is not in force: choose another", field="step_id")
    if party is not None:
        _check_party(case, party)
    if owner is not None:
        values["owner_agency"] = values.get("owner_agency") or owner.agency
        if values["owner_agency"].id != owner.agency_id:
            raise Refused(
                f"{owner.name} works for {owner.agency.name}: choose that agency or another person",
                field="owner_id",
            )
    for name, value in values.items():
        setattr(response, name, value)


def _say_status(response: Response, case: Case, *, by: User, now: datetime, milestone: bool = False) -> None:
    db.session.flush()
    title = f"Response {response.status.label.lower()}: {response.summary}"
    cases.add_event(case, kind=EventKind.RESPONSE, title=title[:300], by=by, now=now, milestone=milestone)
    audit.record(
        Operation.ALTERATION,
        "response.status",
        by=by,
        case=case,
        obj=response,
        at=now,
        status=response.status.value,
    )


def _described(response: Response) -> dict[str, object]:
    names = ("summary", "ladder_reason", "intended_measure", "due_on", "expires_on", "hypothesis_id")
    described: dict[str, object] = {name: getattr(response, name) for name in names}
    for name in ("step", "party", "owner", "owner_agency"):
        thing = getattr(response, name)
        described[name] = thing.id if thing else None
    return {**described, "pat_side": response.pat_side.value}


def _check_party(case: Case, party: Party) -> None:
    if party.case_id != case.id:
        raise Refused("Choose someone who is part of this case", field="party_id")
