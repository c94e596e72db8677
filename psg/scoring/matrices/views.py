"""Pages of the matrices: which is in force, each version in full, how it differs, its file, and what becomes of a draft."""

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.base import Refused
from psg.scoring.matrices import file as matrix_file
from psg.scoring.matrices import queries
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.checks import cautions, faults
from psg.scoring.matrices.comparison import compare as compare_versions
from psg.scoring.matrices.described import describe
from psg.scoring.matrices.file import Unusable
from psg.scoring.matrices.models import Matrix, MatrixKind
from psg.scoring.matrices.version_forms import ApprovalForm, ImportForm, NewVersionForm, WithdrawForm
from psg.web.dates import now, today
from psg.web.forms import Confirmation, Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("matrices", __name__, url_prefix="/scoring/matrices")
ONE = "<any(victim,risk,need,place):kind>-<int:number>"


@bp.route("")
@requires(Permission.READ_MATRICES)
@transactional
def index() -> ResponseReturnValue:
    found = queries.versions()
    return render_page(
        "scoring/matrices/index.html",
        kinds=[(kind, [one for one in found if one.kind is kind]) for kind in MatrixKind],
        in_force=queries.in_force(found, today()),
    )


@bp.route(f"/{ONE}")
@requires(Permission.READ_MATRICES)
@transactional
def show(kind: str, number: int) -> ResponseReturnValue:
    matrix = queries.matrix_named(kind, number)
    standing = queries.matrix_on(matrix.kind, today())
    described = describe(matrix)
    return render_page(
        "scoring/matrices/show.html",
        matrix=matrix,
        standing=standing,
        is_in_force=standing is not None and standing.id == matrix.id,
        faults=faults(described) if matrix.is_draft else [],
        cautions=cautions(described),
        may_approve=matrices.may_approve(current_user, matrix, today()),
        form=Confirmation(),
    )


@bp.route(f"/{ONE}/compare")
@requires(Permission.READ_MATRICES)
@transactional
def compare(kind: str, number: int) -> ResponseReturnValue:
    """With the version in force, or with another that is named in the address."""
    matrix = queries.matrix_named(kind, number)
    others = [one for one in queries.versions_of(matrix.kind) if one.id != matrix.id]
    standing = queries.matrix_on(matrix.kind, today())
    wanted = request.args.get("with") or (str(standing.number) if standing else "")
    other = next((one for one in others if str(one.number) == wanted), others[0] if others else None)
    return render_page(
        "scoring/matrices/compare.html",
        matrix=matrix,
        other=other,
        others=others,
        standing=standing,
        comparison=compare_versions(describe(other), describe(matrix)) if other else None,
    )


@bp.route(f"/{ONE}.json")
@requires(Permission.READ_MATRICES)
@transactional
def export(kind: str, number: int) -> Response:
    matrix = queries.matrix_named(kind, number)
    response = make_response(matrix_file.write(matrix))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="matrix-{matrix.key}.json"'
    return response


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def new() -> ResponseReturnValue:
    form = NewVersionForm()
    if form.validate_on_submit():
        try:
            kind, start = MatrixKind(form.kind.data), form.starts_on
            matrix = matrices.begin_draft(kind, effective_from=start, by=current_user, now=now())
            return _to(matrix, f"Version {matrix.number} is begun as a copy of the newest one")
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("scoring/matrices/new.html", form=form)


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def bring_in() -> ResponseReturnValue:
    form = ImportForm()
    if form.validate_on_submit():
        try:
            described, start = matrix_file.read(form.content.data), form.starts_on
            matrix = matrices.import_draft(described, effective_from=start, by=current_user, now=now())
            return _to(matrix, f"Version {matrix.number} is begun from the file")
        except Unusable as refusal:
            for sentence in refusal.sentences:
                form.refuse("content", sentence)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("scoring/matrices/import.html", form=form)


@bp.route(f"/{ONE}/propose", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def propose(kind: str, number: int) -> ResponseReturnValue:
    matrix, form = queries.matrix_named(kind, number), Confirmation()
    if form.validate_on_submit():
        try:
            matrices.propose(matrix, by=current_user, now=now())
            return _to(matrix, "Another coordinator is asked to approve it")
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return _decision("propose", matrix, form)


@bp.route(f"/{ONE}/answer", methods=["GET", "POST"])
@requires(Permission.APPROVE_MATRICES)
@transactional
def answer(kind: str, number: int) -> ResponseReturnValue:
    matrix, form = queries.matrix_named(kind, number), ApprovalForm()
    if form.validate_on_submit():
        try:
            if form.answer.data == "approve":
                matrices.approve(matrix, minute=form.minute.data, by=current_user, now=now())
                return _to(matrix, f"Version {matrix.number} is approved")
            matrices.send_back(matrix, reason=form.reason.data, by=current_user, now=now())
            return _to(matrix, f"Version {matrix.number} is a draft again")
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return _decision("answer", matrix, form)


@bp.route(f"/{ONE}/withdraw", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def withdraw(kind: str, number: int) -> ResponseReturnValue:
    matrix, form = queries.matrix_named(kind, number), WithdrawForm()
    if form.validate_on_submit():
        try:
            matrices.withdraw(matrix, reason=form.reason.data, by=current_user, now=now())
            flash(f"Version {matrix.number} is withdrawn")
            return see_other(url_for("matrices.index"))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return _decision("withdraw", matrix, form)


def _to(matrix: Matrix, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return see_other(matrix.path)


def _decision(page: str, matrix: Matrix, form: Form) -> ResponseReturnValue:
    """What is about to be decided, with all that is different from what is in force."""
    standing = queries.matrix_on(matrix.kind, today())
    described = describe(matrix)
    return render_page(
        f"scoring/matrices/{page}.html",
        form=form,
        matrix=matrix,
        other=standing,
        comparison=compare_versions(describe(standing), described) if standing else None,
        cautions=cautions(described),
        may_approve=matrices.may_approve(current_user, matrix, today()),
    )
