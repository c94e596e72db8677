"""The console: stepping through the running order, and capturing what happens."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries as accounts
from psg.accounts.guard import carry_session, requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases.models import Case
from psg.meetings import capturing, queries, walk
from psg.meetings.forms import CaptureForm, OutcomeForm, outcome_values
from psg.meetings.models import AgendaItem, CapturedKind, Meeting, Outcome
from psg.web.dates import now, today
from psg.web.forms import Confirmation, Form
from psg.web.htmx import render_page, see_other, wants_fragment
from psg.web.transaction import transactional

bp = Blueprint("console", __name__)
ANCHORS = {"capture": "captured", "outcome": "outcome", "take_back": "captured"}


@bp.route("/meetings/<reference>/run")
@requires(Permission.RUN_MEETINGS)
@transactional
def run(reference: str) -> ResponseReturnValue:
    """Stepping to an item is viewing its case."""
    meeting = queries.meeting_for(reference)
    number = _wanted(meeting)
    if number is None:
        return see_other(url_for("meetings.show", reference=meeting.reference))
    item = queries.item_of(current_user, meeting, number)
    return _console(meeting, item, "meetings/_partials/console.html")


@bp.route("/meetings/<reference>/items/<int:number>/capture", methods=["POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def capture(reference: str, number: int) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    item = queries.item_of(current_user, meeting, number)
    form = CaptureForm()
    form.offer(accounts.partner_agencies(), accounts.case_workers())
    if form.validate_on_submit():
        try:
            _capture(item, form)
            return _done(meeting, item, "capture")
        except Refused as refusal:
            form.refuse({"title": "text"}.get(refusal.field or "", refusal.field), str(refusal))
    return _console(meeting, item, "meetings/_partials/capture.html", form=form, capture_form=form)


@bp.route("/meetings/<reference>/items/<int:number>/outcome", methods=["POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def outcome(reference: str, number: int) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    item = queries.item_of(current_user, meeting, number)
    form = OutcomeForm()
    overtaken = item.outcome is not None and form.is_stale(item, outcome_values(item))
    if form.validate_on_submit() and not overtaken:
        try:
            capturing.record_outcome(
                item, outcome=Outcome(form.outcome.data), note=form.note.data, by=current_user, now=now()
            )
            return _done(meeting, item, "outcome")
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _console(meeting, item, "meetings/_partials/outcome.html", form=form, outcome_form=form)


@bp.route("/meetings/<reference>/captured/<int:number>/take-back", methods=["POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def take_back(reference: str, number: int) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    captured = queries.captured_of(current_user, meeting, number)
    item = captured.item
    form = Confirmation()
    if form.validate_on_submit():
        try:
            capturing.take_back(captured, by=current_user, now=now())
            return _done(meeting, item, "take_back")
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _console(meeting, item, "meetings/_partials/captured.html", form=form, take_back_form=form)


def _wanted(meeting: Meeting) -> int | None:
    """The case in the URL, by its number, or where the walk goes on; what is no number is no case."""
    typed = request.args.get("item", "")
    if typed:
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    return walk.first_number(queries.agenda_rows(current_user, meeting))


def _capture(item: AgendaItem, form: CaptureForm) -> None:
    if form.kind.data == CapturedKind.ACTION:
        capturing.raise_action(
            item,
            title=form.text.data,
            agency=form.agency,
            owner=form.owner,
            due_on=form.due,
            by=current_user,
            now=now(),
        )
    else:
        capturing.capture(
            item, kind=CapturedKind(form.kind.data), text=form.text.data, by=current_user, now=now()
        )


def _done(meeting: Meeting, item: AgendaItem, part: str) -> Response:
    """In place for htmx, else back to the item, where the part that changed is."""
    if wants_fragment():
        return _console(meeting, item, f"meetings/_partials/after_{part}.html", done=part)
    address = url_for("console.run", reference=meeting.reference, item=item.case_id, _anchor=ANCHORS[part])
    return see_other(address)


def _console(
    meeting: Meeting, item: AgendaItem, fragment: str, *, form: Form | None = None, **posted: Any
) -> Response:
    """The console at this item. A form that was posted keeps its answers; the others are fresh."""
    if meeting.is_open:
        carry_session()
    if "done" not in posted:
        audit.seen("meeting.item", by=current_user, case=item.case, obj=item)
    step = walk.step_to(current_user, meeting, item, day=today())
    due = walk.action_day(meeting, queries.meeting_after(meeting), today())
    fresh = CaptureForm(formdata=None, data={"due_on": due})
    fresh.offer(accounts.partner_agencies(), accounts.case_workers())
    if posted.get("done") == "capture":
        fresh.text.render_kw = {"data-focus": "", "tabindex": "0"}  # the next line is typed straight on
    values = {**outcome_values(item), "version": str(item.version)}
    forms = {
        "capture_form": fresh,
        "outcome_form": OutcomeForm(formdata=None, data=values),
        "take_back_form": None,
        **posted,
    }
    return render_page(
        "meetings/run.html",
        fragment=fragment,
        form=form,
        step=step,
        meeting=meeting,
        case=item.case,
        outcomes=list(Outcome),
        blank=lambda: Confirmation(formdata=None),
        reference_for=Case.reference_for,
        **forms,
    )
