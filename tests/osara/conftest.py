"""Every test of the stages has the matrices, the ladder and a plan."""

from typing import Any

import pytest
from sqlalchemy.orm import scoped_session

from tests.factories.osara import enter_reference_data


@pytest.fixture(autouse=True)
def reference_data(request: pytest.FixtureRequest) -> None:
    if "session" in request.fixturenames:
        session: scoped_session[Any] = request.getfixturevalue("session")
        enter_reference_data()
        session.flush()
