"""How a name sounds in England, as a short key: names with one key may be one name.

Made for the names that officers hear over a telephone and write down: Stephen and Steven, Smith and Smyth,
Philip and Filip, MacDonald and McDonald, Hannah and Anna. It keeps the consonants in the order they are
said. A name of few consonants keeps its first vowel too, or Lee, Law and Lou would be one.
"""

import re
from functools import lru_cache
from importlib.resources import files

SHORTEST = 2
FEW = 2
_STEPS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"^mc(?=[a-z]{3})", "mac"),
        (r"^mac(?=[^eiy])", "mak"),
        (r"^mac(?=[ei][a-z]{3})", "mak"),
        (r"^(?:kn|gn|pn)", "n"),
        (r"oe(?=[a-z])", "e"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^wh", "w"),
        (r"^x", "s"),
        (r"^gh", "g"),
        (r"ough(?=t|$)", "o"),
        (r"augh(?=t|$)", "o"),
        (r"e?igh", "i"),
        (r"gh", ""),
        (r"ph", "f"),
        (r"mps", "ms"),
        (r"mpt", "mt"),
        (r"sch|sz|sh", "X"),
        (r"[tcs]i(?=[ao])", "X"),
        (r"ch(?=[lrnm])", "k"),
        (r"tch|ch|cz", "C"),
        (r"ck|cq|qu|q", "k"),
        (r"cc(?=[eiy])", "ks"),
        (r"sc(?=[eiy])", "s"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"dg(?=[eiy])", "j"),
        (r"g(?=[eiy])", "j"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"v", "f"),
        (r"dt|th", "t"),
        (r"(?:mb|mn)$", "m"),
        (r"(?<=[a-z])w", ""),
        (r"^y(?=[aeiou])", "j"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""In this order. A capital is a sound that one small letter does not have: X for sh, C for ch."""
_SILENT_R = re.compile(r"(?<=[aeiouy])re?(?![aeiouy])")
"""Shaw and Shore, Haughton and Horton: an r is heard before a vowel only."""
_VOWELS = "aeiouy"
_KINDS_OF_VOWELS = {"e": "i", "i": "i", "y": "i", "a": "a", "o": "o", "u": "o"}


def _said_alike() -> dict[str, str]:
    lines = files("psg.subjects.finding").joinpath("data", "surnames.txt").read_text().splitlines()
    return {
        word: f"={line.split()[0]}"
        for line in lines
        if line and not line.startswith("#")
        for word in line.split()
    }


_ALIKE = _said_alike()


@lru_cache(maxsize=20_000)
def sounds(word: str) -> frozenset[str]:
    """The keys of a word of plain small letters: none for what is too short to have a sound of its own."""
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return frozenset()
    said = _said(word)
    keys = {_key(said)}
    quiet = _key(_SILENT_R.sub("", said))
    if len(quiet) > FEW:
        keys.add(quiet)
    if word in _ALIKE:
        keys.add(_ALIKE[word])
    return frozenset(keys)


def _said(word: str) -> str:
    for pattern, sound in _STEPS:
        word = pattern.sub(sound, word)
    return word


def _key(said: str) -> str:
    start = "A" if said[:1] in _VOWELS else ""
    key = start + "".join(letter for letter in said if letter not in _VOWELS)
    if len(key) > FEW:
        return key
    vowel = next((letter for letter in said if letter in _VOWELS), "")
    return key + _KINDS_OF_VOWELS.get(vowel, "")
