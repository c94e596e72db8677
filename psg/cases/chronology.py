"""The pages of a case's chronology: what was seen, said and done, and adding to it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases import forms, policy, queries, services
from psg.cases.models import AudienceKind, EventKind
from psg.web.dates import moment_on, now
from psg.web.fields import choices_of
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("chronology", __name__)


@bp.route("/cases/<reference>/chronology")
@requires(Permission.READ_A_CASE)
@transactional
def index(reference: str) -> ResponseReturnValue:
    case = queries.case_for(current_user, reference)
    kind = request.args.get("kind", "")
    kind = kind if kind in dict(forms.EVENT_KINDS) else ""
    milestones = request.args.get("show") == "milestones"
    events = queries.events_of(
        current_user, case, milestones_only=milestones, kind=EventKind(kind) if kind else None
    )
    page = paginate(events, requested_page())
    audit.seen("case.chronology", by=current_user, case=case, obj=case)
    return render_page(
        "cases/chronology.html",
        case=case,
        page=page,
        kind=kind,
        kinds=forms.EVENT_KINDS,
        milestones=milestones,
        may_work=queries.may_work(current_user, case, now()),
        may_mend=lambda row: policy.may_mend_written(current_user, row.author_id, row.note_created_at, now()),
    )


@bp.route("/cases/<reference>/notes/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def add_note(reference: str) -> ResponseReturnValue:
    case = queries.case_to_work(current_user, reference)
    agencies = {str(one.id): one for one in accounts.partner_agencies() if one.id != current_user.agency_id}
    form = forms.with_choices(
        forms.NoteForm(), readers=choices_of((key, agency.name) for key, agency in agencies.items())
    )
    if form.validate_on_submit() and form.happened_on.data:
        try:
            services.add_note(
                case,
                body=form.body.data,
                happened_at=moment_on(form.happened_on.data, now()),
                audience=AudienceKind(form.audience.data),
                readers=[agencies[key] for key in form.readers.data],
                by=current_user,
                now=now(),
            )
            return see_other(url_for("chronology.index", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("note.form", by=current_user, case=case)
    return render_page("cases/note.html", form=form, case=case, heading="Add a note")


@bp.route("/cases/<reference>/notes/<int:number>/edit", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def mend_note(reference: str, number: int) -> ResponseReturnValue:
    case = queries.case_to_work(current_user, reference)
    note = queries.note_of(current_user, case, number)
    form = forms.MendNoteForm.over(note)
    if form.validate_on_submit() and not form.is_stale(note):
        try:
            services.mend_note(note, case, body=form.body.data, by=current_user, now=now())
            return see_other(url_for("chronology.index", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("note.view", by=current_user, case=case, obj=note)
    return render_page("cases/note.html", form=form, case=case, heading="Mend the note")


@bp.route("/cases/<reference>/notes/<int:number>/correct", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def correct_note(reference: str, number: int) -> ResponseReturnValue:
    case = queries.case_to_work(current_user, reference)
    note = queries.note_of(current_user, case, number)
    form = forms.CorrectionForm()
    if form.validate_on_submit():
        services.add_note(
            case, body=form.body.data, happened_at=note.happened_at, by=current_user, now=now(), corrects=note
        )
        return see_other(url_for("chronology.index", reference=reference))
    audit.seen("note.view", by=current_user, case=case, obj=note)
    return render_page("cases/note.html", form=form, case=case, heading="Correct the note", original=note)
