"""Combining two records, and taking it back: every table, told by what each row of it holds."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, or_, select

from psg.audit.queries import latest
from psg.base import Base, Refused
from psg.cases.models import Case, Party, PartyRole
from psg.cases.services import add_party
from psg.demand.imports.importing import import_contacts
from psg.demand.models import Contact
from psg.demand.services import withdraw_contact
from psg.extensions import db
from psg.scoring import queries as scores
from psg.scoring.models import MatrixKind, Score
from psg.subjects import queries, services
from psg.subjects.links.forms import as_typed
from psg.subjects.links.models import Link, LinkKind
from psg.subjects.links.services import LinkDetails, edit_link
from psg.subjects.merging import fields
from psg.subjects.merging.columns import ALIKE, DERIVED, STAYS, names_a_subject, referring, unique_rules
from psg.subjects.merging.fields import Side
from psg.subjects.merging.models import Merge
from psg.subjects.merging.moving import can_have_no_double
from psg.subjects.merging.preview import carried, what_moves
from psg.subjects.merging.services import merge_records
from psg.subjects.merging.undoing import undo_merge
from psg.subjects.models import Alias, Person, Place, PlaceKind, Residence, Subject, SubjectKind
from psg.subjects.residences import Stay, add_residence
from psg.subjects.visibility import is_visible
from psg.web.dates import now, today
from psg.web.errors import NotFound
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.demand import a_row, make_contact
from tests.factories.links import make_link
from tests.factories.merging import make_known_person, make_known_place, merge, wait_for_import
from tests.factories.scoring import make_score
from tests.factories.subjects import make_person, make_place

DAY = timedelta(days=1)
BOOKS = {"subject_merge", "merged_row"}
"""Where merges are kept, for undoing and afterwards."""
Snapshot = dict[str, dict[Any, dict[str, Any]]]


def held() -> Snapshot:
    """Every row of every table by its key, as the database holds it; the record, the books and versions apart."""
    db.session.flush()
    found: Snapshot = {}
    for table in Base.metadata.sorted_tables:
        if table.name in BOOKS or table.name.startswith("audit_"):
            continue
        keys = list(table.primary_key.columns)
        found[table.name] = {
            tuple(row[key.name] for key in keys): {
                name: value for name, value in row.items() if (table.name, name) != ("subject", "version")
            }
            for row in db.session.execute(select(table)).mappings()
        }
    return found


def differing(one: Snapshot, other: Snapshot) -> set[str]:
    return {name for name in one if one[name] != other[name]}


@pytest.fixture
def officer(session: Any) -> Any:
    return make_user()


@pytest.fixture
def pair(officer: Any) -> tuple[Person, Person]:
    """Two records of one person, both with the same part in one case."""
    case = make_case(by=officer)
    kept = make_known_person(by=officer, case=case)
    gone = make_known_person(by=officer, case=case, family_name="Reedmase", aliases=("Reedy", "The Reed"))
    return kept, gone


def naming(subject: Subject) -> Iterator[tuple[str, str]]:
    """The columns in which a row names this record."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if names_a_subject(column) and db.session.scalar(
                select(func.count()).select_from(table).where(column == subject.id)
            ):
                yield table.name, column.name


def test_every_column_that_names_a_person_or_place_is_moved_or_stays_for_a_reason() -> None:
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if names_a_subject(column)
    }
    moved = {(table.name, column.name) for table, columns in referring() for column in columns}
    derived = {(name, "subject_id") for name in DERIVED}
    assert found == moved | set(STAYS) | derived
    assert not moved & set(STAYS)
    assert all(STAYS.values())


def test_every_table_that_is_moved_is_told_of_before() -> None:
    assert {table.name for table, _ in referring()} <= {name for kind in carried for name in kind.tables}


@pytest.mark.parametrize("model", [Person, Place])
def test_every_column_of_a_record_is_chosen_or_stays_for_a_reason(model: type[Subject]) -> None:
    groups = fields.OF_PEOPLE if model is Person else fields.OF_PLACES
    chosen = [column for field in groups for column in field.columns]
    columns = {
        column.name
        for table in ("subject", model.__tablename__)
        for column in Base.metadata.tables[table].columns
    }
    assert len(chosen) == len(set(chosen))
    assert set(chosen) | set(fields.NOT_CHOSEN) >= columns
    assert set(chosen) <= columns


