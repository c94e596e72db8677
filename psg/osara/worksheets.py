"""The pages on which the tasks of a stage are done: a form over its record, a list, a row of it, a review."""

from typing import Any, cast

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases.models import Case, Stage
from psg.cases.queries import case_for, case_to_work, may_work
from psg.osara import records
from psg.osara.addresses import FORM, LIST, NUMBER, STAGE
from psg.osara.cards import Card, with_warning
from psg.osara.choices import fill
from psg.osara.facts import RECORDS, record_of
from psg.osara.listings import Listing
from psg.osara.models import BeforeAfter
from psg.osara.passage_forms import ReviewForm
from psg.osara.tasks import TASKS, Task, task_for
from psg.osara.typed import shown, values_of
from psg.web.dates import london, now
from psg.web.errors import NotFound
from psg.web.forms import EditForm, Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("worksheets", __name__)


@bp.route(f"/cases/<reference>/<{STAGE}:stage>/<{FORM}:key>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def write(reference: str, stage: str, key: str) -> ResponseReturnValue:
    """A task that is one form over the stage's record."""
    case = case_to_work(current_user, reference)
    task = _task(stage, key)
    form_class = cast(type[EditForm], task.form)
    record = record_of(case, task.stage)
    saved = shown(record, form_class)
    form = form_class.over(saved)
    if form.validate_on_submit() and not form.is_stale(saved):
        try:
            answers = values_of(form, RECORDS[task.stage])
            what = task.name[0].lower() + task.name[1:]
            answers |= {"what": what, "is_first": record is None}
            records.write_record(case, task.stage, by=current_user, now=now(), **answers)
            flash(f"{task.name}: saved")
            return see_other(url_for("osara.show", reference=reference, stage=stage))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form(case, task, form, task.name)


@bp.route(f"/cases/<reference>/<{STAGE}:stage>/<{LIST}:key>")
@requires(Permission.READ_A_CASE)
@transactional
def index(reference: str, stage: str, key: str) -> ResponseReturnValue:
    """A task that is a list, with a card for each row."""
    case = case_for(current_user, reference)
    task = _task(stage, key)
    rows = _listing(task).load(case)
    audit.seen(f"{stage}.list", by=current_user, case=case, ids=rows)
    return render_page(
        "osara/list.html",
        case=case,
        task=task,
        rows=[(row, _card(task, row, case)) for row in rows],
        may_work=may_work(current_user, case, now()),
    )


@bp.route(f"/cases/<reference>/<{STAGE}:stage>/<{LIST}:key>/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def add(reference: str, stage: str, key: str) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    task = _task(stage, key)
    listing = _listing(task)
    if listing.add_form is None or listing.add is None:
        raise NotFound
    form = fill(listing.add_form(), case)
    if form.validate_on_submit():
        try:
            listing.add(case, values_of(form, listing.kind), current_user, now())
            flash(f"{listing.noun.capitalize()} added")
            return see_other(url_for("worksheets.index", reference=reference, stage=stage, key=key))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form(case, task, form, f"Add {listing.article} {listing.noun}")


@bp.route(f"/cases/<reference>/<{STAGE}:stage>/<{LIST}:key>/<{NUMBER}:number>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def amend(reference: str, stage: str, key: str, number: int) -> ResponseReturnValue:
    case = case_to_work(current_user, reference)
    task = _task(stage, key)
    listing = _listing(task)
    row = next((one for one in listing.load(case) if one.id == number), None)
    if row is None:
        raise NotFound
    saved = shown(row, listing.edit_form)
    form = fill(listing.edit_form.over(saved), case, row)
    if form.validate_on_submit() and not form.is_stale(saved):
        try:
            listing.amend(row, case, values_of(form, listing.kind), current_user, now())
            flash(f"{listing.noun.capitalize()} saved")
            return see_other(url_for("worksheets.index", reference=reference, stage=stage, key=key))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _form(case, task, form, f"Change the {listing.noun}", _card(task, row, case))


@bp.route("/cases/<reference>/analysis/review", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def review(reference: str) -> ResponseReturnValue:
    """Read by someone who wrote no part of it."""
    case = case_to_work(current_user, reference)
    task = next(task for task in TASKS[Stage.ANALYSIS] if task.key == "review")
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            records.review_analysis(case, note=form.note.data, by=current_user, now=now())
            flash("Analysis: reviewed")
            return see_other(url_for("osara.show", reference=reference, stage=Stage.ANALYSIS.value))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return _form(case, task, form, "Review the analysis")


def _task(stage: str, key: str) -> Task:
    task = task_for(Stage(stage), key)
    if task is None:
        raise NotFound
    return task


def _listing(task: Task) -> Listing:
    return cast(Listing, task.listing)


def _card(task: Task, row: Any, case: Case) -> Card:
    card = _listing(task).card(row)
    return with_warning(card, row, london(case.created_at).date()) if isinstance(row, BeforeAfter) else card


def _form(case: Case, task: Task, form: Form, heading: str, card: Card | None = None) -> ResponseReturnValue:
    audit.seen(f"{task.stage}.form", by=current_user, case=case, obj=case)
    return render_page("osara/task.html", case=case, task=task, form=form, heading=heading, card=card)
