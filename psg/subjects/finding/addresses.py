"""Words of addresses: Rd for Road, Flt for Flat, 2nd for Second, and those that everybody leaves out."""

import re
from collections import defaultdict
from importlib.resources import files


def _read() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """The long forms of each short one; and the light words, which need not be found."""
    long_forms: dict[str, set[str]] = defaultdict(set)
    light: set[str] = set()
    for line in files("psg.subjects.finding").joinpath("data", "address_words.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        long, _, short = line.removeprefix("! ").partition(":")
        for word in (long, *short.split()):
            long_forms[word].add(long)
        if not line.startswith("!"):
            light |= {long, *short.split()}
    return {word: frozenset(forms) for word, forms in long_forms.items()}, frozenset(light)


_LONG_FORMS, LIGHT = _read()
ROADS = frozenset(
    {
        "avenue", "bank", "close", "court", "crescent", "drive", "drove", "gardens", "green", "grove", "hill", "lane",
        "mews", "parade", "park", "passage", "path", "place", "quay", "rise", "road", "row", "square", "street",
        "terrace", "view", "walk", "way", "wharf", "yard",
    }
)  # fmt: skip
"""The kinds of road of one name that are not each other: Mill Lane is not Mill Road."""
FLAT = frozenset(word for word, forms in _LONG_FORMS.items() if "flat" in forms)
_BEFORE_A_NUMBER = sorted(FLAT | {"no", "number", "room", "plot", "berth"})
NUMBERED = re.compile(rf"\b({'|'.join(_BEFORE_A_NUMBER)})(\d+[a-z]?)\b")
"""Flat2, No14: the word and the number without a space."""


def long_forms(word: str) -> frozenset[str]:
    """The word with every long form it may have: “st” is Street or Saint."""
    return _LONG_FORMS.get(word, frozenset()) | {word}
