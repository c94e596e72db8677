"""What the pages of people and of places have in common: the same addresses under two words."""

from psg.accounts.models import User
from psg.subjects import queries
from psg.subjects.models import Person, Place, SubjectKind

PEOPLE = {"kind": "people"}
PLACES = {"kind": "places"}
"""Defaults of the two rules that one view answers."""
KINDS = {"people": SubjectKind.PERSON, "places": SubjectKind.PLACE}


def subject_at(user: User, kind: str, reference: str) -> Person | Place:
    """The person or place whose page this is; `NotFound` alike where there is none and where it is hidden."""
    if KINDS[kind] is SubjectKind.PERSON:
        return queries.person_for(user, reference)
    return queries.place_for(user, reference)
