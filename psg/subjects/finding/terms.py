"""The words a subject is found by, and the keys under which those that are not written alike meet."""

import re
from collections.abc import Iterator
from itertools import pairwise

from psg.subjects.finding.addresses import LIGHT, NUMBERED, long_forms
from psg.subjects.finding.keys import keys_of_number, keys_of_word
from psg.subjects.finding.numbers import joined_postcode, telephones
from psg.subjects.models import Person, Subject
from psg.subjects.words import LONGEST_WORD, index_words, plain, sources, words_of

LONGEST_JOINED = 12
_POSTCODE = re.compile(r"\b([a-z0-9]{2,4})\s*([a-z0-9]{3})\b")


def terms_of(subject: Subject) -> set[tuple[str, str]]:
    """Every word the subject is found by, with what it came from."""
    return {(word, origin) for origin, text in sources(subject) for word in words_from(origin, text)}


def words_from(origin: str, text: str) -> frozenset[str]:
    """The words that a text of this origin is found by."""
    return frozenset(_words(origin, text))


def keys_of(subject: Subject) -> set[int]:
    """The keys of every word that people mishear, misspell or shorten: of names and of addresses."""
    keys: set[int] = set()
    for origin, text in sources(subject):
        if origin == "reference":
            continue
        joined = (word for word in _joined(words_of(text)) if len(word) <= LONGEST_JOINED)
        words = {*words_of(text), *_whole(text), *joined}
        is_name = origin in ("name", "alias", "known as") and isinstance(subject, Person)
        for word in words:
            if word.isalpha() and (is_name or word not in LIGHT):
                keys |= {key for key, _likeness in keys_of_word(word)}
        for number in _numbers(text):
            keys |= {key for key, _likeness in keys_of_number(number)}
    return keys


def _words(origin: str, text: str) -> Iterator[str]:
    if origin == "reference":
        yield _reference(text)
        return
    words = words_of(text)
    parts = [part for word in words if (found := NUMBERED.fullmatch(word)) for part in found.groups()]
    for word in (*index_words(text), *parts, *_joined(words), *_numbers(text)):
        for form in long_forms(word):
            yield form[:LONGEST_WORD]


def _reference(text: str) -> str:
    """Marked, or “p” would be the start of every person's reference."""
    return text if text.isdigit() else f"#{text.lower()}"


def _whole(text: str) -> Iterator[str]:
    """Words with the punctuation inside them left out: O’Brien is obrien too."""
    for token in plain(text).split():
        whole = "".join(words_of(token))
        if whole:
            yield whole[:LONGEST_WORD]


def _joined(words: list[str]) -> Iterator[str]:
    """Neighbours as one word, since McDonald is also kept as Mc Donald; and 14 A as 14a."""
    for first, second in pairwise(words):
        if first.isalpha() and second.isalpha() and second not in LIGHT:
            yield (first + second)[:LONGEST_WORD]
        elif first.isdigit() and len(second) == 1 and second.isalpha():
            yield first + second


def _numbers(text: str) -> Iterator[str]:
    """Postcodes and telephone numbers as one word each."""
    lower = plain(text)
    for found in _POSTCODE.finditer(lower):
        word = joined_postcode(found[1], found[2], is_one_word=False)
        if word:
            yield word
    yield from sorted(telephones(lower))
