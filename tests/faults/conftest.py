import pytest

from psg.web.dates import now
from tests.architecture.world import World
from tests.browser import Browser


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long forms run where they are asked for, with `-m faults`; the suite has a short form of each."""
    if "faults" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("faults")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def world(session: object) -> World:
    return World()


@pytest.fixture
def chair(world: World, sign_in) -> Browser:
    """The chair's, who has searched and so may add people and places."""
    browser = sign_in(world.chair)
    with browser.session_transaction() as cookie:
        cookie["searched_at"] = int(now().timestamp())
    return browser
