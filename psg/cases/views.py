"""The pages of a case: the list, opening one, its overview, who leads it and who is in it."""

from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.models import User
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.cases import access_queries, forms, queries, services, standing
from psg.cases.adding import parts_for
from psg.cases.filters import STAGES, CaseFilter
from psg.cases.models import Aim, Case, PartyRole, Priority
from psg.subjects import queries as subjects
from psg.subjects.models import Ward
from psg.web.dates import now, today
from psg.web.fields import choices_of
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("cases", __name__)


@bp.route("/cases")
@requires(Permission.READ_CASES)
@transactional
def index() -> ResponseReturnValue:
    wanted = CaseFilter.from_query(request.args)
    page = paginate(queries.case_rows(current_user, **wanted.terms(current_user)), requested_page())
    audit.seen("cases.list", by=current_user, ids=[f"case_{row.audit_id}" for row in page.rows])
    return render_page(
        "cases/index.html",
        fragment="cases/_partials/results.html",
        page=page,
        wanted=wanted,
        stages=STAGES,
        wards=choices_of((ward.id, ward.name) for ward in subjects.wards()),
        agencies=choices_of((agency.id, agency.name) for agency in accounts.partner_agencies()),
        reference=Case.reference_for,
        restricted=access_queries.restricted_count(current_user),
    )


@bp.route("/cases/new", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new() -> ResponseReturnValue:
    """A case starts at a person or place that a search has found: without one, the search comes first."""
    subject = subjects.subject_by_reference(current_user, request.args.get("subject", ""))
    if subject is None:
        return redirect(url_for("subjects.search", next="case"), code=303)
    form = forms.with_choices(
        forms.OpenCaseForm(data={"ward": str(subject.ward_id or ""), "lead": str(current_user.id)}),
        role=forms.roles_for(subject),
        lead=_officers(),
        ward=_wards(),
    )
    running = queries.open_cases_about(current_user, subject)
    if form.validate_on_submit() and _may_open(form, running):
        case = services.open_case(
            subject,
            role=PartyRole(form.role.data),
            summary=form.summary.data,
            priority=Priority(form.priority.data),
            aims=[Aim(aim) for aim in form.aims.data],
            lead=_officer(form.lead.data),
            ward=_ward(form.ward.data),
            by=current_user,
            now=now(),
        )
        return see_other(url_for("cases.show", reference=case.reference))
    audit.seen("case.open_form", by=current_user, obj=subject, ids=running)
    return render_page("cases/new.html", form=form, subject=subject, running=running)


@bp.route("/cases/<reference>")
@requires(Permission.READ_A_CASE)
@transactional
def show(reference: str) -> ResponseReturnValue:
    case = queries.case_for(current_user, reference)
    parties = queries.parties_of(case)
    audit.seen("case.view", by=current_user, case=case, obj=case)
    return render_page(
        "cases/show.html",
        case=case,
        parties=parties,
        parts=parts_for(parties, today()),
        events=queries.latest_events(current_user, case),
        may_work=queries.may_work(current_user, case, now()),
        may_hand_on=standing.manages(current_user, case, now()),
        is_related=standing.is_to_be_asked(case, current_user),
    )


@bp.route("/cases/<reference>/edit", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def edit(reference: str) -> ResponseReturnValue:
    case = queries.case_to_work(current_user, reference)
    described = forms.described(case)
    form = forms.EditCaseForm(data={**described, "version": str(case.version)})
    forms.with_choices(form, ward=_wards())
    if form.validate_on_submit() and not form.is_stale(case, described):
        services.edit_case(
            case,
            summary=form.summary.data,
            priority=Priority(form.priority.data),
            aims=[Aim(aim) for aim in form.aims.data],
            ward=_ward(form.ward.data),
            by=current_user,
            now=now(),
        )
        return see_other(url_for("cases.show", reference=reference))
    audit.seen("case.edit_form", by=current_user, case=case, obj=case)
    return render_page("cases/edit.html", form=form, case=case)


@bp.route("/cases/<reference>/lead", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def reassign(reference: str) -> ResponseReturnValue:
    case = queries.case_to_work(current_user, reference)
    if not standing.manages(current_user, case, now()):
        raise Forbidden("The case’s lead, a coordinator or an agency lead in the case decides this.")
    form = forms.with_choices(forms.LeadForm(), lead=_officers())
    if form.validate_on_submit():
        try:
            services.reassign_case(
                case, to=_officer(form.lead.data), reason=form.reason.data, by=current_user, now=now()
            )
            return see_other(url_for("cases.show", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("case.lead_form", by=current_user, case=case, obj=case)
    return render_page("cases/lead.html", form=form, case=case)


@bp.route("/cases/<reference>/parties/find", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def find_party(reference: str) -> ResponseReturnValue:
    """Search before adding: the words are posted, so that no name stands in a URL."""
    case = queries.case_to_work(current_user, reference)
    form = forms.FindPartyForm()
    found = subjects.find(current_user, form.q.data) if form.validate_on_submit() else None
    audit.seen("party.find", by=current_user, case=case, ids=[hit.record_id for hit in found or []])
    return render_page("cases/find_party.html", form=form, case=case, found=found)


@bp.route("/cases/<reference>/parties/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
@transactional
def add_party(reference: str) -> ResponseReturnValue:
    case = queries.case_to_work(current_user, reference)
    subject = subjects.subject_by_reference(current_user, request.args.get("subject", ""))
    if subject is None:
        return redirect(url_for("cases.find_party", reference=reference), code=303)
    form = forms.with_choices(forms.PartyForm(), role=forms.roles_for(subject))
    if form.validate_on_submit():
        try:
            services.add_party(case, subject, role=PartyRole(form.role.data), by=current_user, now=now())
            return see_other(url_for("cases.show", reference=reference))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    audit.seen("party.form", by=current_user, case=case, obj=subject)
    return render_page("cases/party.html", form=form, case=case, subject=subject)


def _may_open(form: forms.OpenCaseForm, running: Sequence[Case]) -> bool:
    """A second open case about the same subject is opened only by someone who says so."""
    if running and not form.anyway.data:
        form.refuse("anyway", "There is an open case already: join that one, or tick to open a second")
        return False
    return True


def _officers() -> list[tuple[str, str]]:
    return choices_of((user.id, f"{user.name}, {user.agency.name}") for user in accounts.case_workers())


def _officer(number: str) -> User:
    return next(user for user in accounts.case_workers() if str(user.id) == number)


def _wards() -> list[tuple[str, str]]:
    return choices_of((ward.id, ward.name) for ward in subjects.wards())


def _ward(number: str) -> Ward | None:
    return next((ward for ward in subjects.wards() if str(ward.id) == number), None)


@bp.app_errorhandler(queries.Restricted)
def to_the_door(restricted: queries.Restricted) -> ResponseReturnValue:
    """A restricted case is never a blank refusal: its Access page says whom to ask."""
    return see_other(url_for("access.index", reference=restricted.reference))
