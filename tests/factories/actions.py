"""Actions for tests, added through the service that adds them in use."""

from datetime import date, datetime, timedelta

from psg.accounts.models import Agency, User
from psg.actions import services
from psg.actions.models import Action
from psg.cases.models import Case
from psg.web.dates import london, now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case


def make_action(
    case: Case | None = None,
    *,
    title: str = "Joint visit to fit a door guard",
    agency: Agency | None = None,
    owner: User | None = None,
    due_on: date | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> Action:
    """An action of the case's lead agency, due in a week, with nobody named unless an owner is given."""
    by = by or make_user()
    case = case or make_case(by=by)
    moment = at or now()
    return services.add_action(
        case,
        title=title,
        agency=agency or (owner.agency if owner else case.lead_agency),
        owner=owner,
        due_on=due_on or london(moment).date() + timedelta(days=7),
        by=by,
        now=moment,
    )


def make_overdue_action(case: Case | None = None, *, days: int = 6, **values: object) -> Action:
    """An action that was agreed a month ago and should have been done `days` ago."""
    moment = now()
    return make_action(
        case,
        due_on=london(moment).date() - timedelta(days=days),
        at=moment - timedelta(days=days + 24),
        **values,  # type: ignore[arg-type]
    )
