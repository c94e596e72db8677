"""Plans and links for tests, brought in and made through the services."""

from collections.abc import Iterable

from psg.accounts.models import User
from psg.cases.models import Case
from psg.extensions import db
from psg.plan import queries, services
from psg.plan.models import CaseCommitment, Commitment, Plan
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case

HEADER = "area_of_focus,reference,commitment,detail,leads"
ROWS = (
    "ASB,ASB-1,Understand anti-social behaviour,,All partners; PSG",
    "ASB,ASB-2,Support local projects,,ECDC",
    "Fire Safety,FS-3,Work with the fire service where visits were declined,,",
)


def plan_file(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *(rows or ROWS)]).encode()


def make_plan(*rows: str, year: str = "2021-22") -> Plan:
    services.import_plan(plan_file(*rows), year=year, by=None, now=now())
    plan = queries.plan_of(year)
    assert plan is not None
    return plan


def commitment(reference: str, year: str = "2021-22") -> Commitment:
    return queries.commitment_for(reference, year)


def link(
    *commitments: Commitment, case: Case | None = None, by: User | None = None, how: str = "A joint plan"
) -> CaseCommitment:
    by = by or make_user()
    case = case or make_case(by=by)
    return services.link_commitments(case, commitments, how=how, by=by, now=now())[0]


def close(case: Case, by: User) -> None:
    """Close a case whatever its gates say: here it only matters that it is closed."""
    case.closed_at, case.closure_code = now(), "opened_in_error"
    db.session.flush()


def many_rows(number: int, areas: int = 3) -> Iterable[str]:
    for place in range(number):
        yield f"Area {place % areas},X-{place},Promise {place},,Police; ECDC"