def test_everything_goes_with_a_person_and_comes_back(pair: tuple[Person, Person], officer: Any) -> None:
    kept, gone = pair
    before = held()
    tried = {table for table, _ in naming(gone)}
    combined = merge(kept, gone, by=officer)
    assert set(naming(gone)) <= set(STAYS)
    assert differing(before, held()) >= tried - {"person", "not_the_same"}
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()


def test_everything_goes_with_a_place_and_comes_back(officer: Any) -> None:
    case = make_case(by=officer)
    kept, gone = (make_known_place(by=officer, case=case, uprn=uprn) for uprn in (None, "999900000001"))
    before = held()
    combined = merge(kept, gone, by=officer)
    assert set(naming(gone)) <= set(STAYS)
    assert (kept.uprn, len(queries.flats_in(kept, None))) == ("999900000001", 2)
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()


def test_no_table_is_left_untried(pair: tuple[Person, Person], officer: Any) -> None:
    """Each table that is moved has a row in one of the two stories above, or it must be told there."""
    place = make_known_place(by=officer, case=make_case(by=officer))
    merge(make_person(by=officer), (third := make_person(by=officer)), by=officer)
    merge(pair[1], third, by=officer) if third.merged_into_id is None else None
    told = {name for name, _ in naming(pair[1])} | {name for name, _ in naming(place)}
    assert {table.name for table, _ in referring()} - told <= {"subject"}


def tables_with_doubles() -> list[Table]:
    return [table for table, columns in referring() if not can_have_no_double(table, columns)]


def test_what_can_be_said_twice_is_set_aside_and_comes_back(
    pair: tuple[Person, Person], officer: Any
) -> None:
    """The same part in one case, the same name, the same address, the same link, the same subject of a disclosure."""
    kept, gone = pair
    other = make_person(by=officer)
    for one in pair:
        make_link(other, one, LinkKind.FRIEND, by=officer)
        make_link(one, other, LinkKind.CARER, by=officer)
    disclosed = db.session.scalars(select(Base.metadata.tables["disclosure_subject"].c.disclosure_id)).first()
    for one in pair:
        table = Base.metadata.tables["disclosure_subject"]
        db.session.execute(table.insert().values(disclosure_id=disclosed, subject_id=one.id, role="witness"))
    before = held()
    combined = merge(kept, gone, by=officer)
    after = held()
    for name in ("party", "alias", "residence", "subject_link", "disclosure_subject"):
        assert len(after[name]) < len(before[name]) + (name == "alias"), name
        for rule, _ in unique_rules(Base.metadata.tables[name]):
            said = [tuple(row[column.name] for column in rule) for row in after[name].values()]
            assert len(said) == len(set(said))
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()
    assert {table.name for table in tables_with_doubles()} == {
        "party", "alias", "residence", "subject_link", "disclosure_subject", "place", "subject",
    }, "a table that can hold doubles is tried here"  # fmt: skip
    assert set(ALIKE) <= {table.name for table in tables_with_doubles()}


def test_the_scores_of_one_part_are_counted_on_in_the_order_they_were_made(
    pair: tuple[Person, Person], officer: Any
) -> None:
    kept, gone = pair
    combined = merge(kept, gone, by=officer)
    [party] = db.session.scalars(
        select(Party).where(Party.subject_id == kept.id).group_by(Party.case_id, Party.id).having(
            Party.id.in_(select(Score.party_id).where(Score.number == 4))
        )
    )  # fmt: skip
    told = db.session.scalars(
        select(Score).where(Score.party_id == party.id, Score.kind == MatrixKind.RISK).order_by(Score.number)
    ).all()
    assert [score.number for score in told] == [1, 2, 3, 4]
    assert [score.id for score in told] == sorted(score.id for score in told)
    assert scores.latest_score(party, MatrixKind.RISK) is told[-1]
    newer = make_score(party, MatrixKind.RISK, "3 3 3 3 3 3 3 3", by=officer)
    undo_merge(combined, by=officer, now=now())
    db.session.expire_all()
    assert newer.party.subject_id == kept.id or newer.party.subject_id == gone.id
    assert newer.number == 5


