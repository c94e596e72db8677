"""The log of information sharing: of one case, of all, and writing in it. There is no page that changes an entry."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.audit.receipts import has_receipt, receipt_for
from psg.base import Refused
from psg.cases import queries as cases
from psg.cases.models import Case, Visibility
from psg.cases.policy import Door
from psg.sharing import export, policy, queries, services
from psg.sharing.clearances import GOOD_FOR, Clearance, clearances_of
from psg.sharing.forms import CorrectionForm, DisclosureForm, disclosure_form
from psg.sharing.log import CHANNELS, LogFilter, Names
from psg.sharing.models import Disclosure, GroundFamily, is_late
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.pagination import Page, paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("sharing", __name__)


@bp.route("/sharing")
@requires(Permission.READ_SHARING_LOG)
@transactional
def index() -> ResponseReturnValue:
    names = _names()
    return _log(LogFilter.from_query(request.args, names), names)


@bp.route("/sharing/export.csv")
@requires(Permission.EXPORT_SHARING_LOG, step_up=True)
@transactional
def export_csv() -> ResponseReturnValue:
    """The entries that the filters of the page find, as a file. Taking it is itself a disclosure."""
    names = _names()
    wanted = LogFilter.from_query(request.args, names)
    if queries.count_of(queries.matching_ids(current_user, wanted)) > export.MOST_ENTRIES:
        return _log(wanted, names, too_many=export.MOST_ENTRIES)
    moment = now()
    rows = export.entries(current_user, wanted)
    content = export.as_csv(rows, by=current_user, wanted=wanted, names=names, now=moment)
    services.record_export(content, count=len(rows), filters=wanted.chosen(), by=current_user, now=moment)
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=export.file_name(current_user, moment))
    return response


@bp.route("/sharing/<reference>")
@requires(Permission.READ_SHARING_LOG)
@transactional
def show(reference: str) -> ResponseReturnValue:
    entry = queries.entry_for(current_user, reference)
    audit.seen("sharing.entry", by=current_user, case=entry.case, obj=entry)
    return render_page(
        "sharing/show.html",
        entry=entry,
        corrections=queries.corrections_of(entry),
        has_receipt=has_receipt(entry.record_id),
        opens_case=_opens(entry.case),
        may_correct=policy.may_correct(current_user, entry, _door(entry.case), now()),
        reference=Disclosure.reference_for,
    )


@bp.route("/sharing/<reference>/receipt")
@requires(Permission.READ_SHARING_LOG, step_up=True)
@transactional
def receipt(reference: str) -> ResponseReturnValue:
    """Proof for the recipient that this disclosure was recorded: checked offline, it shows no other entry."""
    entry = queries.entry_for(current_user, reference)
    content = receipt_for(entry.record_id)
    if content is None:
        flash(
            "The receipt is not ready: the record is signed within a minute. Try again then.", "information"
        )
        audit.seen("sharing.entry", by=current_user, case=entry.case, obj=entry)
        return see_other(url_for("sharing.show", reference=reference))
    services.record_receipt(entry, content, by=current_user, now=now())
    response = Response(content, content_type="text/plain; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{entry.reference}.tlog-proof")
    return response


@bp.route("/sharing/<reference>/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_DISCLOSURES)
@transactional
def correct(reference: str) -> ResponseReturnValue:
    entry = queries.entry_for(current_user, reference)
    if not policy.may_correct(current_user, entry, _door(entry.case), now()):
        raise Forbidden(f"Only {entry.agency.name} can correct this entry: it knows what it shared.")
    form = _form(CorrectionForm, entry.case, corrects=entry)
    if form.validate_on_submit():
        try:
            said, wrong = form.particulars(), form["what_was_wrong"].data
            new = services.correct_disclosure(entry, said, what_was_wrong=wrong, by=current_user, now=now())
            return see_other(url_for("sharing.show", reference=new.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("sharing.correction_form", by=current_user, case=entry.case, obj=entry)
    return render_page("sharing/correct.html", form=form, case=entry.case, entry=entry)


@bp.route("/cases/<reference>/sharing")
@requires(Permission.READ_A_CASE)
@transactional
def of_case(reference: str) -> ResponseReturnValue:
    case = cases.case_for(current_user, reference)
    page = paginate(queries.rows_of(case), requested_page())
    audit.seen("case.sharing", by=current_user, case=case, obj=case, ids=_ids(page))
    return render_page(
        "sharing/of_case.html",
        case=case,
        may_record=policy.may_record(current_user, _door(case), now()),
        clearances=_clearances(case),
        **_entries(page),
    )


@bp.route("/cases/<reference>/sharing/new", methods=["GET", "POST"])
@requires(Permission.RECORD_DISCLOSURES, step_up=True)
@transactional
def new(reference: str) -> ResponseReturnValue:
    case = cases.case_to_change(current_user, reference, Permission.RECORD_DISCLOSURES)
    form = _form(DisclosureForm, case)
    if form.validate_on_submit():
        try:
            entry = services.record_disclosure(case, form.particulars(), by=current_user, now=now())
            return see_other(url_for("sharing.show", reference=entry.reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("sharing.form", by=current_user, case=case, obj=case)
    return render_page("sharing/new.html", form=form, case=case)


def _clearances(case: Case) -> Sequence[Clearance] | None:
    """Where the case is sealed: what was asked of a second person, and the answers that may still be used."""
    sealed = case.visibility is Visibility.SEALED
    return clearances_of(case, now() - GOOD_FOR) if sealed else None


def _log(wanted: LogFilter, names: Names, *, too_many: int | None = None) -> ResponseReturnValue:
    page = paginate(queries.log_rows(current_user, wanted), requested_page())
    audit.seen("sharing.log", by=current_user, ids=_ids(page))
    return render_page(
        "sharing/index.html",
        fragment="sharing/_partials/results.html",
        status=422 if too_many else None,
        wanted=wanted,
        names=names,
        too_many=too_many,
        opens_cases=not policy.reads_whole_log(current_user, today()),
        **_entries(page),
    )


def _entries(page: Page) -> dict[str, Any]:
    """What the table of entries is drawn from, in two statements more."""
    ids = [row.id for row in page.rows]
    return {
        "page": page,
        "recipients": queries.recipients_of(ids),
        "categories": queries.categories_of(ids),
        "reference": Disclosure.reference_for,
        "case_reference": Case.reference_for,
        "is_late": is_late,
    }


def _form(kind: type[DisclosureForm], case: Case, corrects: Disclosure | None = None) -> DisclosureForm:
    day = today()
    return disclosure_form(
        kind,
        parties=cases.parties_of(case),
        agencies=[one for one in accounts.partner_agencies() if one.id != current_user.agency_id],
        gateways=queries.grounds(GroundFamily.GATEWAY, day),
        bases=[one for one in queries.grounds(GroundFamily.BASIS, day) if one.fits(current_user.agency.kind)],
        conditions=queries.grounds(GroundFamily.CONDITION, day),
        corrects=corrects,
    )


def _names() -> Names:
    agencies = {agency.code: agency.name for agency in accounts.partner_agencies()}
    return {"to": agencies, "source": agencies, "gateway": queries.gateway_names(), "channel": CHANNELS}


def _ids(page: Page) -> list[str]:
    return [f"disclosure_{row.audit_id}" for row in page.rows]


def _opens(case: Case) -> bool:
    return cases.may(current_user, Permission.READ_A_CASE, case, now())


def _door(case: Case) -> Door:
    return cases.door_of(current_user, case)
