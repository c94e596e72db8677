"""The scores of one person or place on their own page: one line for each case and question, of the cases that
whoever opens it may read. They stay what they are, an answer within a case, and are never added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from psg.accounts.models import User
from psg.cases.models import Case, Party
from psg.cases.visibility import is_visible
from psg.demand.subject_page import Part, adds
from psg.extensions import db
from psg.scoring.models import Score
from psg.subjects.models import Subject

MOST_SCORES = 200
Other = aliased(Score)


@dataclass(frozen=True)
class ScoreLine:
    """A standing score and the one before it under the same version of the matrix, if there is one."""

    score: Score
    before: Score | None

    @property
    def change(self) -> int | None:
        """By how many points the low end moved: what is known, without what is not."""
        return self.score.index_low - self.before.index_low if self.before else None

    @property
    def path(self) -> str:
        return f"/cases/{self.score.case.reference}/scores"


@adds
def scores_of(user: User, subject: Subject, _today: date) -> Part | None:
    lines = list(_lines(user, subject))
    if not lines:
        return None
    return Part("scoring/_partials/of_subject.html", lines, [line.score.record_id for line in lines])


def _lines(user: User, subject: Subject) -> Iterator[ScoreLine]:
    """The last two scores of each kind in each case, in one statement; open cases come first."""
    newest = (
        select(func.max(Other.number))
        .where(Other.party_id == Score.party_id, Other.kind == Score.kind)
        .correlate(Score)
        .scalar_subquery()
    )
    scores = db.session.scalars(
        select(Score)
        .join(Score.party)
        .join(Score.case)
        .options(
            contains_eager(Score.party),
            contains_eager(Score.case),
            joinedload(Score.matrix, innerjoin=True),
            selectinload(Score.overrides),
        )
        .where(Party.subject_id == subject.id, is_visible(user), Score.number >= newest - 1)
        .order_by(
            Case.closed_at.is_not(None), Case.id.desc(), Party.id, Score.kind.desc(), Score.number.desc()
        )
        .limit(MOST_SCORES)
    )
    for _, some in groupby(scores, key=lambda score: (score.party_id, score.kind)):
        latest, *rest = some
        comparable = rest and rest[0].matrix_id == latest.matrix_id
        yield ScoreLine(latest, rest[0] if comparable else None)
