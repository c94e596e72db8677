"""A file brought by an officer: read, looked at, imported or put away; without JavaScript, and nobody else’s."""

import csv
import io
import re
import sqlite3
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from psg.accounts.models import Role
from psg.audit.queries import latest
from psg.base import Base
from psg.demand.commands import demand_group
from psg.demand.imports import importing, reader, services
from psg.demand.imports.models import AgencyColumns, ImportAct, ImportFile, ImportPart, WaitingContact
from psg.demand.models import Contact, ContactKind, DemandImport, ImportState, SuppliedMonth
from psg.extensions import db
from psg.web.dates import now
from tests.factories.accounts import make_agency, make_user
from tests.factories.demand import HEADER, demand_file, make_contact, workbook
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")
NEW = "/demand/imports/new"
TABLES = (DemandImport, ImportAct, ImportFile, ImportPart, WaitingContact)


def count(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def bring(desk, content: bytes, name: str = "contacts.csv", **data: str):
    return sent(desk, {**desk.hidden_fields(NEW), **data}, content, name)


def sent(desk, data: dict[str, str], content: bytes, name: str):
    """As a browser sends it; the client of the tests would leave a long one in a file that it does not close."""
    parts = [f'name="{field}"\r\n\r\n{value}'.encode() for field, value in data.items()]
    parts.append(f'name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + content)
    body = b"".join(b"--bound\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return desk.post(NEW, data=body + b"--bound--\r\n", content_type="multipart/form-data; boundary=bound")


def rows(*more: str) -> bytes:
    person, place = make_person(), make_place()
    db.session.commit()
    return demand_file(
        f"CAD-1,{person.reference},2026-01-11 14:05,asb,suspected",
        f"CAD-2,{place.reference},12/01/2026,noise,subject",
        *(row.format(person=person.reference) for row in more),
    )


@pytest.fixture
def officer():
    return make_user(role=Role.AGENCY_LEAD)


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


def text(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_file_is_looked_at_and_then_imported(desk, officer) -> None:
    answer = bring(desk, rows())
    assert (answer.status_code, count(Contact)) == (303, 0)
    page = desk.get(answer.location)
    assert "2 to be added" in text(page)
    assert "CAD-1" in page.text
    assert (count(Contact), count(SuppliedMonth), count(WaitingContact)) == (0, 0, 2)
    done = desk.send(f"{answer.location}/import", page=answer.location)
    assert (done.status_code, done.location) == (303, answer.location)
    assert count(Contact) == 2
    entry = latest(limit=1)[0]
    assert (entry.detail["action"], entry.detail["added"]) == ("demand.import", 2)
    page = desk.get(done.location)
    assert "2 added" in text(page)
    assert officer.name in page.text
    listed = desk.get("/demand/imports")
    source = db.session.scalars(select(DemandImport)).one()
    assert (source.file_hash[:8] in listed.text, officer.name in listed.text) == (True, True)
    assert (count(ImportFile), count(ImportPart), count(WaitingContact)) == (0, 0, 0)


def test_same_file_again_is_said_to_be_so_and_changes_nothing(desk) -> None:
    content = rows()
    for _ in range(2):
        answer = bring(desk, content)
        page = desk.get(answer.location)
        if "to be added" in text(page) and "2 to be added" in text(page):
            desk.send(f"{answer.location}/import", page=answer.location)
    assert "This very file was imported on" in text(page)
    assert "Nothing would change" in text(page)
    assert "2 held already" in text(page)
    desk.send(f"{answer.location}/put-away")
    assert [count(model) for model in (Contact, *TABLES)] == [2, 1, 1, 0, 0, 0]


def test_bad_rows_are_left_out_only_where_it_is_said_and_come_back(desk) -> None:
    answer = bring(desk, rows("CAD-3,{person},never,asb,subject", "CAD-4,=1+1,2026-01-01,asb,subject"))
    page = desk.get(answer.location)
    assert "2 cannot be imported" in text(page)
    assert "happened_at must be a date such as" in page.text
    refused = desk.send(f"{answer.location}/import", page=answer.location)
    assert (refused.status_code, count(Contact)) == (422, 0)
    assert "Tick that the rows which cannot be imported are left out" in refused.text
    before = desk.get(f"{answer.location}/bad-rows.csv")
    assert "OFFICIAL-SENSITIVE-rows-not-imported" in before.headers["Content-Disposition"]
    desk.send(f"{answer.location}/import", {"leave_out": "y"}, page=answer.location)
    assert count(Contact) == 2
    again = desk.get(f"{answer.location}/bad-rows.csv")
    assert before.data == again.data
    lines = list(csv.reader(io.StringIO(again.data.decode("utf-8-sig"), newline="")))
    assert [line[-2] for line in lines] == ["import_row", "4", "5"]
    assert lines[2][1] == "'=1+1"
    assert "2 rows that were left out" in text(desk.get(answer.location))


def test_file_that_is_wrong_is_refused_on_the_page_and_nothing_is_kept(desk) -> None:
    for content, name, sentence in (
        (b"", "empty.csv", "The file is empty"),
        (HEADER.encode(), "names.csv", "column names and no rows"),
        (bytes(range(256)) * 40, "binary.csv", "Row 1"),
        (b"x" * 10_000_000, "one-line.csv", "Row 1 is not CSV"),
        (rows(), "fine.xlsx", ""),
        (b"%PDF-1.4", "letter.csv", "is a PDF"),
        (b"PK\x03\x04" + bytes(100), "book.csv", "cannot be read as an Excel workbook"),
    ):
        answer = bring(desk, content, name)
        assert answer.status_code == (422 if sentence else 303), name
        assert sentence in answer.text
        if sentence:
            assert count(DemandImport) == 0, name
        else:
            desk.send(f"{answer.location}/put-away")
    assert [count(model) for model in TABLES] == [0] * 5


def test_no_file_chosen_is_one_sentence(desk) -> None:
    answer = desk.send(NEW, {})
    assert answer.status_code == 422
    assert "Choose the file with the contacts" in answer.text


def test_file_with_an_error_far_down_is_refused_when_it_is_read(desk) -> None:
    answer = bring(desk, rows() + b'CAD-9,"x\r\n')
    page = desk.get(answer.location)
    assert "is not CSV: check its quotation marks" in text(page)
    assert desk.post(f"{answer.location}/import", data={}).status_code in (400, 422)
    desk.send(f"{answer.location}/put-away")
    assert [count(model) for model in TABLES] == [0] * 5


def test_agencys_own_columns_are_matched_once_and_remembered(desk, officer) -> None:
    content = rows().replace(HEADER.encode(), "Log no,Person ref,Date,Call type,Rôle".encode())
    content = content.replace(b"asb", b"NUIS - youths").replace(b"suspected", b"SUSP")
    answer = bring(desk, content)
    columns = desk.get(answer.location)
    assert columns.location.endswith("/columns")
    page = desk.get(columns.location)
    assert re.search(r'<option value="column-0" selected>Column “Log no”', page.text)
    chosen = {
        "source_reference": "column-0", "subject": "column-1", "happened_at": "column-2", "kind": "column-3",
    }  # fmt: skip
    missing = desk.send(columns.location, {**chosen, "role": ""})
    assert missing.status_code == 422
    assert "everything that is needed" in missing.text
    twice = desk.send(columns.location, {**chosen, "role": "column-3"})
    assert "one thing only" in twice.text
    assert desk.send(columns.location, {**chosen, "role": "column-4"}).status_code == 303
    found = desk.get(answer.location)
    assert "Match 2 codes" in text(found)
    codes = desk.get(f"{answer.location}/codes")
    assert re.search(r'value="asb" selected', codes.text)
    assert re.search(r'value="suspected" selected', codes.text)
    desk.send(f"{answer.location}/codes", {"kind_0": "asb", "role_0": "suspected"})
    assert "2 to be added" in text(desk.get(answer.location))
    desk.send(f"{answer.location}/import", page=answer.location)
    assert count(Contact) == 2
    later = bring(desk, content.replace(b"CAD-", b"NEXT-"))
    assert "2 to be added" in text(desk.get(later.location))
    held = db.session.get(AgencyColumns, officer.agency_id).columns
    assert held["kinds"] == {"NUIS - youths": "asb"}


def test_kind_and_part_may_be_the_same_in_every_row(desk) -> None:
    person = make_person()
    db.session.commit()
    answer = bring(desk, demand_file(f"1,{person.reference},2026-01-01", header="ref,who,when"))
    page = desk.get(answer.location).location
    data = {"source_reference": "column-0", "subject": "column-1", "happened_at": "column-2"}
    desk.send(page, {**data, "kind": "every-fire", "role": "every-subject"})
    desk.send(f"{answer.location}/import", page=answer.location)
    assert db.session.scalar(select(Contact.kind)) is ContactKind.FIRE


def test_another_sheet_of_a_workbook_is_read(desk) -> None:
    lines = [line.split(",") for line in rows().decode().split()]
    answer = bring(
        desk,
        workbook(["About", "this"], ["file", "none"], Sent=csv_lines(rows())),
        "book.xlsx",
    )
    page = desk.get(desk.get(answer.location).location)
    assert "Sent" in page.text
    assert lines
    desk.send(f"{answer.location}/sheet", {"sheet": "Sent"}, page=f"{answer.location}/columns")
    assert "to be added" in text(desk.get(answer.location))


def csv_lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_nobody_else_sees_a_file_that_is_not_imported(desk, officer, sign_in) -> None:
    answer = bring(desk, rows("CAD-3,{person},never,asb,subject"))
    desk.get(answer.location)
    colleague = sign_in(make_user(agency=officer.agency, role=Role.AGENCY_LEAD))
    chair = sign_in(make_user(role=Role.COORDINATOR))
    for other in (colleague, chair):
        for path in ("", "/columns", "/codes", "/put-away", "/bad-rows.csv", "/undo"):
            assert other.get(f"{answer.location}{path}").status_code == 404, path
        for path in ("/import", "/sheet", "/columns", "/codes", "/put-away"):
            assert other.post(f"{answer.location}{path}").status_code == 404, path
        assert answer.location not in other.get("/demand/imports").text
    desk.send(f"{answer.location}/import", {"leave_out": "y"}, page=answer.location)
    assert colleague.get(answer.location).status_code == 200
    assert chair.get(answer.location).status_code == 200
    assert colleague.get(f"{answer.location}/bad-rows.csv").status_code == 404
    stranger = sign_in(make_user(role=Role.AGENCY_LEAD))
    assert stranger.get(answer.location).status_code == 404
    assert stranger.post(f"{answer.location}/undo").status_code == 404
    assert answer.location not in stranger.get("/demand/imports").text


def test_officer_brings_their_own_agencys_file_and_the_coordinator_anybodys(officer, sign_in) -> None:
    other, content = make_agency(code="FIRE"), rows()
    practitioner, chair = sign_in(make_user()), sign_in(make_user(role=Role.COORDINATOR))
    assert "Agency that sent the file" not in practitioner.get(NEW).text
    bring(practitioner, content, agency=str(other.id))
    bring(chair, content, agency=str(other.id))
    agencies = db.session.scalars(select(DemandImport.agency_id).order_by(DemandImport.id)).all()
    assert agencies[0] != other.id
    assert agencies[1] == other.id
    assert bring(chair, content, agency="999999").status_code == 422
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.DELIVERY_GROUP):
        assert sign_in(make_user(role=role)).get("/demand/imports").status_code == 403


def test_two_tabs_that_import_one_file_add_its_rows_once(desk) -> None:
    answer = bring(desk, rows())
    hidden = [desk.hidden_fields(answer.location, f"{answer.location}/import") for _ in range(2)]
    statuses = [desk.post(f"{answer.location}/import", data=data).status_code for data in hidden]
    assert statuses == [303, 404]
    assert count(Contact) == 2


def test_page_that_shows_what_was_found_before_imports_nothing(desk) -> None:
    """Another tab had the file read otherwise, or its number is another file’s now."""
    answer = bring(desk, rows())
    stale = desk.hidden_fields(answer.location, f"{answer.location}/import")
    desk.send(f"{answer.location}/put-away")
    later = bring(desk, rows("CAD-3,{person},2026-01-01,asb,subject"))
    desk.get(later.location)
    refused = desk.post(f"{later.location}/import", data=stale)
    assert refused.status_code in (409, 422)
    assert "has changed since you opened this page" in refused.text
    assert count(Contact) == 0


def test_mended_file_of_the_same_name_is_not_taken_for_the_first(desk) -> None:
    hidden = desk.hidden_fields(NEW)
    first = sent(desk, hidden, rows(), "a.csv")
    second = sent(desk, hidden, rows(), "a.csv")
    assert first.status_code == 303
    assert second.status_code in (409, 422)


def test_file_is_sealed_while_it_is_kept(desk) -> None:
    bring(desk, rows("CAD-3,{person},2026-01-01,asb,subject"))
    kept = (
        db.session.scalars(select(ImportPart.body)).all() + db.session.scalars(select(ImportFile.body)).all()
    )
    assert len(kept) == 2
    assert not any(b"CAD-3" in body for body in kept)


def test_file_nobody_imported_is_gone_after_a_day(desk, officer, sign_in) -> None:
    """Shown to nobody from that moment, and deleted by whoever looks at imports next, or by the server's timer."""
    answer = bring(desk, rows())
    db.session.execute(update(ImportFile).values(expires_at=now() - timedelta(minutes=1)))
    db.session.commit()
    assert desk.get(f"{answer.location}/bad-rows.csv").status_code == 404
    assert "CAD-1" not in desk.get(answer.location).text
    db.session.execute(update(DemandImport).values(created_at=now() - timedelta(days=2)))
    db.session.commit()
    assert sign_in(make_user(agency=officer.agency)).get("/demand/imports").status_code == 200
    assert [count(model) for model in TABLES] == [0] * 5
    bring(desk, rows())
    db.session.execute(update(ImportFile).values(expires_at=now() - timedelta(minutes=1)))
    db.session.execute(update(DemandImport).values(created_at=now() - timedelta(days=2)))
    db.session.commit()
    assert CliRunner().invoke(demand_group, ["tidy"]).exit_code == 0
    assert [count(model) for model in TABLES] == [0] * 5


def test_file_sealed_under_another_secret_can_only_be_put_away(desk, app, monkeypatch) -> None:
    answer = bring(desk, rows())
    db.session.execute(update(ImportFile).values(body=b"altered"))
    db.session.commit()
    sent_on = desk.get(answer.location)
    assert (sent_on.status_code, sent_on.location) == (303, f"{answer.location}/put-away")
    assert desk.send(f"{answer.location}/put-away").status_code == 303
    assert count(DemandImport) == 0


def test_page_says_how_far_a_long_file_is_and_asks_again(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "see_to", lambda _source: None)
    answer = bring(desk, rows())
    db.session.execute(update(ImportFile).values(rows_read=1))
    db.session.commit()
    page = desk.get(answer.location)
    part = desk.get(answer.location, headers={"HX-Request": "true"})
    assert "1 of about 2 rows read" in text(page)
    assert part.text.strip() in page.text
    assert 'href="' + answer.location in page.text
    monkeypatch.undo()
    assert desk.get(answer.location, headers={"HX-Request": "true"}).headers["HX-Redirect"] == answer.location


def test_file_whose_reader_was_ended_is_read_again_from_its_beginning(desk, monkeypatch) -> None:
    monkeypatch.setattr(reader, "see_to", lambda _source: None)
    answer = bring(desk, rows())
    monkeypatch.undo()
    source = db.session.scalars(select(DemandImport)).one()
    db.session.execute(update(ImportFile).values(worker="ended", worked_at=now(), rows_read=1))
    waiting = WaitingContact(
        import_id=source.id, audit_id="0" * 32, subject_id=make_person().id, kind="asb", role="subject",
        happened_at=now(), happened_on=now().date(), source_reference="CAD-1", summary="", is_crisis=False,
        is_withdrawn=False,
    )  # fmt: skip
    db.session.add(waiting)
    db.session.commit()
    assert "rows read" in text(desk.get(answer.location))
    db.session.execute(update(ImportFile).values(worked_at=now() - timedelta(minutes=1)))
    db.session.commit()
    assert "2 to be added" in text(desk.get(answer.location))
    assert count(WaitingContact) == 2


def test_reader_that_lost_its_file_stops(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "see_to", lambda _source: None)
    bring(desk, rows())
    number = db.session.scalar(select(DemandImport.id)) or 0

    def taken_over(import_id: int, found: object) -> None:
        importing.forget(import_id)

    monkeypatch.setattr(importing, "stage", taken_over)
    reader.read_file(number)
    assert [count(model) for model in TABLES] == [0] * 5


def test_fault_while_reading_is_a_sentence_and_logs_nothing_of_the_file(desk, monkeypatch, caplog) -> None:
    def break_down(*_: object) -> None:
        raise ValueError("CAD-1 of James Reedmace")

    monkeypatch.setattr(reader, "check_rows", break_down)
    answer = bring(desk, rows())
    assert "could not be read" in text(desk.get(answer.location))
    assert "Reedmace" not in caplog.text
    assert "ValueError" in caplog.text


def test_database_that_is_busy_says_nothing_of_the_file(desk, monkeypatch, caplog) -> None:
    """Somebody wrote for longer than we wait: it is read again from its beginning, and nobody waits for that."""

    def locked(*_: object) -> None:
        raise OperationalError("INSERT", ("CAD-1",), sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(importing, "stage", locked)
    answer = bring(desk, rows())
    assert "rows read" in text(desk.get(answer.location))
    assert "CAD-1" not in caplog.text
    monkeypatch.undo()
    assert "2 to be added" in text(desk.get(answer.location))
    assert count(WaitingContact) == 2


def test_import_is_taken_back_and_the_right_file_can_be_sent(desk, officer) -> None:
    earlier = make_contact(make_person(), by=officer, source_reference="OLD-1")
    content = rows()
    answer = bring(desk, content + f"OLD-1,{earlier.subject.reference},2026-01-01,asb,subject\r\n".encode())
    desk.send(f"{answer.location}/import", page=answer.location)
    assert count(SuppliedMonth) == 1
    refused = desk.send(f"{answer.location}/undo", {"reason": ""})
    assert refused.status_code == 422
    undone = desk.send(f"{answer.location}/undo", {"reason": "The wrong month"})
    assert undone.status_code == 303
    page = desk.get(answer.location)
    assert "The wrong month" in page.text
    assert count(SuppliedMonth) == 0
    standing = db.session.scalars(
        select(Contact.source_reference).where(Contact.withdrawn_at.is_(None))
    ).all()
    assert standing == ["OLD-1"]
    assert desk.send(f"{answer.location}/undo", {"reason": "Again"}).status_code == 422
    again = bring(desk, content)
    assert "2 to be added" in text(desk.get(again.location))
    desk.send(f"{again.location}/import", page=again.location)
    assert (count(Contact), count(SuppliedMonth)) == (5, 1)


def test_what_an_import_withdrew_stands_again_when_it_is_taken_back(desk) -> None:
    content = rows()
    first = bring(desk, content)
    desk.send(f"{first.location}/import", page=first.location)
    lines = content.decode().split("\r\n")
    taken = demand_file(lines[1] + ",withdrawn", header=HEADER + ",status")
    second = bring(desk, taken)
    assert "1 to be withdrawn" in text(desk.get(second.location))
    desk.send(f"{second.location}/import", page=second.location)
    stands = select(func.count()).where(Contact.withdrawn_at.is_(None))
    assert db.session.scalar(stands) == 1
    desk.send(f"{second.location}/undo", {"reason": "They were right"})
    assert db.session.scalar(stands) == 2


def test_import_that_people_rely_on_is_not_taken_back(desk, officer) -> None:
    answer = bring(desk, rows())
    desk.send(f"{answer.location}/import", page=answer.location)
    db.session.execute(
        update(Contact).where(Contact.source_reference == "CAD-1").values(excluded_reason="panel")
    )
    db.session.commit()
    refused = desk.send(f"{answer.location}/undo", {"reason": "The wrong month"})
    assert refused.status_code == 422
    assert "decided about 1 of its contacts" in refused.text
    assert db.session.scalars(select(DemandImport)).one().state is ImportState.COMPLETE


def test_more_than_a_file_may_be_is_not_read(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "LARGEST_FILE", 50)
    answer = bring(desk, rows())
    assert answer.status_code == 422
    assert "larger than 0 MB" in answer.text
    assert bring(desk, bytes(41_000_000)).status_code == 413


def test_list_is_paged_filtered_and_sorted_in_as_many_statements(sign_in, queries) -> None:
    chair = sign_in(make_user(role=Role.COORDINATOR))
    agencies = [make_agency() for _ in range(2)]
    statements = []
    for size in (1, 60):
        for number in range(size):
            source = importing.new_import(agencies[number % 2].id, f"{number:064d}", by=None, now=now())
            source.state, source.completed_at, source.added = ImportState.COMPLETE, now(), number
        db.session.commit()
        with queries() as sent:
            page = chair.get("/demand/imports")
        statements.append(sent.count)
    assert statements[0] == statements[1]
    assert "page=2" in page.text
    one = chair.get(f"/demand/imports?agency={agencies[0].id}&sort=-added")
    assert agencies[1].name not in one.text.partition('id="results"')[2]
    part = chair.get(f"/demand/imports?agency={agencies[0].id}&sort=-added", headers={"HX-Request": "true"})
    assert part.text.strip() in one.text
    assert "No import" in chair.get("/demand/imports?page=9").text
