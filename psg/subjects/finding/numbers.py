"""Telephone numbers and postcodes in one form each, however they were spaced or misread."""

import re

_LETTER_AS_FIGURE = str.maketrans("oil", "011")
_FIGURE_AS_LETTER = str.maketrans("01", "oi")
_OUTWARD = re.compile(r"([a-z01]{1,2})([0-9oil])([0-9a-z]?)")
_INWARD = re.compile(r"([0-9oil])([a-z01]{2})")
_TELEPHONE = re.compile(r"(?<!\w)(?:\+44|0)(?:[\s()-]*\d){9,11}(?!\w)")
_ORDINAL = re.compile(r"1st|2nd|3rd|\dth")


def telephone(text: str) -> str:
    """The figures of a number as it is dialled at home: +44 7700 900123 is 07700900123."""
    figures = "".join(letter for letter in text if letter.isdigit())
    if text.strip().startswith("+44") or figures.startswith("0044"):
        figures = "0" + re.sub(r"^(?:00)?44", "", figures).lstrip("0")
    return figures


def telephones(text: str) -> set[str]:
    """Every telephone number of a text."""
    return {telephone(found[0]) for found in _TELEPHONE.finditer(text)}


def joined_postcode(outward: str, inward: str, *, is_one_word: bool) -> str | None:
    """A whole postcode as one word with O and 0, I and 1 put right; None where the parts are something else.

    Two words that have no figure in the right place, such as “b1 old”, are a postcode only where they
    can hardly be anything else.
    """
    first, second = _OUTWARD.fullmatch(outward), _INWARD.fullmatch(inward)
    if (
        not first
        or not second
        or _ORDINAL.fullmatch(inward)
        or not any(letter.isalpha() for letter in first[1])
    ):
        return None
    if inward.isalpha() and (len(outward) < 3 or (is_one_word and outward.isalpha())):
        return None
    area = first[1].translate(_FIGURE_AS_LETTER)
    district = first[2].translate(_LETTER_AS_FIGURE) + first[3].translate(_LETTER_AS_FIGURE)
    return area + district + second[1].translate(_LETTER_AS_FIGURE) + second[2].translate(_FIGURE_AS_LETTER)