def test_two_parts_in_one_case_stay_two(officer: Any) -> None:
    case = make_case(by=officer)
    kept, gone = make_person(by=officer), make_person(by=officer)
    add_party(case, kept, role=PartyRole.VICTIM, by=officer, now=now())
    add_party(case, gone, role=PartyRole.WITNESS, by=officer, now=now())
    merge(kept, gone, by=officer)
    roles = db.session.scalars(
        select(Party.role).where(Party.case_id == case.id, Party.subject_id == kept.id).order_by(Party.id)
    ).all()
    assert roles == [PartyRole.VICTIM, PartyRole.WITNESS]


def test_the_older_reference_stays_whichever_is_named_first(officer: Any) -> None:
    older, younger = make_person(by=officer), make_person(by=officer)
    assert merge(younger, older, by=officer).kept is older


def test_the_one_that_goes_is_found_by_its_name_and_reference_as_the_one_that_stays(officer: Any) -> None:
    kept = make_person(given_name="Jane", family_name="Reedmace", by=officer)
    gone = make_person(given_name="Jane", family_name="Sallowby", known_as="Janey", by=officer)
    merge(kept, gone, by=officer)
    for words in ("sallowby", "janey", "reedmace"):
        assert [hit.reference for hit in queries.search(officer, words).people] == [kept.reference], words
    assert queries.exact_path(officer, gone.reference) == kept.path
    assert queries.subject_by_reference(officer, gone.reference) is kept
    assert ([alias.name for alias in kept.aliases], kept.known_as) == (["Jane Sallowby"], "Janey")
    with pytest.raises(queries.Combined):
        queries.person_for(officer, gone.reference)


def test_a_value_is_the_older_ones_unless_it_has_none_or_somebody_chose(officer: Any) -> None:
    kept = make_person(by=officer, family_name="Reedmace", contact="07700 900001")
    gone = make_person(
        by=officer, family_name="Reedmase", contact="07700 900002", date_of_birth=today() - 9000 * DAY,
        is_care_leaver=True,
    )  # fmt: skip
    compared = {one.key: one for one in fields.compare(kept, gone, officer)}
    assert (compared["contact"].usual, compared["date_of_birth"].usual) == (Side.KEPT, Side.GONE)
    assert compared["is_care_leaver"].usual is Side.GONE
    assert not compared["known_as"].differs
    before = held()
    combined = merge(kept, gone, by=officer, choice={"name": Side.GONE})
    assert (kept.name, kept.family_name, kept.contact) == ("Reedmase", "Reedmase", "07700 900001")
    assert kept.is_care_leaver
    assert kept.date_of_birth == gone.date_of_birth
    assert [alias.name for alias in kept.aliases] == ["Reedmace"]
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()


def test_every_address_stays_and_where_they_came_last_is_the_present_one(officer: Any) -> None:
    kept = make_person(by=officer, address="1 Mere Row", postcode="ZZ1 1AA")
    gone = make_person(by=officer)
    add_residence(
        gone, Stay(address="2 Weir Close", since=today() - DAY), has_left_others=True, by=officer, now=now()
    )
    before = held()
    combined = merge(kept, gone, by=officer)
    assert kept.address == "2 Weir Close"
    assert {one.address for one in kept.residences} == {"1 Mere Row", "2 Weir Close"}
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()


def test_it_is_one_entry_that_names_both(officer: Any) -> None:
    kept, gone = make_person(by=officer), make_person(by=officer)
    db.session.commit()
    combined = merge(kept, gone, by=officer)
    db.session.commit()
    [entry] = latest(limit=1)
    assert (entry.op.value, entry.obj) == ("combination", kept.record_id)
    assert entry.detail is not None
    assert entry.detail["merged"] == gone.record_id
    undo_merge(combined, by=officer, now=now())
    db.session.commit()
    [entry] = latest(limit=1)
    assert (entry.op.value, entry.obj) == ("alteration", kept.record_id)
    assert entry.detail is not None
    assert entry.detail["parted"] == gone.record_id


def test_records_combined_before_lead_to_the_last_and_are_undone_in_turn(officer: Any) -> None:
    first, second, third = (
        make_known_person(by=officer, family_name=name) for name in ("Reed", "Reede", "Rede")
    )
    start = held()
    inner = merge(second, third, by=officer)
    middle = held()
    outer = merge(first, second, by=officer)
    assert queries.subject_by_reference(officer, third.reference) is first
    with pytest.raises(
        Refused, match=rf"{second.reference} was combined with {first.reference} on .* undo that first"
    ):
        undo_merge(inner, by=officer, now=now())
    undo_merge(outer, by=officer, now=now())
    assert differing(middle, held()) == set()
    undo_merge(inner, by=officer, now=now())
    assert differing(start, held()) == set()
    with pytest.raises(Refused, match="undone already"):
        undo_merge(inner, by=officer, now=now())


