"""`psg demand import`: one sentence, the right exit code, and nothing by halves."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from psg.accounts import queries as accounts
from psg.demand import commands
from psg.demand.commands import demand_group
from psg.demand.imports import importing
from psg.demand.imports.columns import Columns
from psg.demand.imports.models import ImportAct, WaitingContact
from psg.demand.imports.reading import remember
from psg.demand.models import Contact, ContactRole, DemandImport
from psg.extensions import db
from psg.web.dates import now
from tests.factories.accounts import make_agency
from tests.factories.demand import HEADER, demand_file, workbook
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def rows() -> tuple[str, ...]:
    make_agency(code="POL")
    person, place = make_person(), make_place(uprn="999900000001")
    return (
        f"CAD-1,{person.reference},2026-08-11 14:05,asb,suspected",
        f"CAD-2,{place.reference},12/08/2026,noise,subject",
        "CAD-3,999900000001,2026-08-12T09:00,fire,subject",
    )


@pytest.fixture
def run(tmp_path: Path):
    def run(content: bytes, *options: str, agency: str = "POL") -> Result:
        db.session.commit()
        path = tmp_path / "demand.csv"
        path.write_bytes(content)
        return CliRunner().invoke(demand_group, ["import", str(path), "--agency", agency, *options])

    return run


def held() -> int:
    return db.session.scalar(select(func.count()).select_from(Contact)) or 0


def test_good_file_is_imported_and_the_second_time_adds_nothing(run, rows) -> None:
    first, second = run(demand_file(*rows)), run(demand_file(*rows))
    assert (first.exit_code, first.stdout) == (0, "3 added, 0 already held.\n")
    assert (second.exit_code, second.stdout) == (0, "0 added, 3 already held.\n")
    assert held() == 3
    assert (
        db.session.scalar(select(Contact.role).where(Contact.source_reference == "CAD-1"))
        is ContactRole.SUSPECTED
    )


def test_dry_run_says_what_would_happen_and_saves_nothing(run, rows) -> None:
    result = run(demand_file(*rows), "--dry-run")
    assert (result.exit_code, result.stdout) == (
        0,
        "Dry run, nothing saved: 3 would be added, 0 already held.\n",
    )
    assert held() == 0


def test_bad_rows_are_all_named_and_nothing_is_imported(run, rows) -> None:
    bad = (
        "CAD-4,P-9999,2026-08-11,asb,subject",
        "CAD-5,P-0001,yesterday,asb,subject",
        "CAD-6,P-0001,2026-08-11,row,subject",
    )
    for options in ((), ("--dry-run",)):
        result = run(demand_file(*rows, *bad), *options)
        assert result.exit_code == 1
        assert result.stdout == ""
        lines = result.stderr.splitlines()
        assert [line.partition(":")[0] for line in lines[:3]] == ["Row 5", "Row 6", "Row 7"]
        assert lines[3].startswith("Error: Nothing was imported: 3 of 6 rows cannot be.")
        assert held() == 0


def test_good_rows_are_imported_where_bad_ones_are_left_out(run, rows) -> None:
    result = run(demand_file(*rows, "CAD-4,P-9999,2026-08-11,asb,subject"), "--skip-bad-rows")
    assert (result.exit_code, result.stdout) == (0, "3 added, 0 already held, 1 left out.\n")
    assert result.stderr == "Row 5: no person known here has this reference\n"
    assert held() == 3


def test_withdrawn_and_changed_rows_are_said(run, rows) -> None:
    run(demand_file(*rows))
    again = (rows[0] + ",withdrawn", rows[1].replace("noise", "fire") + ",")
    result = run(demand_file(*again, header=HEADER + ",status"))
    assert (
        result.stdout
        == "0 added, 1 already held, 1 withdrawn, 1 differing from what is held and left as they were (rows 3).\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfe\x00", "Row 1 is not UTF-8 text"),
        (demand_file("x", header="wrong"), "Row 1 must name the columns"),
    ],
)
def test_wrong_file_is_one_sentence_and_exit_1(run, rows, content, sentence) -> None:
    for options in ((), ("--skip-bad-rows",)):
        result = run(content, *options)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"Error: {sentence}")
        assert result.stderr.count("\n") == 1
    assert held() == 0


def test_unknown_agency_is_refused(run, rows) -> None:
    result = run(demand_file(*rows), agency="NONE")
    assert result.exit_code == 1
    assert "no agency with the code NONE" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "no-such-file.csv", "--agency", "POL"], ["import", "--agency", "POL", "."]],
)
def test_wrong_use_is_exit_2(arguments) -> None:
    assert CliRunner().invoke(demand_group, arguments).exit_code == 2


def test_workbook_is_imported_as_a_csv_is_and_said_to_be_one(run, rows, tmp_path: Path) -> None:
    lines = [HEADER.split(","), *(row.split(",") for row in rows)]
    result = run(workbook(["About", "nothing"], Sent=lines), "--sheet", "Sent")
    assert (result.exit_code, result.stdout) == (0, "3 added, 0 already held.\n")
    assert result.stderr == "Read as Excel workbook, sheet “Sent”.\n"
    assert run(demand_file(*rows)).stdout == "0 added, 3 already held.\n"


def test_file_in_windows_1252_with_semicolons_is_read_and_said_to_be(run, rows) -> None:
    content = demand_file(f"{rows[0]},“Siân” – shouting", header=HEADER + ",summary")
    result = run(content.decode().replace(",", ";").encode("cp1252"))
    assert (result.exit_code, result.stderr) == (0, "Read as CSV, Windows-1252, semicolons between.\n")
    assert db.session.scalar(select(Contact.summary)) == "“Siân” – shouting"


def test_agencys_own_columns_and_codes_are_read_as_they_were_matched(run, rows) -> None:
    content = demand_file(
        *(row.replace("asb", "NUISANCE").replace("suspected", "SUS") for row in rows),
        header="Log no,Who or where,When,Type,Capacity",
    )
    refused = run(content)
    assert refused.exit_code == 1
    assert "Row 1 must name the columns" in refused.stderr
    columns = Columns(
        names=dict(
            zip(HEADER.split(","), ("Log no", "Who or where", "When", "Type", "Capacity"), strict=True)
        ),
        kinds={"Nuisance": "asb"},
        roles={"SUS": "suspected"},
    )
    remember(accounts.agency_by_code("POL"), columns, by=None, now=now())
    told = run(content, "--mapping")
    assert told.stdout.splitlines()[0] == "source_reference: column “Log no”"
    assert "kind “Nuisance”: asb" in told.stdout
    assert held() == 0
    assert run(content).stdout == "3 added, 0 already held.\n"
    assert run(demand_file(*rows)).stdout == "0 added, 3 already held.\n"


def test_code_that_nobody_has_matched_yet_is_a_reason(run, rows) -> None:
    remember(
        accounts.agency_by_code("POL"),
        Columns(
            names={"source_reference": "ref", "subject": "who", "happened_at": "when", "kind": "code"},
            fixed={"role": "subject"},
        ),
        by=None,
        now=now(),
    )
    person = rows[0].split(",")[1]
    result = run(
        demand_file(f"1,{person},2026-08-11,NOISE", f"2,{person},2026-08-11,X7", header="ref,who,when,code")
    )
    assert (
        result.stderr.splitlines()[0]
        == "Row 3: kind is a code of the agency that is not matched to one of ours yet"
    )


def test_interrupted_import_leaves_nothing(run, rows, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "complete", interrupt)
    assert run(demand_file(*rows)).exit_code != 0
    for model in (Contact, WaitingContact, DemandImport, ImportAct):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_file_that_is_too_large_is_refused(run, rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LARGEST_FILE", 100)
    assert "larger than 0 MB" in run(demand_file(*rows)).stderr
