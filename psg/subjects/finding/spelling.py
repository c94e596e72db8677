"""Words spelled nearly alike: one letter wrong, missing, doubled or out of place; two in a long word.

To find them in a table, each word is kept under what is left when letters are taken out of its beginning:
two words with one letter wrong share what is left when that letter is taken out of both.
"""

from collections.abc import Iterator
from itertools import combinations

from rapidfuzz.distance import OSA

SHORTEST = 4
LONG = 7
BEGINNING = 6
"""Letters are taken out of so many at the beginning: more tell no two words apart that fewer do not."""
TWO_TAKEN_OUT = 6
DIALLED = 10


def letters_wrong(typed: str, kept: str) -> int | None:
    """How many letters are wrong, two in their wrong order being one; None where the words are not near."""
    allowed = _allowed(typed, kept)
    if allowed == 0 or abs(len(typed) - len(kept)) > allowed:
        return None
    wrong: int = OSA.distance(typed, kept, score_cutoff=allowed)
    return wrong if 0 < wrong <= allowed else None


def begins_nearly(typed: str, kept: str) -> bool:
    """Whether the word begins nearly as what is typed so far: “biter” on the way to Bitternell."""
    if len(typed) <= SHORTEST or len(kept) <= len(typed):
        return False
    return any(
        OSA.distance(typed, kept[:length], score_cutoff=1) <= 1 for length in (len(typed), len(typed) + 1)
    )


def left_over(word: str) -> Iterator[str]:
    """What is left of the beginning of a word with no letter, with one and, of a long one, with two taken out.

    Of a number one figure at most, and of a telephone number from its end, since all begin alike.
    """
    if len(word) < SHORTEST:
        return
    is_number = not word.isalpha()
    start = word[::-1][:BEGINNING] if is_number and len(word) >= DIALLED else word[:BEGINNING]
    seen = {start}
    for number in (1, 2) if len(word) >= TWO_TAKEN_OUT and not is_number else (1,):
        for out in combinations(range(len(start)), number):
            seen.add("".join(letter for place, letter in enumerate(start) if place not in out))
    yield from sorted(seen)


def _allowed(typed: str, kept: str) -> int:
    shorter = min(len(typed), len(kept))
    if shorter < SHORTEST or typed.isalpha() is not kept.isalpha():
        return 0
    return 2 if shorter >= LONG and typed.isalpha() else 1
