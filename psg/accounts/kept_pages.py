"""Words that were typed and not saved: saved as a draft while they are typed, given back to whoever typed them."""

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from psg.accounts.guard import DOORS, current_session, public, requires
from psg.accounts.permissions import Permission
from psg.accounts.sessions import State
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.web import kept, submissions
from psg.web.dates import at_time, london, now
from psg.web.forms import Confirmation
from psg.web.hosts import local_path
from psg.web.htmx import render_page, see_other
from psg.web.kept import KeptText, Typed
from psg.web.replay import GivenBack, give_back
from psg.web.transaction import transactional

bp = Blueprint("kept", __name__)
MOST_FIELDS = 200
MOST_CHARACTERS = 200_000
SHOWS_ITSELF = frozenset({409, 422})


@bp.route("/kept")
@requires(Permission.USE)
@transactional
def index() -> ResponseReturnValue:
    rows = kept.all_of(current_user.get_id())
    return render_page("accounts/kept.html", rows=rows, form=Confirmation(formdata=None))


@bp.route("/kept/<int:number>")
@requires(Permission.USE)
@transactional
def show(number: int) -> ResponseReturnValue:
    """The form with the words in it; where the form is no longer there or no longer theirs, the words alone."""
    held = _own(number)
    path, page, typed, at = held.path, held.page, held.typed(), held.kept_at
    sentence = f"You typed this {at_time(at)} and it is not saved yet. Check it, then press the button"
    answer = give_back(path, typed, GivenBack(request.path, sentence))
    if answer.status_code in SHOWS_ITSELF or (answer.location or "").startswith(DOORS[State.OPEN]):
        return answer
    return render_page(
        "accounts/kept_words.html", number=number, page=page, typed=typed, kept_at=at,
        form=Confirmation(formdata=None),
    )  # fmt: skip


@bp.route("/kept/<int:number>/discard", methods=["POST"])
@requires(Permission.USE)
@transactional
def discard(number: int) -> ResponseReturnValue:
    held = _own(number)
    page = held.page
    kept.forget(held.person, held.path)
    audit.record(Operation.SECURITY, "draft.discard", by=current_user, obj=current_user, at=now())
    flash("Discarded what you had typed", "information")
    return see_other(page if request.args.get("from") == "page" else url_for("kept.index"))


@bp.route("/drafts", methods=["POST"])
@public
@transactional
def save_draft() -> ResponseReturnValue:
    """Kept for the person behind this browser, also where the session was locked or ended meanwhile."""
    signed_in = current_session()
    sent = request.get_json(silent=True)
    if signed_in is None or not isinstance(sent, dict):
        raise BadRequest
    typed = _typed(sent.get("typed"))
    path = _form_address(sent.get("path"))
    person = signed_in.user.get_id()
    key = (typed.get("request_key") or [""])[0]
    held = None
    if not submissions.was_sent(person, key):
        held = kept.keep(person, path, typed, page=_page(sent.get("page"), person), now=now())
    kept_at = f"{london(held.kept_at):%H:%M}" if held else None
    return jsonify(kept_at=kept_at, open=bool(current_user.is_authenticated))


def _own(number: int) -> KeptText:
    held = kept.of_person(current_user.get_id(), number)
    if held is None:
        raise NotFound
    return held


def _typed(sent: Any) -> Typed:
    """What a page may send as a draft: as many fields, and as much in them, as a form may."""
    if not isinstance(sent, dict) or len(sent) > MOST_FIELDS:
        raise BadRequest
    typed = {str(name): values for name, values in sent.items() if isinstance(values, list)}
    words = [value for values in typed.values() for value in values]
    if not all(isinstance(value, str) for value in words) or sum(map(len, words)) > MOST_CHARACTERS:
        raise BadRequest
    return typed


def _form_address(sent: Any) -> str:
    """The address of a form of ours that asks who is there; the ways in themselves are none."""
    path = sent if isinstance(sent, str) and local_path(sent) == sent else ""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = adapter.match(path.partition("?")[0], method="POST") if adapter and path else ("", {})
    except HTTPException:
        raise BadRequest from None
    if getattr(current_app.view_functions.get(endpoint), "permission", None) is None:
        raise BadRequest
    return path


def _page(sent: Any, person: str) -> str:
    """Where it was typed; a page that gave words back is not that page itself."""
    page = sent if isinstance(sent, str) and local_path(sent) == sent else ""
    number = page.removeprefix("/kept/")
    if page == number or not number.isascii() or not number.isdigit():
        return page[: kept.LONGEST_PATH]
    held = kept.of_person(person, int(number[:9]))
    return held.page if held else ""
