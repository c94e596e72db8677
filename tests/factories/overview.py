"""Cases set out on a board for tests: opened through the service, then put where a test wants them."""

from datetime import date, timedelta
from typing import Any

from psg.accounts.models import User
from psg.cases.models import Band, Case, Stage
from psg.extensions import db
from psg.web.dates import now
from tests.factories.cases import a_person, make_case, make_ward


def put_case(
    *,
    by: User,
    stage: Stage = Stage.OBJECTIVE,
    band: Band | None = None,
    review: date | None = None,
    days_in_stage: int = 0,
    ward: Any = None,
    **values: Any,
) -> Case:
    case = make_case(by=by, subject=values.pop("subject", None) or a_person(ward=ward), **values)
    case.stage, case.stage_since = stage, now() - timedelta(days=days_in_stage)
    case.headline_band, case.next_review_on = band, review
    db.session.flush()
    return case


def put_cases(count: int, *, by: User, **values: Any) -> list[Case]:
    return [put_case(by=by, **values) for _ in range(count)]


def spread_cases(count: int, *, by: User) -> list[Case]:
    """Cases over every stage and band, with reviews near and far."""
    stages, bands, wards = list(Stage), [None, *Band], [make_ward() for _ in range(3)]
    return [
        put_case(
            by=by,
            stage=stages[number % 5],
            band=bands[number % len(bands)],
            review=now().date() + timedelta(days=number % 60 - 20),
            days_in_stage=number,
            ward=wards[number % 3],
        )
        for number in range(count)
    ]
