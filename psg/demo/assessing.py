"""Assessment and closure: what the counts say, honestly, and who agrees."""

from datetime import datetime, timedelta

from psg.accounts.models import User
from psg.cases.models import Stage
from psg.demo.clock import working
from psg.demo.spread import Planned, Task, over
from psg.demo.timelines import PAUSE_ENDS, PAUSE_STARTS
from psg.demo.world import Desk
from psg.osara import moves, queries, records
from psg.osara.measurement import Change
from psg.osara.models import Lesson, Outcome
from psg.web.dates import day as in_words

ENOUGH = -30
"""Change in per cent from which an objective counts as met and sustained; the product's default."""
LOOK_AGAIN = timedelta(days=91)
COST = (
    "About forty hours of four people, and eleven hundred pounds.",
    "Officers' time only, some thirty hours.",
    "Six hundred pounds from the ward fund, and two days of the contractor.",
)
DISPLACED = {
    True: (
        "To another agency: looked for with ambulance and landlord, and not found.",
        "Nothing like it about anybody else nearby, by the same counts.",
    ),
    False: (
        "Nothing like it within half a mile, by the same counts.",
        "Two reports from the next street, watched for a month and not repeated.",
    ),
}
"""Where the problem might have gone, by whether the case is about a person."""
UNINTENDED = (
    "None that we know of; it was asked.",
    "One neighbour felt that we listened to the other side more. We told her why.",
    "More paper for one partner, who said so.",
)
FEEDBACK = {
    True: (
        "“I stopped noticing, which is the point.”",
        "They said thank you, and asked us to come less often.",
        "Better in the week, they say, and nearly as good at weekends.",
    ),
    False: (
        "Nine of eleven who were asked say that it is better, one that it is the same.",
        "“I walk through it again. That is all I wanted.”",
        "The council's own staff say that they are asked about it less.",
    ),
}
NOTHING_MOVED = "There is nothing to have moved: the count did not fall."
UNCHANGED = "“You came six times and nothing changed.”"
NO_LESSON = "Withheld: told as a lesson it would be known who it was."


def assessment(desk: Desk) -> list[Planned]:
    """The window after, the outcome of each objective, what was done, what changed, and what to keep from it."""
    tasks: list[Task] = [
        lambda now: _process(desk, now),
        lambda now: _after(desk, now),
        lambda now: _outcomes(desk, now),
        lambda now: _changed(desk, now),
        lambda now: _follow_up(desk, now),
        lambda now: _lesson(desk, now),
    ]
    if desk.line.bend.is_complete:
        tasks.append(lambda now: _propose(desk, "objective_met", now))
    return over(desk, Stage.ASSESSMENT, tasks)


def closing(desk: Desk) -> list[Planned]:
    """Proposed by the lead; confirmed on the last day by the chair, or the coordinator's deputy for the chair's own."""
    day = desk.line.closed or desk.line.today
    bend = desk.line.bend
    planned: list[Planned] = []
    if bend.waived:
        _, requirement, reason = bend.waived
        planned.append(
            (
                day - timedelta(days=9),
                lambda now: moves.waive(desk.case, requirement, reason=reason, by=_approver(desk), now=now),
            )
        )
    planned.append((working(day - timedelta(days=4)), lambda now: _propose(desk, bend.code, now)))
    planned.append((day, lambda now: moves.confirm_closure(desk.case, by=_approver(desk), now=now)))
    return planned


def pausing(desk: Desk, stage: Stage, why: str, again: str) -> list[Planned]:
    """Closed too early, with leave to do without Assessment, and opened again three weeks later."""
    chair = desk.world.users["chair"]
    day = desk.line.entered[stage] + timedelta(days=PAUSE_STARTS)
    again_on = desk.line.entered[stage] + timedelta(days=PAUSE_ENDS)
    return [
        (day, lambda now: moves.waive(desk.case, "assessment", reason=why, by=chair, now=now)),
        (
            day,
            lambda now: moves.propose_closure(
                desk.case, code="below_threshold", reason=why, by=desk.lead, now=now
            ),
        ),
        (day + timedelta(days=1), lambda now: moves.confirm_closure(desk.case, by=chair, now=now)),
        (
            again_on,
            lambda now: moves.reopen(desk.case, to=stage, reason=again, by=chair, now=now),
        ),
    ]


