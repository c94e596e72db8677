from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import scoped_session

from psg.accounts.models import Agency
from psg.audit import append as appending
from psg.audit import services as audit
from psg.audit.append import RecordError, open_record
from psg.audit.canonical import NotCanonicalError
from psg.audit.models import Detail, Head, Leaf, Operation
from psg.audit.queries import entries_about, head_is_sound, latest
from psg.audit.verify import verify
from tests.audit.owner import as_owner, empty_record
from tests.audit.worked_example import (
    BODIES,
    CASE,
    DISCLOSURE,
    LEAVES,
    NOTE,
    OFFICER,
    OPENED,
    ROOTS,
    SALTS,
    Named,
    Officer,
    seconds,
)
from tests.factories.accounts import make_agency

Session = scoped_session[Any]


def entries(session: Session) -> int:
    return int(session.scalar(select(func.count()).select_from(Leaf)) or 0)


def actions() -> list[object]:
    """What the record tells of, oldest first, the opening left out."""
    told = [
        entry.detail["action"] for entry in latest(limit=100) if entry.detail and "action" in entry.detail
    ]
    return told[::-1]


def note_seen(**detail: object) -> None:
    audit.record(Operation.CONSULTATION, "note.show", by=OFFICER, case=CASE, obj=NOTE, **detail)


@pytest.fixture
def known_salts(monkeypatch: pytest.MonkeyPatch) -> None:
    salts: Iterator[bytes] = iter(SALTS)
    monkeypatch.setattr(appending, "token_bytes", lambda _size: next(salts))


@pytest.mark.usefixtures("known_salts")
def test_the_worked_example_is_stored_to_the_byte(session: Session) -> None:
    empty_record(session.connection())
    open_record(session.connection(), origin="psg.localhost/audit", at=OPENED)
    audit.record(
        Operation.COLLECTION, "note.add", by=OFFICER, case=CASE, obj=NOTE, at=seconds(1), fields=["body"]
    )
    audit.record(
        Operation.DISCLOSURE,
        "disclosure.record",
        by=OFFICER,
        case=CASE,
        obj=DISCLOSURE,
        at=seconds(2),
        basis="CDA 1998 s.115",
        fields=("name", "address"),
        recipient="Siân Evans",
    )
    session.commit()
    assert list(session.scalars(select(Leaf.leaf).order_by(Leaf.seq))) == list(LEAVES)
    assert list(session.scalars(select(Leaf.root).order_by(Leaf.seq))) == list(ROOTS)
    assert list(session.scalars(select(Detail.salt).order_by(Detail.seq))) == list(SALTS)
    assert list(session.scalars(select(Detail.body).order_by(Detail.seq))) == list(BODIES)
    assert (
        verify(session.connection()).verdict
        == "OK: 3 entries, 0 checkpoints, 3 details, 0 withheld or erased"
    )


def test_the_first_entry_opens_the_record_under_its_name(session: Session) -> None:
    empty_record(session.connection())
    audit.open_record()
    opening = latest(limit=1)[0]
    assert (opening.seq, opening.op, opening.actor) == (0, Operation.CUSTODY, "system")
    assert opening.detail == {"event": "open", "origin": "psg.localhost/audit/1"}


def test_an_open_record_is_not_opened_again(session: Session) -> None:
    empty_record(session.connection())
    for _ in range(2):
        open_record(session.connection(), origin="psg.localhost/audit", at=OPENED)
    assert entries(session) == 1


def test_a_commit_with_nothing_queued_writes_nothing(session: Session) -> None:
    session.commit()
    assert entries(session) == 1


def test_nothing_is_written_to_a_record_that_was_not_opened(session: Session) -> None:
    empty_record(session.connection())
    note_seen()
    with pytest.raises(RecordError, match="psg db upgrade"):
        session.commit()
    session.rollback()


