"""Searching, and only then adding; editing."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.subjects import forms, matching, queries, services
from psg.web.dates import now
from psg.web.htmx import render_page, see_other, wants_fragment
from psg.web.transaction import transactional

bp = Blueprint("subjects", __name__)

SEARCHED_AT = "searched_at"
SECONDS_TO_START = 30 * 60
SECONDS_TO_FINISH = 12 * 60 * 60
SEARCH_FIRST = "Search first: the person or place may be known already. You can add one under the results."
SEARCH_AGAIN = (
    "Search for them in another tab, in case they are known already, then press the button here again. "
    "What you typed stays on this page"
)


IS_IT_ONE = "Look at those it may be. If it is none of them, press “None of these, create new”"


@dataclass(frozen=True)
class Kind:
    """What the pages of people and of places differ in."""

    word: str
    new_form: Any
    look_form: Any
    edit_form: Any
    subject_for: Any
    add: Any
    edit: Any


PERSON = Kind(
    "person",
    forms.NewPersonForm,
    forms.LookForPersonForm,
    forms.EditPersonForm,
    queries.person_for,
    services.add_person,
    services.edit_person,
)
PLACE = Kind(
    "place",
    forms.NewPlaceForm,
    forms.LookForPlaceForm,
    forms.EditPlaceForm,
    queries.place_for,
    services.add_place,
    services.edit_place,
)


@bp.route("/search", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
@transactional
def search() -> ResponseReturnValue:
    form = forms.SearchForm()
    found = exact = None
    if form.validate_on_submit():
        exact = queries.exact_path(current_user, form.q.data)
        found = queries.search(current_user, form.q.data)
        session[SEARCHED_AT] = int(now().timestamp())
        audit.seen("search", by=current_user, ids=found.record_ids)
        if exact and not wants_fragment():  # while typing, only a link: P-1 may yet become P-12
            return see_other(exact)
    return _search_page(form, found=found, exact=exact)


@bp.route("/people/new", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new_person() -> ResponseReturnValue:
    return _new(PERSON)


@bp.route("/places/new", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def new_place() -> ResponseReturnValue:
    return _new(PLACE)


@bp.route("/people/new/alike", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def look_for_person() -> ResponseReturnValue:
    return _look(PERSON)


@bp.route("/places/new/alike", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def look_for_place() -> ResponseReturnValue:
    return _look(PLACE)


@bp.route("/people/<reference>/edit", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def edit_person(reference: str) -> ResponseReturnValue:
    return _edit(PERSON, reference)


@bp.route("/places/<reference>/edit", methods=["GET", "POST"])
@requires(Permission.OPEN_CASES)
@transactional
def edit_place(reference: str) -> ResponseReturnValue:
    return _edit(PLACE, reference)


def _new(kind: Kind) -> ResponseReturnValue:
    if request.method == "GET" or "q" in request.form:
        return _start(kind)
    form = kind.new_form(wards=queries.wards())
    if form.validate() and not _has_searched(within=SECONDS_TO_FINISH):
        form.refuse(None, SEARCH_AGAIN)
    likely = None if form.errors else matching.look(current_user, form.details())
    if likely and likely.is_anybody and not form.was_asked(likely.references):
        form.refuse(None, IS_IT_ONE)
        audit.seen(f"{kind.word}.alike", by=current_user, ids=[hit.record_id for hit in likely.hits])
    if not form.errors:
        try:
            subject = kind.add(form.details(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"{subject.reference} is added.")
            return see_other(subject.path)
    return render_page(f"subjects/new_{kind.word}.html", form=form, likely=likely)


def _look(kind: Kind) -> ResponseReturnValue:
    """Whom what is typed so far may be. Asked for by the page as it is typed; by itself it is the form."""
    form = kind.look_form(wards=queries.wards())
    if request.method == "GET" or not wants_fragment():
        return see_other(url_for(f"subjects.new_{kind.word}"))
    form.leave_out_what_is_wrong()
    likely = matching.look(current_user, form.details(), is_typing=True)
    audit.seen(f"{kind.word}.alike", by=current_user, ids=[hit.record_id for hit in likely.hits])
    return render_page(
        f"subjects/new_{kind.word}.html",
        fragment="subjects/_partials/alike.html",
        status=200,
        likely=likely,
        kind=kind.word,
    )


def _start(kind: Kind) -> ResponseReturnValue:
    """The empty form, reached only from a search; the words searched for come along in the request's body.

    A flat is begun from the page of its block, which lists the flats there are.
    """
    asked = forms.SearchForm()
    if request.method == "POST" and not asked.validate():
        return _search_page(asked)
    block = queries.place_by_reference(current_user, request.args.get("block", "")) if kind is PLACE else None
    if block and block.is_block:
        session[SEARCHED_AT] = int(now().timestamp())
    elif not _has_searched(within=SECONDS_TO_START):
        flash(SEARCH_FIRST, "information")
        return see_other(url_for("subjects.search"))
    words = asked.q.data if request.method == "POST" else ""
    guessed = forms.guessed(kind.word, words, block)
    return render_page(
        f"subjects/new_{kind.word}.html", form=kind.new_form(formdata=None, wards=queries.wards(), **guessed)
    )


def _edit(kind: Kind, reference: str) -> ResponseReturnValue:
    subject = kind.subject_for(current_user, reference)
    typed = forms.as_typed(subject, current_user)
    form = kind.edit_form(obj=typed, wards=queries.wards())
    if form.validate_on_submit() and not form.is_stale(typed):
        try:
            kind.edit(subject, form.details(), by=current_user, now=now())
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(f"{subject.reference} is saved.")
            return see_other(subject.path)
    audit.seen(f"{kind.word}.edit_page", by=current_user, obj=subject)
    return render_page(f"subjects/edit_{kind.word}.html", form=form, subject=subject)


def _search_page(form: forms.SearchForm, **context: Any) -> ResponseReturnValue:
    return render_page(
        "subjects/search.html",
        fragment="subjects/_partials/results.html",
        form=form,
        next=request.args.get("next"),
        **context,
    )


def _has_searched(*, within: int) -> bool:
    """Whether this person searched lately: people and places are added only after looking for them."""
    return bool(now().timestamp() < session.get(SEARCHED_AT, 0) + within)
