"""Passwords are long and none of those that are tried first; nothing else is asked of them."""

from unicodedata import normalize

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from psg.accounts import passwords
from psg.accounts.models import Agency, User
from psg.base import Refused

COMMON = ["Password1234", "passwordpassword", "qwertyuiop12", "123456789012", "iloveyou1234", "Liverpool2024!", "letmein12345", "footballfootball", "Summer202424", "Summer2024!!!", "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl", "1q2w3e4r5t6y", "1qaz2wsx3edc", "P@ssw0rd2024!", "P4$$w0rd1234", "Welcome2024!!", "Manchester2025", "manunited1999", "correcthorsebatterystaple", "121212121212", "Winter2025Winter2025", "kettlekettle", "Arsenal4ever!", "zxcvbnm,./zxcvbnm", "0987654321098", "Christmas2023!", "AdminAdmin123", "qweasdzxc123456", "Chelsea-1905-x", "SeptemberOctober", "changeme-please1", "120819841208", "!!!!!!!!!!!!", "Tottenham123!", "pässwörd-1234", "Ｐａｓｓｗｏｒｄ１２３４", "work-together-at-2pm"]  # fmt: skip
NEAR = (
    "JoLapwynd2024!", "lapwynd@psg!!", "jo.lapwynd.1987", "FenlandPolice1", "FENPOL-FENPOL", "Littleport2024!", "ElyEast-1234",
    "problem solving group", "psgpsgpsgpsg1", "L1ttl3p0rt2024",
)  # fmt: skip
GOOD = (
    "bittern-kettle-orchard", "purpleteapotgravel", "zebra fish lantern moth", "xK9!vQ2#mL7$", "837462910374",
    "naïve-café-plåtform", "コーヒーを飲みましょう毎日", "😀🐸🎈🚲🌧️🧦🦉🍋🧲🥁🪁🧩", "football kettle trombone", "Littleport gravel teapot",
)  # fmt: skip
WORDS = st.sampled_from(
    ["kettle", "gravel", "lantern", "trombone", "thimble", "orchard", "crater", "pebble", "mossy", "donkey"]
)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(passwords, "_places", [lambda: ["Littleport", "Ely East"]])
    return User(
        name="Jo Lapwynd",
        email="jo.lapwynd@council.example",
        agency=Agency(name="Fenland Police", code="FENPOL"),
    )


@pytest.mark.parametrize("password", COMMON)
def test_what_is_tried_first_is_refused(person: User, password: str) -> None:
    with pytest.raises(Refused, match="among the first that are tried"):
        passwords.check(password, person)


def test_the_example_of_the_hint_is_no_password(person: User) -> None:
    with pytest.raises(Refused, match="among the first"):
        passwords.check("three random words", person)


@pytest.mark.parametrize("password", NEAR)
def test_name_agency_place_and_product_make_no_password(person: User, password: str) -> None:
    with pytest.raises(Refused, match=r"without your name|among the first"):
        passwords.check(password, person)


@pytest.mark.parametrize("password", GOOD)
def test_length_is_enough_whatever_the_characters(person: User, password: str) -> None:
    passwords.check(password, person)


@pytest.mark.parametrize("password", ["", "kettle-grav", "é" * 257])
def test_too_short_and_too_long_are_refused_with_both_bounds(person: User, password: str) -> None:
    with pytest.raises(Refused, match="12 to 256 characters"):
        passwords.check(password, person)


@given(st.lists(WORDS, min_size=3, max_size=5, unique=True), st.sampled_from([" ", "-", ""]))
def test_three_random_words_are_always_good(words: list[str], between: str) -> None:
    assert passwords.what_is_left(between.join(words), passwords.common_words()) >= passwords.FEWEST_LEFT


@given(
    st.lists(st.sampled_from(["Password", "l1verp00l", "SUMMER", "qwerty"]), min_size=1, max_size=4),
    st.integers(1940, 2030),
    st.sampled_from(["!", "!!", "", "#1"]),
)
def test_common_parts_stay_common_however_many(parts: list[str], year: int, end: str) -> None:
    password = "".join(parts) + str(year) + end
    assert passwords.what_is_left(password, passwords.common_words()) < passwords.FEWEST_LEFT


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert 0 <= passwords.what_is_left(text, passwords.common_words()) <= 4 * len(text) + 4


def test_the_same_keys_give_the_same_password_on_every_machine(app: object) -> None:
    composed, apart = normalize("NFC", "café-plåtform-kettle"), normalize("NFD", "café-plåtform-kettle")
    assert composed != apart
    assert passwords.is_right(passwords.hashed(apart), composed)


def test_spaces_and_capitals_are_part_of_the_password(app: object) -> None:
    stored = passwords.hashed("Bittern kettle orchard")
    assert not passwords.is_right(stored, "bittern kettle orchard")
    assert not passwords.is_right(stored, "Bitternkettleorchard")


def test_an_account_without_a_password_opens_to_none(app: object) -> None:
    assert not passwords.is_right("", "")
    assert not passwords.is_right("", "a stranger's password takes as long to refuse as a colleague's")


def test_a_hash_of_other_parameters_is_outdated(app: object) -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=2, memory_cost=64).hash("bittern kettle"))
    assert not passwords.is_outdated(passwords.hashed("bittern kettle"))
