"""Who or where may be the same as somebody or somewhere that is about to be added, or that is known already.

Stricter than the search: a name alike is not enough where the rest speaks against it. A father and his son,
twins, two flats of one house and two streets of one name are not each other.
"""

from dataclasses import dataclass

from sqlalchemy import select

from psg.accounts.models import User
from psg.subjects.finding.candidates import candidates
from psg.subjects.finding.searching import load
from psg.subjects.finding.traits import PersonTraits, PlaceTraits, traits_of
from psg.subjects.finding.typed import Typed, take_apart
from psg.subjects.finding.verdicts import verdict
from psg.subjects.models import Subject
from psg.subjects.queries import Hit, hit_of
from psg.subjects.services import PersonDetails, PlaceDetails, SubjectDetails
from psg.subjects.visibility import restricted_among

MOST_SHOWN = 5


@dataclass(frozen=True)
class Likely:
    """Who it may be, the likeliest first, and how many restricted cases are about somebody else it may be."""

    hits: tuple[Hit, ...] = ()
    restricted: int = 0

    @property
    def is_anybody(self) -> bool:
        return bool(self.hits or self.restricted)

    @property
    def references(self) -> frozenset[str]:
        return frozenset(hit.reference for hit in self.hits) | {f"restricted{self.restricted}"}


def alike(user: User, details: SubjectDetails | Subject, limit: int = MOST_SHOWN) -> list[Hit]:
    """The likely duplicates of these details, or of this record, among those this person may find."""
    return list(look(user, details, limit=limit).hits)


def look(
    user: User, details: SubjectDetails | Subject, *, limit: int = MOST_SHOWN, is_typing: bool = False
) -> Likely:
    """The same, with what is kept from this person as far as the features above tell of it.

    `is_typing`: the last name may be unfinished, so that its beginning is enough.
    """
    wanted = _traits(details)
    typed = take_apart(wanted.text)
    if not typed.full:
        return Likely()
    own = details.id if isinstance(details, Subject) else None
    found = [one for one in candidates(user, typed, need=_need(typed, wanted)) if one.number != own]
    subjects = load([one.number for one in found])
    judged: list[tuple[int, float, int, tuple[str, ...]]] = []
    for place, one in enumerate(found):
        subject = subjects.get(one.number)
        said = verdict(wanted, traits_of(subject), is_typing=is_typing) if subject else None
        if said is not None:
            judged.append((place, said.cost, one.number, said.reasons))
    judged.sort(key=lambda one: (one[1], one[0]))
    seen = {one.number for one in found if one.is_visible}
    shown = [one for one in judged if one[2] in seen][:limit]
    hidden = [number for _place, _cost, number, _reasons in judged if number not in seen]
    return Likely(
        hits=tuple(hit_of(subjects[number], reasons) for _place, _cost, number, reasons in shown),
        restricted=restricted_among(user, select(Subject.id).where(Subject.id.in_(hidden))),
    )


def _traits(details: SubjectDetails | Subject) -> PersonTraits | PlaceTraits:
    if isinstance(details, Subject):
        return traits_of(details)
    if isinstance(details, PersonDetails):
        return PersonTraits.of(
            given=details.given_name,
            family=details.family_name,
            others=(details.known_as, *details.aliases),
            born=details.date_of_birth,
            addresses=((details.address, details.postcode),),
            contact=details.contact,
        )
    if isinstance(details, PlaceDetails):
        return PlaceTraits.of(
            name=details.name,
            address=details.address,
            postcode=details.postcode,
            kind=details.place_kind,
            uprn=details.uprn or "",
            others=details.aliases,
        )
    raise TypeError(type(details))


def _need(typed: Typed, wanted: PersonTraits | PlaceTraits) -> int:
    """Two things in common of a person, of whom names change; most of an address, of which the town is left out."""
    full = len(typed.full)
    if isinstance(wanted, PersonTraits):
        return min(2, full)
    return max(1, (full + 1) // 2)
