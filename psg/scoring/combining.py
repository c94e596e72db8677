"""What scoring has to say of combining two records: scores go with the part in a case that they are of.

Where two parts in one case become one, the newer score of the two is the standing one, so that the case's
headline and review are worked out anew; and once more where the two are parted.
"""

from typing import Any

from sqlalchemy import Select, func, select

from psg.accounts.models import User
from psg.cases.models import Case, Party
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.scoring.models import Score
from psg.scoring.services import refresh_headline
from psg.subjects.merging.policy import follows
from psg.subjects.merging.preview import carries
from psg.subjects.models import Subject


@carries("score", "scores", "score")
def _scores(user: User, number: int) -> Select[Any]:
    return (
        select(func.count(Score.id))
        .join(Party, Party.id == Score.party_id)
        .join(Case, Case.id == Score.case_id)
        .where(Party.subject_id == number, is_visible(user))
    )


@follows
def keep_headlines(subject: Subject) -> None:
    """Of the open cases in which the person or place was scored. A closed one has no review."""
    scored = (
        select(Score.case_id).join(Party, Party.id == Score.party_id).where(Party.subject_id == subject.id)
    )
    for case in db.session.scalars(
        select(Case).where(Case.id.in_(scored), Case.closed_at.is_(None)).order_by(Case.id)
    ):
        refresh_headline(case)
