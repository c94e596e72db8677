"""The editor of a draft: one page for each part of it, so that two people seldom stand in each other's way."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.scoring.attempts import is_done
from psg.scoring.matrices import parts as matrix_parts
from psg.scoring.matrices import queries
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.checks import faults_of_bands
from psg.scoring.matrices.forms import DetailsForm, FactorForm, FloorForm, bands_form, code_for
from psg.scoring.matrices.models import Matrix
from psg.web.dates import now
from psg.web.forms import Confirmation, Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("drafting", __name__, url_prefix="/scoring/matrices")
ONE = "<any(victim,risk,need,place):kind>-<int:number>"


@bp.route(f"/{ONE}/details", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def details(kind: str, number: int) -> ResponseReturnValue:
    matrix = _draft(kind, number)
    form = DetailsForm.of(matrix)
    if form.validate_on_submit() and not form.is_stale(matrix):
        high_from = form.high_from.data if "high_from" in form else None
        if is_done(
            form,
            lambda: matrices.edit_details(
                matrix,
                effective_from=form.starts_on,
                source=form.source.data,
                provisional_under=form.provisional_under.data or 0,
                high_from=high_from,
                by=current_user,
                now=now(),
            ),
        ):
            return _back(matrix, "The details are saved")
    return _page(matrix, form, "Date, source and thresholds")


@bp.route(f"/{ONE}/bands", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def bands(kind: str, number: int) -> ResponseReturnValue:
    matrix = _draft(kind, number)
    form, saved = bands_form(matrix)
    if form.validate_on_submit() and not form.is_stale(saved):
        wrong = list(faults_of_bands(form.described))
        if not wrong:
            matrix_parts.set_bands(matrix, form.described, by=current_user, now=now())
            return _back(matrix, "The bands are saved")
        for sentence in wrong:
            form.refuse(None, sentence)
    return _page(matrix, form, "Bands and reviews")


@bp.route(f"/{ONE}/factors/new", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def add_factor(kind: str, number: int) -> ResponseReturnValue:
    matrix = _draft(kind, number)
    form, _ = FactorForm.of(matrix, None)
    if form.validate_on_submit() and is_done(
        form, lambda: matrix_parts.add_factor(matrix, form.described, by=current_user, now=now())
    ):
        return _back(matrix, f"{form.code.data} is added")
    return _page(matrix, form, "Add a factor")


@bp.route(f"/{ONE}/factors/<int:factor>", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def change_factor(kind: str, number: int, factor: int) -> ResponseReturnValue:
    matrix = _draft(kind, number)
    one = queries.factor_of(matrix, factor)
    form, saved = FactorForm.of(matrix, one)
    if (
        form.validate_on_submit()
        and not form.is_stale(saved)
        and is_done(form, lambda: matrix_parts.change_factor(one, form.described, by=current_user, now=now()))
    ):
        return _back(matrix, f"{one.code} is saved")
    return _page(matrix, form, f"Change {one.code}")


@bp.route(f"/{ONE}/factors/<int:factor>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def remove_factor(kind: str, number: int, factor: int) -> ResponseReturnValue:
    matrix, form = _draft(kind, number), Confirmation()
    one = queries.factor_of(matrix, factor)
    if form.validate_on_submit():
        matrix_parts.remove_factor(one, by=current_user, now=now())
        return _back(matrix, f"{one.code} is removed")
    return _page(matrix, form, f"Remove {one.code}", removed=f"{one.code} {one.name}, weight {one.weight}")


@bp.route(f"/{ONE}/factors/<int:factor>/<any(up,down):way>", methods=["POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def move_factor(kind: str, number: int, factor: int, way: str) -> ResponseReturnValue:
    matrix, form = _draft(kind, number), Confirmation()
    one = queries.factor_of(matrix, factor)
    if form.validate_on_submit():
        matrix_parts.move_factor(one, up=way == "up", by=current_user, now=now())
        return see_other(f"{matrix.path}#factor-{one.id}")
    return _page(matrix, form, f"Move {one.code} {way}", removed="")


@bp.route(f"/{ONE}/floors/new", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def add_floor(kind: str, number: int) -> ResponseReturnValue:
    matrix = _draft(kind, number)
    form, _ = FloorForm.of(matrix, None)
    if form.validate_on_submit():
        code = code_for(form.name.data, {floor.code for floor in matrix.floors})
        described = form.described(code)
        if is_done(form, lambda: matrix_parts.add_floor(matrix, described, by=current_user, now=now())):
            return _back(matrix, "The floor is added")
    return _page(matrix, form, "Add a floor")


@bp.route(f"/{ONE}/floors/<int:floor>", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def change_floor(kind: str, number: int, floor: int) -> ResponseReturnValue:
    matrix = _draft(kind, number)
    one = queries.floor_of(matrix, floor)
    form, saved = FloorForm.of(matrix, one)
    if form.validate_on_submit() and not form.is_stale(saved):
        matrix_parts.change_floor(one, form.described(one.code), by=current_user, now=now())
        return _back(matrix, "The floor is saved")
    return _page(matrix, form, "Change a floor")


@bp.route(f"/{ONE}/floors/<int:floor>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_MATRICES)
@transactional
def remove_floor(kind: str, number: int, floor: int) -> ResponseReturnValue:
    matrix, form = _draft(kind, number), Confirmation()
    one = queries.floor_of(matrix, floor)
    if form.validate_on_submit():
        matrix_parts.remove_floor(one, by=current_user, now=now())
        return _back(matrix, "The floor is removed")
    return _page(matrix, form, "Remove a floor", removed=one.name)


def _draft(kind: str, number: int) -> Matrix:
    matrix = queries.matrix_named(kind, number)
    if not matrix.is_draft:
        raise Forbidden("This version is no draft any more and is kept as it is: begin a new version.")
    return matrix


def _back(matrix: Matrix, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return see_other(matrix.path)


def _page(matrix: Matrix, form: Form, heading: str, removed: str | None = None) -> ResponseReturnValue:
    return render_page(
        "scoring/matrices/part.html", matrix=matrix, form=form, heading=heading, removed=removed
    )
