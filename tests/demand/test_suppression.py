"""No hidden cell can be recovered from its total, also by a reader who knows how cells are hidden."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.demand.suppression import FEWEST, SMALLEST_BASE, Hidden, Shown, alone, parts, share

tables = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def worlds(shown: Sequence[Shown], total: int) -> Iterator[list[int]]:
    """Every table that agrees with what is shown, the words of hidden cells and the total, counted out."""
    if not shown:
        if total == 0:
            yield []
        return
    first = shown[0]
    if isinstance(first, int):
        possible = range(first, first + 1)
    elif first is Hidden.SMALL:
        possible = range(1, FEWEST)
    else:
        possible = range(FEWEST, total + 1)
    for value in possible:
        if value <= total:
            for rest in worlds(shown[1:], total - value):
                yield [value, *rest]


def is_withheld(shown: Sequence[Shown]) -> bool:
    return all(cell is Hidden.COVER for cell in shown)


@given(tables)
def test_hidden_cell_cannot_be_recovered_from_the_total(counts: list[int]) -> None:
    shown = parts(counts)
    if is_withheld(shown):
        return
    possible = list(worlds(shown, sum(counts)))
    assert counts in possible
    for place, cell in enumerate(shown):
        if isinstance(cell, Hidden):
            assert len({world[place] for world in possible}) > 1


@given(tables)
def test_knowing_the_rules_tells_no_more(counts: list[int]) -> None:
    """Every table that agrees with what is shown would have been shown in the same way."""
    shown = parts(counts)
    if is_withheld(shown):
        return
    assert all(parts(world) == shown for world in worlds(shown, sum(counts)))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=14))
def test_shown_numbers_are_true_and_never_small(counts: list[int]) -> None:
    for count, cell in zip(counts, parts(counts), strict=True):
        assert isinstance(cell, Hidden) or (cell == count and not 0 < cell < FEWEST)


@given(st.lists(st.one_of(st.just(0), st.integers(FEWEST, 400)), min_size=1, max_size=14))
def test_table_without_small_numbers_is_shown_whole(counts: list[int]) -> None:
    assert parts(counts) == counts


def test_small_number_takes_the_next_larger_one_with_it() -> None:
    assert parts([11, 3, 9, 12]) == [11, Hidden.SMALL, Hidden.COVER, 12]


def test_last_small_number_is_covered_from_the_top() -> None:
    assert parts([11, 9, 3]) == [Hidden.COVER, 9, Hidden.SMALL]


def test_two_small_numbers_need_a_larger_one_too() -> None:
    assert parts([1, 1, 20]) == [Hidden.SMALL, Hidden.SMALL, Hidden.COVER]


def test_three_small_numbers_hide_each_other() -> None:
    assert parts([2, 3, 4, 20]) == [Hidden.SMALL, Hidden.SMALL, Hidden.SMALL, 20]


def test_breakdown_that_cannot_be_covered_is_withheld_with_its_zeros() -> None:
    assert parts([4, 4, 0]) == [Hidden.COVER] * 3
    assert parts([1, 5]) == [Hidden.COVER] * 2


def test_small_total_has_no_breakdown() -> None:
    assert parts([1, 1, 1, 1]) == [Hidden.COVER] * 4
    assert alone(4) is Hidden.SMALL


@pytest.mark.parametrize(("count", "words"), [(0, 0), (1, Hidden.SMALL), (4, Hidden.SMALL), (5, 5)])
def test_one_to_four_alone_reads_fewer_than_five(count: int, words: Shown) -> None:
    assert alone(count) == words


def test_no_percentage_on_a_small_base_or_a_hidden_cell() -> None:
    assert share(10, SMALLEST_BASE - 1) is None
    assert share(10, SMALLEST_BASE) == 50
    assert share(Hidden.SMALL, 40) is None
    assert share(10, Hidden.SMALL) is None