def test_what_the_two_said_of_one_another_is_set_aside(officer: Any) -> None:
    kept, gone = make_person(by=officer), make_person(by=officer)
    make_link(kept, gone, LinkKind.SIBLING, by=officer)
    before = held()
    combined = merge(kept, gone, by=officer)
    assert db.session.scalars(select(Link)).all() == []
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()


def test_its_number_is_not_given_out_again_meanwhile(officer: Any) -> None:
    kept, gone = make_person(by=officer), make_person(by=officer)
    link = make_link(kept, gone, LinkKind.SIBLING, by=officer)
    number = link.id
    combined = merge(kept, gone, by=officer)
    later = make_link(kept, make_person(by=officer), LinkKind.FRIEND, by=officer)
    undo_merge(combined, by=officer, now=now())
    assert later.id != number
    assert db.session.get_one(Link, number).kind is LinkKind.SIBLING


@pytest.mark.parametrize(
    ("kinds", "chosen", "sentence"),
    [
        ((PlaceKind.BLOCK, PlaceKind.DWELLING), {"place_kind": Side.GONE}, "It has flats"),
        ((PlaceKind.DWELLING, PlaceKind.BLOCK), {}, "It has flats"),
    ],
)
def test_a_block_stays_a_block(officer: Any, kinds: Any, chosen: Any, sentence: str) -> None:
    one, other = (make_place(by=officer, place_kind=kind) for kind in kinds)
    block = one if one.is_block else other
    make_place(by=officer, place_kind=PlaceKind.DWELLING, block_reference=block.reference)
    before = held()
    with pytest.raises(Refused, match=sentence):
        merge(one, other, by=officer, choice=chosen)
    assert differing(before, held()) == set()


def test_a_flat_is_never_its_own_block(officer: Any) -> None:
    block = make_place(by=officer, place_kind=PlaceKind.BLOCK)
    flat = make_place(by=officer, place_kind=PlaceKind.DWELLING, block_reference=block.reference)
    with pytest.raises(Refused, match="One of these is a flat in the other"):
        merge(block, flat, by=officer)


def test_an_import_that_names_the_one_that_went_means_the_one_that_stayed(officer: Any) -> None:
    kept, gone = make_person(by=officer), make_person(by=officer)
    merge(kept, gone, by=officer)
    meant = queries.numbers_meant(None, SubjectKind.PERSON, {kept.id, gone.id, 999_999})
    assert meant == {kept.id: kept.id, gone.id: kept.id}
    assert queries.numbers_meant(officer, SubjectKind.PLACE, {gone.id}) == {}
    import_contacts([a_row(gone.reference)], agency=officer.agency, file_hash="a" * 64, by=officer, now=now())
    assert db.session.scalars(select(Contact)).one().subject_id == kept.id


def test_a_person_is_never_combined_with_a_place_nor_with_themselves(officer: Any) -> None:
    person = make_person(by=officer)
    for other in (make_place(by=officer), person):
        with pytest.raises(Refused, match="Only two people, or two places"):
            merge_records(person, other, choice={}, reason="Alike", by=officer, now=now())


def test_two_safe_addresses_are_nobodys_to_choose_between(officer: Any) -> None:
    other = make_user()
    kept = make_person(by=officer, safe_address="A refuge")
    gone = make_person(by=other, safe_address="Another refuge")
    with pytest.raises(Refused, match="These two are not combined here"):
        merge(kept, gone, by=officer)
    third = make_person(by=officer)
    before = held()
    combined = merge(gone, third, by=officer)
    assert gone.safe_address_for(other.agency_id) == "Another refuge"
    undo_merge(combined, by=officer, now=now())
    assert differing(before, held()) == set()


