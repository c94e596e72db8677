"""Objective and Scanning, as the group would write them."""

from datetime import date, datetime, timedelta

from psg.cases.models import Stage
from psg.demo import early_words as words
from psg.demo.clock import working
from psg.demo.commitments import HOW
from psg.demo.spread import Planned, Task, over
from psg.demo.world import Desk
from psg.osara import records
from psg.osara.models import (
    AgencyReturn,
    AimType,
    ReturnKind,
    Safeguarding,
    Scope,
    SmartObjective,
)
from psg.plan import services as plan

REDUCE_BY = 40
RETURN_DAYS = 90
FOR_TARGET = timedelta(days=168)


def objective(desk: Desk) -> list[Planned]:
    """Why, what is counted, which commitments, and on what basis the agencies share."""
    tasks: list[Task] = [
        lambda now: _state(desk, now),
        lambda now: _measure(desk, now),
        lambda now: _link(desk, now),
    ]
    if desk.line.problem.high_harm:
        tasks.append(lambda now: _measure_by_score(desk, now))
    tasks.append(lambda now: _share(desk, now))
    return over(desk, Stage.OBJECTIVE, tasks)


def scanning(desk: Desk) -> list[Planned]:
    """Returns from those who know of it and one who does not, the problem in CHEERS form, and the two questions."""
    known = desk.world.calls.agencies(desk.key, until=desk.line.opened, days=180)[:2] or ["POL"]
    nil = desk.dice.choice([code for code in ("PROB", "ASC", "FIRE", "JOB", "YJS") if code not in known])
    tasks: list[Task] = [lambda now: _return(desk, known[0], now), lambda now: _problem(desk, now)]
    tasks += [lambda now, code=code: _return(desk, code, now) for code in (*known[1:], nil)]  # type: ignore[misc]
    tasks += [lambda now: _safeguarding(desk, now), lambda now: _duplicates(desk, now)]
    return over(desk, Stage.SCANNING, tasks)


def _state(desk: Desk, now: datetime) -> None:
    aim = desk.line.bend.aim
    records.write_record(
        desk.case,
        Stage.OBJECTIVE,
        what="statement",
        by=desk.lead,
        now=now,
        why=desk.theme.why,
        harmed=desk.theme.harm,
        aim_type=aim,
        reduce_by=REDUCE_BY if aim is AimType.REDUCE else None,
        out_of_scope=desk.dice.choice(words.OUT_OF_SCOPE),
    )


def _measure(desk: Desk, now: datetime) -> None:
    line = desk.line
    days = line.bend.window_days
    count = desk.world.calls.count(desk.key, until=line.opened - timedelta(days=1), days=days)
    counted = {"baseline": count} if not line.bend.no_number else {"baseline_reason": line.bend.no_number}
    records.add_to_record(
        desk.case,
        SmartObjective,
        by=desk.lead,
        now=now,
        measure=desk.theme.measure,
        window_days=days,
        target=max(count * (100 - REDUCE_BY) // 100, 1),
        due_on=working(line.opened + FOR_TARGET),
        data_owner_id=desk.world.agencies[desk.involved(now)[0]].id,
        **counted,
    )


def _measure_by_score(desk: Desk, now: datetime) -> None:
    records.add_to_record(
        desk.case,
        SmartObjective,
        by=desk.lead,
        now=now,
        measure="Track and Score of the person most at risk, by its high end",
        baseline_reason="Not scored yet: the first score is part of Scanning.",
        window_days=28,
        target=40,
        due_on=working(desk.line.opened + FOR_TARGET),
        data_owner_id=desk.lead.agency_id,
    )


def _link(desk: Desk, now: datetime) -> None:
    first, *more = desk.line.problem.commitments
    held = desk.world.commitments
    plan.link_commitments(desk.case, [held[first]], how=HOW[first], by=desk.lead, now=now)
    for later in more:
        plan.link_commitments(desk.case, [held[later]], how=HOW[later], by=desk.lead, now=now)


def _share(desk: Desk, now: datetime) -> None:
    basis = words.SHARING_ABOUT_PEOPLE if desk.about_person else words.SHARING_ABOUT_PLACES
    records.write_record(
        desk.case,
        Stage.OBJECTIVE,
        what="basis for sharing",
        by=desk.lead,
        now=now,
        sharing_basis=desk.dice.choice(basis),
        sharing_agreement="The partnership's information sharing agreement",
    )


def _return(desk: Desk, agency: str, now: datetime) -> None:
    until = now.date() - timedelta(days=1)
    count = desk.world.calls.count(desk.key, until=until, days=RETURN_DAYS, agency=agency)
    held = {"kind": ReturnKind.DATA, "figure": count, "summary": desk.dice.choice(words.RETURNED)}
    nil = {
        "kind": ReturnKind.NIL,
        "figure": None,
        "summary": "Searched by name, alias and address; nothing held.",
    }
    records.add_to_record(
        desk.case,
        AgencyReturn,
        by=desk.world.worker_of(agency, desk.dice),
        now=now,
        agency_id=desk.world.agencies[agency].id,
        window_days=RETURN_DAYS,
        window_until=until,
        **(held if count else nil),
    )


def _problem(desk: Desk, now: datetime) -> None:
    theme = desk.theme
    records.write_record(
        desk.case,
        Stage.SCANNING,
        what="problem",
        by=desk.lead,
        now=now,
        community=theme.community,
        harm=theme.harm,
        expectation=theme.expectation,
        events=theme.events,
        recurring=_recurring(desk, now.date()),
        similarity=theme.similarity,
    )


def _recurring(desk: Desk, day: date) -> str:
    calls = desk.world.calls
    lately = calls.count(desk.key, until=day - timedelta(days=1), days=RETURN_DAYS)
    before = calls.count(desk.key, until=day - timedelta(days=RETURN_DAYS + 1), days=RETURN_DAYS)
    agencies = len(calls.agencies(desk.key, until=day, days=RETURN_DAYS))
    return f"{lately} contacts in the last {RETURN_DAYS} days, with {agencies} agencies; {before} in the {RETURN_DAYS} days before."


def _safeguarding(desk: Desk, now: datetime) -> None:
    answer = words.SAFEGUARDING.get(desk.theme.measure, Safeguarding.NO_CONCERN)
    records.write_record(
        desk.case,
        Stage.SCANNING,
        what="safeguarding",
        by=desk.lead,
        now=now,
        safeguarding=answer,
        safeguarding_on=now.date(),
        safeguarding_note=words.SAFEGUARDING_NOTES[answer],
    )


def _duplicates(desk: Desk, now: datetime) -> None:
    records.write_record(
        desk.case,
        Stage.SCANNING,
        what="duplicates",
        by=desk.lead,
        now=now,
        duplicates=desk.dice.choice(words.DUPLICATES),
        scope=Scope.ONE,
        shared_with=desk.dice.choice(words.SHARED_WITH),
    )
