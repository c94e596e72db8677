"""What anybody may ask for: where a weakness is reported, and where a browser reports what it refused to run."""

import logging
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, TooManyRequests, UnsupportedMediaType

from psg.accounts.guard import public
from psg.web import headers, hosts, reports
from psg.web.dates import now
from psg.web.routing import without_token

SECURITY_TXT = "/.well-known/security.txt"
VALID_FOR = timedelta(days=180)
"""RFC 9116 recommends less than a year. It is counted from the day it is asked for, as the file is made then."""

bp = Blueprint("published", __name__)
log = logging.getLogger(__name__)
limiter = reports.Limiter()


@bp.route(SECURITY_TXT)
@public
def security_txt() -> ResponseReturnValue:
    """RFC 9116."""
    lines = (
        f"Contact: {current_app.config['PSG_SECURITY_CONTACT']}",
        f"Expires: {_expires(now()):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {hosts.absolute(SECURITY_TXT)}",
    )
    return Response("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


@bp.route(headers.REPORTS, methods=["POST"])
@public
@without_token("a browser sends it by itself, and it changes nothing")
def csp_report() -> ResponseReturnValue:
    """Kept in the operating log, in words of our own; nothing of what was sent is copied."""
    if not limiter.admits():
        raise TooManyRequests(retry_after=60)
    if request.mimetype not in reports.KINDS:
        raise UnsupportedMediaType
    request.max_content_length = reports.LARGEST
    try:
        found = reports.summaries(request.get_data())
    except reports.Unreadable as problem:
        raise BadRequest from problem
    for summary in found:
        log.warning("content policy", extra={"facts": summary})
    return "", 204


def _expires(moment: datetime) -> datetime:
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + VALID_FOR
