"""Recording what ties people to one another and to places. Each change is one entry that names both ends."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from psg.accounts.models import Agency, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Refused
from psg.extensions import db
from psg.subjects.links import queries
from psg.subjects.links.models import Link, LinkKind
from psg.subjects.models import Subject
from psg.web.dates import london


@dataclass(frozen=True, kw_only=True)
class LinkDetails:
    """A link as it reads from the record it is entered at; `is_back`: it begins at the other one."""

    kind: LinkKind
    source_agency: Agency
    source: str
    is_back: bool = False
    since: date | None = None
    until: date | None = None


def add_link(subject: Subject, other: Subject, details: LinkDetails, *, by: User, now: datetime) -> Link:
    """Record how two people, or a person and a place, belong together, and who says so."""
    link = Link(recorded_by=by, recorded_at=now)
    _fill(link, subject, other, details, now)
    db.session.add(link)
    db.session.flush()
    audit.record(
        Operation.COMBINATION,
        "link.add",
        by=by,
        obj=link,
        at=now,
        ends=[link.from_subject.record_id, link.to_subject.record_id],
        kind=link.kind,
    )
    return link


def edit_link(link: Link, subject: Subject, details: LinkDetails, *, by: User, now: datetime) -> None:
    """Put right what was recorded, as it reads from `subject`. A link that no longer holds is ended instead."""
    _check_stands(link)
    before = described(link)
    _fill(link, subject, link.other(subject), details, now)
    db.session.flush()
    ends = [link.from_subject.record_id, link.to_subject.record_id]
    changed = audit.changes(before, described(link))
    audit.record(Operation.ALTERATION, "link.edit", by=by, obj=link, at=now, ends=ends, **changed)


def end_link(link: Link, *, reason: str, until: date | None, by: User, now: datetime) -> None:
    """It no longer holds, or never did: it stays readable among those that ended."""
    _check_stands(link)
    _check_days(link.since, until or link.until, now)
    link.until = until or link.until
    link.ended_at, link.ended_by, link.ended_reason = now, by, reason
    db.session.flush()
    ends = [link.from_subject.record_id, link.to_subject.record_id]
    audit.record(Operation.ALTERATION, "link.end", by=by, obj=link, at=now, ends=ends, reason=reason)


def described(link: Link) -> dict[str, object]:
    """What a link says, as plain values."""
    return {
        "kind": link.kind.value,
        "from": link.from_id,
        "since": link.since,
        "until": link.until,
        "source_agency": link.source_agency_id,
        "source": link.source,
    }


def _fill(link: Link, subject: Subject, other: Subject, details: LinkDetails, now: datetime) -> None:
    begins, leads_to = (other, subject) if details.is_back else (subject, other)
    _check_days(details.since, details.until, now)
    _check_ends(begins, leads_to, details.kind)
    _check_new(link, begins, leads_to, details.kind)
    is_new = link.from_subject is None
    if is_new or details.kind.is_directed:
        link.from_subject, link.to_subject = begins, leads_to
    for field in fields(details):
        if field.name != "is_back":
            setattr(link, field.name, getattr(details, field.name))


def _check_ends(begins: Subject, leads_to: Subject, kind: LinkKind) -> None:
    if begins.id == leads_to.id:
        raise Refused("A record cannot be linked to itself: choose another one")
    if (begins.kind, leads_to.kind) != kind.joins:
        raise Refused("That does not fit these two: choose how they are linked again", field="reading")


def _check_new(link: Link, begins: Subject, leads_to: Subject, kind: LinkKind) -> None:
    for held in queries.standing_between(begins, leads_to, kind):
        if held is not link and (held.from_id == begins.id or not kind.is_directed):
            raise Refused(
                f"{begins.reference} and {leads_to.reference} are linked in this way already: edit that link instead",
                field="reading",
            )


def _check_days(since: date | None, until: date | None, now: datetime) -> None:
    today = london(now).date()
    if since and since > today:
        raise Refused("The first day cannot be in the future", field="since")
    if since and until and until < since:
        raise Refused("The last day cannot be before the first", field="until")


def _check_stands(link: Link) -> None:
    if link.ended_at is not None:
        raise Refused("This link has ended: add a new one if it holds again")
