"""`psg demand import`: one sentence, the right exit code, and nothing by halves."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from psg.demand.commands import demand_group
from psg.demand.models import Contact, ContactRole
from psg.extensions import db
from tests.factories.accounts import make_agency
from tests.factories.demand import HEADER, demand_file
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
    assert result.stderr == "Row 5: no person or place known here has this reference or UPRN\n"
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
        (
            demand_file("CAD-9,P-0001,2026-08-11,asb,subject", "CAD-9,P-0001,2026-08-11,asb,subject"),
            "Row 3 has the same",
        ),
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
