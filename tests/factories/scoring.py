"""Scores for tests, recorded through the service that records them in use."""

from collections.abc import Collection
from datetime import datetime

from psg.accounts.models import User
from psg.cases.models import Case, Party, PartyRole
from psg.cases.services import add_party
from psg.scoring import queries, services
from psg.scoring.answers import Answer
from psg.scoring.models import MatrixKind, Score
from psg.subjects.models import Subject
from psg.web.dates import london, now
from tests.factories.accounts import make_user
from tests.factories.cases import a_person, a_place


def enter_matrices() -> None:
    services.load_reference_data(now())


def make_party(
    case: Case, role: PartyRole, *, subject: Subject | None = None, by: User | None = None
) -> Party:
    subject = subject or (a_place() if role is PartyRole.PLACE else a_person())
    return add_party(case, subject, role=role, by=by or make_user(), now=now())


def answers_of(kind: MatrixKind, values: str, *, at: datetime | None = None) -> dict[str, Answer]:
    """Answers in the order of the factors, such as “3 2 2 2 ? ? 2 2 2 2”."""
    matrix = queries.matrix_on(kind, london(at or now()).date())
    assert matrix is not None
    given = [None if value == "?" else int(value) for value in values.split()]
    return {factor.code: Answer(value) for factor, value in zip(matrix.factors, given, strict=True)}


def make_score(
    party: Party,
    kind: MatrixKind,
    values: str,
    *,
    by: User | None = None,
    at: datetime | None = None,
    floors: Collection[str] = (),
) -> Score:
    at = at or now()
    return services.record_score(
        party, kind=kind, answers=answers_of(kind, values, at=at), floors=floors, by=by or make_user(), now=at
    )
