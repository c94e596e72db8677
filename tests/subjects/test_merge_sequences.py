"""Any order of combining, editing and undoing: what is undone is as it was but for what was edited since."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psg.base import Refused
from psg.cases.models import PartyRole
from psg.cases.services import add_party
from psg.demand.models import Contact
from psg.demand.services import withdraw_contact
from psg.extensions import db
from psg.scoring.models import MatrixKind
from psg.subjects import services
from psg.subjects.finding.models import SearchTerm
from psg.subjects.links.models import LinkKind
from psg.subjects.merging.columns import DERIVED
from psg.subjects.merging.models import Merge
from psg.subjects.merging.undoing import undo_merge
from psg.subjects.models import Person
from psg.subjects.residences import Stay, add_residence
from psg.web.dates import now, today
from tests.access.oblivion import taken_back
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.demand import make_contact
from tests.factories.links import make_link
from tests.factories.merging import merge
from tests.factories.scoring import enter_matrices, make_score
from tests.factories.subjects import make_person
from tests.subjects.test_merging import Snapshot, held

PEOPLE = 4
_numbers = count(1)


@dataclass
class Standing:
    """A merge that was not undone, and what every row was before and after it."""

    merge: Merge
    before: Snapshot
    after: Snapshot


class Story:
    """Four people in one case, and whatever happens to them."""

    def __init__(self) -> None:
        enter_matrices()
        self.by = make_user()
        self.case = make_case(by=self.by)
        self.people = [
            make_person(
                by=self.by, given_name="James", family_name=f"Reed{letter}",
                aliases=("Jim", f"Reedy {letter}"), address=f"{number % 2} Sedge Lane",
                contact="07700 900001" if number % 2 else "",
            )
            for number, letter in enumerate("abcd")
        ]  # fmt: skip
        for number, person in enumerate(self.people):
            self.add_part(number)
            self.add_contact(number)
            make_link(person, self.people[(number + 1) % PEOPLE], LinkKind.FRIEND, by=self.by)
        self.standing: list[Standing] = []

    def someone(self, number: int) -> Person:
        """That record, or the one that it leads to."""
        person = self.people[number]
        return db.session.get_one(Person, person.merged_into_id or person.id)

    def merge(self, number: int) -> None:
        one, other = self.someone(number), self.someone((number + 1) % PEOPLE)
        if one is other:
            return
        before = held()
        self.standing.append(Standing(merge(one, other, by=self.by), before, held()))

    def undo(self, _number: int) -> None:
        if not self.standing:
            return
        last, edited = self.standing.pop(), held()
        try:
            undo_merge(last.merge, by=self.by, now=now())
        except Refused:
            assert told(held()) == told(edited)
            assert touches(last, edited)
            self.standing.append(last)
        else:
            assert told(held()) == told(patched(last, edited))
            self.are_found_by_their_words()

    def are_found_by_their_words(self) -> None:
        before = words()
        for person in self.people:
            if person.merged_into_id is None:
                services.keep_findable(person)
        assert words() == before

    def add_contact(self, number: int) -> None:
        make_contact(self.someone(number), by=self.by)

    def withdraw(self, number: int) -> None:
        contacts = db.session.query(Contact).filter_by(subject_id=self.someone(number).id, withdrawn_at=None)
        if (contact := contacts.order_by(Contact.id).first()) is not None:
            withdraw_contact(contact, reason="Entered twice", by=self.by, now=now())

    def add_part(self, number: int) -> None:
        for role in (PartyRole.PERPETRATOR, PartyRole.WITNESS):
            try:
                party = add_party(self.case, self.someone(number), role=role, by=self.by, now=now())
            except Refused:
                continue
            if role is PartyRole.PERPETRATOR:
                make_score(party, MatrixKind.RISK, "1 1 1 1 1 1 1 1", by=self.by)

    def score(self, number: int) -> None:
        subject = self.someone(number)
        db.session.expire(self.case, ["parties"])
        for party in self.case.parties:
            if party.subject_id == subject.id and party.role is PartyRole.PERPETRATOR:
                make_score(party, MatrixKind.RISK, "2 1 2 1 2 1 2 1", by=self.by)

    def name(self, number: int) -> None:
        services.add_alias(self.someone(number), f"Name {next(_numbers)}", by=self.by, now=now())

    def edit(self, number: int) -> None:
        person = self.someone(number)
        details = services.PersonDetails(
            given_name=person.given_name, family_name=person.family_name, contact=f"07700 9{next(_numbers):05}",
            aliases=tuple(alias.name for alias in person.aliases),
        )  # fmt: skip
        services.edit_person(person, details, by=self.by, now=now())

    def forget_names(self, number: int) -> None:
        person = self.someone(number)
        details = services.PersonDetails(given_name=person.given_name, family_name=person.family_name)
        services.edit_person(person, details, by=self.by, now=now())

    def move_house(self, number: int) -> None:
        stay = Stay(address=f"{next(_numbers)} Weir Close", since=today() - timedelta(days=1))
        add_residence(self.someone(number), stay, has_left_others=bool(number % 2), by=self.by, now=now())

    def link(self, number: int) -> None:
        make_link(self.someone(number), make_person(by=self.by), LinkKind.CARER, by=self.by)


HAPPENS: dict[str, Callable[[Story, int], None]] = {
    "merge": Story.merge,
    "undo": Story.undo,
    "contact": Story.add_contact,
    "withdraw": Story.withdraw,
    "part": Story.add_part,
    "score": Story.score,
    "name": Story.name,
    "edit": Story.edit,
    "forget names": Story.forget_names,
    "move house": Story.move_house,
    "link": Story.link,
}
STEPS = st.tuples(st.sampled_from([*HAPPENS, "merge", "merge", "undo", "undo"]), st.integers(0, PEOPLE - 1))


def told(snapshot: Snapshot) -> dict[str, Any]:
    """Without the index of the search, which is made anew with numbers of its own."""
    return {name: rows for name, rows in snapshot.items() if name not in DERIVED}


def words() -> set[tuple[int, str, str]]:
    db.session.flush()
    return {
        (number, word, origin)
        for number, word, origin in db.session.query(
            SearchTerm.subject_id, SearchTerm.word, SearchTerm.origin
        )
    }


def patched(last: Standing, edited: Snapshot) -> Snapshot:
    """What was before the merge, with every edit since made to it: an account of undoing of its own."""
    found: Snapshot = {}
    for name, rows in edited.items():
        before, after = last.before[name], last.after[name]
        found[name] = {key: row for key, row in before.items() if key in rows or key not in after}
        for key, row in rows.items():
            if key not in after:
                found[name][key] = row
            elif key in before:
                changed = {column: value for column, value in row.items() if value != after[key][column]}
                found[name][key] = before[key] | changed
    return found


def touches(last: Standing, edited: Snapshot) -> bool:
    """Whether an edit since met what the merge had changed."""
    for name, rows in told(edited).items():
        before, after = last.before[name], last.after[name]
        for key, row in after.items():
            old = before.get(key, {})
            moved = {column for column in row if old and old[column] != row[column]}
            if moved and key not in rows:
                return True
            if any(rows[key][column] not in (row[column], old[column]) for column in moved):
                return True
            if not old and key in rows and rows[key] != row:
                return True
    return False


def tell(steps: list[tuple[str, int]]) -> None:
    story = Story()
    for what, number in steps:
        HAPPENS[what](story, number)
    for _ in list(story.standing):
        story.undo(0)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
@given(steps=st.lists(STEPS, min_size=3, max_size=12))
def test_what_is_undone_is_as_it_was_but_for_what_was_edited_since(
    app: Flask, session: object, steps: list[tuple[str, int]]
) -> None:
    with taken_back():
        tell(steps)


@pytest.mark.long
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
@given(steps=st.lists(STEPS, min_size=3, max_size=30))
def test_that_holds_for_many_and_longer_stories(
    app: Flask, session: object, steps: list[tuple[str, int]]
) -> None:
    with taken_back():
        tell(steps)
