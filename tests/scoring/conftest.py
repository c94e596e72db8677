from typing import Any

import pytest
from sqlalchemy.orm import scoped_session

from tests.factories.scoring import enter_matrices


@pytest.fixture
def matrices(session: scoped_session[Any]) -> None:
    """Version 1 of every matrix, entered from the files that ship with the product."""
    enter_matrices()
