"""Bringing a file of contacts: match its columns once, look at what was found, then import it or put it away.

Each step is a page of its own and works without JavaScript; the file stays on the server, sealed, for a day.
"""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from psg.accounts.guard import requires
from psg.accounts.permissions import Permission
from psg.audit import services as audit
from psg.base import Refused
from psg.demand import policy
from psg.demand.areas.services import bring_areas
from psg.demand.imports import forms, queries, reader, reading, services, undoing
from psg.demand.imports.files import LARGEST_FILE
from psg.demand.imports.queries import ImportFilter
from psg.demand.imports.reading import reasons
from psg.demand.imports.returned import bad_rows_csv, returned_name
from psg.demand.imports.work import Work, done_in_words, named_rows
from psg.demand.models import DemandImport, ImportState
from psg.web.dates import now, today
from psg.web.errors import NotFound
from psg.web.fields import choices_of
from psg.web.forms import Confirmation
from psg.web.htmx import render_page, see_other, wants_fragment
from psg.web.pagination import paginate, requested_page
from psg.web.transaction import transactional
from psg.web.uploads import contents

bp = Blueprint("imports", __name__, url_prefix="/demand/imports")
HOME = "/demand/imports"
AREAS = "/demand/areas"
WITH_THE_REST = 100_000
"""Bytes that a form may have beside its file."""


@bp.route("")
@requires(Permission.IMPORT_DEMAND)
@transactional
def index() -> ResponseReturnValue:
    reader.forget_old_files()
    agencies = dict(choices_of((one.id, one.name) for one in policy.agencies_for(current_user, today())))
    wanted = ImportFilter.from_query(request.args, agencies)
    return render_page(
        "demand/imports/index.html",
        fragment="demand/imports/_partials/completed.html",
        page=paginate(queries.completed(current_user, wanted, today()), requested_page()),
        waiting=queries.under_way(current_user),
        agencies=agencies,
        wanted=wanted,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_DEMAND, largest=LARGEST_FILE + WITH_THE_REST)
@transactional
def new() -> ResponseReturnValue:
    agencies = policy.agencies_for(current_user, today())
    form = forms.BringForm.offering(agencies, current_user.agency_id)
    if form.validate_on_submit():
        wanted = form.agency.data if "agency" in form else str(agencies[0].id)
        agency = next(one for one in agencies if str(one.id) == wanted)
        content, name = contents(form.file.data, LARGEST_FILE + 1)
        try:
            if done := bring_areas(content, by=current_user, now=now()):
                flash(f"Street-level crime: {done}")
                return see_other(AREAS)
            source = services.bring(content, name, agency=agency, by=current_user, now=now())
            return see_other(_address(source))
        except Refused as refusal:
            form.refuse("file", str(refusal))
    return render_page("demand/imports/new.html", form=form)


@bp.route("/<int:number>")
@requires(Permission.IMPORT_DEMAND)
@transactional
def show(number: int) -> ResponseReturnValue:
    """Wherever the import stands: how far its file is read, what was found in it, or what came of it.

    While it is read the page asks for its own middle every second.
    """
    source = _import(number)
    if source.state is ImportState.COMPLETE:
        return _done(source)
    reader.see_to(source)
    source = _import(number)
    if source.state is ImportState.RECEIVED:
        return see_other(url_for("imports.columns", number=number))
    if source.state is not ImportState.READING and wants_fragment():
        return see_other(_address(source))
    return _preview(source, forms.ImportForm(formdata=None))


