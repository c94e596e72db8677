"""The record of access and change, for those who answer for it: `/audit`.

Section 62 of the Data Protection Act 2018 has such logs used for four purposes only. So the page asks for
one before it shows anything, and the choice, each look and each file are entries of the record too.
"""

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import current_session, requires
from psg.accounts.permissions import Permission
from psg.audit import queries as audited
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.overview import record_entries, record_export
from psg.overview.record_filter import OPERATIONS, PATH, TABS, Choices, RecordFilter
from psg.overview.record_policy import Purpose, purpose_at
from psg.web.dates import now
from psg.web.fields import RadioChoice
from psg.web.forms import Form
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("record", __name__)


class PurposeForm(Form):
    purpose = RadioChoice(
        "Why do you need to read the record?",
        choices=[(purpose.value, purpose.label) for purpose in Purpose],
        required="Choose why you need to read the record",
        hint="The law allows these four purposes. Your choice is recorded and asked again after an hour.",
    )


@bp.route(PATH)
@requires(Permission.READ_RECORD)
@transactional
def index() -> ResponseReturnValue:
    purpose = _purpose()
    if purpose is None:
        return render_page("overview/record/purpose.html", form=PurposeForm())
    choices = _choices()
    wanted = RecordFilter.from_query(request.args, choices)
    return _page(wanted, choices, purpose)


@bp.route(f"{PATH}/purpose", methods=["GET", "POST"])
@requires(Permission.READ_RECORD)
@transactional
def purpose() -> ResponseReturnValue:
    """The choice, which stands with this session for an hour."""
    form, signed_in = PurposeForm(), current_session()
    if form.validate_on_submit() and signed_in is not None:
        signed_in.purpose, signed_in.purpose_at = form.purpose.data, now()
        audit.record(Operation.CUSTODY, "record.purpose", by=current_user, purpose=form.purpose.data)
        return see_other(url_for("record.index"))
    return render_page("overview/record/purpose.html", form=form)


@bp.route(f"{PATH}/export.csv")
@requires(Permission.EXPORT_RECORD, step_up=True)
@transactional
def export_csv() -> ResponseReturnValue:
    """The entries that the filters of the page find, as a file."""
    purpose = _purpose()
    if purpose is None:
        return see_other(url_for("record.purpose"))
    choices, moment = _choices(), now()
    wanted = RecordFilter.from_query(request.args, choices)
    found = record_entries.read(current_user, wanted, limit=record_export.MOST_ENTRIES)
    if found.older:
        return _page(wanted, choices, purpose, too_many=record_export.MOST_ENTRIES)
    content = record_export.as_csv(
        found.lines, by=current_user, purpose=purpose, wanted=wanted, choices=choices, now=moment
    )
    record_export.note(
        content, count=len(found.lines), wanted=wanted, purpose=purpose, by=current_user, now=moment
    )
    response = Response(content, content_type="text/csv; charset=utf-8")
    name = record_export.file_name(current_user, moment)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(
    wanted: RecordFilter, choices: Choices, purpose: Purpose, *, too_many: int | None = None
) -> ResponseReturnValue:
    found = record_entries.read(current_user, wanted)
    audit.record(
        Operation.CONSULTATION,
        "record.view",
        by=current_user,
        purpose=purpose,
        entries=["-".join(map(str, line.place)) for line in (*found.lines[:1], *found.lines[-1:])],
        filters=wanted.chosen() | ({"tab": wanted.tab} if wanted.tab else {}),
    )
    return render_page(
        "overview/record/index.html",
        fragment="overview/record/_results.html",
        status=422 if too_many else None,
        found=found,
        wanted=wanted,
        choices=choices,
        purpose=purpose,
        too_many=too_many,
        checkpoint=audited.newest_checkpoint(),
        outside=audited.newest_handed_out(),
        is_sound=audited.head_is_sound(),
    )


def _choices() -> Choices:
    return {"tab": TABS, "op": dict(OPERATIONS), **record_entries.choices_for(current_user)}


def _purpose() -> Purpose | None:
    signed_in = current_session()
    return purpose_at(signed_in.purpose, signed_in.purpose_at, now()) if signed_in else None
