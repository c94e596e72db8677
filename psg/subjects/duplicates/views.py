"""Lists of records that may be one, and saying of two that they are not."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.subjects import queries as subjects
from psg.subjects.addresses import KINDS, PEOPLE, PLACES
from psg.subjects.duplicates import forms, queries, services
from psg.subjects.duplicates.filters import APART, STATES, DuplicatesFilter
from psg.subjects.merging.fields import compare as side_by_side
from psg.subjects.merging.pairs import pair_at
from psg.subjects.merging.preview import beside
from psg.subjects.merging.services import why_not
from psg.subjects.models import Subject
from psg.web.dates import now
from psg.web.htmx import render_page, see_other
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional

bp = Blueprint("duplicates", __name__)


@bp.route("/people/duplicates", defaults=PEOPLE)
@bp.route("/places/duplicates", defaults=PLACES)
@requires(Permission.MERGE_RECORDS)
@transactional
def index(kind: str) -> ResponseReturnValue:
    wanted, of_kind = DuplicatesFilter.from_query(request.args), KINDS[kind]
    about = subjects.subject_by_reference(current_user, wanted.about) if wanted.about else None
    about = about if about is not None and about.kind is of_kind else None
    if wanted.state == APART:
        rows = queries.found_to_be_two(current_user, of_kind)
    else:
        rows = queries.candidates(
            current_user, of_kind, about=about, sort=wanted.key, descending=wanted.descending
        )
    page = paginate(rows, requested_page())
    pairs = [queries.pair_of(row, of_kind) for row in page.rows]
    ids = [end.record_id for pair in pairs for end in (pair.older, pair.younger)]
    audit.seen(f"{kind}.duplicates", by=current_user, ids=dict.fromkeys(ids))
    return render_page(
        "duplicates/index.html",
        fragment="duplicates/_partials/list.html",
        kind=kind,
        page=page,
        pairs=pairs,
        wanted=wanted,
        about=about,
        states=STATES,
    )


@bp.route("/people/duplicates/compare", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/duplicates/compare", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.MERGE_RECORDS)
@transactional
def choose(kind: str) -> ResponseReturnValue:
    """Two records by their references, where somebody knows that they are one and no rule says so."""
    form = forms.ReferencesForm()
    if form.validate_on_submit():
        found = [subjects.subject_by_reference(current_user, field.data) for field in (form.one, form.other)]
        one, other = (each if each and each.kind is KINDS[kind] else None for each in found)
        for field, subject in (("one", one), ("other", other)):
            if subject is None:
                form.refuse(field, f"Enter the reference of one of the {kind}")
        if one and other and one.id == other.id:
            form.refuse("other", "That is the same record: enter another reference")
        elif one and other:
            return see_other(f"{one.path}/duplicates/{other.reference}")
    return render_page("duplicates/choose.html", form=form, kind=kind)


@bp.route("/people/<reference>/duplicates/<other>", defaults=PEOPLE, methods=["GET", "POST"])
@bp.route("/places/<reference>/duplicates/<other>", defaults=PLACES, methods=["GET", "POST"])
@requires(Permission.MERGE_RECORDS)
@transactional
def compare(kind: str, reference: str, other: str) -> ResponseReturnValue:
    """The two side by side, the older one first, whichever comes first in the address."""
    kept, gone = pair_at(current_user, kind, reference, other)
    apart = queries.held(kept, gone)
    form = forms.ApartForm(answer="again" if apart else "apart")
    if form.validate_on_submit():
        flash(_answered(form.answer.data, kept, gone))
        return see_other(f"/{kind}/duplicates")
    audit.seen(f"{kept.record_kind}.compare", by=current_user, obj=kept, ids=[gone])
    return render_page(
        "duplicates/compare.html",
        form=form,
        kept=kept,
        gone=gone,
        apart=apart,
        compared=side_by_side(kept, gone, current_user),
        others=beside(kept, gone, current_user),
        why_not=why_not(kept, gone, by=current_user),
    )


def _answered(answer: str, kept: Subject, gone: Subject) -> str:
    both = f"{kept.reference} and {gone.reference}"
    if answer == forms.APART:
        services.keep_apart(kept, gone, by=current_user, now=now())
        return f"{both} are kept as two. This is taken back under “Found to be two”."
    services.compare_again(kept, gone, by=current_user, now=now())
    return f"{both} are listed again, as long as they are alike."
