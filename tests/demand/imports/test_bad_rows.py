"""A thousand rows that cannot be imported, of twenty-five kinds among good ones: all of them come back, with their reasons."""

import csv
import io
from collections.abc import Iterator
from html import unescape
from itertools import cycle, islice
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from psg.accounts.models import Agency, Role
from psg.audit.queries import latest
from psg.demand.commands import demand_group
from psg.demand.models import Contact
from psg.extensions import db
from psg.web.sheets import is_taken_for_a_formula
from tests.factories.accounts import make_agency, make_user
from tests.factories.demand import demand_file
from tests.factories.subjects import make_person

pytestmark = pytest.mark.usefixtures("session")

HEADER = "source_reference,subject,happened_at,kind,role,time,summary,crisis,status"
KINDS = {
    "fewer cells": "{ref},{who},2026-01-02,asb",
    "more cells": "{ref},{who},2026-01-02,asb,subject,,,,,more",
    "source_reference is missing": ",{who},2026-01-02,asb,subject,,Reedmace shouted,,",
    "source_reference is longer": "{ref}" + "x" * 60 + ",{who},2026-01-02,asb,subject,,,,",
    "summary is longer": "{ref},{who},2026-01-02,asb,subject,," + "Reedmace " * 30 + ",,",
    "that cannot be stored": "{ref}\x07,{who},2026-01-02,asb,subject,,,,",
    "that were lost": "{ref},{who},2026-01-02,asb,subject,,Si\ufffdn Reedmace,,",
    "subject is missing": "{ref},,2026-01-02,asb,subject,,,,",
    "subject is neither": "{ref},James Reedmace,2026-01-02,asb,subject,,,,",
    "subject is a number": "{ref},1.0001E+11,2026-01-02,asb,subject,,,,",
    "source_reference holds the error": "#REF!,{who},2026-01-02,asb,subject,,,,",
    "no person known here": "{ref},P-999999,2026-01-02,asb,subject,,,,",
    "no place known here has this reference": "{ref},L-999999,2026-01-02,asb,subject,,,,",
    "no place known here has this UPRN": "{ref},999999999999,2026-01-02,asb,subject,,,,",
    "happened_at is missing": "{ref},{who},,asb,subject,,,,",
    "a date such as": "{ref},{who},Reedmace’s birthday,asb,subject,,,,",
    "a date that there is": "{ref},{who},31/02/2026,asb,subject,,,,",
    "a year of two figures": "{ref},{who},02/01/26,asb,subject,,,,",
    "before 1990": "{ref},{who},1989-12-31,asb,subject,,,,",
    "in the future": "{ref},{who},2999-01-02,asb,subject,,,,",
    "on the 24-hour clock": "{ref},{who},2026-01-02,asb,subject,27:00,,,",
    "both in happened_at and in time": "{ref},{who},2026-01-02 14:05,asb,subject,14:05,,,",
    "kind is missing": "{ref},{who},2026-01-02,,subject,,,,",
    "kind must be one of": "{ref},{who},2026-01-02,Reedmace,subject,,,,",
    "role is missing": "{ref},{who},2026-01-02,asb,,,,,",
    "role must be one of": "{ref},{who},2026-01-02,asb,offender,,,,",
    "role of a place": "{ref},999999999999,2026-01-02,asb,victim,,,,",
    "crisis must be": "{ref},{who},2026-01-02,asb,subject,,=HYPERLINK(1),perhaps,",
    "status must be": "{ref},{who},2026-01-02,asb,subject,,,,deleted",
    "the same source_reference": "GOOD-1,{who},2026-01-02,asb,subject,,,,",
}
NEW = "/demand/imports/new"
MANY, GOOD = 1_000, 40


