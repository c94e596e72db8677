"""People and places: who makes most demand, and the page of each."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.accounts.queries import partner_agencies
from psg.audit import services as audit
from psg.base import Refused
from psg.demand import forms, matching, queries, ranking, services
from psg.demand.filters import (
    CASE_CHOICES,
    PLACE_CHOICES,
    WINDOW_CHOICES,
    Choices,
    RankingFilter,
    WhenAsked,
)
from psg.demand.subject_page import subject_page
from psg.subjects import queries as subjects
from psg.subjects.addresses import KINDS, PEOPLE, PLACES, subject_at
from psg.subjects.models import Person, Place, Subject, SubjectKind
from psg.web.dates import now, today
from psg.web.fields import choices_of
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("demand", __name__)


@bp.route("/people", defaults=PEOPLE)
@bp.route("/places", defaults=PLACES)
@requires(Permission.READ_CASES)
@transactional
def index(kind: str) -> ResponseReturnValue:
    subject_kind = KINDS[kind]
    model: type[Subject] = Person if subject_kind is SubjectKind.PERSON else Place
    choices = _choices(subject_kind)
    asked = RankingFilter.from_query(request.args, choices, today())
    wanted = asked.wanted(subject_kind)
    page = paginate(ranking.ranked(current_user, wanted), requested_page())
    audit.seen(
        f"{kind}.list", by=current_user, ids=[f"{model.record_kind}_{row.audit_id}" for row in page.rows]
    )
    return render_page(
        "demand/index.html",
        fragment="demand/_partials/ranking.html",
        kind=kind,
        page=page,
        asked=asked,
        choices=choices,
        figures=ranking.figures_of([row.id for row in page.rows], wanted.when, wanted.agency_id),
        spread=ranking.spread_of(current_user, subject_kind, wanted.when, wanted.window, wanted.agency_id),
        nothing=ranking.NOTHING,
        reference=model.reference_for,
    )


@bp.route("/people/<reference>", defaults=PEOPLE)
@bp.route("/places/<reference>", defaults=PLACES)
@requires(Permission.READ_CASES)
@transactional
def show(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    asked = WhenAsked.from_query(request.args, today())
    page = subject_page(current_user, subject, asked.when, today())
    audit.seen(f"{subject.record_kind}.view", by=current_user, obj=subject, ids=page.record_ids)
    return render_page("demand/show.html", subject=subject, asked=asked, **vars(page))


@bp.route("/people/<reference>/contacts", defaults=PEOPLE)
@bp.route("/places/<reference>/contacts", defaults=PLACES)
@requires(Permission.READ_CASES)
@transactional
def contacts(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    page = paginate(queries.contacts_of(subject), requested_page())
    audit.seen(f"{subject.record_kind}.contacts", by=current_user, obj=subject)
    return render_page(
        "demand/contacts.html", subject=subject, page=page, suggestions=matching.suggestions(subject, today())
    )


@bp.route("/people/<reference>/incidents/new", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/incidents/new", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def group_contacts(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    page = paginate(queries.contacts_of(subject), requested_page())
    form = forms.SameIncidentForm.among(page.rows)
    if form.validate_on_submit():
        try:
            services.group_contacts(subject, map(int, form.contacts.data), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("Those contacts are grouped: together they count as one incident.")
            return see_other(f"{subject.path}/contacts")
    audit.seen(f"{subject.record_kind}.incident_form", by=current_user, obj=subject)
    return render_page("demand/group_contacts.html", form=form, subject=subject, page=page)


@bp.route("/people/<reference>/contacts/new", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/contacts/new", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new_contact(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    form = forms.ContactForm(subject)
    moment = now()
    if form.validate_on_submit():
        try:
            services.record_contact(subject, **form.answers(moment), by=current_user, now=moment)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The contact is recorded.")
            return see_other(subject.path)
    audit.seen(f"{subject.record_kind}.contact_form", by=current_user, obj=subject)
    return render_page("demand/new_contact.html", form=form, subject=subject)


@bp.route("/people/<reference>/contacts/<int:number>/withdraw", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/contacts/<int:number>/withdraw", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def withdraw_contact(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    contact = queries.contact_of(subject, number)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        try:
            services.withdraw_contact(contact, reason=form.reason.data, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The contact is withdrawn. It stays in the list, marked, and is no longer counted.")
            return see_other(f"{subject.path}/contacts")
    audit.seen("contact.withdraw_form", by=current_user, obj=contact)
    return render_page("demand/withdraw_contact.html", form=form, subject=subject, contact=contact)


def _choices(kind: SubjectKind) -> Choices:
    """What the filters of the list offer; a kind of place only for places."""
    offered = {
        "ward": dict(choices_of((ward.id, ward.name) for ward in subjects.wards())),
        "agency": dict(choices_of((agency.id, agency.name) for agency in partner_agencies())),
        "window": WINDOW_CHOICES,
        "case": CASE_CHOICES,
    }
    return offered | ({"place": PLACE_CHOICES} if kind is SubjectKind.PLACE else {})