class TestUndoingAfterEdits:
    """What was done since and does not touch what moved stays; what does is said, and nothing is changed."""

    def test_what_came_since_stays_with_the_one_that_stayed(self, pair: Any, officer: Any) -> None:
        kept, gone = pair
        before = held()
        combined = merge(kept, gone, by=officer)
        contact = make_contact(kept, by=officer)
        services.add_alias(kept, "Jimbo", by=officer, now=now())
        add_party(make_case(by=officer), kept, role=PartyRole.WITNESS, by=officer, now=now())
        make_link(kept, make_person(by=officer), LinkKind.FRIEND, by=officer)
        since = held()
        undo_merge(combined, by=officer, now=now())
        after = held()
        for name, rows in before.items():
            if name not in DERIVED:
                assert {key: after[name][key] for key in rows} == rows, name
        for name, rows in since.items():
            new = rows.keys() - before[name].keys()
            if name not in DERIVED | {"alias"}:
                assert new <= after[name].keys(), name
        assert contact.subject_id == kept.id
        assert "Jimbo" in {alias.name for alias in kept.aliases}
        assert queries.search(officer, "jimbo").people[0].reference == kept.reference
        assert queries.search(officer, "reedmase").people[0].reference == gone.reference

    def test_another_column_of_a_moved_row_keeps_what_was_done_to_it(self, officer: Any) -> None:
        kept, gone = make_person(by=officer), make_person(by=officer)
        contact = make_contact(gone, by=officer)
        combined = merge(kept, gone, by=officer)
        withdraw_contact(contact, reason="Entered twice", by=officer, now=now())
        undo_merge(combined, by=officer, now=now())
        assert (contact.subject_id, contact.withdrawn_reason) == (gone.id, "Entered twice")

    def test_another_field_of_the_record_keeps_what_was_typed(self, officer: Any) -> None:
        kept = make_person(by=officer, family_name="Reedmace")
        gone = make_person(by=officer, family_name="Reedmace", contact="07700 900001")
        combined = merge(kept, gone, by=officer)
        details = services.PersonDetails(family_name="Reedmace", known_as="Reedy", contact="07700 900001")
        services.edit_person(kept, details, by=officer, now=now())
        undo_merge(combined, by=officer, now=now())
        assert (kept.contact, kept.known_as, gone.contact) == ("", "Reedy", "07700 900001")

    def test_a_new_address_stays_the_present_one(self, officer: Any) -> None:
        kept, gone = make_person(by=officer), make_person(by=officer, address="4 Sedge Lane")
        combined = merge(kept, gone, by=officer)
        add_residence(
            kept, Stay(address="9 Weir Close", since=today()), has_left_others=False, by=officer, now=now()
        )
        undo_merge(combined, by=officer, now=now())
        assert (kept.address, gone.address) == ("9 Weir Close", "4 Sedge Lane")
        assert [one.address for one in gone.residences] == ["4 Sedge Lane"]

    def test_a_field_that_the_merge_set_and_somebody_changed_refuses_it(self, officer: Any) -> None:
        kept = make_person(by=officer, family_name="Reedmace")
        gone = make_person(by=officer, family_name="Reedmace", contact="07700 900001")
        combined = merge(kept, gone, by=officer)
        db.session.commit()
        details = services.PersonDetails(family_name="Reedmace", contact="07700 900999")
        services.edit_person(kept, details, by=officer, now=now())
        db.session.commit()
        before = held()
        with pytest.raises(
            Refused, match=rf"^{kept.reference} was changed on \w+ \d+ \w+ \d+ at .*\(Telephone or e-mail\)"
        ):
            undo_merge(combined, by=officer, now=now())
        assert differing(before, held()) == set()
        assert combined.undone_at is None

    def test_a_name_taken_off_since_refuses_it(self, officer: Any) -> None:
        kept = make_person(by=officer, family_name="Reedmace")
        gone = make_person(by=officer, family_name="Reedmace", aliases=("Reedy",))
        combined = merge(kept, gone, by=officer)
        db.session.commit()
        services.edit_person(kept, services.PersonDetails(family_name="Reedmace"), by=officer, now=now())
        db.session.commit()
        with pytest.raises(Refused, match=rf"^{kept.reference} was changed on "):
            undo_merge(combined, by=officer, now=now())

    def test_a_link_turned_round_since_refuses_it(self, officer: Any) -> None:
        kept, gone = make_person(by=officer), make_person(by=officer)
        link = make_link(gone, make_person(by=officer), LinkKind.CARER, by=officer)
        combined = merge(kept, gone, by=officer)
        details = LinkDetails(
            kind=LinkKind.CARER, is_back=True, source="A visit", source_agency=officer.agency
        )
        edit_link(link, kept, details, by=officer, now=now())
        assert as_typed(link, kept).reading == "carer-back"
        with pytest.raises(Refused, match=rf"^{kept.reference} was changed"):
            undo_merge(combined, by=officer, now=now())

    def test_a_row_that_only_waited_for_its_import_may_be_gone(self, officer: Any) -> None:
        kept, gone = make_person(by=officer), make_person(by=officer)
        wait_for_import(gone, by=officer)
        combined = merge(kept, gone, by=officer)
        db.session.execute(Base.metadata.tables["waiting_contact"].delete())
        undo_merge(combined, by=officer, now=now())
        assert gone.merged_into_id is None

    def test_a_row_of_a_case_that_changed_is_named_by_the_case(self, officer: Any) -> None:
        kept, gone = make_person(by=officer), make_person(by=officer)
        case = make_case(subject=gone, by=officer)
        combined = merge(kept, gone, by=officer)
        other = make_person(by=officer)
        db.session.execute(Base.metadata.tables["party"].update().values(subject_id=other.id))
        with pytest.raises(Refused, match=rf"^{case.reference} was changed"):
            undo_merge(combined, by=officer, now=now())

    def test_a_row_of_a_hidden_case_is_not_named(self, officer: Any) -> None:
        kept, gone = make_person(by=officer), make_person(by=officer)
        case = make_case(subject=gone, by=officer)
        combined = merge(kept, gone, by=officer)
        db.session.execute(
            Base.metadata.tables["party"].update().values(subject_id=make_person(by=officer).id)
        )
        db.session.execute(Base.metadata.tables["psg_case"].update().values(visibility="sealed"))
        db.session.expire_all()
        stranger = make_user()
        with pytest.raises(Refused) as refused:
            undo_merge(combined, by=stranger, now=now())
        assert str(refused.value).startswith("Something that came with it was changed")
        assert case.reference not in str(refused.value)