def _approver(desk: Desk) -> User:
    return desk.world.users["chair" if desk.lead is desk.world.users["coordinator"] else "coordinator"]


def change(desk: Desk) -> Change:
    """Before and after by the very contacts that were imported."""
    line, calls = desk.line, desk.world.calls
    days = line.bend.window_days
    begun = line.responded or line.today
    after_from = line.after_from or line.today
    return Change(
        before=calls.count(desk.key, until=begun - timedelta(days=1), days=days),
        after=calls.count(desk.key, until=after_from + timedelta(days=days - 1), days=days),
    )


def _process(desk: Desk, now: datetime) -> None:
    records.write_record(
        desk.case,
        Stage.ASSESSMENT,
        what="process",
        by=desk.lead,
        now=now,
        work_done=desk.theme.done or "Done as planned, in the order planned.",
        cost=desk.dice.choice(COST),
    )


def _after(desk: Desk, now: datetime) -> None:
    measure = queries.measures_of(desk.case)[0]
    counted = {"after_from": desk.line.after_from, "after_count": change(desk).after}
    records.amend(measure, desk.case, by=desk.lead, now=now, **counted)


def _outcomes(desk: Desk, now: datetime) -> None:
    found, days = change(desk), desk.line.bend.window_days
    for one in queries.objectives_of(desk.case):
        outcome = Outcome.PART_MET if found.after < found.before else Outcome.NOT_MET
        if found.after <= one.target:
            outcome = Outcome.MET
        data = (
            f"{found.after} in the {days} days from {in_words(desk.line.after_from)}, {found.before} in the {days} "
            f"days before work began; counted by {one.data_owner.name}. Target {one.target}."
        )
        records.amend(one, desk.case, by=desk.lead, now=now, outcome=outcome, outcome_data=data)


def _changed(desk: Desk, now: datetime) -> None:
    found = change(desk)
    fell = found.after < found.before
    records.write_record(
        desk.case,
        Stage.ASSESSMENT,
        what="outcome",
        by=desk.lead,
        now=now,
        outcome=f"{desk.theme.measure}: {found.words}.",
        displacement=desk.dice.choice(DISPLACED[desk.about_person]) if fell else NOTHING_MOVED,
        unintended=desk.dice.choice(UNINTENDED),
        feedback=desk.dice.choice(FEEDBACK[desk.about_person]) if fell else UNCHANGED,
    )


def _follow_up(desk: Desk, now: datetime) -> None:
    records.write_record(
        desk.case,
        Stage.ASSESSMENT,
        what="follow-up",
        by=desk.lead,
        now=now,
        follow_up_on=working(now.date() + LOOK_AGAIN),
        follow_up_how="The lead counts again, rings the person or the manager, and tells the coordinator.",
    )


def _lesson(desk: Desk, now: datetime) -> None:
    lesson = desk.theme.lesson
    records.write_record(
        desk.case,
        Stage.ASSESSMENT,
        what="lesson",
        by=desk.lead,
        now=now,
        lesson=Lesson.OFFERED if lesson else Lesson.WITHHELD,
        lesson_text=lesson or NO_LESSON,
    )


def _propose(desk: Desk, code: str, now: datetime) -> None:
    found, reason = change(desk), desk.line.bend.reason
    is_sustained = found.is_beyond_variation and (found.percent or 0) <= ENOUGH
    if code == "objective_met" and not is_sustained:
        code = "below_threshold"
    moves.propose_closure(
        desk.case, code=code, reason=reason or f"{desk.theme.measure}: {found.words}.", by=desk.lead, now=now
    )
