"""Addresses as flat, number and street, so that Flat 2, 14 High Street is not Flat 14, 2 High Street."""

import re
from dataclasses import dataclass

from psg.subjects.finding.addresses import FLAT, LIGHT, ROADS, long_forms
from psg.subjects.words import plain, words_of

_FLAT = re.compile(
    rf"\b(?:{'|'.join(sorted(FLAT, key=len, reverse=True))})\.?\s*(?:no\.?\s*)?(\d+[a-z]?|[a-z])\b"
)
_SLASH = re.compile(r"\b(\d+[a-z]?)\s*/\s*(\d+[a-z]?)\b")
_NUMBER = re.compile(r"\b(\d+)\s?([a-z])?\b(?!\w)")
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z0-9]?\s*\d[a-z]{2}\b")


@dataclass(frozen=True)
class Parts:
    """`street` are the words that tell the street or the building, in no order."""

    flat: str = ""
    number: str = ""
    street: frozenset[str] = frozenset()
    roads: frozenset[str] = frozenset()
    """What kind of road it says: Lane, Close."""


def parts_of(text: str) -> Parts:
    rest = _POSTCODE.sub(" ", plain(text))
    flat = number = ""
    slash = _SLASH.search(rest)
    if slash:
        flat, number, rest = slash[1], slash[2], _SLASH.sub(" ", rest, count=1)
    found = _FLAT.search(rest)
    if found:
        flat, rest = found[1], rest[: found.start()] + " " + rest[found.end() :]
    house = _NUMBER.search(rest)
    if house and not number:
        number, rest = house[1] + (house[2] or ""), rest[: house.start()] + " " + rest[house.end() :]
    words = {word for word in words_of(rest) if len(word) > 1}
    street = frozenset(form for word in words - LIGHT for form in long_forms(word))
    roads = frozenset(form for word in words & LIGHT for form in long_forms(word) if form in ROADS)
    return Parts(flat, number, street, roads)


def apart(typed: Parts, kept: Parts) -> float:
    """What it costs that flat or number are not the same, or one of them is not said."""
    cost = 0.0
    for one, other in ((typed.flat, kept.flat), (typed.number, kept.number)):
        if one != other:
            cost += 0.8 if one and other else 0.3
    return cost