def test_a_thousand_contacts_move_in_a_few_statements(officer: Any, queries: Any) -> None:
    kept, gone = make_person(by=officer), make_person(by=officer)
    with_few, with_many = [], []
    for size, counts in ((2, with_few), (600, with_many)):
        one, other = make_person(by=officer), make_person(by=officer)
        contact = Base.metadata.tables["contact"]
        pattern = make_contact(other, by=officer)
        row = dict(db.session.execute(select(contact).where(contact.c.id == pattern.id)).mappings().one())
        row.pop("id")
        db.session.execute(
            contact.insert(), [row | {"audit_id": f"{size:08}{number:024}"} for number in range(size)]
        )
        with queries() as merging:
            combined = merge(one, other, by=officer)
        with queries() as undoing:
            undo_merge(combined, by=officer, now=now())
        counts += [merging.count, undoing.count]
    assert with_many[0] == with_few[0]
    assert with_many[1] <= with_few[1] + 2
    assert kept.id != gone.id


def test_merged_records_are_no_part_of_lists_and_no_hidden_kept_one_is_betrayed(officer: Any) -> None:
    kept, gone = make_person(by=officer), make_person(by=officer)
    merge(kept, gone, by=officer)
    seen = db.session.scalars(select(Subject.id).where(is_visible(officer))).all()
    assert kept.id in seen
    assert gone.id not in seen
    make_case(subject=kept, by=officer).visibility = "sealed"
    stranger = make_user()
    with pytest.raises(NotFound) as refused:
        queries.person_for(stranger, gone.reference)
    assert not isinstance(refused.value, queries.Combined)
    assert queries.subject_by_reference(stranger, gone.reference) is None
    assert db.session.scalars(select(Merge).where(or_(Merge.kept_id == kept.id))).one().gone_id == gone.id
    assert db.session.scalars(select(Residence)).all() is not None
    assert db.session.scalars(select(Alias)).all() is not None
    assert db.session.scalars(select(Case)).all()


def test_the_preview_counts_what_goes_along_and_only_what_is_seen(
    pair: tuple[Person, Person], officer: Any
) -> None:
    told = what_moves(officer, pair[1])
    assert {
        "2 cases",
        "4 scores",
        "2 contacts",
        "1 incident",
        "2 links",
        "2 other names",
        "1 disclosure",
    } <= set(told)
    for case in db.session.scalars(select(Case)):
        case.visibility = "sealed"
    db.session.flush()
    seen = what_moves(make_user(), pair[1])
    assert not [words for words in seen if "case" in words or "score" in words or "disclosure" in words]