@bp.route("/<int:number>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_DEMAND)
@transactional
def columns(number: int) -> ResponseReturnValue:
    """Which column is which, settled once for all files of the agency."""
    source, work = _open_import(number)
    known = reading.remembered(source.agency_id)
    form = forms.ColumnsForm.over(work.header, known)
    if form.validate_on_submit():
        chosen = form.columns(work.header, known)
        try:
            services.settle_columns(source, work, chosen, by=current_user, now=now())
            return see_other(_address(source))
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
    return render_page(
        "demand/imports/columns.html",
        form=form,
        source=source,
        work=work,
        columns_form=form,
        sheet_form=forms.SheetForm.over(work, is_sent=False),
    )


@bp.route("/<int:number>/sheet", methods=["POST"])
@requires(Permission.IMPORT_DEMAND)
@transactional
def sheet(number: int) -> ResponseReturnValue:
    """Another sheet of the workbook."""
    source, work = _open_import(number)
    form = forms.SheetForm.over(work)
    if form.validate_on_submit():
        try:
            services.choose_sheet(source, work, form.sheet.data, by=current_user, now=now())
            return see_other(_address(source))
        except Refused as refusal:
            form.refuse("sheet", str(refusal))
    return render_page(
        "demand/imports/columns.html",
        form=form,
        source=source,
        work=work,
        columns_form=forms.ColumnsForm.over(work.header, reading.remembered(source.agency_id), is_sent=False),
        sheet_form=form,
    )


@bp.route("/<int:number>/codes", methods=["GET", "POST"])
@requires(Permission.IMPORT_DEMAND)
@transactional
def codes(number: int) -> ResponseReturnValue:
    """What the agency’s codes mean that nothing is known for yet."""
    source, work = _open_import(number)
    form = forms.CodesForm.over(work.codes)
    if form.validate_on_submit():
        chosen = form.matched(work.matched, work.codes)
        try:
            services.settle_columns(source, work, chosen, by=current_user, now=now())
            return see_other(_address(source))
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return render_page("demand/imports/codes.html", form=form, source=source, work=work)


@bp.route("/<int:number>/import", methods=["POST"])
@requires(Permission.IMPORT_DEMAND)
@transactional
def run(number: int) -> ResponseReturnValue:
    """All of the good rows, at once."""
    source, _ = _open_import(number)
    form = forms.ImportForm()
    if form.validate_on_submit():
        try:
            outcome = services.import_file(
                source,
                mark=form.mark.data or "",
                leave_out_bad=form.leave_out.data,
                by=current_user,
                now=now(),
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            flash(done_in_words(outcome))
            return see_other(_address(source) if outcome.added or outcome.withdrawn else HOME)
    return _preview(source, form)


@bp.route("/<int:number>/put-away", methods=["GET", "POST"])
@requires(Permission.IMPORT_DEMAND)
@transactional
def put_away(number: int) -> ResponseReturnValue:
    """Nothing of the file is imported, and nothing of it is kept."""
    source = _import(number)
    if source.state is ImportState.COMPLETE:
        raise NotFound
    form = Confirmation()
    if form.validate_on_submit():
        try:
            services.put_away(source, by=current_user, now=now())
            flash("The file is put away: nothing of it is imported, and nothing of it is kept.")
            return see_other(HOME)
        except Refused as refusal:
            form.refuse(None, str(refusal))
    return render_page("demand/imports/put_away.html", form=form, source=source)


@bp.route("/<int:number>/bad-rows.csv")
@requires(Permission.IMPORT_DEMAND)
@transactional
def bad_rows(number: int) -> ResponseReturnValue:
    """The rows that cannot be imported, to whoever brought them: as they stood, with number and reason."""
    source = queries.bad_rows_of(current_user, number, today())
    try:
        work = services.work_of(source)
        table = services.table_of(source, work.sheet)
    except Refused:
        raise NotFound from None
    content = b"".join(bad_rows_csv(table, work.tally.problems))
    audit.seen("demand.bad_rows", by=current_user, obj=source)
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=returned_name(source))
    return response


@bp.route("/<int:number>/undo", methods=["GET", "POST"])
@requires(Permission.IMPORT_DEMAND)
@transactional
def undo(number: int) -> ResponseReturnValue:
    """Everything that the import added, taken back."""
    source = _import(number)
    if source.state is not ImportState.COMPLETE:
        raise NotFound
    form = forms.UndoForm()
    if form.validate_on_submit():
        try:
            count = undoing.undo_import(source, reason=form.reason.data, by=current_user, now=now())
        except Refused as refusal:
            form.refuse(None, str(refusal))
        else:
            flash(f"The import is taken back: {count:,} contacts are marked and no longer counted.")
            return see_other(_address(source))
    return render_page("demand/imports/undo.html", form=form, source=source)


def _import(number: int) -> DemandImport:
    return queries.import_for(current_user, number, today())


def _open_import(number: int) -> tuple[DemandImport, Work]:
    source = queries.open_import_for(current_user, number, today())
    try:
        return source, services.work_of(source)
    except Refused:
        raise NotFound from None


def _address(source: DemandImport) -> str:
    return url_for("imports.show", number=source.id)


def _preview(source: DemandImport, form: forms.ImportForm) -> Response:
    try:
        work = services.work_of(source)
    except Refused as refusal:
        flash(str(refusal), "warning")
        return see_other(url_for("imports.put_away", number=source.id))
    form.mark.data = work.mark
    if source.state is ImportState.CHECKED:
        audit.seen("demand.import_preview", by=current_user, obj=source)
    return render_page(
        "demand/imports/show.html",
        fragment="demand/imports/_partials/progress.html",
        form=form,
        source=source,
        work=work,
        read=services.rows_read(source),
        reasons=reasons(work.tally.problems),
        earlier=services.earlier_import(source),
        named_rows=named_rows,
    )


def _done(source: DemandImport) -> Response:
    audit.seen("demand.import_view", by=current_user, obj=source)
    return render_page(
        "demand/imports/done.html",
        source=source,
        acts=queries.acts_of(source),
        has_bad_rows=queries.has_bad_rows(current_user, source),
    )
