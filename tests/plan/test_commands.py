"""`psg plan`: one sentence, the right exit code, and nothing by halves."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from psg.extensions import db
from psg.plan import queries
from psg.plan.commands import plan_group
from psg.plan.models import Commitment, Plan
from tests.factories.plan import ROWS, make_plan, plan_file
from tests.plan.test_file import PUBLISHED

pytestmark = pytest.mark.usefixtures("session")


def run(*arguments: object) -> Result:
    db.session.commit()
    return CliRunner().invoke(plan_group, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_bytes(plan_file())
    return path


def test_published_plan_is_imported_and_the_second_time_changes_nothing() -> None:
    first, second = (run("import", PUBLISHED, "--year", "2021-22") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (
        first.output == "94 commitments added: the plan of 2021-22 has 94 commitments in 22 areas of focus.\n"
    )
    assert (
        second.output == "Nothing changed: the plan of 2021-22 already says what these 94 commitments say.\n"
    )
    assert db.session.scalar(db.select(db.func.count()).select_from(Commitment)) == 94


def test_dry_run_says_what_would_happen_and_changes_nothing(file: Path) -> None:
    result = run("import", file, "--year", "2021-22", "--dry-run")
    assert result.exit_code == 0
    assert "3 commitments added" in result.output
    assert "dry run: nothing is changed" in result.output
    assert db.session.scalar(db.select(Plan.id)) is None


def test_changed_text_is_counted_and_a_missing_commitment_is_named(file: Path) -> None:
    make_plan()
    file.write_bytes(plan_file("ASB,ASB-1,Understand it better,,", ROWS[1]))
    result = run("import", file, "--year", "2021-22")
    assert result.output.startswith("1 commitment changed: ")
    assert "kept because cases may serve them: FS-3." in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Error: The file is empty"),
        (b"wrong,header\n1,2", "Error: Row 1 must be the header"),
        (plan_file(ROWS[0], "ASB,ASB-1,Twice,,"), "Error: Row 3 repeats the reference ASB-1 of row 2"),
        (plan_file(ROWS[0], "ASB,ASB-9,,,"), "Error: Row 3 has no commitment"),
        (plan_file("ASB,ASB-1,Lärm,,").decode().encode("latin-1"), "Error: Row 2 is not UTF-8"),
    ],
)
def test_refused_file_is_one_sentence_exit_1_and_nothing_imported(
    file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    result = run("import", file, "--year", "2021-22")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
    assert db.session.scalar(db.select(Plan.id)) is None


@pytest.mark.parametrize("year", ["2021", "2021-23", "21-22", "2021/22", "2099-01", ""])
def test_year_that_is_no_plan_year_is_wrong_use(file: Path, year: str) -> None:
    assert run("import", file, "--year", year).exit_code == 2


@pytest.mark.parametrize(
    "arguments", [["import", "nothing.csv", "--year", "2021-22"], ["import"], ["import", "."]]
)
def test_missing_file_or_argument_is_wrong_use(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_century_turns_within_a_plan_year(file: Path) -> None:
    assert run("import", file, "--year", "2099-00").exit_code == 0


def test_repeats_are_marked_by_reference() -> None:
    make_plan()
    assert run("same", "ASB-2", "ASB-1", "--year", "2021-22").exit_code == 0
    assert queries.commitment_for("ASB-2").root_id == queries.commitment_for("ASB-1").id
    refused = run("same", "ASB-2", "ASB-77", "--year", "2021-22")
    assert (refused.exit_code, refused.stderr[:58]) == (
        1,
        "Error: The plan of 2021-22 has no commitment ASB-77: check",
    )
