"""Links for tests, recorded through the service that records them in use."""

from datetime import date
from typing import Any

from psg.accounts.models import User
from psg.subjects.links import services
from psg.subjects.links.models import Link, LinkKind
from psg.subjects.links.services import LinkDetails
from psg.subjects.models import Subject
from psg.web.dates import now
from tests.factories.accounts import make_user


def make_link(
    subject: Subject,
    other: Subject,
    kind: LinkKind | None = None,
    *,
    by: User | None = None,
    since: date | None = None,
    until: date | None = None,
    **details: Any,
) -> Link:
    by = by or make_user()
    kind = kind or (LinkKind.FRIEND if other.is_person else LinkKind.LIVES_AT)
    details = {"source_agency": by.agency, "source": "Said so on a visit", **details}
    return services.add_link(
        subject, other, LinkDetails(kind=kind, since=since, until=until, **details), by=by, now=now()
    )
