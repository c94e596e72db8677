"""A partnership of any size, written in bulk: rows as the services leave them, without one call a row.

What is believable about it: two cases in five are open; a case has one to three parties and a dozen
lines of chronology with a heavy tail; most open cases have an action or two, a quarter of those
late; one case in eight was never scored.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, text

from bench import names
from bench.history import AT_ONCE, Row, batches, chronology, record
from psg.accounts import services as accounts
from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.actions.models import Action, ActionStatus
from psg.base import new_audit_id
from psg.cases.access_models import Member, MemberStatus
from psg.cases.models import (
    Aim,
    Band,
    Case,
    CaseAim,
    Note,
    Party,
    PartyRole,
    Priority,
    Stage,
    Visibility,
)
from psg.extensions import db
from psg.subjects import indexing
from psg.subjects.models import Person, Place, PlaceKind, Subject, SubjectKind, Ward
from psg.web.dates import now, today

PASSWORD = "one long sentence of words"
OFFICERS = 8
WARDS = 14
OPEN_SHARE, PLACE_SHARE, SCORED_SHARE, RESTRICTED_SHARE = 0.4, 0.3, 0.875, 0.03
STAGE_SHARES = dict(zip(Stage, (16, 22, 22, 27, 13), strict=True))
BAND_SHARES = dict(zip(Band, (40, 33, 20, 7), strict=True))


def load(cases: int) -> None:
    """Fill an empty, migrated database, and commit."""
    chance = random.Random(20_260_812)
    officers = _officers()
    _write(Ward, ({"id": number, "name": f"Ward {number:02}"} for number in range(1, WARDS + 1)))
    subjects = list(_subjects(chance, cases))
    _write(Subject, ({key: row[key] for key in _SUBJECT} for row in subjects))
    people = [row for row in subjects if row["kind"] is SubjectKind.PERSON]
    _write(Person, ({key: row[key] for key in _PERSON} for row in people))
    _write(Place, ({key: row[key] for key in _PLACE} for row in subjects if row["kind"] is SubjectKind.PLACE))
    opened = [_case(chance, row, officers) for row in subjects]
    _write(Case, opened)
    _write(CaseAim, ({"case_id": row["id"], "aim": chance.choice(list(Aim))} for row in opened))
    _write(Party, _parties(chance, opened, subjects))
    _write(Member, (row for case in opened for row in _members(case, officers)))
    _write(Action, (row for case in opened for row in _actions(chance, case, officers)))
    for table, rows in chronology(chance, opened, officers):
        db.session.execute(insert(table), rows)
    _go_on_counting(Ward, Subject, Case, Note)
    record(opened, officers)
    indexing.index_missing()
    db.session.commit()


def officer_emails() -> list[str]:
    return [f"officer{number}@psg.example" for number in range(OFFICERS)]


_SUBJECT = ("id", "audit_id", "kind", "name", "ward_id", "version", "created_at")
_PERSON = (
    "id", "given_name", "family_name", "date_of_birth", "age_band", "has_no_fixed_abode", "is_care_leaver",
    "needs_interpreter", "address", "postcode", "contact",
)  # fmt: skip
_PLACE = ("id", "place_kind", "address", "postcode", "uprn", "manager")


def _officers() -> list[User]:
    """One for each of as many agencies."""
    kinds = [kind for kind in AgencyKind if kind is not AgencyKind.OVERSIGHT]
    return [
        accounts.create_demo_user(
            email=email,
            name=f"Officer {number}",
            role=Role.PRACTITIONER,
            agency=_agency(number, kinds[number]),
            password=PASSWORD,
            now=now(),
        )
        for number, email in enumerate(officer_emails())
    ]


def _agency(number: int, kind: AgencyKind) -> Agency:
    return accounts.create_agency(
        code=f"A{number}",
        name=f"{kind.value.replace('_', ' ').capitalize()} agency",
        kind=kind,
        agreement_from=today() - timedelta(days=30),
        agreement_until=today() + timedelta(days=365),
        by=None,
        now=now(),
    )


def _subjects(chance: random.Random, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        is_place = chance.random() < PLACE_SHARE
        given, family = chance.choice(names.GIVEN), names.family_name(chance)
        where = names.address(chance)
        yield {
            "id": number,
            "audit_id": new_audit_id(),
            "kind": SubjectKind.PLACE if is_place else SubjectKind.PERSON,
            "name": where if is_place else f"{given} {family}",
            "ward_id": chance.randint(1, WARDS),
            "version": 1,
            "created_at": now() - timedelta(days=chance.randint(0, 1500)),
            "given_name": given,
            "family_name": family,
            "date_of_birth": date(1945, 1, 1) + timedelta(days=chance.randint(0, 24_000)),
            "age_band": "",
            "has_no_fixed_abode": False,
            "is_care_leaver": False,
            "needs_interpreter": False,
            "address": where,
            "postcode": f"ZZ{chance.randint(1, 9)} {chance.randint(1, 9)}AB",
            "contact": "",
            "place_kind": PlaceKind.STREET,
            "uprn": None,
            "manager": "",
        }


def _case(chance: random.Random, subject: Row, officers: list[User]) -> Row:
    lead = chance.choice(officers)
    created = subject["created_at"]
    is_open = chance.random() < OPEN_SHARE
    since = created + (now() - created) * chance.random()
    is_scored = chance.random() < SCORED_SHARE
    review = today() + timedelta(days=chance.randint(-20, 90)) if is_open and is_scored else None
    return {
        "id": subject["id"],
        "audit_id": new_audit_id(),
        "subject_id": subject["id"],
        "ward_id": subject["ward_id"],
        "visibility": Visibility.MEMBERS if chance.random() < RESTRICTED_SHARE else Visibility.PARTNERSHIP,
        "summary": "Repeated calls about shouting at night",
        "priority": chance.choice(list(Priority)),
        "stage": chance.choices(list(Stage), list(STAGE_SHARES.values()))[0],
        "stage_since": since,
        "lead_id": lead.id,
        "lead_agency_id": lead.agency_id,
        "opened_by_id": lead.id,
        "headline_band": chance.choices(list(Band), list(BAND_SHARES.values()))[0] if is_scored else None,
        "next_review_on": review,
        "closed_at": None if is_open else since,
        "closure_code": "" if is_open else "objective_met",
        "closure_reason": "",
        "created_at": created,
        "version": 1,
    }


def _members(case: Row, officers: list[User]) -> Iterator[Row]:
    """Every officer works in every open case, its lead in a closed one: as many memberships as there could be."""
    for officer in officers:
        if case["closed_at"] is None or officer.id == case["lead_id"]:
            yield {
                "audit_id": new_audit_id(),
                "case_id": case["id"],
                "user_id": officer.id,
                "status": MemberStatus.ACTIVE,
                "until": None,
                "added_by_id": case["lead_id"],
                "changed_at": case["created_at"],
            }


def _parties(chance: random.Random, cases: list[Row], subjects: list[Row]) -> Iterator[Row]:
    for case, subject in zip(cases, subjects, strict=True):
        role = PartyRole.PLACE if subject["kind"] is SubjectKind.PLACE else PartyRole.PERPETRATOR
        yield _party(case, subject["id"], role)
        for other in chance.sample(subjects, min(chance.choice((0, 1, 1, 2)), len(subjects))):
            if other["kind"] is SubjectKind.PERSON and other["id"] != subject["id"]:
                yield _party(case, other["id"], chance.choice((PartyRole.VICTIM, PartyRole.WITNESS)))


def _party(case: Row, subject_id: int, role: PartyRole) -> Row:
    return {
        "audit_id": new_audit_id(),
        "case_id": case["id"],
        "subject_id": subject_id,
        "role": role,
        "created_at": case["created_at"],
    }


def _actions(chance: random.Random, case: Row, officers: list[User]) -> Iterator[Row]:
    for _ in range(chance.choice((0, 1, 2, 2, 3, 5))):
        owner = chance.choice(officers)
        is_done = case["closed_at"] is not None or chance.random() < 0.5
        due = timedelta(days=chance.randint(-10, 30))
        yield {
            "audit_id": new_audit_id(),
            "case_id": case["id"],
            "title": "Joint visit to fit a door guard",
            "owner_id": owner.id,
            "agency_id": owner.agency_id,
            "due_on": case["stage_since"].date() if is_done else today() + due,
            "status": ActionStatus.DONE if is_done else ActionStatus.OPEN,
            "outcome": "Fitted on the first visit." if is_done else "",
            "closed_at": case["stage_since"] if is_done else None,
            "raised_by_id": owner.id,
            "created_at": case["created_at"],
            "version": 1,
        }


def _write(model: Any, rows: Iterable[Row]) -> None:
    for some in batches(rows, AT_ONCE):
        db.session.execute(insert(model.__table__), some)


def _go_on_counting(*models: Any) -> None:
    """PostgreSQL does not notice ids that were given: the next ones come after them."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in (model.__tablename__ for model in models):
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        )
