"""Whether two people, or two places, are likely one. None is returned for those who are more likely two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psg.subjects.finding import given_names
from psg.subjects.finding.days import SAME, DayAsked
from psg.subjects.finding.keys import COST, Likeness
from psg.subjects.finding.places import Parts
from psg.subjects.finding.sounds import sounds
from psg.subjects.finding.spelling import letters_wrong
from psg.subjects.finding.traits import PersonTraits, PlaceTraits

SHORTEST_BEGINNING = 3
FORMER_NAME = 8.0


@dataclass(frozen=True)
class Verdict:
    cost: float
    reasons: tuple[str, ...]


def verdict(
    wanted: PersonTraits | PlaceTraits, kept: PersonTraits | PlaceTraits, *, is_typing: bool = False
) -> Verdict | None:
    if isinstance(wanted, PersonTraits) and isinstance(kept, PersonTraits):
        return _one_person(wanted, kept, is_typing=is_typing)
    if isinstance(wanted, PlaceTraits) and isinstance(kept, PlaceTraits):
        return _one_place(wanted, kept)
    return None


def _one_person(wanted: PersonTraits, kept: PersonTraits, *, is_typing: bool) -> Verdict | None:
    """A name alike and nothing against it; or a former name, where birth and home or telephone agree."""
    day = DayAsked("", (wanted.born,)).nearness(kept.born) if wanted.born else None
    if wanted.born and kept.born and day is None:
        return None
    has_home, has_other_home = _shares_home(wanted, kept)
    has_telephone = bool(wanted.telephones & kept.telephones)
    said = [
        *([day] if day else []),
        *(["same address"] if has_home else []),
        *(["same telephone number"] if has_telephone else []),
    ]
    names = (
        _same_name(wanted, kept, is_typing=is_typing),
        _same_name(kept, wanted, is_typing=False) if wanted.others else None,
    )
    name = min((name for name in names if name is not None), default=None)
    if name is None:
        is_known_again = day == SAME and (has_home or has_telephone)
        given = _best(wanted.given, kept.given, is_given=True)
        if is_known_again and given is not None and given <= Likeness.SHORT_FORM:
            return Verdict(FORMER_NAME, ("same given name", *said))
        return None
    cost, is_sure = name
    if not said and not is_sure and has_other_home:
        return None
    return Verdict(cost - 3.0 * len(said), ("name" if cost == 0 else "name alike", *said))


def _same_name(wanted: PersonTraits, kept: PersonTraits, *, is_typing: bool) -> tuple[float, bool] | None:
    """What the difference of two names costs, and whether they are surely one; either way round."""
    ways = []
    for given, family in ((kept.given, kept.family), (kept.family, kept.given)):
        ways.append(_name_as(wanted, given, family, is_typing=is_typing))
    for other in kept.others:
        ways.append(_name_as(wanted, other[:-1] or kept.given, other[-1:], is_typing=is_typing))
        ways.append(_name_as(wanted, other, kept.family, is_typing=is_typing))
    return min((way for way in ways if way is not None), default=None)


def _name_as(
    wanted: PersonTraits, given: Sequence[str], family: Sequence[str], *, is_typing: bool
) -> tuple[float, bool] | None:
    if not wanted.given or not given:
        return None
    last = _best(_and_joined(wanted.family), _and_joined(family), is_typing=is_typing)
    first = _best(wanted.given, given, is_given=True, is_typing=is_typing)
    if last is None or first is None:
        return None
    return float(COST[last] + COST[first]), max(last, first) <= Likeness.SHORT_FORM


def _and_joined(words: Sequence[str]) -> tuple[str, ...]:
    return (*words, "".join(words)) if len(words) > 1 else tuple(words)


def _best(
    wanted: Iterable[str], kept: Sequence[str], *, is_given: bool = False, is_typing: bool = False
) -> Likeness | None:
    found = (_likeness(one, other, is_given, is_typing) for one in wanted for other in kept)
    return min((likeness for likeness in found if likeness is not None), default=None)


def _likeness(one: str, other: str, is_given: bool, is_typing: bool) -> Likeness | None:
    """Two given names that are both well known are one only where the list says so: Carl is not Carol."""
    if one == other:
        return Likeness.EXACT
    if is_given and 1 in (len(one), len(other)):
        return Likeness.BEGINS if one[0] == other[0] else None
    if is_typing and len(one) >= SHORTEST_BEGINNING and other.startswith(one):
        return Likeness.BEGINS
    if is_given and given_names.names_behind(one) & given_names.names_behind(other):
        return Likeness.SHORT_FORM
    if is_given and one in given_names.KNOWN and other in given_names.KNOWN:
        return None
    if sounds(one) & sounds(other):
        return Likeness.SOUND
    return Likeness.SPELLING if letters_wrong(one, other) is not None else None


def _shares_home(wanted: PersonTraits, kept: PersonTraits) -> tuple[bool, bool]:
    """Whether they share an address; and whether both have one and share none."""
    is_same = any(_same_address(one, other) for one in wanted.homes for other in kept.homes)
    has_postcode = bool(wanted.postcodes & kept.postcodes) and not (wanted.homes and kept.homes)
    shares = is_same or has_postcode
    return shares, bool(wanted.homes and kept.homes) and not shares


def _one_place(wanted: PlaceTraits, kept: PlaceTraits) -> Verdict | None:
    if wanted.uprn and wanted.uprn == kept.uprn:
        return Verdict(-5.0, ("same UPRN",))
    if wanted.uprn and kept.uprn:
        return None
    if wanted.postcode and kept.postcode and not _near_postcode(wanted.postcode, kept.postcode):
        return None
    has_number = wanted.address.number or kept.address.number
    if not has_number and wanted.kind is not kept.kind:
        return None
    if _same_address(wanted.address, kept.address):
        is_same = wanted.address.street == kept.address.street
        return Verdict(0.0 if is_same else 1.0, ("address" if is_same else "address alike",))
    named = (kept.name, *kept.others)
    if not has_number and any(_same_address(wanted.name, name) for name in named):
        return Verdict(2.0, ("name alike",))
    return None


def _near_postcode(one: str, other: str) -> bool:
    return one == other or letters_wrong(one, other) is not None


def _same_address(one: Parts, other: Parts) -> bool:
    """Flat and number agree, the kind of road does not differ, and every word of the shorter stands in the longer."""
    if (one.flat, one.number) != (other.flat, other.number) or not one.street or not other.street:
        return False
    if one.roads and other.roads and not one.roads & other.roads:
        return False
    short, long = sorted((one.street, other.street), key=len)
    joined = long | {"".join(pair) for pair in ((a, b) for a in long for b in long if a != b)}
    return all(_best((word,), sorted(joined)) is not None for word in short)
