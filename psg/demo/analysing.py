"""Analysis: why it goes on, what was suspected and what the evidence says."""

from datetime import datetime

from psg.cases.models import Stage
from psg.demo import early_words as words
from psg.demo.spread import Planned, Task, over
from psg.demo.world import Desk
from psg.osara import queries, records
from psg.osara.models import Hypothesis, Verdict


def analysis(desk: Desk) -> list[Planned]:
    """The triangle, two hypotheses, the person's voice, and a reading by somebody who wrote none of it."""
    tasks: list[Task] = [
        lambda now: _pattern(desk, now),
        lambda now: _suspect(desk, now),
        lambda now: _triangle(desk, now),
        lambda now: _doubt(desk, now),
        lambda now: _find(desk, now),
        lambda now: _voice(desk, now),
    ]
    if not (desk.line.bend.waived and desk.line.bend.waived[0] is Stage.ANALYSIS):
        tasks.append(lambda now: _review(desk, now))
    return over(desk, Stage.ANALYSIS, tasks)


def _pattern(desk: Desk, now: datetime) -> None:
    theme = desk.theme
    records.write_record(
        desk.case,
        Stage.ANALYSIS,
        what="pattern",
        by=desk.lead,
        now=now,
        questions=f"{theme.events} {theme.similarity}",
        drivers_demand=f"In short: {theme.because}.",
        drivers_need=theme.vulnerability,
        tried=desk.dice.choice(words.TRIED),
        data_gaps=desk.dice.choice(words.GAPS),
    )


def _suspect(desk: Desk, now: datetime) -> None:
    because, expect = desk.theme.because, desk.theme.expect
    records.add_to_record(desk.case, Hypothesis, by=desk.lead, now=now, because=because, expect=expect)


def _find(desk: Desk, now: datetime) -> None:
    suspected = queries.hypotheses_of(desk.case)[0]
    found = {"evidence_for": desk.theme.evidence, "verdict": Verdict.SUPPORTED}
    records.amend(suspected, desk.case, by=desk.lead, now=now, **found)


def _doubt(desk: Desk, now: datetime) -> None:
    because, expect, against = desk.theme.doubted
    records.add_to_record(
        desk.case,
        Hypothesis,
        by=desk.colleague(now),
        now=now,
        because=because,
        expect=expect,
        evidence_against=against,
        verdict=Verdict.NOT_SUPPORTED,
    )


def _triangle(desk: Desk, now: datetime) -> None:
    theme = desk.theme
    records.write_record(
        desk.case,
        Stage.ANALYSIS,
        what="triangle",
        by=desk.lead,
        now=now,
        victim_side=theme.victim,
        offender_side=theme.offender,
        place_side=theme.place,
    )


def _voice(desk: Desk, now: datetime) -> None:
    records.write_record(
        desk.case,
        Stage.ANALYSIS,
        what="voice and equality",
        by=desk.lead,
        now=now,
        voice=desk.theme.voice,
        equality=desk.dice.choice(words.EQUALITY if desk.about_person else words.EQUALITY_OF_PLACES),
        vulnerability=desk.theme.vulnerability,
    )


def _review(desk: Desk, now: datetime) -> None:
    wrote = queries.authors_of(desk.case)
    readers = [desk.world.users[key] for key in words.REVIEWERS]
    reader = desk.dice.choice([user for user in readers if user.id not in wrote])
    records.review_analysis(desk.case, note=desk.dice.choice(words.REVIEWS), by=reader, now=now)
