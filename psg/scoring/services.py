"""Entering matrices and recording scores. Both are only ever added."""

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
from psg.cases.models import Band, Case, EventKind, Party
from psg.extensions import db
from psg.scoring import arithmetic, queries
from psg.scoring.answers import Answer
from psg.scoring.headline import headline_of
from psg.scoring.models import (
    SCORED_BY_ROLE,
    Anchor,
    Factor,
    Floor,
    Matrix,
    MatrixBand,
    MatrixKind,
    Score,
    ScoreAnswer,
)
from psg.web.dates import london

DATA = Path(__file__).parent / "data"


def load_reference_data(now: datetime) -> None:
    """Enter the versions that ship with the product. Loading again adds nothing.

    A version is immutable, so a file that says something else than what was entered is refused.
    """
    for file in sorted(DATA.glob("*.json")):
        enter_matrix(json.loads(file.read_text(encoding="utf-8")))


def enter_matrix(described: Mapping[str, Any]) -> Matrix:
    """Enter one version of a matrix, as its file describes it."""
    kind, number = MatrixKind(described["kind"]), described["number"]
    held = db.session.scalars(
        select(Matrix).where(Matrix.kind == kind, Matrix.number == number).options(*queries.WHOLE_MATRIX)
    ).one_or_none()
    if held is not None:
        if _describe(held) != described:
            raise Refused(
                f"Version {number} of the {kind} matrix was entered with other words: enter a new version."
            )
        return held
    matrix = Matrix(
        kind=kind,
        number=number,
        effective_from=date.fromisoformat(described["effective_from"]),
        source=described["source"],
        approval=described["approval"],
        provisional_under=described["provisional_under"],
        high_from=described["high_from"],
        factors=[_factor(position, factor) for position, factor in enumerate(described["factors"])],
        bands=[
            MatrixBand(
                band=Band(band["band"]),
                lowest=band["from"],
                review_days=band["review_days"],
                confirmed_by=band["confirmed_by"],
            )
            for band in described["bands"]
        ],
        floors=[
            Floor(position=position, code=floor["code"], name=floor["name"], guidance=floor["guidance"])
            for position, floor in enumerate(described["floors"])
        ],
    )
    db.session.add(matrix)
    db.session.flush()
    return matrix


def record_score(
    party: Party,
    *,
    kind: MatrixKind,
    answers: Mapping[str, Answer],
    floors: Collection[str] = (),
    handover: str = "",
    by: User,
    now: datetime,
) -> Score:
    """Score a party against the matrix in force, and keep the case's headline and review in step.

    A factor without an answer is unknown, which is not 0. `floors` are codes of the matrix's floors;
    each sets Critical whatever the points, and the panel it is handed to the same day owns the risk.
    """
    case = party.case
    if not case.is_open:
        raise Refused("This case is closed: reopen it before you score")
    if kind not in SCORED_BY_ROLE.get(party.role, ()):
        raise Refused(f"A {party.role.label.lower()} is not scored for {kind.label}: choose another party")
    day = london(now).date()
    matrix = queries.matrix_on(kind, day)
    if matrix is None:
        raise Refused(f"No {kind.label} matrix is in force: ask your administrator to enter one")
    _check(matrix, answers, floors)
    before = queries.latest_score(party, kind)
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
        handover=handover,
        answers=[_kept(factor, answers.get(factor.code, Answer(None))) for factor in matrix.factors],
        floors=[floor for floor in matrix.floors if floor.code in floors],
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


def _kept(factor: Factor, answer: Answer) -> ScoreAnswer:
    return ScoreAnswer(
        factor=factor,
        value=answer.value,
        evidence=answer.evidence,
        source_agency=answer.source_agency,
        evidence_on=answer.evidence_on,
        stale_after=answer.stale_after,
    )


def _factor(position: int, described: Mapping[str, Any]) -> Factor:
    return Factor(
        position=position,
        code=described["code"],
        name=described["name"],
        short_name=described["short_name"],
        weight=described["weight"],
        guidance=described["guidance"],
        high_from=described.get("high_from"),
        anchors=[Anchor(value=value, words=words) for value, words in enumerate(described["anchors"])],
    )


def _describe(matrix: Matrix) -> dict[str, Any]:
    """The matrix as its file would describe it."""
    return {
        "kind": matrix.kind.value,
        "number": matrix.number,
        "effective_from": matrix.effective_from.isoformat(),
        "source": matrix.source,
        "approval": matrix.approval,
        "provisional_under": matrix.provisional_under,
        "high_from": matrix.high_from,
        "factors": [
            {
                "code": factor.code,
                "name": factor.name,
                "short_name": factor.short_name,
                "weight": factor.weight,
                "guidance": factor.guidance,
                "anchors": [anchor.words for anchor in factor.anchors],
                **({"high_from": factor.high_from} if factor.high_from else {}),
            }
            for factor in matrix.factors
        ],
        "bands": [
            {
                "band": band.band.value,
                "from": band.lowest,
                "review_days": band.review_days,
                "confirmed_by": band.confirmed_by,
            }
            for band in matrix.bands
        ],
        "floors": [
            {"code": floor.code, "name": floor.name, "guidance": floor.guidance} for floor in matrix.floors
        ],
    }
