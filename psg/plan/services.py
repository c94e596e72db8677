"""Bringing a plan in, and saying which commitments a case serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind
from psg.extensions import db
from psg.plan import queries
from psg.plan.file import PlanRow, read_plan
from psg.plan.models import AreaOfFocus, CaseCommitment, Commitment, CommitmentLead, Plan


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    year: str
    commitments: int
    areas: int
    added: int
    changed: int
    moved: int
    absent: tuple[str, ...]

    @property
    def has_changes(self) -> bool:
        return bool(self.added or self.changed or self.moved)


def import_plan(content: bytes, *, year: str, by: User | None, now: datetime) -> Imported:
    """Make the plan of that year say what the file says: all of it, or `Refused` and nothing.

    A commitment that the file no longer has is kept, for cases may serve it, and is named in the
    result. The same file a second time changes nothing.
    """
    rows = read_plan(content)
    plan = queries.plan_of(year) or _new_plan(year, now)
    held = _commitments_by_reference(plan)
    areas = _areas_in_order(plan, rows)
    result = {"added": 0, "changed": 0, "moved": 0}
    for sequence, row in enumerate(rows, start=1):
        commitment = held.pop(row.reference.casefold(), None)
        if commitment is None:
            _add(plan, areas[row.area], row, sequence, now)
            result["added"] += 1
        elif _says(commitment) != row:
            _change(commitment, areas[row.area], row, sequence)
            result["changed"] += 1
        elif commitment.sequence != sequence:
            commitment.sequence = sequence
            result["moved"] += 1
    db.session.flush()
    _remove_empty_areas(plan)
    absent = tuple(sorted(commitment.reference for commitment in held.values()))
    imported = Imported(year=year, commitments=len(rows), areas=len(areas), absent=absent, **result)
    if imported.has_changes:
        file_hash = sha256(content).hexdigest()
        audit.record(
            Operation.COLLECTION, "plan.import", by=by, obj=plan, at=now, rows=len(rows), file_hash=file_hash
        )
    return imported


def mark_same(commitment: Commitment, *, same_as: Commitment, by: User | None, now: datetime) -> None:
    """Say that a commitment repeats another of its plan, so that a case that serves one counts once for both."""
    if commitment.plan_id != same_as.plan_id or commitment.root_id == same_as.root_id:
        raise Refused("Choose two different commitments of one plan that do not stand as the same already.")
    root = same_as.root_id
    for repeat in queries.repeats_of(commitment.root_id):
        repeat.same_as_id = root
    db.session.flush()
    audit.record(
        Operation.ALTERATION, "commitment.same", by=by, obj=commitment, at=now, same_as=same_as.record_id
    )


def link_commitments(
    case: Case, commitments: Iterable[Commitment], *, how: str, by: User, now: datetime
) -> list[CaseCommitment]:
    """Say that the case serves these commitments, and how."""
    chosen = list(dict.fromkeys(commitments))
    if not chosen:
        raise Refused("Choose at least one commitment that this case serves", field="commitments")
    held = {link.commitment_id for link in queries.links_of(case)}
    if known := [commitment.reference for commitment in chosen if commitment.id in held]:
        raise Refused(
            f"This case already serves {', '.join(known)}: take that off your choice", field="commitments"
        )
    links = [
        CaseCommitment(case_id=case.id, commitment=commitment, how=how, linked_by=by, linked_at=now)
        for commitment in chosen
    ]
    db.session.add_all(links)
    db.session.flush()
    references = ", ".join(commitment.reference for commitment in chosen)
    title = f"Linked to {'commitment' if len(chosen) == 1 else 'commitments'} {references}"
    cases.add_event(case, kind=EventKind.PLAN, title=title[:300], by=by, now=now)
    audit.record(
        Operation.ALTERATION,
        "commitments.link",
        by=by,
        case=case,
        at=now,
        fields=["how"],
        commitments=[commitment.record_id for commitment in chosen],
    )
    return links


def unlink_commitment(link: CaseCommitment, case: Case, *, reason: str, by: User, now: datetime) -> None:
    """Take a commitment off the case. The chronology keeps that it was there, and why it went."""
    commitment = link.commitment
    db.session.delete(link)
    db.session.flush()
    title = f"No longer linked to commitment {commitment.reference}: {reason}"
    cases.add_event(case, kind=EventKind.PLAN, title=title[:300], by=by, now=now)
    audit.record(
        Operation.ALTERATION,
        "commitment.unlink",
        by=by,
        case=case,
        obj=link,
        at=now,
        commitment=commitment.record_id,
    )


def _new_plan(year: str, now: datetime) -> Plan:
    plan = Plan(year=year, created_at=now, areas=[])
    db.session.add(plan)
    db.session.flush()
    return plan


def _commitments_by_reference(plan: Plan) -> dict[str, Commitment]:
    statement = (
        select(Commitment)
        .where(Commitment.plan_id == plan.id)
        .options(joinedload(Commitment.area), selectinload(Commitment.leads))
    )
    return {commitment.reference.casefold(): commitment for commitment in db.session.scalars(statement)}


def _areas_in_order(plan: Plan, rows: Sequence[PlanRow]) -> dict[str, AreaOfFocus]:
    """The areas the file names, in its order; those it does not name stand behind them."""
    held = {area.name: area for area in plan.areas}
    names = list(dict.fromkeys([*(row.area for row in rows), *held]))
    for sequence, name in enumerate(names, start=1):
        if name not in held:
            held[name] = AreaOfFocus(name=name, sequence=sequence)
            plan.areas.append(held[name])
        held[name].sequence = sequence
    db.session.flush()
    return {row.area: held[row.area] for row in rows}


def _says(commitment: Commitment) -> PlanRow:
    """What is held, as a row of the file would say it."""
    return PlanRow(
        area=commitment.area.name,
        reference=commitment.reference,
        text=commitment.text,
        detail=commitment.detail,
        leads=tuple(commitment.lead_names),
    )


def _add(plan: Plan, area: AreaOfFocus, row: PlanRow, sequence: int, now: datetime) -> None:
    commitment = Commitment(plan=plan, created_at=now, leads=[])
    db.session.add(commitment)
    _change(commitment, area, row, sequence)


def _change(commitment: Commitment, area: AreaOfFocus, row: PlanRow, sequence: int) -> None:
    commitment.area, commitment.reference, commitment.sequence = area, row.reference, sequence
    commitment.text, commitment.detail = row.text, row.detail
    if commitment.lead_names != list(row.leads):
        commitment.leads.clear()
        db.session.flush()  # the old leads go before the new ones come: one of them may have the same name
        commitment.leads.extend(
            CommitmentLead(name=name, sequence=place) for place, name in enumerate(row.leads, start=1)
        )


def _remove_empty_areas(plan: Plan) -> None:
    used = set(db.session.scalars(select(Commitment.area_id).where(Commitment.plan_id == plan.id)))
    for area in plan.areas:
        if area.id not in used:
            db.session.delete(area)
    db.session.flush()
    db.session.expire(plan, ["areas"])
