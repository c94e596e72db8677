"""The keys under which a word is kept and asked for, so that what is not written alike still meets.

A key is a number made from a text, and only tells that two words may be alike: whether they are is judged
from the words themselves. Nobody's name can be read from the table of keys.
"""

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b

from psg.subjects.finding import given_names
from psg.subjects.finding.sounds import sounds
from psg.subjects.finding.spelling import left_over


class Likeness(IntEnum):
    """How what is typed and what is kept are alike, the surest first."""

    EXACT = 0
    BEGINS = 1
    SHORT_FORM = 2
    SOUND = 3
    SPELLING = 4


COST = {
    Likeness.EXACT: 0,
    Likeness.BEGINS: 1,
    Likeness.SHORT_FORM: 3,
    Likeness.SOUND: 6,
    Likeness.SPELLING: 10,
}
"""So that one word that is misspelt costs more than three that are short forms."""


@lru_cache(maxsize=50_000)
def keys_of_word(word: str) -> tuple[tuple[int, Likeness], ...]:
    """Every key of a word that is kept."""
    return tuple(_keys(word, given_names.names_behind(word), is_spelt=True))


def keys_to_ask(word: str, *, is_last: bool) -> tuple[tuple[int, Likeness], ...]:
    """The keys that a word which is typed is looked for under. A known given name is not a misspelt other one."""
    names = given_names.names_begun(word) if is_last else given_names.names_behind(word)
    return tuple(_keys(word, names, is_spelt=word not in given_names.KNOWN))


def keys_of_number(word: str) -> tuple[tuple[int, Likeness], ...]:
    """The keys of a telephone number or a whole postcode, of which a figure may be wrong."""
    return tuple(_keys(word, frozenset(), is_spelt=True))


def _keys(word: str, names: frozenset[str], *, is_spelt: bool) -> Iterator[tuple[int, Likeness]]:
    for name in sorted(names):
        yield _number(f"name {name}"), Likeness.SHORT_FORM
    for sound in sorted(sounds(word)):
        yield _number(f"sound {sound}"), Likeness.SOUND
    if is_spelt:
        for rest in left_over(word):
            yield _number(f"rest {rest}"), Likeness.SPELLING


def _number(text: str) -> int:
    """From the text alone, alike on every machine; in the range of a signed 64-bit column."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
