"""The board's address: what it does not understand counts as not said, and it can be sent to a colleague."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.overview.filters import PATH, BoardFilter, Sort

NAMES = ["stage", "ward", "band", "agency", "aim", "commitment", "review", "mine", "late", "sort", "view"]
VALUES = [
    "scanning", "3", "007", "high", "none", "demand", "due", "1", "-review", "columns", "", "x", "٣", "-1", "9" * 30,
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=12))))
def test_whatever_the_address_says_a_board_can_be_addressed_again(query: dict[str, str]) -> None:
    wanted = BoardFilter.from_query(query)
    again = BoardFilter.from_query(dict(parse_qsl(urlsplit(wanted.address()).query)))
    assert again == wanted
    assert isinstance(wanted.key, Sort)


@pytest.mark.parametrize("value", ["nowhere", "1; DROP TABLE psg_case", "9" * 30, "-3", "٣"])
def test_what_is_no_choice_counts_as_not_said(value: str) -> None:
    query = dict.fromkeys(NAMES, value)
    assert BoardFilter.from_query(query) == BoardFilter()
    assert BoardFilter.from_query(query).address() == PATH


def test_taking_one_filter_away_keeps_the_others_and_the_layout() -> None:
    wanted = BoardFilter.from_query({"ward": "3", "band": "high", "view": "columns"})
    assert wanted.address(ward="") == "/board?band=high&view=columns"
    assert wanted.cleared == "/board?view=columns"
