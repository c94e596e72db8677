"""The links of a person or place: listing, adding, putting right and ending them."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts import queries as accounts
from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.subjects import queries as subjects
from psg.subjects.addresses import PEOPLE, PLACES, subject_at
from psg.subjects.links import forms, queries, services
from psg.subjects.links.filters import LinkFilter
from psg.web.dates import now, today
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("links", __name__)


@bp.route("/people/<reference>/links", defaults=PEOPLE)
@bp.route("/places/<reference>/links", defaults=PLACES)
@requires(Permission.READ_CASES)
@transactional
def index(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    wanted = LinkFilter.from_query(request.args)
    page = paginate(
        queries.links_of(current_user, subject, as_at=today(), **wanted.terms()), requested_page()
    )
    links = queries.lines(page.rows)
    audit.seen(
        f"{subject.record_kind}.links", by=current_user, obj=subject, ids=[line.record_id for line in links]
    )
    return render_page(
        "links/index.html",
        fragment="links/_partials/list.html",
        subject=subject,
        links=links,
        page=page,
        wanted=wanted,
    )


@bp.route("/people/<reference>/links/find", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/links/find", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def find(kind: str, reference: str) -> ResponseReturnValue:
    """Search before linking: the words are posted, so that no name stands in a URL."""
    subject = subject_at(current_user, kind, reference)
    form = forms.FindForm()
    found = None
    if form.validate_on_submit():
        found = forms.that_fit(subject, subjects.find(current_user, form.q.data))
    audit.seen("link.find", by=current_user, obj=subject, ids=[hit.record_id for hit in found or []])
    return render_page("links/find.html", form=form, subject=subject, found=found)


@bp.route("/people/<reference>/links/new", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/links/new", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new(kind: str, reference: str) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    other = subjects.subject_by_reference(current_user, request.args.get("to", ""))
    if other is None or not forms.readings(subject, other) or other.id == subject.id:
        return redirect(f"{subject.path}/links/find", code=303)
    form = forms.NewLinkForm(
        subject=subject,
        other=other,
        agencies=accounts.partner_agencies(),
        data={"source_agency": str(current_user.agency_id)},
    )
    if form.validate_on_submit():
        try:
            services.add_link(subject, other, form.details(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"{subject.reference} and {other.reference} are linked.")
            return see_other(subject.path)
    audit.seen("link.form", by=current_user, obj=subject, ids=[other])
    return render_page("links/new.html", form=form, subject=subject, other=other)


@bp.route("/people/<reference>/links/<int:number>/edit", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/links/<int:number>/edit", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def edit(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    link = queries.link_of(current_user, subject, number)
    other, typed = link.other(subject), forms.as_typed(link, subject)
    form = forms.EditLinkForm(obj=typed, subject=subject, other=other, agencies=accounts.partner_agencies())
    if form.validate_on_submit() and not form.is_stale(typed):
        try:
            services.edit_link(link, subject, form.details(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The link is saved.")
            return see_other(subject.path)
    audit.seen("link.edit_form", by=current_user, obj=link, ids=[subject, other])
    return render_page("links/edit.html", form=form, subject=subject, other=other, link=link)


@bp.route("/people/<reference>/links/<int:number>/end", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/links/<int:number>/end", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def end(kind: str, reference: str, number: int) -> ResponseReturnValue:
    subject = subject_at(current_user, kind, reference)
    link = queries.link_of(current_user, subject, number)
    form = forms.EndLinkForm(data={"until": link.until})
    if form.validate_on_submit():
        try:
            services.end_link(
                link, reason=form.reason.data, until=form.until.data, by=current_user, now=now()
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash("The link has ended. It stays in the list, apart from those that hold.")
            return see_other(subject.path)
    audit.seen("link.end_form", by=current_user, obj=link, ids=[subject, link.other(subject)])
    return render_page("links/end.html", form=form, subject=subject, other=link.other(subject), link=link)
