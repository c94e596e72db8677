"""The keys by which two records of one person or place meet. Each rule asks for two things at least that agree."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b

from psg.subjects.duplicates.models import Rule
from psg.subjects.finding import given_names
from psg.subjects.finding.numbers import telephone
from psg.subjects.finding.places import parts_of
from psg.subjects.finding.sounds import sounds
from psg.subjects.models import Person, Place, Subject
from psg.subjects.words import words_of

_TELEPHONE = re.compile(r"(?<!\w)(?:\+44|0)(?:[\s()-]*\d){9,11}(?!\w)")
_SAYS_NO_MORE = frozenset({"flat", "flats", "block", "blocks", "building", "buildings", "of", "the"})
"""Words that tell what a place is and not which one: its kind does that."""
Told = Iterator[tuple[Rule, str]]


def alike_keys(subject: Subject) -> dict[int, Rule]:
    """Every key of a record, with the rule it is of."""
    told = _of_person(subject) if isinstance(subject, Person) else _of_place(subject)
    return {_number(rule, text): rule for rule, text in told}


def _of_person(person: Person) -> Told:
    born, home, ward = person.date_of_birth, _where(person.address), person.ward_id or ""
    numbers = [telephone(found[0]) for found in _TELEPHONE.finditer(person.contact)]
    for given, family in _names(person):
        for sound in family:
            if born:
                yield from ((Rule.BORN, f"{sound} {about}") for about in _about(born))
            if home and given:
                yield Rule.FAMILY_AT_HOME, f"{sound} {min(given)[0]} {home}"
            yield from ((Rule.NAME, f"{sound} {name} {ward}") for name in given)
        for name in given:
            if born:
                yield Rule.GIVEN_AND_BORN, f"{name} {born} {ward}"
            if home:
                yield Rule.GIVEN_AT_HOME, f"{name} {home}"
            yield from ((Rule.TELEPHONE, f"{name} {number}") for number in numbers)


def _of_place(subject: Subject) -> Told:
    if not isinstance(subject, Place):
        return
    if subject.uprn:
        yield Rule.UPRN, subject.uprn
    ward, kind = subject.ward_id or "", subject.place_kind.value
    for text in (subject.address, *(alias.name for alias in subject.aliases)):
        where = _where(text)
        if where:
            # A street has many places in it; a number in it, or one kind of place, has one.
            which = "" if any(map(str.isdigit, where)) else kind
            yield Rule.ADDRESS, f"{where} {ward} {which}"
            if subject.postcode:
                yield Rule.ADDRESS, f"{where} {subject.postcode} {which}"
    for text in (subject.name, *(alias.name for alias in subject.aliases)):
        if where := _where(text):
            yield Rule.PLACE_NAME, f"{where} {ward} {kind}"


def _names(person: Person) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """For each name they go by what the given name may stand for, and how the family name sounds."""
    pairs = [(person.given_name, person.family_name)]
    for alias in person.aliases:
        *before, last_name = alias.name.split() or [""]
        pairs.append((" ".join(before) or person.given_name, last_name))
    for given, family in pairs:
        first, last = words_of(given)[:1], words_of(family)[-1:]
        yield (
            frozenset(form for word in first for form in (*given_names.names_behind(word), word)),
            frozenset(sound for word in last for sound in (*sounds(word), word)),
        )


def _about(born: date) -> Iterator[str]:
    """Days one apart share a key, and those with day and month the other way round."""
    number = born.toordinal()
    yield f"{number // 2}a"
    yield f"{(number + 1) // 2}b"
    yield "{} {} {}".format(born.year, *sorted((born.day, born.month)))


def _where(text: str) -> str:
    """An address or a place's name as what tells it from others, however it is written; empty where nothing does."""
    parts = parts_of(text)
    street = " ".join(sorted(word for word in parts.street if word not in _SAYS_NO_MORE))
    return f"{parts.flat}/{parts.number}/{street}" if street else ""


def _number(rule: Rule, text: str) -> int:
    """From the text alone, alike on every machine; in the range of a signed 64-bit column."""
    return int.from_bytes(blake2b(f"{rule} {text}".encode(), digest_size=8).digest(), "big", signed=True)