def test_a_change_undone_leaves_no_entry(session: Session) -> None:
    make_agency(code="HELD")
    session.commit()
    make_agency(code="UNDONE")
    audit.record(Operation.COLLECTION, "agency.create", by=OFFICER)
    session.rollback()
    note_seen()
    session.commit()
    assert session.scalar(select(Agency).where(Agency.code == "UNDONE")) is None
    assert actions()[1:] == ["note.show"]


def test_a_savepoint_undone_takes_only_its_own_entries_along(session: Session) -> None:
    note_seen(part="before")
    with session.begin_nested() as savepoint:
        note_seen(part="outer")
        with session.begin_nested():
            note_seen(part="inner")
        savepoint.rollback()
    with session.begin_nested():
        note_seen(part="kept")
    note_seen(part="after")
    session.commit()
    assert [entry.detail and entry.detail.get("part") for entry in latest(limit=3)] == [
        "after",
        "kept",
        "before",
    ]
    assert entries(session) == 4


def test_a_savepoint_released_writes_nothing_yet(session: Session) -> None:
    with session.begin_nested():
        note_seen()
    assert entries(session) == 1
    session.commit()
    assert entries(session) == 2


def test_a_flush_that_fails_leaves_no_entry(session: Session) -> None:
    make_agency(code="TWICE")
    session.commit()
    written = entries(session)
    held = session.scalars(select(Agency)).one()
    again = Agency(
        code="TWICE",
        name="Again",
        kind=held.kind,
        agreement_from=date(2026, 1, 1),
        agreement_until=date(2027, 1, 1),
        created_at=OPENED,
    )
    savepoint = session.begin_nested()
    audit.record(Operation.COLLECTION, "agency.create", by=OFFICER)
    session.add(again)
    with pytest.raises(SQLAlchemyError), savepoint:
        session.flush()
    session.commit()
    assert entries(session) == written


def test_where_the_entry_cannot_be_written_the_change_is_not_kept(session: Session) -> None:
    note_seen()
    session.commit()
    with as_owner(session.connection()):
        session.execute(update(Head).values(stack=b""))
    session.commit()
    make_agency(code="LOST")
    with pytest.raises(SQLAlchemyError):
        session.commit()
    session.rollback()
    assert session.scalar(select(Agency).where(Agency.code == "LOST")) is None
    assert entries(session) == 2


def test_a_lost_head_stops_all_writing(session: Session) -> None:
    note_seen()
    session.commit()
    with as_owner(session.connection()):
        session.execute(Head.__table__.delete())
    note_seen()
    with pytest.raises(SQLAlchemyError):
        session.commit()
    session.rollback()
    assert entries(session) == 2


def test_a_refusal_outlives_what_it_refused(session: Session) -> None:
    note_seen()
    audit.refused("sign_in", by=audit.ANONYMOUS)
    audit.record(Operation.SECURITY, "user.create", by=OFFICER)
    session.rollback()
    session.commit()
    assert actions() == ["sign_in"]
    entry = latest(limit=1)[0]
    assert (entry.op, entry.actor) == (Operation.SECURITY, "anonymous")
    assert entry.detail == {"action": "sign_in", "outcome": "refused"}


def test_an_entry_says_how_things_stood_when_it_was_queued(session: Session) -> None:
    agency = make_agency(code="GONE")
    name = agency.record_id
    audit.record(Operation.ERASURE, "agency.delete", by=OFFICER, obj=agency)
    session.flush()
    session.delete(agency)
    session.commit()
    assert latest(limit=1)[0].obj == name


def test_the_product_itself_acts_as_system(session: Session) -> None:
    audit.record(Operation.SECURITY, "plan.import", by=None)
    session.commit()
    entry = latest(limit=1)[0]
    assert (entry.actor, entry.agency) == ("system", None)


