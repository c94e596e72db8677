"""One place decides whether an answer is a whole page or the fragment htmx asked for."""

from typing import Any

from flask import Response, g, make_response, redirect, render_template, request
from werkzeug.urls import iri_to_uri

from psg.web.forms import Form


def wants_fragment() -> bool:
    """True for an htmx request that swaps a part: not a boosted link, not a restored page of history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Request-Type", "partial") == "partial"
    )


def render_page(
    template: str,
    *,
    fragment: str | None = None,
    form: Form | None = None,
    status: int | None = None,
    **context: Any,
) -> Response:
    """The page, or its fragment for htmx. A form with errors answers 422, one with a conflict 409."""
    part = fragment is not None and wants_fragment()
    body = render_template(fragment if part and fragment else template, form=form, **context)
    response = make_response(body, status or _status_of(form))
    response.vary.add("HX-Request")
    return response


def own_address() -> str:
    """Path and query of this request, as one of our own pages would link to it."""
    return request.full_path.rstrip("?")


def page_before() -> str:
    """Path and query of our page that sent this request; empty where it does not say."""
    sent_by = request.headers.get("HX-Current-URL") or request.referrer or ""
    if not sent_by.startswith(request.root_url):
        return ""
    return sent_by.removeprefix(request.root_url.rstrip("/")).partition("#")[0]


def see_other(location: str) -> Response:
    """After a change: a plain post is sent on with 303, an htmx post is told where to go."""
    location = iri_to_uri(location)
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = location
        return response
    return make_response(redirect(location, code=303))


def _status_of(form: Form | None) -> int:
    if form is None:
        return 200
    if form.conflicts or g.get("sent_before"):
        return 409
    return 422 if form.errors else 200
