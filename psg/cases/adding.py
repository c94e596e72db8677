"""What features above have to show on the overview of a case, to whoever may read the case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psg.cases.models import Party


@dataclass(frozen=True)
class Part:
    """The template of it, and what that shows."""

    template: str
    shown: Any


Adds = Callable[[Sequence[Party], date], Part | None]
_added_by: list[Adds] = []


def adds(part: Adds) -> Adds:
    """Marks what a feature above has to show of a case with these parties."""
    _added_by.append(part)
    return part


def parts_for(parties: Sequence[Party], today: date) -> list[Part]:
    return [part for add in _added_by if (part := add(parties, today))]
