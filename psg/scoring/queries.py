"""Reads of matrices and scores. A case's scores come in a fixed number of statements, however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from psg.cases.models import Band, Case, Party
from psg.cases.queries import parties_of
from psg.extensions import db
from psg.scoring import arithmetic
from psg.scoring.arithmetic import Change, Quadrant
from psg.scoring.headline import LEADING
from psg.scoring.judging.models import Confirmation, Handover, Override
from psg.scoring.matrices.models import Matrix, MatrixKind
from psg.scoring.matrices.queries import WHOLE_MATRIX, matrix_on
from psg.scoring.models import SCORED_BY_ROLE, Score, ScoreAnswer, ScoreFloor
from psg.web.errors import NotFound

Newer = aliased(Score)
WHOLE_SCORE = (
    joinedload(Score.party, innerjoin=True).joinedload(Party.subject, innerjoin=True),
    joinedload(Score.scored_by, innerjoin=True),
    selectinload(Score.answers).joinedload(ScoreAnswer.factor, innerjoin=True),
    selectinload(Score.answers).joinedload(ScoreAnswer.source_agency),
    joinedload(Score.confirmation).joinedload(Confirmation.by, innerjoin=True),
    selectinload(Score.floor_rows).options(
        joinedload(ScoreFloor.floor, innerjoin=True),
        joinedload(ScoreFloor.handover).joinedload(Handover.by, innerjoin=True),
    ),
    selectinload(Score.overrides).options(
        joinedload(Override.by, innerjoin=True), joinedload(Override.decided_by)
    ),
    selectinload(Score.matrix).selectinload(Matrix.factors),
    selectinload(Score.matrix).selectinload(Matrix.bands),
)


@dataclass(frozen=True)
class Step:
    """One score of a history and what moved since the one before; no change where there is none before."""

    score: Score
    change: Change | None


@dataclass(frozen=True)
class Track:
    """All scores of one party by one matrix, newest first."""

    party: Party
    kind: MatrixKind
    steps: tuple[Step, ...]

    @property
    def latest(self) -> Step | None:
        return self.steps[0] if self.steps else None

    @property
    def points(self) -> list[dict[str, object]]:
        """For the trend line, oldest first. The years stand in its description and its table."""
        scores = [step.score for step in reversed(self.steps)]
        return [
            {
                "label": f"{score.scored_on.day} {score.scored_on:%b}",
                "low": score.index_low,
                "high": score.index_high,
            }
            for score in scores
        ]

    @property
    def is_standard_twice(self) -> bool:
        """Standard by the high end at two scores in a row asks: should this person still be here?"""
        latest = [step.score.band for step in self.steps[:2]]
        return latest == [Band.STANDARD, Band.STANDARD]


@dataclass(frozen=True)
class ScoredParty:
    """A party that is scored, with a track for each question asked about it, side by side."""

    party: Party
    tracks: tuple[Track, ...]
    quadrant: Quadrant | None

    @property
    def pair(self) -> tuple[Score, Score] | None:
        """Risk and Need, once both are scored."""
        latest = {track.kind: track.latest.score for track in self.tracks if track.latest}
        if MatrixKind.RISK not in latest or MatrixKind.NEED not in latest:
            return None
        return latest[MatrixKind.RISK], latest[MatrixKind.NEED]

    @property
    def decisive(self) -> list[str]:
        """What makes Need high by itself; unknown counts as the highest."""
        need = self.pair[1].answers_in_order if self.pair else []
        return [
            answer.factor.name
            for answer in need
            if answer.factor.high_from is not None
            and (arithmetic.HIGHEST_ANSWER if answer.value is None else answer.value)
            >= answer.factor.high_from
        ]

    @property
    def is_provisional(self) -> bool:
        return any(track.latest.score.is_provisional for track in self.tracks if track.latest)


def matrix_for(party: Party, kind: str, day: date) -> Matrix:
    """The matrix to score this party by; `NotFound` where such a party is not scored so."""
    kinds = {str(known): known for known in SCORED_BY_ROLE.get(party.role, ())}
    matrix = matrix_on(kinds[kind], day) if kind in kinds else None
    if matrix is None:
        raise NotFound
    return matrix


def _latest() -> Select[Score]:
    newer = select(Newer.id).where(
        Newer.party_id == Score.party_id, Newer.kind == Score.kind, Newer.number > Score.number
    )
    return select(Score).where(~newer.exists()).options(*WHOLE_SCORE)


def latest_scores_for(case: Case) -> Sequence[Score]:
    """The standing score of each party by each matrix, in the order of the parties."""
    return db.session.scalars(
        _latest().where(Score.case_id == case.id).order_by(Score.party_id, Score.kind.desc(), Score.id)
    ).all()


def latest_score(party: Party, kind: MatrixKind) -> Score | None:
    return db.session.scalars(_latest().where(Score.party_id == party.id, Score.kind == kind)).one_or_none()


def history(party: Party, kind: MatrixKind) -> Sequence[Score]:
    """Every score of a party by one matrix, newest first. Two that are both Standard ask whether to keep them."""
    return db.session.scalars(
        select(Score)
        .where(Score.party_id == party.id, Score.kind == kind)
        .order_by(Score.number.desc())
        .options(*WHOLE_SCORE)
    ).all()


def score_of(case: Case, number: int) -> Score:
    """One score of this case with its matrix in full; `NotFound` where it belongs to another."""
    score = db.session.scalars(
        select(Score)
        .where(Score.case_id == case.id, Score.id == number)
        .options(*WHOLE_SCORE, selectinload(Score.matrix).options(*WHOLE_MATRIX))
    ).one_or_none()
    if score is None:
        raise NotFound
    return score


def unknowns_of(case: Case, number: int) -> Sequence[ScoreAnswer]:
    """What a score of this case left unknown: somebody may be asked to find out."""
    return db.session.scalars(
        select(ScoreAnswer)
        .join(Score, Score.id == ScoreAnswer.score_id)
        .where(Score.case_id == case.id, Score.id == number, ScoreAnswer.value.is_(None))
        .options(joinedload(ScoreAnswer.factor, innerjoin=True))
    ).all()


def is_latest(score: Score) -> bool:
    newer = select(Newer.id).where(
        Newer.party_id == score.party_id, Newer.kind == score.kind, Newer.number > score.number
    )
    return db.session.scalars(newer.limit(1)).first() is None


def step_of(score: Score) -> Step:
    """A score with what moved since the one before it."""
    before = db.session.scalars(
        select(Score)
        .where(Score.party_id == score.party_id, Score.kind == score.kind, Score.number == score.number - 1)
        .options(*WHOLE_SCORE)
    ).one_or_none()
    return Step(score, change_between(before, score))


def scored_parties(case: Case) -> list[ScoredParty]:
    """Every party of a case that can be scored, scored or not, with its whole history."""
    scores = db.session.scalars(
        select(Score)
        .where(Score.case_id == case.id)
        .order_by(Score.number.desc(), Score.id)
        .options(*WHOLE_SCORE)
    ).all()
    kept: dict[tuple[int, MatrixKind], list[Score]] = defaultdict(list)
    for score in scores:
        kept[score.party_id, score.kind].append(score)
    found = []
    for party in parties_of(case):
        kinds = SCORED_BY_ROLE.get(party.role, ())
        if kinds:
            tracks = tuple(_track(party, kind, kept[party.id, kind]) for kind in kinds)
            latest = {track.kind: track.latest.score for track in tracks if track.latest}
            quadrant = quadrant_of(latest.get(MatrixKind.RISK), latest.get(MatrixKind.NEED))
            found.append(ScoredParty(party, tracks, quadrant))
    return found


def sustained(case: Case) -> list[tuple[Track, bool]]:
    """Each question that leads a case's headline, with whether it was Standard by its high end at two reviews
    running. A provisional score supports no closure, and points count here, whatever an override says.
    """
    tracks = [track for scored in scored_parties(case) for track in scored.tracks if track.kind in LEADING]
    return [
        (
            track,
            track.is_standard_twice and not any(step.score.is_provisional for step in track.steps[:2]),
        )
        for track in tracks
    ]


def missing_scores(case: Case, since: datetime | None = None) -> list[tuple[Party, MatrixKind]]:
    """What has still to be scored: for Scanning, at all; for Assessment, again since a moment."""
    statement = select(Score.party_id, Score.kind).where(Score.case_id == case.id)
    if since is not None:
        statement = statement.where(Score.created_at >= since)
    scored = {tuple(row) for row in db.session.execute(statement)}
    wanted = [(party, kind) for party in parties_of(case) for kind in SCORED_BY_ROLE.get(party.role, ())]
    return [(party, kind) for party, kind in wanted if (party.id, kind) not in scored]


def quadrant_of(risk: Score | None, need: Score | None) -> Quadrant | None:
    """Where a perpetrator stands, by the low end of Risk and the high end of Need; None until both are scored.

    The splits are those of the matrices the scores were made under. A provisional score supports no
    enforcement: ask `is_provisional` of both.
    """
    if risk is None or need is None or risk.matrix.high_from is None or need.matrix.high_from is None:
        return None
    return arithmetic.quadrant(
        risk_low=risk.index_low,
        risk_split=risk.matrix.high_from,
        need_high=need.index_high,
        need_split=need.matrix.high_from,
        decisive_needs=[
            (a.value, a.factor.high_from) for a in need.answers if a.factor.high_from is not None
        ],
    )


def quadrant_for(party: Party) -> Quadrant | None:
    return quadrant_of(latest_score(party, MatrixKind.RISK), latest_score(party, MatrixKind.NEED))


def change_between(before: Score | None, after: Score) -> Change | None:
    """Why a score moved; None where it is the first, or the first under a new version of the matrix."""
    if before is None or before.matrix_id != after.matrix_id:
        return None
    held, now_held = ([floor.name for floor in score.floors] for score in (before, after))
    return arithmetic.explain(
        after.matrix.weighted,
        before.values,
        after.values,
        floors_set=[name for name in now_held if name not in held],
        floors_lifted=[name for name in held if name not in now_held],
    )


def _track(party: Party, kind: MatrixKind, newest_first: Sequence[Score]) -> Track:
    older = [*newest_first[1:], None]
    steps = (
        Step(score, change_between(before, score)) for score, before in zip(newest_first, older, strict=False)
    )
    return Track(party, kind, tuple(steps))
