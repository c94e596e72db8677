"""What somebody typed to find a person or a place, taken apart: words, numbers, days, telephone numbers.

Whatever the order and the punctuation: “14 High St, Flat 2” and “flat 2 14 high street” ask for the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from psg.subjects.finding.addresses import LIGHT, NUMBERED, long_forms
from psg.subjects.finding.days import DayAsked, take_days
from psg.subjects.finding.numbers import joined_postcode, telephone
from psg.subjects.words import plain, words_of

MOST_WORDS = 12
LONGEST_HOUSE_NUMBER = 3
_TELEPHONE = re.compile(r"(?<![\w])(?:\+44[\s()-]*(?:0[\s()-]*)?|0044[\s()-]*|0)(?:[\s()-]*\d){9,10}(?![\w])")
_REFERENCE = re.compile(r"\b([pl])[-–]?0*([1-9][0-9]{0,8})\b")
_ABOUT_BIRTH = frozenset({"born", "dob", "birth", "date", "aged"})
_POSTCODE_PLACES = re.compile(r"\b([a-z0-9]{2,4})\s+([a-z0-9]{3})\b|\b([a-z0-9]{5,7})\b")


@dataclass(frozen=True)
class Unit:
    """One thing that must be accounted for. `ways` are the forms in which it is exactly itself."""

    number: int
    word: str
    ways: frozenset[str]
    is_light: bool = False
    is_last: bool = False
    day: DayAsked | None = None

    @property
    def may_begin(self) -> bool:
        """Whether it may be the start of a word; the number of a house is whole, unless more is yet to come."""
        return self.is_last or not self.word.isdigit() or len(self.word) > LONGEST_HOUSE_NUMBER

    @property
    def has_figures(self) -> bool:
        return any(letter.isdigit() for letter in self.word)


@dataclass(frozen=True)
class Joined:
    """Neighbouring units as one word: “Mc Donald” may be kept as McDonald."""

    word: str
    covers: tuple[int, ...]


@dataclass(frozen=True)
class Typed:
    units: tuple[Unit, ...] = ()
    joined: tuple[Joined, ...] = ()
    letters: int = 0
    text: str = ""

    @property
    def full(self) -> tuple[Unit, ...]:
        """What must be found."""
        return tuple(unit for unit in self.units if not unit.is_light)


def take_apart(text: str) -> Typed:
    """Days, telephone numbers, postcodes and references first: their figures are no numbers of houses."""
    rest, days = take_days(plain(text))
    whole: list[str] = []
    rest = _REFERENCE.sub(lambda found: _put(whole, f"#{found[1]}{int(found[2]):04d}"), rest)
    rest = _TELEPHONE.sub(lambda found: _put(whole, telephone(found[0])), rest)
    rest = _POSTCODE_PLACES.sub(lambda found: _postcode(whole, found), rest)
    rest = NUMBERED.sub(r"\1 \2", rest)
    tokens = list(_tokens(rest))
    words = [word for token in tokens for word in token]
    units = _units([*dict.fromkeys([*words, *whole])][:MOST_WORDS], days)
    return Typed(
        units=units,
        joined=tuple(_joined(words, units)),
        letters=sum(len(word) for word in words) + 6 * len(whole) + 6 * len(days),
        text=rest,
    )


def _put(whole: list[str], word: str) -> str:
    whole.append(word)
    return " "


def _postcode(whole: list[str], found: re.Match[str]) -> str:
    outward, inward = (found[1], found[2]) if found[1] else (found[3][:-3], found[3][-3:])
    word = joined_postcode(outward, inward, is_one_word=found[3] is not None)
    return _put(whole, word) if word else found[0]


def _tokens(text: str) -> Iterator[list[str]]:
    for token in text.split():
        words = words_of(token)
        if words:
            yield words


def _units(words: list[str], days: list[DayAsked]) -> tuple[Unit, ...]:
    """Light words count only where there is nothing else, or somebody called Lane could not be found."""
    plain_words = [word for word in words if not (days and word in _ABOUT_BIRTH)]
    are_all_light = not days and all(_is_light(word) for word in plain_words)
    units = [
        Unit(
            number,
            word,
            long_forms(word),
            is_light=_is_light(word) and not are_all_light,
            is_last=number == len(plain_words) - 1,
            day=DayAsked.of_year(word) if len(words) > 1 else None,
        )
        for number, word in enumerate(plain_words)
    ]
    for day in days:
        figures = frozenset(
            {day.text} if day.text.isdigit() else ()
        )  # it may be a telephone number after all
        units.append(Unit(len(units), day.text, figures, day=day))
    return tuple(units)


def _is_light(word: str) -> bool:
    return word in LIGHT or (len(word) == 1 and word == "s")


def _joined(words: list[str], units: tuple[Unit, ...]) -> Iterator[Joined]:
    numbers = {unit.word: unit.number for unit in units if unit.word}
    for first, second in pairwise(words):
        if first in numbers and second in numbers and first != second and _may_join(first, second):
            yield Joined(first + second, (numbers[first], numbers[second]))


def _may_join(first: str, second: str) -> bool:
    if first.isdigit():
        return len(second) == 1 and second.isalpha()
    return first.isalpha() and second.isalpha() and len(first + second) > 3
