"""What is done with versions of a matrix: drafted, changed, proposed, approved or sent back, withdrawn.

A coordinator drafts; another one, such as the chair, approves under a minute of the group. From its
date on the newest approved version is in force by itself, and no version that was proposed is changed.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.accounts.queries import coordinators
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db, hold
from psg.scoring.matrices import queries
from psg.scoring.matrices.checks import faults
from psg.scoring.matrices.described import Described, describe, matrix_of
from psg.scoring.matrices.models import Matrix, MatrixAuthor, MatrixKind, MatrixStatus
from psg.web import mail
from psg.web.dates import london, short_day

DECIDED = "This version is no draft any more: begin a new one"
OWN_DRAFT = "You wrote in this draft: ask another coordinator, such as the chair, to approve it"


def begin_draft(kind: MatrixKind, *, effective_from: date, by: User, now: datetime) -> Matrix:
    """A new version that says what the newest approved one says, to be changed."""
    newest = queries.newest_approved(kind)
    if newest is None:
        raise Refused(f"There is no {kind.label} matrix to begin from: import one from a file", field="kind")
    return _begin(describe(newest), effective_from=effective_from, by=by, now=now, origin="copy")


def import_draft(described: Described, *, effective_from: date, by: User, now: datetime) -> Matrix:
    """A new version that says what a file says (`file.read`), to be looked at and changed."""
    return _begin(described, effective_from=effective_from, by=by, now=now, origin="file")


def edit_details(
    matrix: Matrix,
    *,
    effective_from: date,
    source: str,
    provisional_under: int,
    high_from: int | None,
    by: User,
    now: datetime,
) -> None:
    """From when it is to be in force, where it comes from, and the two thresholds of its totals."""
    begin_change(matrix, by)
    _check_date(matrix.kind, effective_from, london(now).date())
    matrix.effective_from, matrix.source = effective_from, source
    matrix.provisional_under, matrix.high_from = provisional_under, high_from
    end_change(matrix, "details", by=by, now=now)


def propose(matrix: Matrix, *, by: User, now: datetime) -> None:
    """Ask another coordinator to approve it. Everything that is missing is said at once."""
    begin_change(matrix, by)
    _check_date(matrix.kind, matrix.effective_from, london(now).date())
    wrong = faults(describe(matrix))
    if wrong:
        raise Refused(". ".join(wrong))
    matrix.status, matrix.note = MatrixStatus.PROPOSED, ""
    matrix.proposed_by, matrix.proposed_at = by, now
    db.session.flush()
    for person in coordinators():
        if may_approve(person, matrix, london(now).date()):
            mail.post(
                person.email,
                "A scoring matrix waits for approval",
                "A new version of a matrix of Track and Score waits for a second person.\n"
                "Sign in and look under “Scores”.\n",
                now=now,
            )
    _record("matrix.propose", matrix, by=by, now=now)


def approve(matrix: Matrix, *, minute: str, by: User, now: datetime) -> None:
    """A second person approves it under a minute of the group; it is never changed again."""
    _begin_answer(matrix, by, now)
    _check_date(matrix.kind, matrix.effective_from, london(now).date())
    matrix.status, matrix.approval = MatrixStatus.APPROVED, minute
    matrix.approved_by, matrix.approved_at = by, now
    db.session.flush()
    _record("matrix.approve", matrix, by=by, now=now, effective_from=matrix.effective_from.isoformat())


def send_back(matrix: Matrix, *, reason: str, by: User, now: datetime) -> None:
    """A second person wants it otherwise: it is a draft again."""
    _begin_answer(matrix, by, now)
    matrix.status, matrix.note = MatrixStatus.DRAFT, reason
    db.session.flush()
    _record("matrix.send_back", matrix, by=by, now=now, reason=reason)


def withdraw(matrix: Matrix, *, reason: str, by: User, now: datetime) -> None:
    """Give a draft up. It is kept to be read, and its number is not used again."""
    hold(matrix)
    if matrix.status not in (MatrixStatus.DRAFT, MatrixStatus.PROPOSED):
        raise Refused("Only a draft can be withdrawn: to change what is in force, begin a new version")
    matrix.status, matrix.note = MatrixStatus.WITHDRAWN, reason
    db.session.flush()
    _record("matrix.withdraw", matrix, by=by, now=now, reason=reason)


def may_approve(user: User, matrix: Matrix, day: date) -> bool:
    """Whoever wrote in it or proposed it does not approve it."""
    wrote = {author.user_id for author in matrix.authors} | {matrix.proposed_by_id}
    return permits(user, Permission.APPROVE_MATRICES, day) and user.id not in wrote


def enter_shipped(described: Described, *, number: int, effective_from: date, approval: str) -> Matrix:
    """Enter a version that ships with the product: no one here has approved it, and it says so."""
    matrix = matrix_of(described, number=number, effective_from=effective_from)
    db.session.add(matrix)
    db.session.flush()
    matrix.status, matrix.approval = MatrixStatus.APPROVED, approval
    db.session.flush()
    return matrix


def begin_change(matrix: Matrix, by: User) -> None:
    """Before anything of a draft is changed: it is one, and whoever changes it becomes an author of it."""
    hold(matrix)
    if not matrix.is_draft:
        raise Refused(DECIDED)
    if by.id not in {author.user_id for author in matrix.authors}:
        matrix.authors.append(MatrixAuthor(user_id=by.id))


def end_change(matrix: Matrix, *parts: str, by: User, now: datetime) -> None:
    """Afterwards: a change of a part alone makes a new version of the whole, and the record says which part."""
    flag_modified(matrix, "source")
    db.session.flush()
    _record("matrix.edit", matrix, by=by, now=now, fields=list(parts))


def _begin(described: Described, *, effective_from: date, by: User, now: datetime, origin: str) -> Matrix:
    kind = MatrixKind(described["kind"])
    _check_date(kind, effective_from, london(now).date())
    newest = db.session.scalar(select(func.max(Matrix.number)).where(Matrix.kind == kind)) or 0
    matrix = matrix_of(
        described,
        number=newest + 1,
        effective_from=effective_from,
        begun_by=by,
        begun_at=now,
        authors=[MatrixAuthor(user_id=by.id)],
    )
    db.session.add(matrix)
    db.session.flush()
    audit.record(
        Operation.COLLECTION,
        "matrix.begin",
        by=by,
        obj=matrix,
        at=now,
        kind=kind.value,
        number=matrix.number,
        origin=origin,
    )
    return matrix


def _begin_answer(matrix: Matrix, by: User, now: datetime) -> None:
    hold(matrix)
    if matrix.status is not MatrixStatus.PROPOSED:
        raise Refused("This version does not wait for approval")
    if not may_approve(by, matrix, london(now).date()):
        raise Refused(OWN_DRAFT)


def _check_date(kind: MatrixKind, effective_from: date, day: date) -> None:
    """A version is never in force before somebody approved it, nor before one that was approved earlier."""
    if effective_from < day:
        raise Refused(
            "A version is in force from today or later: scores that were made are never made again",
            field="effective_from",
        )
    newest = queries.newest_approved(kind)
    if newest is not None and effective_from < newest.effective_from:
        raise Refused(
            f"Version {newest.number} is approved from {short_day(newest.effective_from)}: "
            "choose that day or a later one",
            field="effective_from",
        )


def _record(action: str, matrix: Matrix, *, by: User, now: datetime, **detail: Any) -> None:
    audit.record(
        Operation.ALTERATION,
        action,
        by=by,
        obj=matrix,
        at=now,
        kind=matrix.kind.value,
        number=matrix.number,
        **detail,
    )
