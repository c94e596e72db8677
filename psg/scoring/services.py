"""Entering what ships with the product, and recording scores. Scores are only ever added."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind, Party
from psg.extensions import db
from psg.scoring import arithmetic, queries
from psg.scoring.answers import Answer
from psg.scoring.counted import suggestions_for
from psg.scoring.headline import headline_of
from psg.scoring.matrices import file as matrix_file
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.described import describe
from psg.scoring.matrices.models import Factor, Matrix, MatrixKind
from psg.scoring.matrices.queries import WHOLE_MATRIX, matrix_on
from psg.scoring.models import SCORED_BY_ROLE, Score, ScoreAnswer, ScoreFloor
from psg.scoring.suggestions import Suggestion
from psg.web.dates import london

DATA = Path(__file__).parent / "data"


def load_reference_data(now: datetime) -> None:
    """Enter the versions that ship with the product. Loading again adds nothing.

    A version is immutable, so a file that says something else than what was entered is refused.
    """
    for file in sorted(DATA.glob("*.json")):
        enter_matrix(json.loads(file.read_text(encoding="utf-8")))


def enter_matrix(data: Mapping[str, Any]) -> Matrix:
    """Enter one version that ships with the product, as its file has it."""
    described = matrix_file.from_file(data)
    kind, number = MatrixKind(described["kind"]), data["number"]
    held = db.session.scalars(
        select(Matrix).where(Matrix.kind == kind, Matrix.number == number).options(*WHOLE_MATRIX)
    ).one_or_none()
    if held is None:
        return matrices.enter_shipped(
            described,
            number=number,
            effective_from=date.fromisoformat(data["effective_from"]),
            approval=data["approval"],
        )
    if describe(held) != described:
        raise Refused(
            f"Version {number} of the {kind} matrix was entered with other words: enter a new version."
        )
    return held


def record_score(
    party: Party,
    *,
    kind: MatrixKind,
    answers: Mapping[str, Answer],
    floors: Collection[str] = (),
    by: User,
    now: datetime,
) -> Score:
    """Score a party against the matrix in force, and keep the case's headline and review in step.

    A factor without an answer is unknown, which is not 0. `floors` are codes of the matrix's floors;
    each sets Critical whatever the points, and the panel it is handed to the same day owns the risk. A
    floor that the score before set and handed over stays handed over.
    """
    case = party.case
    if not case.is_open:
        raise Refused("This case is closed: reopen it before you score")
    if kind not in SCORED_BY_ROLE.get(party.role, ()):
        raise Refused(f"A {party.role.label.lower()} is not scored for {kind.label}: choose another party")
    day = london(now).date()
    matrix = matrix_on(kind, day)
    if matrix is None:
        raise Refused(f"No {kind.label} matrix is in force: ask your administrator to enter one")
    _check(matrix, answers, floors)
    before = queries.latest_score(party, kind)
    suggestions = suggestions_for(party, matrix, day)
    total = arithmetic.total(matrix.weighted, {code: answer.value for code, answer in answers.items()})
    score = Score(
        case=case,
        party=party,
        kind=kind,
        number=before.number + 1 if before else 1,
        matrix=matrix,
        scored_on=day,
        scored_by=by,
        points_low=total.points_low,
        points_high=total.points_high,
        points_maximum=total.maximum,
        index_low=total.low,
        index_high=total.high,
        completeness=total.completeness,
        band=arithmetic.effective_band(total.high, matrix.band_table, has_floor=bool(floors)),
        review_on=arithmetic.review_on(day, total.high, matrix.band_table, has_floor=bool(floors)),
        answers=[
            _kept(factor, answers.get(factor.code, Answer(None)), suggestions.get(factor.code))
            for factor in matrix.factors
        ],
        floor_rows=_floor_rows(matrix, floors, before, day),
        created_at=now,
    )
    db.session.add(score)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody else recorded this number first: meet what they saved
        raise StaleDataError from error
    _tell(score, before, by, now)
    return score


def refresh_headline(case: Case) -> bool:
    """Bring the case's band and next review in step with its latest scores; whether the band moved.

    Scoring does so by itself. Reopening a case, whose review clock stopped when it closed, asks for it.
    """
    headline = headline_of(queries.latest_scores_for(case))
    moved = headline.band is not case.headline_band
    cases.set_headline(case, band=headline.band, next_review_on=headline.review_on)
    return moved


def _tell(score: Score, before: Score | None, by: User, now: datetime) -> None:
    case = score.case
    moved = refresh_headline(case)
    change = queries.change_between(before, score)
    why = f". {change.words}" if change else ""
    floors = (
        f", Critical by a floor ({', '.join(floor.name for floor in score.floors)})" if score.floors else ""
    )
    title = f"{score.party.subject.reference} scored for {score.kind.label}: {score.words}{floors}{why}"
    title = title if len(title) <= 300 else f"{title[:299]}…"
    cases.add_event(case, kind=EventKind.SCORE, title=title, by=by, now=now, milestone=moved)
    audit.record(
        Operation.COLLECTION,
        "score.record",
        by=by,
        case=case,
        obj=score,
        at=now,
        kind=score.kind.value,
        matrix=score.matrix.number,
        party=score.party.record_id,
    )


def _check(matrix: Matrix, answers: Mapping[str, Answer], floors: Collection[str]) -> None:
    known = {factor.code for factor in matrix.factors}
    for code, answer in answers.items():
        if code not in known:
            raise Refused(f"The {matrix.kind.label} matrix has no factor {code}")
        if answer.value is not None and not 0 <= answer.value <= arithmetic.HIGHEST_ANSWER:
            raise Refused(f"{code} is 0, 1, 2, 3 or unknown", field=code)
    if not set(floors) <= {floor.code for floor in matrix.floors}:
        raise Refused(f"The {matrix.kind.label} matrix has no such floor", field="floors")


def _floor_rows(matrix: Matrix, floors: Collection[str], before: Score | None, day: date) -> list[ScoreFloor]:
    earlier = {row.floor.code: row for row in before.floor_rows} if before else {}
    rows = []
    for floor in matrix.floors:
        if floor.code in floors:
            held = earlier.get(floor.code)
            rows.append(
                ScoreFloor(
                    floor=floor,
                    set_on=held.set_on if held else day,
                    handover=held.handover if held else None,
                )
            )
    return rows


def _kept(factor: Factor, answer: Answer, suggestion: Suggestion | None) -> ScoreAnswer:
    return ScoreAnswer(
        factor=factor,
        value=answer.value,
        evidence=answer.evidence,
        source_agency=answer.source_agency,
        evidence_on=answer.evidence_on,
        stale_after=answer.stale_after,
        suggested=suggestion.value if suggestion else None,
        suggestion=suggestion.because if suggestion and suggestion.value is not None else "",
    )
