"""A list of what officers type, tried among two thousand others: the one they mean is among the first five."""

from typing import Any

import pytest

from psg.accounts.models import User
from psg.subjects import queries
from tests.factories.accounts import make_user
from tests.factories.subjects import make_person, make_place
from tests.subjects.crowd import gather
from tests.subjects.variants import PEOPLE, PLACES, Known

OTHERS = 2_000
AMONG_FIRST = 5
TIMES_IN_A_HUNDRED = 95


def add(known: Known) -> str:
    """Its reference."""
    shared: dict[str, Any] = {
        "address": known.address,
        "postcode": known.postcode,
        "aliases": known.aliases,
    }
    if known.family:
        return make_person(
            given_name=known.given,
            family_name=known.family,
            date_of_birth=known.born,
            contact=known.contact,
            **shared,
        ).reference
    return make_place(name=known.name, **shared).reference


def is_found(user: User, typed: str, reference: str) -> bool:
    """Among the first of the list, and among the first of what the page shows, people and places apart."""
    found = queries.search(user, typed)
    ranked = [hit.reference for hit in found.hits[:AMONG_FIRST]]
    shown = [hit.reference for hit in (*found.people[:AMONG_FIRST], *found.places[:AMONG_FIRST])]
    return reference in ranked and reference in shown


@pytest.mark.usefixtures("session")
def test_whoever_is_meant_is_among_the_first_five_ninety_five_times_in_a_hundred() -> None:
    user = make_user()
    meant = [(add(known), known) for known in (*PEOPLE, *PLACES)]
    gather(OTHERS)
    tried = [(reference, typed) for reference, known in meant for typed in known.typed]
    assert len(tried) >= 200
    missed = [typed for reference, typed in tried if not is_found(user, typed, reference)]
    assert len(missed) * 100 <= len(tried) * (100 - TIMES_IN_A_HUNDRED), missed
