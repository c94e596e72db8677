import pytest

from psg.subjects.words import LONGEST_WORD, index_words, words_of
from tests.factories.subjects import make_person, make_place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Siân O’Brien-Reed", ["sian", "o", "brien", "reed"]),
        ("  FLAT 2,  Quayfield House ", ["flat", "2", "quayfield", "house"]),
        ("Straße", ["strasse"]),
        ("reed reed", ["reed"]),
        ("...", []),
        ("", []),
        ("x" * 200, ["x" * LONGEST_WORD]),
        ("under_score", ["under", "score"]),
    ],
)
def test_capitals_accents_and_punctuation_do_not_matter(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("O'Brien", "obrien"),
        ("Reed-Mace", "reedmace"),
        ("07700 900123", "07700900123"),
        ("mother 01632 960001", "01632960001"),
    ],
)
def test_what_punctuation_parts_is_also_found_joined(text: str, word: str) -> None:
    assert word in index_words(text)


@pytest.mark.usefixtures("session")
def test_nothing_indexed_is_longer_than_its_column() -> None:
    person = make_person(family_name="R" * 80, address="a-" * 100, contact="1 " * 100, aliases=("b" * 120,))
    place = make_place(address="c'" * 100, name="d" * 200, uprn="9" * 12)
    assert person.id != place.id