@pytest.fixture
def content() -> bytes:
    """A good row, then bad ones, and so on; the good come first in their references."""
    make_agency(code="POL")
    who = make_person().reference
    db.session.commit()
    bad = islice(cycle(KINDS.values()), MANY)
    rows = [f"GOOD-1,{who},2026-01-02,asb,subject,,,,"]
    for number, pattern in enumerate(bad):
        rows.append(pattern.format(ref=f"BAD-{number}", who=who))
        if number % (MANY // (GOOD - 1)) == 0 and len(rows) < MANY + GOOD:
            rows.append(f"GOOD-{number + 2},{who},2026-01-02,noise,caller,14:05,,yes,")
    return demand_file(*rows, header=HEADER)


@pytest.fixture
def send(tmp_path: Path, content: bytes):
    file, back = tmp_path / "contacts.csv", tmp_path / "back.csv"
    file.write_bytes(content)

    def send(*options: str):
        arguments = ["import", str(file), "--agency", "POL", "--bad-rows", str(back), *options]
        result = CliRunner().invoke(demand_group, arguments)
        read_back = list(csv.reader(io.StringIO(back.read_bytes().decode("utf-8-sig"), newline="")))
        return result, read_back

    return send


def held() -> int:
    return db.session.scalar(select(func.count()).select_from(Contact)) or 0


def reasons(lines: list[list[str]]) -> Iterator[str]:
    return (line[HEADER.count(",") + 2] for line in lines[1:])


def good_in(content: bytes) -> int:
    return content.count(b"GOOD-") - content.count(b"GOOD-1,") + 1


def test_nothing_is_imported_and_every_bad_row_is_named(send, content: bytes) -> None:
    result, lines = send()
    assert (result.exit_code, held()) == (1, 0)
    assert f"{MANY} of {MANY + good_in(content)} rows cannot be" in result.stderr.splitlines()[-1]
    assert result.stderr.count("Row ") == MANY
    assert len(lines) == 1 + MANY
    assert sorted(KINDS) == sorted(kind for kind in KINDS if any(kind in reason for reason in reasons(lines)))


def test_good_rows_are_imported_where_it_is_asked_and_every_bad_one_comes_back(send, content: bytes) -> None:
    result, lines = send("--skip-bad-rows")
    assert (result.exit_code, held()) == (0, good_in(content))
    assert f"{good_in(content)} added, 0 already held, {MANY} left out." in result.stdout
    assert lines[0] == [*HEADER.split(","), "import_row", "import_reason"]
    sent = list(csv.reader(io.StringIO(content.decode(), newline="")))
    for line, reason in zip(lines[1:], reasons(lines), strict=True):
        own = [cell.removeprefix("'") for cell in line[: HEADER.count(",") + 1]]
        original = sent[int(line[HEADER.count(",") + 1]) - 1]
        assert own == [cell.strip() for cell in [*original, *[""] * 9][:9]], reason


def test_no_reason_and_no_entry_quotes_what_stands_in_a_row(send) -> None:
    result, lines = send("--skip-bad-rows")
    assert not any("Reedmace" in reason for reason in reasons(lines))
    assert "Reedmace" not in result.output
    assert "Reedmace" not in str(latest(limit=1)[0].detail)
    assert latest(limit=1)[0].detail["left_out"] == MANY


def test_no_cell_that_comes_back_is_run_as_a_formula(send) -> None:
    _, lines = send()
    assert any("HYPERLINK" in cell for line in lines for cell in line)
    assert [cell for line in lines for cell in line if is_taken_for_a_formula(cell)] == []


def test_file_that_came_back_is_mended_and_imported_as_it_is(send, tmp_path: Path) -> None:
    _, lines = send("--skip-bad-rows")
    before = held()
    row = next(line for line in lines if "kind is missing" in line[-1])
    row[3], row[6] = "asb", "'=1+1"
    mended = io.StringIO(newline="")
    csv.writer(mended).writerows([lines[0], row])
    file = tmp_path / "mended.csv"
    file.write_text(mended.getvalue(), encoding="utf-8-sig")
    result = CliRunner().invoke(demand_group, ["import", str(file), "--agency", "POL"])
    assert (result.exit_code, held()) == (0, before + 1), result.output
    assert db.session.scalar(select(Contact.summary).where(Contact.source_reference == row[0])) == "=1+1"


def test_there_are_twenty_kinds_and_more() -> None:
    assert len(KINDS) >= 20


def test_by_page_too(content: bytes, sign_in) -> None:
    """Nothing without the tick, the good rows with it, and the same thousand back by download."""
    coordinator = sign_in(make_user(role=Role.COORDINATOR))
    agency = db.session.scalars(select(Agency).where(Agency.code == "POL")).one()
    data = {
        **coordinator.hidden_fields(NEW),
        "agency": str(agency.id),
        "file": (io.BytesIO(content), "sent.csv"),
    }
    address = coordinator.post(NEW, data=data, content_type="multipart/form-data").location
    found = unescape(coordinator.get(address).text)
    assert f">{MANY:,}<" in found
    assert all(kind[1:] in found for kind in KINDS)
    refused = coordinator.send(f"{address}/import", page=address)
    assert (refused.status_code, held()) == (422, 0)
    coordinator.send(f"{address}/import", {"leave_out": "y"}, page=address)
    assert held() == good_in(content)
    back = coordinator.get(f"{address}/bad-rows.csv").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(back, newline="")))
    assert len(lines) == 1 + MANY
    assert all(any(kind in reason for reason in reasons(lines)) for kind in KINDS)
