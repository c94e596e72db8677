"""A file of contacts by page: brought, its columns matched, looked at, imported without its bad rows, which come back."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.officer import Officer

pytestmark = pytest.mark.journey
LONG = 12_000
"""Rows that take longer to read than a page waits for."""


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_file_is_brought_matched_looked_at_and_imported(
    officer: Callable[..., Officer], tmp_path: Path, javascript: bool
) -> None:
    rows, prefix = (LONG, "J") if javascript else (12, "N")
    police = officer("police", javascript=javascript)
    police.open("/demand/imports/new")
    police.press("Read the file")
    police.sees("Choose the file with the contacts")
    police.page.locator("main [name='file']").set_input_files(written(tmp_path / "sent.csv", prefix, rows))
    police.press("Read the file")
    police.sees("Match the columns")
    police.choose(source_reference="log", kind="Code", role="It was about them")
    police.press("Save and read the file")
    found(police)
    police.sees("Match this code")
    police.follow("Match this code")
    police.choose(kind_0="Noise")
    police.press("Save and read the file again")
    found(police)
    police.sees(f"{rows:,}", "to be added", "2\ncannot be imported", "happened_at must be a date")
    police.press(f"Import all {rows:,} good rows")
    police.sees("Tick that the rows which cannot be imported are left out")
    police.page.get_by_label("Leave out the rows that cannot be imported").check()
    police.press(f"Import all {rows:,} good rows")
    police.sees(f"{rows:,}\nadded", "2\nleft out")
    with police.page.expect_download() as fetched:
        police.page.get_by_role("link", name="Fetch the 2 rows that were left out").click()
    back = Path(fetched.value.path()).read_text(encoding="utf-8-sig")
    assert [line[-2] for line in csv.reader(io.StringIO(back))][1:] == [str(rows + 2), str(rows + 3)]
    police.open("/demand/imports")
    police.sees(f"{rows:,}")


def written(file: Path, prefix: str, rows: int) -> Path:
    """An agency's own columns, other ones with JavaScript than without, so that each are matched by hand."""
    lines = [f"{prefix} log,Person ref,Date,Code"]
    lines += [f"{prefix}-{number},P-0001,2026-01-{number % 28 + 1:02d},{prefix}7" for number in range(rows)]
    lines += [f"{prefix}-never,P-0001,never,{prefix}7", f"{prefix}-nobody,P-9999,2026-01-01,{prefix}7"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def found(person: Officer) -> None:
    """What was found is on the page at once, by itself, or when the page is asked for again."""
    heading = person.page.get_by_role("heading", level=1, name="What was found in the file")
    if not person.javascript:
        assert heading.count()
        return
    expect(heading).to_be_visible(timeout=30_000)
    person.settle()
    person.look()
