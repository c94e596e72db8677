"""The only place that commits.

A request that changes something is one transaction: the change, its entry in the record and the
key of its form, all or nothing. A request that reads ends its read, then writes its entry, before
the first byte of the answer leaves: no log, no data.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click
from flask import Flask, Response, g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf, validate_csrf
from sqlalchemy import Executable
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, ServiceUnavailable
from wtforms.validators import ValidationError

from psg.base import Refused
from psg.extensions import db, reading
from psg.web import kept
from psg.web.dates import now
from psg.web.htmx import own_address, see_other, wants_fragment
from psg.web.submissions import Claim, Earlier

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
QUEUE = "audit_queue"
KEPT = "kept_when_refused"
View = Callable[..., ResponseReturnValue]
Result = TypeVar("Result")


def keep_when_refused(statement: Executable) -> None:
    """Carry this out whether the rest of the request is kept or undone: a failed attempt counts."""
    db.session.info.setdefault(KEPT, []).append(statement)


def transactional(view: View) -> View:
    @wraps(view)
    def wrapper(**values: Any) -> Response:
        try:
            if request.method in SAFE_METHODS:
                return _read(view, values)
            return _write(view, values)
        except StaleDataError as error:
            db.session.rollback()
            raise Conflict from error
        except SQLAlchemyError as error:
            db.session.rollback()
            raise ServiceUnavailable from error

    wrapper.is_transactional = True  # type: ignore[attr-defined]
    return wrapper


def _read(view: View, values: dict[str, Any]) -> Response:
    try:
        response = make_response(view(**values))
    except HTTPException:
        _refuse()
        raise
    if response.status_code >= 400:
        _refuse(shown=True)
        return response
    entries = db.session.info.pop(QUEUE, [])
    db.session.rollback()
    _commit_alone(entries)
    return response


def _write(view: View, values: dict[str, Any]) -> Response:
    g.stale_page = not _has_valid_token()
    claim, cookie = Claim(request), dict(session)
    earlier = _claimed(claim)
    if earlier is Earlier.SAME:
        return _answer_again(claim)
    g.sent_before = earlier is Earlier.OTHER
    try:
        response = _run_twice_if_overtaken(view, values, claim, cookie)
    except HTTPException:
        _refuse()
        raise
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict from error
    if response.status_code >= 400:
        _refuse(shown=True)
        return response
    if g.stale_page:
        _refuse()
        _put_back(cookie)
        raise BadRequest("The page that sent this was not ours or was open for too long.")
    claim.answer(response.headers.get("Location") or response.headers.get("HX-Redirect") or "")
    if claim.applies:
        kept.forget(claim.person, own_address())
    _carry_out(db.session.info.pop(KEPT, []))
    db.session.commit()
    return response


def _claimed(claim: Claim) -> Earlier:
    """What was sent before under this key; where nothing was, the key is now this request's."""
    try:
        earlier = claim.earlier()
        if earlier is Earlier.NOTHING:
            claim.take(now())
        return earlier
    except IntegrityError:  # the same form, sent twice at once: meet what the first has saved
        db.session.rollback()
        return claim.earlier()


def _run_twice_if_overtaken(
    view: View, values: dict[str, Any], claim: Claim, cookie: dict[str, Any]
) -> Response:
    """A change that lost a race to another runs once more, and then meets what the other saved."""
    try:
        response = make_response(view(**values))
        if response.status_code < 400:
            db.session.flush()
        return response
    except (StaleDataError, IntegrityError):
        db.session.info.pop(QUEUE, None)
        db.session.info.pop(KEPT, None)
        db.session.rollback()
        _put_back(cookie)
        claim.take(now())
        return make_response(view(**values))


def _has_valid_token() -> bool:
    token = request.form.get("csrf_token") or request.headers.get("X-CSRFToken")
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def _answer_again(claim: Claim) -> Response:
    db.session.rollback()
    if claim.location:
        return see_other(claim.location)
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Refresh"] = "true"
        return response
    return see_other(request.path)


def _put_back(cookie: dict[str, Any]) -> None:
    """What a view did to the person's own session is undone with the rest."""
    session.clear()
    session.update(cookie)


def _refuse(*, shown: bool = False) -> None:
    """Nothing is changed; what the record must know of a refusal is kept by itself.

    `shown`: a page of data went out for all that, such as a form with its errors. That was seen.
    """
    queued, kept = db.session.info.pop(QUEUE, []), db.session.info.pop(KEPT, [])
    entries = [entry for entry in queued if entry.outlives_refusal or (shown and entry.is_view)]
    db.session.rollback()
    _commit_alone(entries, kept)


def _commit_alone(entries: list[Any], kept: Sequence[Executable] = ()) -> None:
    if not entries and not kept:
        return
    reading.set(False)
    db.session.info[QUEUE] = entries
    _carry_out(kept)
    db.session.commit()


def _carry_out(statements: Iterable[Executable]) -> None:
    for statement in statements:
        db.session.execute(statement)


def aside(write: Callable[[], Result]) -> Result:
    """A short write of its own, before a request's work begins or after it has ended.

    Where two add the same row at once, the second meets what the first has added.
    """
    reading.set(False)
    try:
        return _write_alone(write)
    except IntegrityError:
        return _write_alone(write)


def _write_alone(write: Callable[[], Result]) -> Result:
    db.session.info.pop(QUEUE, None)
    db.session.rollback()
    result = write()
    db.session.commit()
    return result


@contextmanager
def command_transaction(*, dry_run: bool = False) -> Iterator[None]:
    """One transaction for a `psg` command: all of it or, where it is refused (exit 1), nothing."""
    try:
        yield
        if dry_run:
            db.session.info.pop(QUEUE, None)
            db.session.rollback()
        else:
            db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(str(refusal)) from refusal
    except SQLAlchemyError as error:
        db.session.rollback()
        problem = type(error).__name__
        raise click.ClickException(
            f"The database refused ({problem}), and nothing is changed: check PSG_DATABASE_URL and run psg db upgrade."
        ) from error


def _begin() -> None:
    reading.set(request.method in SAFE_METHODS)


def _end(_error: BaseException | None) -> None:
    reading.set(False)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)
    app.jinja_env.globals.update(csrf_token=generate_csrf, own_address=own_address)
