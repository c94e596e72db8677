"""The pages by which two people share from a sealed case: asking, and another member's answer."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases import queries as cases
from psg.cases.models import Case, Visibility
from psg.sharing import clearances
from psg.sharing.forms import AskClearanceForm, ClearanceAnswerForm
from psg.web.dates import now
from psg.web.fields import choices_of
from psg.web.htmx import render_page, see_other
from psg.web.transaction import transactional

bp = Blueprint("clearing", __name__)


@bp.route("/cases/<reference>/sharing/clearances/new", methods=["GET", "POST"])
@requires(Permission.RECORD_DISCLOSURES)
@transactional
def ask(reference: str) -> ResponseReturnValue:
    case = _sealed(reference)
    others = {str(one.id): one for one in accounts.partner_agencies() if one.id != current_user.agency_id}
    form = AskClearanceForm()
    form.agency.choices = choices_of((one.id, one.name) for one in others.values())
    if form.validate_on_submit():
        agency, reason = others[form.agency.data], form.reason.data
        clearances.ask_clearance(case, agency, reason=reason, by=current_user, now=now())
        flash("Asked. Another member of the case answers on its Sharing page.")
        return see_other(url_for("sharing.of_case", reference=reference))
    audit.seen("clearance.form", by=current_user, case=case, obj=case)
    return render_page("sharing/clearance.html", form=form, case=case, clearance=None)


@bp.route("/cases/<reference>/sharing/clearances/<int:number>", methods=["GET", "POST"])
@requires(Permission.RECORD_DISCLOSURES)
@transactional
def answer(reference: str, number: int) -> ResponseReturnValue:
    case = _sealed(reference)
    clearance = clearances.clearance_of(case, number)
    form = ClearanceAnswerForm()
    if form.validate_on_submit():
        try:
            grant = form.answer.data == "yes"
            clearances.answer_clearance(clearance, case, grant=grant, by=current_user, now=now())
            return see_other(url_for("sharing.of_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("clearance.form", by=current_user, case=case, obj=clearance)
    return render_page("sharing/clearance.html", form=form, case=case, clearance=clearance)


def _sealed(reference: str) -> Case:
    case = cases.case_to_change(current_user, reference, Permission.RECORD_DISCLOSURES)
    if case.visibility is not Visibility.SEALED:
        raise NotFound
    return case
