"""What scoring has to say of combining two records: scores go with the part in a case that they are of."""

from typing import Any

from sqlalchemy import Select, func, select

from psg.accounts.models import User
from psg.cases.models import Case, Party
from psg.cases.queries import is_visible
from psg.scoring.models import Score
from psg.subjects.merging.preview import carries


@carries("score", "scores", "score")
def _scores(user: User, number: int) -> Select[Any]:
    return (
        select(func.count(Score.id))
        .join(Party, Party.id == Score.party_id)
        .join(Case, Case.id == Score.case_id)
        .where(Party.subject_id == number, is_visible(user))
    )
