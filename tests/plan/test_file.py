"""Reading a plan from a CSV file: what is right comes in whole, what is wrong is named by its row."""

from pathlib import Path

import pytest

import psg
from psg.base import Refused
from psg.plan.file import PlanRow, read_plan
from tests.factories.plan import HEADER, plan_file

PUBLISHED = Path(psg.__file__).parent / "demo" / "data" / "eccsp-action-plan-2021-22.csv"
GOOD = "ASB,ASB-1,Understand,,PSG"


def test_published_plan_has_94_commitments_in_22_areas() -> None:
    rows = read_plan(PUBLISHED.read_bytes())
    assert len(rows) == 94
    assert len({row.area for row in rows}) == 22
    assert sum(row.area == "Delivery Group" for row in rows) == 7
    assert [row.reference for row in rows if not row.leads] == ["FS-3", "PSG-4"]
    assert next(row for row in rows if row.reference == "DG-1").leads


def test_leads_are_kept_in_order_and_named_once() -> None:
    (row,) = read_plan(plan_file("ASB,ASB-1,Understand,More,Police ;  CCC Research   Group;Police; "))
    assert row == PlanRow("ASB", "ASB-1", "Understand", "More", ("Police", "CCC Research Group"))


def test_text_over_several_lines_is_one_row_and_blank_rows_are_skipped() -> None:
    rows = read_plan(plan_file('ASB,ASB-1,"Two\r\nlines",,PSG', "", ",,,,", "ASB,ASB-2,More,,"))
    assert [row.text for row in rows] == ["Two\nlines", "More"]


def test_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_header() -> None:
    assert read_plan(b"\xef\xbb\xbf" + plan_file(GOOD))[0].area == "ASB"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \r\n ", "The file is empty"),
        (HEADER.encode(), "a header and no commitment"),
        (b"area,reference,text\nASB,ASB-1,x", "Row 1 must be the header area_of_focus,"),
        (HEADER.replace(",", ";").encode() + b"\nASB;ASB-1;x;;", "Row 1 must be the header"),
        (plan_file(GOOD, "ASB,ASB-2,Mehr über Lärm,,").decode().encode("latin-1"),
         "Row 3 is not UTF-8"),
        (plan_file(GOOD).decode().encode("utf-16"), "Row 1 is not UTF-8"),
        (plan_file("ASB,ASB-1,Under\x00stand,,"), "NUL"),
        (plan_file(GOOD, 'ASB,ASB-2,"never closed,,'), "Row 3 cannot be read"),
        (plan_file(GOOD, "ASB,ASB-2,Support"), "Row 3 has 3 cells where 5 are needed"),
        (plan_file(GOOD, "ASB,ASB-2,Support,,ECDC,more"), "Row 3 has 6 cells"),
        (plan_file(GOOD, "ASB,ASB-2,,,"), "Row 3 has no commitment"),
        (plan_file(GOOD, ",ASB-2,Support,,"), "Row 3 has no area_of_focus"),
        (plan_file(GOOD, "ASB,,Support,,"), "Row 3 has no reference"),
        (plan_file(GOOD, "ASB,ASB-2,Support,,", "Fire,asb-1,Again,,"), "Row 4 repeats the reference asb-1 of row 2"),
        (plan_file(GOOD, "ASB,ASB/2,Support,,"), "Row 3 has the reference “ASB/2”"),
        (plan_file(GOOD, f"ASB,{'A' * 21},Support,,"), "Row 3 has the reference"),
        (plan_file(GOOD, f"ASB,ASB-2,{'x' * 2001},,"), "Row 3 has a commitment of 2,001 characters"),
        (plan_file(GOOD, f"{'x' * 121},ASB-2,Support,,"), "Row 3 has a area_of_focus of 121"),
        (plan_file(GOOD, f"ASB,ASB-2,Support,,Police; {'x' * 121}"), "Row 3 has a lead of 121"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)  # fmt: skip
def test_wrong_file_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_plan(content)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
