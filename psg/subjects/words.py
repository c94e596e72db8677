"""The words by which a subject is found, alike for what is kept and what is typed.

Capitals, accents and punctuation never stand between an officer and a record: “O’Brien”, “OBRIEN” and
“o brien” find the same person.
"""

import re
import unicodedata
from collections.abc import Iterator

from psg.subjects.models import Person, Place, Subject

LONGEST_WORD = 80
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that have no accent to be taken away, and are typed as others all the same."""
_NUMBER = re.compile(r"\d[\d ]*\d")


def words_of(text: str) -> list[str]:
    """The words of a text, each once, in the order they stand."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(plain(text))))


def index_words(text: str) -> set[str]:
    """The words of a text and, where punctuation or a telephone number parts them, their joined form."""
    whole = {word[:LONGEST_WORD] for part in plain(text).split() if (word := "".join(_WORD.findall(part)))}
    numbers = {number.replace(" ", "")[:LONGEST_WORD] for number in _NUMBER.findall(text)}
    return {*words_of(text), *whole, *numbers}


def sources(subject: Subject) -> Iterator[tuple[str, str]]:
    """What a subject is found by, and what each is called: the most telling first."""
    yield "name", subject.name
    if isinstance(subject, Person):
        yield "known as", subject.known_as
    for alias in subject.aliases:
        yield "alias", alias.name
    if isinstance(subject, Person | Place):
        yield "address", subject.address
        yield "postcode", subject.postcode
        yield "postcode", subject.postcode.replace(" ", "")
    if isinstance(subject, Person):
        for residence in subject.residences:
            if residence.until is not None:
                yield "earlier address", residence.address
                yield "earlier postcode", residence.postcode
        yield "contact", subject.contact
    if isinstance(subject, Place):
        yield "reference", subject.uprn or ""
    yield "reference", subject.reference.replace("-", "")


def plain(text: str) -> str:
    """In small letters without accents: “Łukasz O’Brien” is “lukasz o'brien”."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("’", "'")
