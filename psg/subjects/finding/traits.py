"""What two people, or two places, are compared by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from psg.subjects.finding.numbers import telephones
from psg.subjects.finding.places import Parts, parts_of
from psg.subjects.models import Person, Place, PlaceKind, Subject
from psg.subjects.words import words_of


@dataclass(frozen=True)
class PersonTraits:
    given: tuple[str, ...]
    family: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    born: date | None
    homes: tuple[Parts, ...]
    postcodes: frozenset[str]
    telephones: frozenset[str]
    text: str
    """What the tables are asked for."""

    @classmethod
    def of(
        cls,
        *,
        given: str,
        family: str,
        others: Iterable[str],
        born: date | None,
        addresses: Iterable[tuple[str, str]],
        contact: str,
    ) -> "PersonTraits":
        numbers, known = telephones(contact), [name for name in others if name]
        somewhere = [(address, postcode) for address, postcode in addresses if address or postcode]
        day = f"{born:%d/%m/%Y}" if born else ""
        return cls(
            given=tuple(words_of(given)),
            family=tuple(words_of(family)),
            others=tuple(tuple(words_of(name)) for name in known),
            born=born,
            homes=tuple(parts_of(address) for address, _postcode in somewhere if address),
            postcodes=frozenset("".join(words_of(postcode)) for _address, postcode in somewhere if postcode),
            telephones=frozenset(numbers),
            text=" ".join([given, family, day, *sorted(numbers), *known]),
        )


@dataclass(frozen=True)
class PlaceTraits:
    name: Parts
    address: Parts
    postcode: str
    kind: PlaceKind
    uprn: str
    others: tuple[Parts, ...]
    text: str

    @classmethod
    def of(
        cls, *, name: str, address: str, postcode: str, kind: PlaceKind, uprn: str, others: Iterable[str]
    ) -> "PlaceTraits":
        return cls(
            name=parts_of(name or address),
            address=parts_of(address),
            postcode="".join(words_of(postcode)),
            kind=kind,
            uprn=uprn,
            others=tuple(parts_of(other) for other in others),
            text=address,
        )


def traits_of(subject: Subject) -> PersonTraits | PlaceTraits:
    names = [alias.name for alias in subject.aliases]
    if isinstance(subject, Person):
        homes = [(one.address, one.postcode) for one in subject.residences]
        return PersonTraits.of(
            given=subject.given_name,
            family=subject.family_name,
            others=[subject.known_as, *names],
            born=subject.date_of_birth,
            addresses=[(subject.address, subject.postcode), *homes],
            contact=subject.contact,
        )
    if isinstance(subject, Place):
        return PlaceTraits.of(
            name=subject.name,
            address=subject.address,
            postcode=subject.postcode,
            kind=subject.place_kind,
            uprn=subject.uprn or "",
            others=names,
        )
    raise TypeError(type(subject))
