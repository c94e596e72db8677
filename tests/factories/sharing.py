"""Entries of the sharing log for tests, written through the services that write them in use."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psg.accounts.models import Agency, AgencyKind, User
from psg.cases import queries as cases
from psg.cases.models import Case
from psg.sharing import queries, services
from psg.sharing.models import Category, Channel, Disclosure, GroundFamily, LegalGround
from psg.sharing.particulars import Particulars, Recipient
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case

S115 = "cda-1998-s115"


def ground(code: str) -> LegalGround:
    """The ground of that code, loaded as `psg db upgrade` loads it."""
    services.load_reference_data(now())
    for family in GroundFamily:
        for held in queries.grounds(family, today()):
            if held.code == code:
                return held
    raise AssertionError(f"no ground {code} is in force")


def council() -> Agency:
    return make_agency(kind=AgencyKind.COUNCIL)


def said(case: Case, *agencies: Agency, **values: Any) -> Particulars:
    """What would be said of sharing incidents with these agencies, under section 115 where nothing else is given."""
    gateway = ground(values.pop("gateway", S115))
    values.setdefault("parties", tuple(cases.parties_of(case)))
    values.setdefault("categories", (Category.INCIDENTS,))
    return Particulars(
        recipients=tuple(
            Recipient(agency, values.get("person", "B. Lapwynd, officer"), gateway)
            for agency in agencies or [council()]
        ),
        basis=ground(values.pop("basis", "ukgdpr-6-1-e")),
        disclosed_at=values.pop("disclosed_at", now() - timedelta(hours=1)),
        **{
            "description": "Dates of the last four calls",
            "purpose": "To agree a joint visit",
            "why_necessary": "The visit cannot be planned without the dates",
            "why_proportionate": "Dates only; what was said was left out",
            "channel": Channel.MEETING,
        }
        | {name: value for name, value in values.items() if name != "person"},
    )


def make_disclosure(
    case: Case | None = None,
    *agencies: Agency,
    by: User | None = None,
    recorded_at: Any = None,
    **values: Any,
) -> Disclosure:
    by = by or make_user()
    case = case or make_case(by=by)
    return services.record_disclosure(case, said(case, *agencies, **values), by=by, now=recorded_at or now())


def typed(case: Case, agencies: Sequence[Agency], **values: Any) -> dict[str, Any]:
    """What a person types into the form to record that they shared something with these agencies."""
    yesterday = today() - timedelta(days=1)
    filled: dict[str, Any] = {
        "parties": [str(party.id) for party in cases.parties_of(case)],
        "recipients": [str(agency.id) for agency in agencies],
        "categories": ["incidents"],
        "description": "Dates of the last four calls",
        "purpose": "To agree a joint visit",
        "why_necessary": "The visit cannot be planned without the dates",
        "why_proportionate": "Dates only",
        "basis": "ukgdpr-6-1-e",
        "condition": "",
        "channel": "phone",
        "disclosed_on-day": str(yesterday.day),
        "disclosed_on-month": str(yesterday.month),
        "disclosed_on-year": str(yesterday.year),
        "disclosed_time": "14:30",
    }
    for agency in agencies:
        filled[f"person_{agency.id}"] = "T. Sallowby, housing officer"
        filled[f"gateway_{agency.id}"] = S115
    return filled | values
