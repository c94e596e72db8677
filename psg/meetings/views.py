"""Calling and arranging a meeting, who was there, its minutes and its end."""

from typing import Any

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.audit.queries import newest_checkpoint
from psg.base import Refused
from psg.cases.models import Case
from psg.meetings import forms, minutes, queries, services, walk
from psg.meetings.models import Meeting, Presence
from psg.meetings.quorum import quorum_of
from psg.web.dates import now, today
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other, wants_fragment
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("meetings", __name__)


@bp.route("/meetings")
@requires(Permission.ATTEND_MEETINGS)
@transactional
def index() -> ResponseReturnValue:
    return render_page(
        "meetings/index.html",
        ahead=paginate(queries.meeting_rows(current_user, ahead=True, day=today())).rows,
        past=paginate(queries.meeting_rows(current_user, ahead=False, day=today()), requested_page()),
        reference_for=Meeting.reference_for,
    )


@bp.route("/meetings/new", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def new() -> ResponseReturnValue:
    form = forms.MeetingForm(data={"chair": str(current_user.id)})
    form.offer(accounts.case_workers())
    if form.validate_on_submit():
        try:
            meeting = services.create_meeting(**form.answers, by=current_user, now=now())
            return see_other(url_for("meetings.show", reference=meeting.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("meetings/new.html", form=form)


@bp.route("/meetings/<reference>")
@requires(Permission.ATTEND_MEETINGS)
@transactional
def show(reference: str) -> ResponseReturnValue:
    return _show(queries.meeting_for(reference))


@bp.route("/meetings/<reference>/edit", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def edit(reference: str) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    values = forms.meeting_values(meeting)
    form = forms.MeetingForm(data={**values, "version": str(meeting.version)})
    form.offer(accounts.case_workers())
    if form.validate_on_submit() and not form.is_stale(meeting, values):
        try:
            services.edit_meeting(meeting, **form.answers, by=current_user, now=now())
            return see_other(url_for("meetings.show", reference=meeting.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("meetings/edit.html", form=form, meeting=meeting)


@bp.route("/meetings/<reference>/agenda", methods=["POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def arrange(reference: str) -> ResponseReturnValue:
    """One case up, down or off, or the whole order proposed anew."""
    meeting = queries.meeting_for(reference)
    form = forms.ArrangeForm()
    if form.validate_on_submit():
        try:
            moved = _arrange(meeting, form.verb, form.number)
            if wants_fragment():
                return _show(meeting, moved=moved, change=form.verb)
            return see_other(url_for("meetings.show", reference=meeting.reference, _anchor=f"item-{moved}"))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _show(meeting, form=form)


@bp.route("/meetings/<reference>/open", methods=["POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def open_meeting(reference: str) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    form = Confirmation()
    if form.validate_on_submit():
        try:
            services.open_meeting(meeting, by=current_user, now=now())
            return see_other(url_for("console.run", reference=meeting.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return _show(meeting, form=form)


@bp.route("/meetings/<reference>/attendance", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def attendance(reference: str) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    rows = queries.attendance_of(meeting)
    form = forms.attendance_form(meeting, accounts.case_workers(), rows)
    if form.validate_on_submit() and not forms.is_overtaken(form, meeting, rows):
        try:
            services.take_attendance(
                meeting,
                people={person: form.presence(name) for name, person in form.people.items()},
                guests={guest.id: form.presence(name) for name, guest in form.guests.items()},
                by=current_user,
                now=now(),
            )
            return see_other(url_for("meetings.show", reference=meeting.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page(
        "meetings/attendance.html",
        form=form,
        meeting=meeting,
        quorum=quorum_of(rows),
        agencies=form.by_agency,
    )


@bp.route("/meetings/<reference>/attendance/guest", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def guest(reference: str) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    form = forms.GuestForm()
    form.offer(accounts.partner_agencies())
    if form.validate_on_submit():
        try:
            services.add_guest(
                meeting,
                name=form.name.data,
                agency=form.agencies[form.agency.data],
                presence=Presence(form.presence.data),
                by=current_user,
                now=now(),
            )
            return see_other(url_for("meetings.attendance", reference=meeting.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page("meetings/guest.html", form=form, meeting=meeting)


@bp.route("/meetings/<reference>/minutes")
@requires(Permission.ATTEND_MEETINGS)
@transactional
def show_minutes(reference: str) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    taken = minutes.minutes_of(current_user, meeting)
    audit.seen("minutes.view", by=current_user, obj=meeting, ids=taken.case_ids)
    return render_page(
        "meetings/minutes.html",
        meeting=meeting,
        minutes=taken,
        printed_at=now(),
        checkpoint=newest_checkpoint(),
        reference_for=Case.reference_for,
    )


@bp.route("/meetings/<reference>/close", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
@transactional
def close(reference: str) -> ResponseReturnValue:
    meeting = queries.meeting_for(reference)
    form = Confirmation()
    if form.validate_on_submit():
        try:
            services.close_meeting(meeting, by=current_user, now=now())
            return see_other(url_for("meetings.show_minutes", reference=meeting.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    taken = minutes.minutes_of(current_user, meeting)
    audit.seen("meeting.close_form", by=current_user, obj=meeting, ids=taken.case_ids)
    return render_page(
        "meetings/close.html", form=form, meeting=meeting, minutes=taken, reference_for=Case.reference_for
    )


def _arrange(meeting: Meeting, verb: str, number: int) -> int:
    """Carry out one change; the number of the case that the page then shows."""
    if not verb:
        raise Refused("Press one of the buttons beside a case to move it")
    if verb == "build":
        services.rebuild_agenda(meeting, by=current_user, now=now())
        return walk.first_number(queries.agenda_rows(current_user, meeting)) or 0
    item = queries.item_of(current_user, meeting, number)
    if verb == "off":
        beside = queries.neighbour_of(current_user, item, up=True)
        services.remove_item(item, by=current_user, now=now())
        return beside.case_id if beside else 0
    services.move_item(item, up=verb == "up", by=current_user, now=now())
    return item.case_id


def _show(meeting: Meeting, form: Any = None, **moved: Any) -> Response:
    rail = queries.agenda_rows(current_user, meeting)
    attendance = queries.attendance_of(meeting)
    if not moved:
        ids = [f"case_{row.case_audit_id}" for row in rail]
        audit.seen("meeting.view", by=current_user, obj=meeting, ids=ids)
    return render_page(
        "meetings/show.html",
        fragment="meetings/_partials/agenda.html",
        form=form,
        meeting=meeting,
        rail=rail,
        attendance=attendance,
        quorum=quorum_of(attendance),
        blank=lambda: forms.ArrangeForm(formdata=None),
        reference_for=Case.reference_for,
        **moved,
    )
