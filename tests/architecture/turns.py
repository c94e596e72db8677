"""Many odd things times many forms: each form meets some of them in the suite, and all of them with `make access`."""

import os
from collections.abc import Sequence
from typing import TypeVar

WHOLE = bool(os.environ.get("PSG_WHOLE_MATRIX"))
Thing = TypeVar("Thing")


def in_turn(things: Sequence[Thing], turn: int, some: int = 1) -> list[Thing]:
    """The next of them, as many as `some`, beginning where the turn before did not; every form asks in its turn."""
    if WHOLE:
        return list(things)
    return [things[(turn * some + number) % len(things)] for number in range(some)]
