"""Nobody learns from how long an answer takes whether there is an account behind an address."""

from statistics import NormalDist
from time import perf_counter

import pytest
from sqlalchemy import delete

from psg.accounts import throttle
from psg.accounts.sign_in_models import FailedAttempt
from psg.extensions import db
from psg.web.mail import Letter
from tests.browser import Browser
from tests.factories.accounts import make_user

SAMPLES = 200
TRIES = 2
"""A test at one in a hundred is wrong that often; twice in a row, once in ten thousand times."""
NOBODY = "person02@psg.example"


@pytest.fixture
def _nothing_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("PER_ACCOUNT", "PER_NETWORK"):
        monkeypatch.setattr(throttle, limit, 10 * SAMPLES)


@pytest.mark.usefixtures("_nothing_is_too_many")
@pytest.mark.parametrize(
    ("where", "typed"), [("/sign-in", {"password": "not the password"}), ("/forgotten-password", {})]
)
def test_an_account_and_no_account_take_as_long(client: Browser, where: str, typed: dict[str, str]) -> None:
    """Two hundred of each, taking turns; Mann and Whitney's test finds no difference (p > 0.01)."""
    person = make_user(email="person01@psg.example")
    db.session.commit()
    hidden = client.hidden_fields(where) | typed
    tries = (_times(client, where, hidden, person.email) for _ in range(TRIES))
    assert any(_p_value(*times) > 0.01 for times in tries)


def _times(client: Browser, where: str, typed: dict[str, str], email: str) -> tuple[list[float], list[float]]:
    times: dict[str, list[float]] = {email: [], NOBODY: []}
    for number in range(SAMPLES):
        for one in times if number % 2 else reversed(times):
            db.session.execute(delete(FailedAttempt))
            db.session.execute(delete(Letter))
            start = perf_counter()
            client.post(where, data={**typed, "email": one})
            times[one].append(perf_counter() - start)
    return times[email], times[NOBODY]


def _p_value(one: list[float], other: list[float]) -> float:
    ranked = sorted((value, side) for side, values in enumerate((one, other)) for value in values)
    ranks = sum(rank for rank, (_, side) in enumerate(ranked, 1) if side == 0)
    size, count = len(one) * len(other), len(one) + len(other)
    u = ranks - len(one) * (len(one) + 1) / 2
    return 2 * (1 - NormalDist().cdf(abs(u - size / 2) / (size * (count + 1) / 12) ** 0.5))