def test_an_entry_is_found_by_everything_it_names(session: Session) -> None:
    listed = ["person_" + "6" * 32, "person_" + "7" * 32]
    audit.seen("people.list", by=OFFICER, ids=listed)
    note_seen()
    session.commit()
    assert OFFICER.agency is not None
    for name, count in {
        OFFICER.record_id: 2,
        OFFICER.agency.record_id: 2,
        CASE.record_id: 1,
        NOTE.record_id: 1,
        listed[0]: 1,
        listed[1]: 1,
        "person_" + "8" * 32: 0,
    }.items():
        assert len(entries_about(name, limit=10)) == count
    assert entries_about(listed[0], limit=10)[0].detail == {"action": "people.list", "ids": listed}


def test_the_record_is_paged_from_the_newest_back(session: Session) -> None:
    for part in range(5):
        note_seen(part=part)
    session.commit()
    first = entries_about(CASE.record_id, limit=2)
    second = entries_about(CASE.record_id, limit=2, before=(first[-1].generation, first[-1].seq))
    assert [entry.detail and entry.detail["part"] for entry in (*first, *second)] == [4, 3, 2, 1]
    assert [entry.seq for entry in latest(limit=9, before=(1, 3))] == [2, 1, 0]


def test_an_alteration_tells_which_fields_and_not_what_they_held(session: Session) -> None:
    before = {"title": "Old title", "due_on": date(2026, 8, 12), "owner": None}
    after = {"title": "New title", "due_on": date(2026, 8, 12), "owner": "user_" + "1" * 32}
    audit.record(Operation.ALTERATION, "action.edit", by=OFFICER, **audit.changes(before, after))
    session.commit()
    detail = latest(limit=1)[0].detail
    assert detail is not None
    assert detail["fields"] == ["owner", "title"]
    body = session.scalars(select(Detail.body).order_by(Detail.seq.desc())).first()
    assert b"title" in body
    assert b"Old" not in body
    assert b"New" not in body


def test_the_same_values_hash_differently_each_time() -> None:
    assert audit.changes({}, {"ward": "Hartcliffe"}) != audit.changes({}, {"ward": "Hartcliffe"})


@pytest.mark.parametrize(
    ("by", "case", "obj"),
    [
        (Officer("7", None), None, None),
        (Officer("case_" + "1" * 32, None), None, None),
        (Officer("user_" + "1" * 31, None), None, None),
        (Officer("user_" + "1" * 32, Named("7")), None, None),
        (OFFICER, NOTE, None),
        (OFFICER, None, "P-0007"),
        (OFFICER, None, "Note_" + "1" * 32),
    ],
)
def test_who_and_what_are_named_by_record_ids_only(session: Session, by: Any, case: Any, obj: Any) -> None:
    with pytest.raises(ValueError, match=r"in the record|not the record id"):
        audit.record(Operation.CONSULTATION, "case.show", by=by, case=case, obj=obj)
    session.commit()
    assert entries(session) == 1


@pytest.mark.parametrize("value", [1.5, "\ud800", "a\x00", b"bytes", object, 2**53])
@pytest.mark.usefixtures("session")
def test_a_detail_the_record_cannot_hold_is_refused_at_once(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        note_seen(value=value)


@pytest.mark.usefixtures("session")
def test_a_detail_over_64_kib_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="file hash"):
        note_seen(text="x" * 70_000)


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\nbreak"])
def test_a_name_that_cannot_stand_in_a_checkpoint_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="PSG_AUDIT_ORIGIN"):
        audit.configure(origin=origin)


def test_readiness_sees_a_head_that_left_its_record(session: Session) -> None:
    assert head_is_sound()
    note_seen()
    session.commit()
    assert head_is_sound()
    for damage in ({"size": 3}, {"stack": bytes(64)}, {"stack": b""}):
        with session.begin_nested() as savepoint:
            with as_owner(session.connection()):
                session.execute(update(Head).values(**damage))
            assert not head_is_sound()
            savepoint.rollback()
    with as_owner(session.connection()):
        session.execute(Head.__table__.delete())
        assert not head_is_sound()
