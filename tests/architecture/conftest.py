import pytest

from psg.web.dates import now
from tests.architecture.world import World
from tests.browser import Browser


@pytest.fixture
def world(session: object) -> World:
    return World()


@pytest.fixture
def browser(world: World, sign_in) -> Browser:
    """The chair's, who has searched and so may add people and places."""
    browser = sign_in(world.chair)
    with browser.session_transaction() as cookie:
        cookie["searched_at"] = int(now().timestamp())
    return browser
