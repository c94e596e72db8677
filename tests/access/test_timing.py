"""A sealed case is answered as one that does not exist: by the same statements, and so in the same time.

The suite compares the statements, which noise cannot change; the long form measures time as well.
"""

from collections.abc import Callable, Sequence
from math import erfc, sqrt
from time import perf_counter
from typing import Any

import pytest

from psg.accounts.models import Role, User
from psg.cases.models import Case, Visibility
from tests.access.principals import conflict
from tests.access.standing import turn
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import make_case

SignIn = Callable[[User], Browser]
MISSING = "PSG-9999"
PAGES = (
    "",
    "/edit",
    "/chronology",
    "/access",
    "/emergency",
    "/conflict",
    "/notes/1/edit",
    "/sharing",
    "/lead",
)
SAMPLES = 200
LEAST_LIKELY = 0.01


def hidden(how: str, role: Role = Role.PRACTITIONER) -> tuple[Case, User]:
    """A case, and somebody to whom it does not exist."""
    case = make_case()
    person = make_user(role=role)
    if how == "sealed":
        turn(case, Visibility.SEALED)
    else:
        conflict(case, person)
    return case, person


@pytest.mark.parametrize("how", ["sealed", "in conflict"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.COORDINATOR, Role.AUDITOR])
def test_the_same_statements_are_sent_for_a_hidden_case_and_a_missing_one(
    session: Any, sign_in: SignIn, queries: Callable[[], Any], how: str, method: str, role: Role
) -> None:
    case, person = hidden(how, role)
    browser = sign_in(person)
    session.commit()
    for page in PAGES:
        sent = {}
        for reference in (case.reference, MISSING):
            with queries() as statements:
                answer = browser.open(f"/cases/{reference}{page}", method=method)
            assert answer.status_code in (404, 405), page
            sent[reference] = statements.texts
        assert sent[case.reference] == sent[MISSING], page


@pytest.mark.long
@pytest.mark.parametrize("how", ["sealed", "in conflict"])
def test_a_hidden_case_takes_as_long_as_a_missing_one(session: Any, sign_in: SignIn, how: str) -> None:
    case, person = hidden(how)
    browser = sign_in(person)
    session.commit()
    taken: dict[str, list[float]] = {case.reference: [], MISSING: []}
    for number in range(SAMPLES + 20):
        for reference in sorted(taken, reverse=bool(number % 2)):
            began = perf_counter()
            assert browser.get(f"/cases/{reference}").status_code == 404
            if number >= 20:
                taken[reference].append(perf_counter() - began)
    assert likelihood(*taken.values()) > LEAST_LIKELY, {name: sum(times) for name, times in taken.items()}


def likelihood(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely two samples differ so much by chance alone (Mann and Whitney, by the normal curve, both sides)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, whose) in enumerate(ranked, start=1) if whose == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(z) / sqrt(2))


def test_the_likelihood_is_that_of_the_textbook() -> None:
    same, later = [float(number) for number in range(50)], [float(number) + 40 for number in range(50)]
    assert likelihood(same, [number + 0.5 for number in same]) > 0.8
    assert likelihood(same, later) < 1e-9
