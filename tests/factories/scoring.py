"""Matrices and scores for tests, made through the services that make them in use."""

from collections.abc import Collection
from datetime import date, datetime

from psg.accounts.models import Role, User
from psg.cases.models import Case, Party, PartyRole
from psg.cases.services import add_party
from psg.scoring import services
from psg.scoring.answers import Answer
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.models import Matrix, MatrixKind
from psg.scoring.matrices.queries import matrix_on
from psg.scoring.models import Score
from psg.subjects.models import Subject
from psg.web.dates import london, now, today
from tests.factories.accounts import make_user
from tests.factories.cases import a_person, a_place


def enter_matrices() -> None:
    services.load_reference_data(now())


def make_draft(
    kind: MatrixKind = MatrixKind.VICTIM, *, by: User | None = None, effective_from: date | None = None
) -> Matrix:
    """A copy of the newest approved version."""
    by = by or make_user(role=Role.COORDINATOR)
    return matrices.begin_draft(kind, effective_from=effective_from or today(), by=by, now=now())


def approve(matrix: Matrix, *, at: datetime | None = None) -> Matrix:
    """Proposed by one coordinator and approved by another."""
    at = at or now()
    matrices.propose(matrix, by=make_user(role=Role.COORDINATOR), now=at)
    matrices.approve(matrix, minute="PSG, item 4", by=make_user(role=Role.COORDINATOR), now=at)
    return matrix


def drafts() -> tuple[Matrix, Matrix, Matrix]:
    """A draft, one that waits for approval, and one to be given up."""
    draft, proposed, spare = (
        make_draft(kind) for kind in (MatrixKind.NEED, MatrixKind.VICTIM, MatrixKind.PLACE)
    )
    matrices.propose(proposed, by=make_user(role=Role.COORDINATOR), now=now())
    return draft, proposed, spare


def make_party(
    case: Case, role: PartyRole, *, subject: Subject | None = None, by: User | None = None
) -> Party:
    subject = subject or (a_place() if role is PartyRole.PLACE else a_person())
    return add_party(case, subject, role=role, by=by or make_user(), now=now())


def answers_of(kind: MatrixKind, values: str, *, at: datetime | None = None) -> dict[str, Answer]:
    """Answers in the order of the factors, such as “3 2 2 2 ? ? 2 2 2 2”."""
    matrix = matrix_on(kind, london(at or now()).date())
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
