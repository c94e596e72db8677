"""Entering a version of the rules, and dismissing what they propose."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.demand.screening.models import Dismissal, RuleSubject, RuleTest, ThresholdRule, ThresholdSet
from psg.extensions import db
from psg.subjects.models import PlaceKind, Subject
from psg.web.dates import london

DATA = Path(__file__).parents[1] / "data"
LONGEST_DISMISSAL = timedelta(days=366)
Described = Mapping[str, Any]


def load_reference_data(now: datetime) -> None:
    """Enter the versions that ship with the product. One that is held already stays as it is."""
    held = set(db.session.scalars(select(ThresholdSet.number)))
    for described in shipped():
        if described["number"] not in held:
            _enter(
                described["rules"],
                number=described["number"],
                in_force_from=date.fromisoformat(described["in_force_from"]),
                source=described["source"],
                by=None,
                now=now,
            )
    db.session.flush()


def shipped() -> Sequence[Described]:
    """The versions in the files, the oldest first. The newest also says which rules there can be."""
    files = sorted(DATA.glob("thresholds-*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def enter_version(
    rules: Sequence[Described], *, in_force_from: date, source: str, by: User, now: datetime
) -> ThresholdSet:
    """A new version of the rules, from a day on. Those before it stay readable and are never changed."""
    if in_force_from < london(now).date():
        raise Refused(
            "New rules begin today or later: what was proposed before was by those of then",
            field="in_force_from",
        )
    if not any(rule["test"] != RuleTest.NONE for rule in rules):
        raise Refused("Keep at least one rule in use: without any, nobody is ever proposed")
    newest = db.session.scalar(select(func.max(ThresholdSet.number))) or 0
    made = _enter(rules, number=newest + 1, in_force_from=in_force_from, source=source, by=by, now=now)
    db.session.flush()
    audit.record(
        Operation.ALTERATION,
        "thresholds.enter",
        by=by,
        obj=made,
        at=now,
        number=made.number,
        rules=len(rules),
    )
    return made


def dismiss(subject: Subject, *, reason: str, until: date, by: User, now: datetime) -> Dismissal:
    """Propose them no more, up to and including that day."""
    today = london(now).date()
    if not today <= until <= today + LONGEST_DISMISSAL:
        raise Refused(
            "Choose a day from today to a year from now: then they are looked at again", field="until"
        )
    dismissal = Dismissal(subject=subject, reason=reason, until=until, by=by, at=now)
    db.session.add(dismissal)
    db.session.flush()
    audit.record(
        Operation.ALTERATION,
        "candidate.dismiss",
        by=by,
        obj=dismissal,
        at=now,
        subject=subject.record_id,
        until=until.isoformat(),
    )
    return dismissal


def _enter(
    rules: Sequence[Described],
    *,
    number: int,
    in_force_from: date,
    source: str,
    by: User | None,
    now: datetime,
) -> ThresholdSet:
    made = ThresholdSet(
        number=number,
        in_force_from=in_force_from,
        source=source,
        entered_at=now,
        entered_by=by,
        rules=[_rule(position, rule) for position, rule in enumerate(rules, start=1)],
    )
    db.session.add(made)
    return made


def _rule(position: int, described: Described) -> ThresholdRule:
    values = {**described, "subject": RuleSubject(described["subject"]), "test": RuleTest(described["test"])}
    kinds = [PlaceKind(kind).value for kind in values.pop("place_kinds", [])]
    return ThresholdRule(position=position, place_kinds=",".join(kinds), **values)
