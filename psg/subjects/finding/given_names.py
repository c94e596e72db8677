"""Given names and their short forms: Jim is James, Liz is Elizabeth, and Kath and Kathryn are one name too."""

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

SHORTEST_START = 3
_NOTHING: frozenset[str] = frozenset()


def _read() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """By each name: the formal names it may be short for, itself where it is one; and its other spellings."""
    formal: dict[str, set[str]] = defaultdict(set)
    spellings: dict[str, set[str]] = defaultdict(set)
    for line in files("psg.subjects.finding").joinpath("data", "given_names.txt").read_text().splitlines():
        if line.startswith("="):
            names = line[1:].split()
            for name in names:
                spellings[name] |= set(names)
        elif line and not line.startswith("#"):
            long, _, short = line.partition(":")
            for name in (long, *short.split()):
                formal[name].add(long)
    return (
        {name: frozenset(names) for name, names in formal.items()},
        {name: frozenset(names) for name, names in spellings.items()},
    )


_FORMAL, _SPELLINGS = _read()
KNOWN = frozenset(_FORMAL) | frozenset(_SPELLINGS)
"""Every name of the list. Somebody who types one of these has not misspelt another."""


@lru_cache(maxsize=20_000)
def names_behind(word: str) -> frozenset[str]:
    """What a name may stand for, as keys: two names that share one may be one name."""
    spelt = _SPELLINGS.get(word, frozenset((word,))) if word in KNOWN else _NOTHING
    formal = {name for one in spelt for name in _FORMAL.get(one, _NOTHING)}
    return frozenset(formal) | frozenset(f"={min(_SPELLINGS[one])}" for one in spelt if one in _SPELLINGS)


@lru_cache(maxsize=20_000)
def names_begun(word: str) -> frozenset[str]:
    """The same for the start of a short form, while it is being typed: “lizz” for Lizzie."""
    if len(word) < SHORTEST_START or word in KNOWN:
        return names_behind(word)
    begun = [name for name in KNOWN if name.startswith(word)]
    return frozenset(key for name in begun for key in names_behind(name))


def is_short_for(short: str, long: str) -> bool:
    """Whether one is a short form of the other as the list has them, rather than another way to write it."""
    return long in _FORMAL.get(short, _NOTHING) and short != long
