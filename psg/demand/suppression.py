"""Small numbers hidden, so that nobody is found out from a total. Plain arithmetic, no database.

A count of cases in a ward is nearly a count of people, and is treated as one. The rules are those of
the partnership's quarterly pack: 1 to 4 is given as “fewer than 5”; a second cell is hidden where the
total would give the first one back; no percentage is given on a base under 20.

What else is hidden is decided by places in the list, never by sizes. So a reader who knows these
rules learns no more from a table than one who does not.
"""

from collections.abc import Sequence, Set
from enum import StrEnum

FEWEST = 5
SMALLEST_BASE = 20
HIDE_EACH_OTHER = 3
"""From this many small counts on, their sum tells so little of each that no larger one need be hidden."""


class Hidden(StrEnum):
    """What stands in a cell instead of its number."""

    SMALL = "fewer than 5"
    COVER = "not shown"


Shown = int | Hidden


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def alone(count: int) -> Shown:
    """A count that is no part of a published total, or that is the total."""
    return Hidden.SMALL if is_small(count) else count


def parts(counts: Sequence[int]) -> list[Shown]:
    """The parts of a whole whose total is published.

    Where hiding cannot help, because every hidden part is as small or as large as its words allow,
    nothing of the breakdown is given.
    """
    small = {place for place, count in enumerate(counts) if is_small(count)}
    if not small:
        return list(counts)
    hidden = small if len(small) >= HIDE_EACH_OTHER else small | _cover(counts, small)
    if is_small(sum(counts)) or not _leaves_a_choice(counts, hidden):
        return [Hidden.COVER] * len(counts)
    words = [Hidden.SMALL if is_small(count) else Hidden.COVER for count in counts]
    return [words[place] if place in hidden else count for place, count in enumerate(counts)]


def share(count: Shown, total: Shown) -> int | None:
    """The percentage that a shown count is of a shown total, or None where none may be given."""
    if isinstance(count, Hidden) or isinstance(total, Hidden) or total < SMALLEST_BASE:
        return None
    return round(100 * count / total)


def _cover(counts: Sequence[int], small: Set[int]) -> set[int]:
    """The next larger count after the first small one, from the end on round to the top."""
    first = min(small)
    places = [*range(first + 1, len(counts)), *range(first)]
    return {next((place for place in places if counts[place] >= FEWEST), first)}


def _leaves_a_choice(counts: Sequence[int], hidden: Set[int]) -> bool:
    """Whether each hidden count could still be one of several numbers, given their words and their sum."""
    together = sum(counts[place] for place in hidden)
    bounds = [(1, FEWEST - 1) if is_small(counts[place]) else (FEWEST, together) for place in hidden]
    lowest, highest = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    return all(
        max(low, together - (highest - high)) < min(high, together - (lowest - low)) for low, high in bounds
    )
